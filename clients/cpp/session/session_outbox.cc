// The session's way of sending: through the outbox, always.
#include <algorithm>

#include "cpp/requests.h"
#include "cpp/session_machine.h"
#include "cpp/view/chats.h"

namespace enishi::client {
namespace {

// How often it is looked whether another process has flushed, or given the lock back.
constexpr Instant kPoll{50};

}  // namespace

core::Result<OutboxEntry> SessionMachine::send(const Draft& draft) {
  auto entry = outbox_.enqueue(draft, settings_.wall_clock(), *entropy_, limits_.body_bytes_max());
  if (!entry) return entry;
  if (std::ranges::find(own_, entry->client_id) == own_.end()) own_.push_back(entry->client_id);
  flush_outbox();
  return entry;
}

void SessionMachine::flush_outbox() {
  if (!settings_.flush_outbox || !is_welcome() || state_ == SessionState::draining || wants_close_) return;
  // Put off by the server: not before its time.
  if (poll_at_ && *poll_at_ > now_) return;
  const auto entries = outbox_.take();
  if (!entries) return give_up(entries.error());
  for (const auto& entry : *entries) {
    const auto id = entry.client_id;
    requests_.add(
        requests::send(id, entry.conversation, entry.body, entry.reply_to, entry.draft_rev),
        [this, id](const Answer& answer) { on_sent(id, answer); }, OnLoss::fail);
  }
  // One of ours that is neither queued nor in flight was flushed by another process, between our two looks.
  if (outbox_.is_blocked() || (!own_.empty() && outbox_.in_flight() == 0)) poll_at_ = now_ + kPoll;
  flush_requests();
}

void SessionMachine::resolve_outbox() {
  const auto rejected = outbox_.resolve([this](const std::string& to) -> std::optional<core::PublicId> {
    const auto all = replica_->conversations();
    if (!all) return std::nullopt;
    const auto resolved = resolve_chat(to, *all);
    const auto* id = std::get_if<core::PublicId>(&resolved);
    return id != nullptr ? std::optional(*id) : std::nullopt;
  });
  if (!rejected) return give_up(rejected.error());
  for (const auto& entry : *rejected) {
    std::erase(own_, entry.client_id);
    tell(happening::Settled{entry, false});
  }
  flush_outbox();
}

void SessionMachine::on_sent(const core::ClientId& id, const Answer& answer) {
  if (answer.lost) return;  // still queued; on_close has given everything back
  const auto code = answer.error().code();
  if (!answer.ok() && code >= 200) {
    outbox_.put_back(id);
    poll_at_ = now_ + std::max(kPoll, Instant{answer.error().retry_after_ms()});
    return;
  }
  auto settled = core::Result<std::optional<OutboxEntry>>{std::optional<OutboxEntry>{}};
  if (answer.frame.has_sent()) {
    const auto& sent = answer.frame.sent();
    settled =
        outbox_.committed(id, sent.seq(), core::WallTime{std::chrono::milliseconds{sent.at_ms()}}, sent.duplicate());
  } else {
    settled = outbox_.rejected(id, answer.ok() ? v1::ERROR_CODE_UNSUPPORTED : code, answer.error().text());
  }
  if (!settled) return give_up(settled.error());
  std::erase(own_, id);
  if (*settled) tell(happening::Settled{**settled, false});
  flush_outbox();
}

void SessionMachine::poll_own() {
  const auto own = own_;
  for (const auto& id : own) {
    const auto entry = outbox_.find(id);
    if (!entry) return give_up(entry.error());
    if (*entry && (*entry)->state == SendState::queued) continue;
    std::erase(own_, id);
    if (*entry) tell(happening::Settled{**entry, true});
  }
}

}  // namespace enishi::client
