// Messages, read markers, mute and pin.
#include <algorithm>

#include "core/decision/decision.h"
#include "core/planted.h"
#include "core/text.h"

namespace enishi::core {

Result<Outcome> Decision::decide(const Send& send) {
  const auto me = command_->sender.member;
  const auto membership = open_membership(send.conversation);
  if (!membership) return membership.error();
  if (send.body.empty()) return Errc::body_empty;
  if (send.body.size() > state_.limits.body_bytes_max) return Errc::body_too_large;
  if (!is_utf8(send.body)) return Errc::not_utf8;
  auto& live = *state_.conversation((*membership)->conversation);
  if (live.row.kind == ConversationKind::direct) {
    const auto peer = live.row.owner == me ? live.row.peer : live.row.owner;
    // A block ends the tie on both sides, so the tie alone decides.
    if (state_.tie(me, peer) != TieState::mutual || state_.tie(peer, me) != TieState::mutual) return Errc::not_tied;
  }
  if (send.reply_to && (send.reply_to > live.end.head || !(*membership)->covers(send.reply_to))) return Errc::seq_beyond_log;

  auto& event = append(live, EventKind::message, send.body);
  event.reply_to = send.reply_to;
  const auto seq = event.seq;
  change_.audience = live.audience;
  remember(live.row.id, seq);
  return Sent{send.conversation, seq, now_, false};
}

Result<Outcome> Decision::decide(const MarkRead& mark) {
  const auto membership = open_membership(mark.conversation);
  if (!membership) return membership.error();
  const auto me = command_->sender.member;
  const auto& live = *state_.conversation((*membership)->conversation);
  const auto through = mark.through ? mark.through : live.end.head;
  if (through > live.end.head) return Errc::seq_beyond_log;
  const auto* marker = state_.live_register(me, RegisterKind::marker, live.row.id.value);
  ENISHI_ASSERT(marker != nullptr);
  // Late, repeated and reordered reports move nothing; nor does a report that was made under another revision.
  bool moves = mark.rev == marker->rev && through > marker->seq;
  if (ENISHI_PLANT("marker_ignores_rev")) moves = through > marker->seq;
  if (moves) write_marker(me, live.row.id, marker->rev, through);
  return Marked{live.row.id};
}

Result<Outcome> Decision::decide(const MarkUnread& mark) {
  const auto membership = open_membership(mark.conversation);
  if (!membership) return membership.error();
  const auto me = command_->sender.member;
  const auto& live = *state_.conversation((*membership)->conversation);
  const Seq visible{std::max<std::uint64_t>(1, (*membership)->intervals.front().joined.value)};
  if (mark.from < visible || mark.from > live.end.head) return Errc::seq_beyond_log;
  const auto* marker = state_.live_register(me, RegisterKind::marker, live.row.id.value);
  ENISHI_ASSERT(marker != nullptr);
  if (mark.base_rev != marker->rev) return Errc::stale_rev;

  write_marker(me, live.row.id, marker->rev + 1, Seq{mark.from.value - 1});
  remember(live.row.id, Seq{mark.from.value - 1}, mark.base_rev + 1);
  return Marked{live.row.id};
}

Result<Outcome> Decision::decide(const SetFlag& flag) {
  const auto membership = open_membership(flag.conversation);
  if (!membership) return membership.error();
  if (flag.kind != RegisterKind::mute && flag.kind != RegisterKind::pin) return Errc::bad_request;
  const auto me = command_->sender.member;
  const auto object = (*membership)->conversation.value;
  if ((state_.live_register(me, flag.kind, object) != nullptr) != flag.on) write(me, flag.kind, object, !flag.on);
  return Done{};
}

}  // namespace enishi::core
