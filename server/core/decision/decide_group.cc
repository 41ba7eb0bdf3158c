// Groups: made from ties, kept by an owner.
#include <algorithm>
#include <span>

#include "core/decision/decision.h"
#include "core/text.h"

namespace enishi::core {

Result<Outcome> Decision::decide(const GroupNew& group) {
  const auto me = command_->sender.member;
  if (!is_name(group.title, state_.limits.title_bytes_max)) return Errc::bad_name;
  std::vector<MemberId> members{me};
  const auto& own = state_.member_of(me).handle;
  for (const auto& handle : group.handles) {
    if (handle == own) continue;
    const auto peer = tied(handle);
    if (!peer) return peer.error();
    if (std::find(members.begin(), members.end(), (*peer)->id) == members.end()) members.push_back((*peer)->id);
  }
  if (members.size() > state_.limits.group_members_max) return Errc::limit_reached;

  auto& live = new_conversation(ConversationKind::group, group.title, me, {});
  live.founders = members;
  // An event has to fit a frame: all are members from the first one on, and those after it name the rest.
  const std::span<const MemberId> named(members);
  const auto piece = [&](std::size_t from) {
    const auto part = named.subspan(from, std::min(kEventPeopleMax, named.size() - from));
    return std::vector<MemberId>(part.begin(), part.end());
  };
  const auto seq = append(live, EventKind::created, group.title, piece(0)).seq;
  for (auto from = kEventPeopleMax; from < named.size(); from += kEventPeopleMax)
    append(live, EventKind::added, {}, piece(from));
  for (const auto member : members) enter(live, member, seq);
  change_.audience = live.audience;
  remember(live.row.id);
  return GroupMade{live.row.id};
}

Result<Outcome> Decision::decide(const GroupAdd& add) {
  const auto membership = group_membership(add.conversation);
  if (!membership) return membership.error();
  const auto peer = tied(add.handle);
  if (!peer) return peer.error();
  auto& live = *state_.conversation((*membership)->conversation);
  if (live.open_interval((*peer)->id)) return Errc::already_member;
  if (live.open.size() >= state_.limits.group_members_max) return Errc::limit_reached;
  if (const auto* before = state_.membership((*peer)->id, live.row.id);
      before && before->intervals.size() >= kIntervalsMax)
    return Errc::limit_reached;

  const auto seq = append(live, EventKind::added, {}, {(*peer)->id}).seq;
  enter(live, (*peer)->id, seq);
  change_.audience = live.audience;
  remember(live.row.id);
  return Done{};
}

Result<Outcome> Decision::decide(const GroupRemove& remove) {
  const auto me = command_->sender.member;
  const auto membership = group_membership(remove.conversation);
  if (!membership) return membership.error();
  auto& live = *state_.conversation((*membership)->conversation);
  if (live.row.owner != me) return Errc::not_owner;
  const auto* peer = is_handle(remove.handle) ? state_.member_by_handle(remove.handle) : nullptr;
  if (!peer || !live.open_interval(peer->id)) return Errc::not_found;
  if (peer->id == me) return Errc::bad_request;

  const auto id = peer->id;
  const auto seq = append(live, EventKind::removed, {}, {id}).seq;
  core::Decision::leave(live, id, seq);
  change_.audience = live.audience;
  remember(live.row.id);
  return Done{};
}

Result<Outcome> Decision::decide(const GroupLeave& leaving) {
  const auto me = command_->sender.member;
  const auto membership = group_membership(leaving.conversation);
  if (!membership) return membership.error();
  auto& live = *state_.conversation((*membership)->conversation);
  MemberId successor;
  if (live.row.owner == me) {
    if (!leaving.successor.empty()) {
      const auto* named = is_handle(leaving.successor) ? state_.member_by_handle(leaving.successor) : nullptr;
      if (!named || named->id == me || !live.open_interval(named->id)) return Errc::not_found;
      successor = named->id;
    } else {
      successor = state_.longest_member(live, me);
    }
  }

  const auto seq = append(live, EventKind::left, {}, successor ? std::vector{successor} : std::vector<MemberId>{}).seq;
  leave(live, me, seq);
  if (live.row.owner == me) {
    live.row.owner = successor;
    change_.conversations.push_back(live.row);
  }
  change_.audience = live.audience;
  remember(live.row.id);
  return Done{};
}

Result<Outcome> Decision::decide(const GroupTitle& title) {
  const auto membership = group_membership(title.conversation);
  if (!membership) return membership.error();
  if (!is_name(title.title, state_.limits.title_bytes_max)) return Errc::bad_name;
  auto& live = *state_.conversation((*membership)->conversation);
  append(live, EventKind::titled, title.title);
  live.row.title = title.title;
  change_.conversations.push_back(live.row);
  change_.audience = live.audience;
  remember(live.row.id);
  return Done{};
}

}  // namespace enishi::core
