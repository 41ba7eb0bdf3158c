// What changes a message: edits, deletion, reactions, pins; and each member's own stars and hidden messages.
#include <algorithm>

#include "core/decision/decision.h"
#include "core/planted.h"
#include "core/text.h"

namespace enishi::core {
namespace {

/// An emoji is any short text without spaces: which sequences are emoji changes every year.
bool is_emoji(std::string_view text, std::size_t bytes_max) {
  return is_name(text, bytes_max) && text.find(' ') == std::string_view::npos;
}

}  // namespace

Result<Decision::Target> Decision::target_of(const PublicId& conversation, Seq seq, bool is_write) {
  const auto membership = open_membership(conversation);
  if (!membership) return membership.error();
  Target target;
  target.live = state_.conversation((*membership)->conversation);
  if (is_write)
    if (const auto tied = check_tied(*target.live); !tied) return tied.error();
  if (!seq || seq > target.live->end.head || !(*membership)->covers(seq)) return Errc::seq_beyond_log;
  auto event = state_.event(target.live->row.id, seq);
  ENISHI_ASSERT(event.has_value());
  if (event->kind != EventKind::message) return Errc::bad_request;
  target.message = *std::move(event);
  target.changes = state_.changes(target.live->row.id, seq);
  target.state = state_of(target.message, target.changes, target.live->end.head);
  if (!target.state.edits.empty())
    target.state.body = state_.event(target.live->row.id, target.state.edits.back().seq)->body;
  return target;
}

Event& Decision::append_change(const Target& target, EventKind kind, std::string body) {
  auto& event = append(*target.live, kind, std::move(body));
  event.target = target.message.seq;
  event.target_author = target.message.author;
  change_.audience = target.live->audience;
  return event;
}

void Decision::move_mentions(const Event& message, std::vector<MemberId> before, bool all_before,
                             std::vector<MemberId> after, bool all_after) {
  if (all_before) before.emplace_back();
  if (all_after) after.emplace_back();
  const auto mark = [&](MemberId member) {
    return MessageMark{message.conversation, message.seq, message.author, member};
  };
  for (const auto member : before)
    if (std::ranges::find(after, member) == after.end()) change_.unmentioned.push_back(mark(member));
  for (const auto member : after)
    if (std::ranges::find(before, member) == before.end()) change_.mentioned.push_back(mark(member));
}

Result<Outcome> Decision::changed(const PublicId& conversation, const Event& event) {
  remember(event.conversation, event.seq);
  return Sent{conversation, event.seq, event.at, false};
}

Result<Outcome> Decision::unchanged(const PublicId& conversation, const Target& target) {
  remember(target.live->row.id, {});
  return Sent{conversation, {}, now_, false};
}

Result<Outcome> Decision::same_text(const PublicId& conversation, const Target& target) {
  auto outcome = unchanged(conversation, target);
  // It left no event by which its digest could be found when the text is destroyed: so there is none.
  change_.request->digest = {};
  state_.put(*change_.request);
  return outcome;
}

Result<Outcome> Decision::decide(const Edit& edit) {
  const auto target = target_of(edit.conversation, edit.target, true);
  if (!target) return target.error();
  if (target->message.author != command_->sender.member) return Errc::not_author;
  if (target->state.deleted) return Errc::message_deleted;
  if (target->message.origin) return Errc::bad_request;  // another one's words
  if (const auto good = check_body(edit.body); !good) return good.error();
  auto people = resolve(*target->live, edit.mentions);
  if (!people) return people.error();
  const auto& state = target->state;
  const auto& text = state.edits.empty() ? target->message.body : state.body;
  if (text == edit.body && state.mentions == *people && state.mentions_all == edit.mentions.all)
    return same_text(edit.conversation, *target);
  // Not changes_max: others' reactions must not use up the author's edits.
  if (state.edits.size() >= state_.limits.edits_max) return Errc::limit_reached;

  auto& event = append_change(*target, EventKind::edited, edit.body);
  event.people = *std::move(people);
  event.mentions_all = edit.mentions.all;
  event.former_people = state.mentions;
  event.former_mentions_all = state.mentions_all;
  move_mentions(target->message, state.mentions, state.mentions_all, event.people, event.mentions_all);
  return changed(edit.conversation, event);
}

Result<Outcome> Decision::decide(const Delete& deletion) {
  const auto target = target_of(deletion.conversation, deletion.target, false);
  if (!target) return target.error();
  const auto& message = target->message;
  if (message.author != command_->sender.member) return Errc::not_author;
  if (target->state.deleted) return unchanged(deletion.conversation, *target);

  auto& event = append_change(*target, EventKind::deleted);
  event.counted = true;
  event.former_people = target->state.mentions;
  event.former_mentions_all = target->state.mentions_all;
  move_mentions(message, target->state.mentions, target->state.mentions_all, {}, false);
  change_.deleted.push_back({message.conversation, message.seq, message.author, {}});
  const auto destroy = [&](const Event& holder) {
    change_.destroyed.emplace_back(holder.conversation, holder.seq);
    state_.forget_digest(holder.author, holder.client_id);
  };
  destroy(message);
  for (const auto& change : target->changes)
    if (change.kind == EventKind::edited) destroy(change);
  return changed(deletion.conversation, event);
}

Result<Outcome> Decision::decide(const React& reaction) {
  const auto target = target_of(reaction.conversation, reaction.target, true);
  if (!target) return target.error();
  if (target->state.deleted) return Errc::message_deleted;
  const auto& limits = state_.limits;
  if (!is_emoji(reaction.emoji, limits.emoji_bytes_max)) return Errc::bad_request;
  const auto& state = target->state;
  const bool doubled = reaction.on && ENISHI_PLANT("reaction_doubled");
  if (state.has_reaction(reaction.emoji, command_->sender.member) == reaction.on && !doubled)
    return unchanged(reaction.conversation, *target);
  const bool is_new = std::ranges::find(state.reactions, reaction.emoji, &MessageState<MemberId>::Reaction::emoji) ==
                      state.reactions.end();
  const bool is_full = (is_new && state.reactions.size() >= limits.emoji_max) ||
                       state.reaction_count() >= limits.reactions_max || target->changes.size() >= limits.changes_max;
  if (reaction.on && is_full) return Errc::limit_reached;

  auto& event = append_change(*target, EventKind::reacted, reaction.emoji);
  event.on = reaction.on;
  return changed(reaction.conversation, event);
}

Result<Outcome> Decision::decide(const PinMessage& pin) {
  const auto target = target_of(pin.conversation, pin.target, true);
  if (!target) return target.error();
  if (target->state.deleted) return Errc::message_deleted;
  if (static_cast<bool>(target->state.pinned) == pin.on) return unchanged(pin.conversation, *target);
  if (pin.on && target->changes.size() >= state_.limits.changes_max) return Errc::limit_reached;

  auto& event = append_change(*target, EventKind::pinned);
  event.on = pin.on;
  return changed(pin.conversation, event);
}

Result<Outcome> Decision::decide(const SetMessageFlag& flag) {
  if (flag.kind != RegisterKind::star && flag.kind != RegisterKind::hide) return Errc::bad_request;
  const auto target = target_of(flag.conversation, flag.target, false);
  if (!target) return target.error();
  const auto me = command_->sender.member;
  const auto id = target->live->row.id;
  const auto object = message_object(id, flag.target);
  if ((state_.live_register(me, flag.kind, object) != nullptr) == flag.on) return Done{};
  write(me, flag.kind, object, !flag.on);
  if (flag.kind == RegisterKind::hide) change_.recount.emplace_back(me, id);
  return Done{};
}

}  // namespace enishi::core
