// Messages, read markers, mute and pin.
#include <algorithm>

#include "core/decision/decision.h"
#include "core/planted.h"
#include "core/text.h"

namespace enishi::core {

Result<void> Decision::check_tied(const LiveConversation& live) {
  if (live.row.kind != ConversationKind::direct) return {};
  const auto me = command_->sender.member;
  const auto peer = live.row.owner == me ? live.row.peer : live.row.owner;
  // A block ends the tie on both sides, so the tie alone decides.
  if (state_.tie(me, peer) != TieState::mutual || state_.tie(peer, me) != TieState::mutual) return Errc::not_tied;
  return {};
}

Result<void> Decision::check_body(const std::string& body) const {
  if (body.empty()) return Errc::body_empty;
  if (body.size() > state_.limits.body_bytes_max) return Errc::body_too_large;
  if (!is_utf8(body)) return Errc::not_utf8;
  return {};
}

Result<std::vector<MemberId>> Decision::resolve(const LiveConversation& live, const Mentions& mentions) {
  if (mentions.handles.size() > state_.limits.mentions_max) return Errc::limit_reached;
  std::vector<MemberId> people;
  for (const auto& handle : mentions.handles) {
    const auto* member = is_handle(handle) ? state_.member_by_handle(handle) : nullptr;
    if (member && live.open_interval(member->id) && std::ranges::find(people, member->id) == people.end())
      people.push_back(member->id);
  }
  // In one order, so that two texts that mention the same people are seen to.
  std::ranges::sort(people);
  return people;
}

Result<Outcome> Decision::decide(const Send& send) {
  const auto membership = open_membership(send.conversation);
  if (!membership) return membership.error();
  if (const auto good = check_body(send.body); !good) return good.error();
  auto& live = *state_.conversation((*membership)->conversation);
  if (const auto tied = check_tied(live); !tied) return tied.error();
  if (send.reply_to && (send.reply_to > live.end.head || !(*membership)->covers(send.reply_to)))
    return Errc::seq_beyond_log;
  auto people = resolve(live, send.mentions);
  if (!people) return people.error();

  auto& event = append(live, EventKind::message, send.body, *std::move(people));
  event.reply_to = send.reply_to;
  event.mentions_all = send.mentions.all;
  move_mentions(event, {}, false, event.people, event.mentions_all);
  change_.audience = live.audience;
  if (send.draft_rev != 0) clear_draft(live.row.id, event, send.draft_rev);
  return changed(send.conversation, event);
}

Result<Outcome> Decision::decide(const Forward& forward) {
  const auto membership = open_membership(forward.conversation);
  if (!membership) return membership.error();
  auto& live = *state_.conversation((*membership)->conversation);
  if (const auto tied = check_tied(live); !tied) return tied.error();
  // The source is only read: an ended tie leaves its history.
  const auto source = target_of(forward.from, forward.target, false);
  if (!source) return source.error();
  if (source->state.deleted || source->message.destroyed) return Errc::message_deleted;

  auto& event =
      append(live, EventKind::message, source->state.edits.empty() ? source->message.body : source->state.body);
  const bool again = static_cast<bool>(source->message.origin);
  event.origin = again ? source->message.origin : source->message.author;
  event.origin_at = again ? source->message.origin_at : source->message.at;
  change_.audience = live.audience;
  return changed(forward.conversation, event);
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
  if (moves) {
    write_marker(me, live.row.id, marker->rev, through);
    tell_read(live, through);
  }
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
