// What is typed: stored at once, saved with the server one text after the other, and never in two requests at a time.
#include <algorithm>

#include "core/text.h"
#include "cpp/requests.h"
#include "cpp/session_machine.h"

namespace enishi::client {
namespace {

// A server that says "later" without saying when.
constexpr Instant kDraftsAgain{200};

}  // namespace

core::Result<void> SessionMachine::put_draft(LocalDraft draft) {
  if (draft.text.size() > limits_.body_bytes_max()) return core::Errc::body_too_large;
  if (!core::is_utf8(draft.text)) return core::Errc::not_utf8;
  draft.refused = false;
  draft.caret = std::min(draft.caret, static_cast<std::uint32_t>(core::count_code_points(draft.text)));
  const auto done = replica_->store().transact(Durability::relaxed, [&](Rows& rows) { rows.put_draft(draft); });
  if (!done) return done.error();
  drafts_wait_ = true;
  flush_drafts();
  return {};
}

void SessionMachine::flush_drafts() {
  if (!is_welcome() || state_ == SessionState::draining || wants_close_ || drafts_at_) return;
  std::vector<LocalDraft> drafts;
  const auto done = replica_->store().read([&](Rows& rows) { drafts = rows.drafts(); });
  if (!done) return give_up(done.error());
  drafts_wait_ = false;
  for (const auto& draft : drafts) {
    if (draft.refused) continue;
    if (!drafts_sent_.try_emplace(draft.conversation, draft).second) {
      drafts_wait_ = true;
      continue;
    }
    requests_.add(
        requests::put_draft(draft), [this, draft](const Answer& answer) { on_draft_put(draft, answer); }, OnLoss::fail);
  }
  flush_requests();
}

void SessionMachine::on_draft_put(const LocalDraft& sent, const Answer& answer) {
  if (answer.lost) return;  // on_close has forgotten it; it is still stored
  drafts_sent_.erase(sent.conversation);
  const auto code = answer.error().code();
  if (!answer.ok() && code >= 200 && code < 300) {
    drafts_wait_ = true;
    drafts_at_ = now_ + std::max(kDraftsAgain, Instant{answer.error().retry_after_ms()});
    return;
  }
  const bool is_put = answer.frame.has_draft_put();
  const auto& put = answer.frame.draft_put();
  const auto done = replica_->store().transact(Durability::relaxed, [&](Rows& rows) {
    auto kept = rows.draft(sent.conversation);
    if (!kept) {
      // Sent as a message meanwhile, which could not name a revision when this was written beside another draft.
      if (is_put && put.won() && sent.beside && !sent.text.empty())
        rows.put_draft({sent.conversation, put.rev(), {}, 0, 0, false, false});
      return;
    }
    if (!is_put) {
      kept->refused = true;
      return rows.put_draft(*kept);
    }
    // The server has it: as the draft, or beside it.
    if (*kept == sent) return rows.erase_draft(sent.conversation);
    // More was typed since, on what was just saved, or beside what won against it.
    if (kept->base_rev != sent.base_rev) return;
    kept->base_rev = put.rev();
    kept->beside = !put.won();
    rows.put_draft(*kept);
  });
  if (!done) return give_up(done.error());
  if (is_put) tell(happening::DraftSaved{sent.conversation, put.rev(), put.won()});
  flush_drafts();
}

}  // namespace enishi::client
