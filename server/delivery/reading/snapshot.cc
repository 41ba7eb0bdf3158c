#include "delivery/reading/snapshot.h"

#include <algorithm>

#include "core/derived/rank.h"

namespace enishi::delivery {
namespace {

/// A number inside a committed row always has its row: a missing one means that the store is damaged.
template <class Map, class Id, class Load>
auto& look_up(Map& map, const Id& id, Load&& load) {
  auto found = map.find(id);
  if (found == map.end()) {
    auto row = load();
    if (!row) throw core::StoreError{core::Errc::store_broken};
    found = map.emplace(id, std::move(*row)).first;
  }
  return found->second;
}

}  // namespace

const core::Member& Snapshot::member_of(core::MemberId id) {
  return look_up(members_, id, [&] { return reader_.member(id); });
}
const core::Device& Snapshot::device_of(core::DeviceId id) {
  return look_up(devices_, id, [&] { return reader_.device(id); });
}
const core::Conversation& Snapshot::conversation_of(core::ConversationId id) {
  return look_up(conversations_, id, [&] { return reader_.conversation(id); });
}
const core::Membership& Snapshot::membership_of(core::MemberId member, core::ConversationId conversation) {
  return look_up(memberships_, core::Key<core::MemberId, core::ConversationId>{{member, conversation}},
                 [&] { return reader_.membership(member, conversation); });
}

wire::HeadView Snapshot::head_of(core::MemberId viewer, const core::Membership& membership, const core::LogEnd& end) {
  const auto& conversation = conversation_of(membership.conversation);
  const auto marker = reader_.find_register(viewer, core::RegisterKind::marker, membership.conversation.value);
  if (!marker) throw core::StoreError{core::Errc::store_broken};
  wire::HeadView view{conversation.public_id, end.head, marker->seq, marker->rev, 0, 0, conversation.title};
  if (marker->seq >= end.head) return view;
  const auto& blocked = look_up(blocked_, viewer, [&] {
    std::vector<core::MemberId> ids;
    for (const auto& row : reader_.registers_of(viewer, core::RegisterKind::block))
      ids.push_back(core::MemberId{row.object});
    return std::optional(std::move(ids));
  });
  const auto numbers = core::numbers_by_rank(reader_, membership, viewer, blocked, marker->seq, end);
  view.unread = numbers.unread;
  view.mentions = numbers.mentions;
  return view;
}

wire::MessageStates states_of(const storage::Reader& reader, const std::vector<core::Event>& events,
                              core::Seq through) {
  wire::MessageStates states;
  if (events.empty()) return states;
  const auto changes = reader.changes(events.front().conversation, events.front().seq, events.back().seq);
  for (auto at = changes.begin(); at != changes.end();) {
    const auto end =
        std::ranges::find_if(at, changes.end(), [&](const core::Event& each) { return each.target != at->target; });
    const auto message = std::ranges::lower_bound(events, at->target, {}, &core::Event::seq);
    if (message != events.end() && message->seq == at->target) {
      // Also where the changes came to nothing: a device that holds the message as it was between them has to know.
      if (at->seq <= through) {
        auto state = core::state_of(*message, {at, end}, through);
        if (!state.edits.empty())
          if (auto edit = reader.event(message->conversation, state.edits.back().seq))
            state.body = std::move(edit->body);
        states.emplace(message->seq, std::move(state));
      }
    }
    at = end;
  }
  return states;
}

std::vector<std::pair<core::Seq, core::Seq>> skipped_ranges(const core::Membership& membership, core::Seq first,
                                                            core::Seq last) {
  std::vector<std::pair<core::Seq, core::Seq>> ranges;
  auto next = first;  // first slot not accounted for yet
  for (const auto& interval : membership.intervals) {
    if (interval.left && interval.left < next) continue;
    if (interval.joined > last) break;
    if (interval.joined > next) ranges.emplace_back(next, core::Seq{interval.joined.value - 1});
    if (!interval.left) return ranges;
    next = core::Seq{interval.left.value + 1};
  }
  if (next <= last) ranges.emplace_back(next, last);
  return ranges;
}

}  // namespace enishi::delivery
