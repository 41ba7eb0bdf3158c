// Drafts: compare-and-set, and what loses is kept.
#include <algorithm>
#include <cstdint>

#include "core/decision/decision.h"
#include "core/planted.h"
#include "core/text.h"

namespace enishi::core {

Result<Outcome> Decision::decide(const PutDraft& put) {
  const auto membership = open_membership(put.conversation);
  if (!membership) return membership.error();
  if (put.text.size() > state_.limits.body_bytes_max) return Errc::body_too_large;
  if (!is_utf8(put.text)) return Errc::not_utf8;
  if (put.caret > count_code_points(put.text)) return Errc::bad_request;
  const auto id = (*membership)->conversation;
  const auto& live = *state_.conversation(id);
  if (put.reply_to && (put.reply_to > live.end.head || !(*membership)->covers(put.reply_to)))
    return Errc::seq_beyond_log;

  const auto me = command_->sender.member;
  const auto* found = state_.find_register(me, RegisterKind::draft, id.value);
  const Register before = found ? *found : Register{};
  const std::string present = before.removed ? std::string() : before.text;
  const DraftPut won{put.conversation, before.rev + 1, true};
  const bool stays = put.text.empty() || (put.caret == before.caret && put.reply_to == before.reply_to);
  if (put.text == present && (put.base_rev != before.rev || stays))
    return DraftPut{put.conversation, before.rev, true};  // a repeat, or what is so anyhow
  const bool is_sent = before.removed && before.seq;
  const auto sent = is_sent && put.base_rev != before.rev ? state_.event(id, before.seq) : std::nullopt;
  const bool is_begun = present.starts_with(put.text) || (sent && sent->body.starts_with(put.text));
  // Written by the device that sent the last one, before it heard that this cleared the draft: nothing competes with
  // it.
  const bool is_next =
      is_sent && !is_begun && before.by_device == command_->sender.device && put.base_rev + 1 == before.rev;
  if (put.base_rev != before.rev && !is_next) {
    if (!is_begun && !ENISHI_PLANT("draft_loser_dropped")) keep_draft(id, put.text, command_->sender.device);
    return DraftPut{put.conversation, before.rev, false};
  }
  const bool is_others = put.keep_replaced || before.by_device != command_->sender.device;
  if (is_others && !put.text.starts_with(present)) keep_draft(id, present, before.by_device);
  if (!put.text.empty()) free_kept(id, put.text);
  auto& row = write(me, RegisterKind::draft, id.value, put.text.empty());
  row.rev = before.rev + 1;
  row.text = put.text;
  row.caret = put.caret;
  row.reply_to = put.reply_to;
  state_.put(row);
  return won;
}

Result<Outcome> Decision::decide(const DropKept& drop) {
  const auto membership = open_membership(drop.conversation);
  if (!membership) return membership.error();
  const auto object = message_object((*membership)->conversation, Seq{drop.place});
  const auto* row = state_.live_register(command_->sender.member, RegisterKind::kept_draft, object);
  if (row && row->rev == drop.rev) write(command_->sender.member, RegisterKind::kept_draft, object, true);
  return Done{};
}

void Decision::keep_draft(ConversationId conversation, const std::string& text, DeviceId by) {
  const auto me = command_->sender.member;
  std::uint64_t place = 0;
  std::uint64_t oldest = UINT64_MAX;
  bool is_free = false;
  const auto at = [&](std::uint64_t each) {
    return state_.live_register(me, RegisterKind::kept_draft, message_object(conversation, Seq{each}));
  };
  for (std::uint64_t each = 1; each <= kKeptDraftsMax; ++each)
    if (const auto* row = at(each); row && row->text.starts_with(text)) return;
  for (std::uint64_t each = 1; each <= kKeptDraftsMax; ++each) {
    const auto* row = at(each);
    // What a device went on typing on takes the place of its beginning.
    if (row && text.starts_with(row->text)) {
      place = each;
      break;
    }
    if (is_free || (row && row->rev >= oldest)) continue;
    place = each;
    is_free = row == nullptr;
    if (row) oldest = row->rev;
  }
  auto& row = write(me, RegisterKind::kept_draft, message_object(conversation, Seq{place}));
  row.rev = row.rseq;
  row.text = text;
  row.by_device = by;
  state_.put(row);
}

void Decision::free_kept(ConversationId conversation, const std::string& text) {
  const auto me = command_->sender.member;
  for (std::uint64_t each = 1; each <= kKeptDraftsMax; ++each) {
    const auto object = message_object(conversation, Seq{each});
    const auto* row = state_.live_register(me, RegisterKind::kept_draft, object);
    if (row && (text.starts_with(row->text) || now_ - row->at > state_.limits.kept_draft_time))
      write(me, RegisterKind::kept_draft, object, true);
  }
}

void Decision::clear_draft(ConversationId conversation, const Event& sent, std::uint64_t written_on) {
  const auto me = command_->sender.member;
  free_kept(conversation, sent.body);
  const auto* found = state_.live_register(me, RegisterKind::draft, conversation.value);
  if (!found) return;
  const bool is_own = found->by_device == command_->sender.device;
  const bool is_meant = found->rev == written_on || (is_own && found->rev == written_on + 1);
  if (!is_meant && !sent.body.starts_with(found->text)) return;
  const auto rev = found->rev + 1;
  // What was typed since may be the next message already, and no beginning of this one.
  if (found->rev != written_on && !sent.body.starts_with(found->text)) {
    const auto text = found->text;
    keep_draft(conversation, text, found->by_device);
  }
  auto& row = write(me, RegisterKind::draft, conversation.value, true);
  row.rev = rev;
  row.seq = sent.seq;
  state_.put(row);
}

}  // namespace enishi::core
