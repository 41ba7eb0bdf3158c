#include "storage/memory/rows.h"

#include <set>

namespace enishi::storage {

bool MemoryStore::Rows::accepts(const core::Batch& batch) const {
  std::set<std::pair<core::ConversationId, core::Seq>> numbers;
  std::set<core::ConversationId> made;
  std::map<std::string, core::MemberId> handles;
  for (const auto& [id, member] : members) handles.emplace(member.handle, id);
  for (const auto& change : batch.changes) {
    for (const auto& member : change.members)
      if (handles.emplace(member.handle, member.id).first->second != member.id) return false;
    for (const auto& conversation : change.conversations) made.insert(conversation.id);
    for (const auto& interval : change.intervals)
      if (!conversations.contains(interval.conversation) && !made.contains(interval.conversation)) return false;
    for (const auto& event : change.events) {
      const std::pair key{event.conversation, event.seq};
      if (events.contains(key) || !numbers.insert(key).second) return false;
    }
  }
  return true;
}

void MemoryStore::Rows::apply(const core::Batch& batch) {
  for (const auto& change : batch.changes) apply(change);
  newest = std::max(newest, batch.last);
}

void MemoryStore::Rows::apply(const core::Change& change) {
  for (const auto& row : change.members) members[row.id] = row;
  for (const auto& row : change.pictures) pictures[row.member] = row.bytes;
  for (const auto& row : change.devices) devices[row.id] = row;
  for (const auto& row : change.invitations) invitations[row.id] = row;
  for (const auto member : change.recovery_cleared)
    std::erase_if(recovery_codes,
                  [&](const auto& entry) { return entry.second.member == member && !entry.second.used_by; });
  for (const auto& row : change.recovery_codes) recovery_codes[row.hash] = row;
  for (const auto& row : change.conversations) conversations[row.id] = row;
  for (const auto& row : change.intervals) intervals[{row.member, row.conversation, row.joined, row.since}] = row;
  for (const auto& row : change.events) events[{row.conversation, row.seq}] = row;
  for (const auto& mark : change.deleted) deleted[{mark.conversation, mark.seq}] = mark;
  for (const auto& mark : change.unmentioned) mentions.erase({mark.conversation, mark.member, mark.seq});
  for (const auto& mark : change.mentioned) mentions[{mark.conversation, mark.member, mark.seq}] = mark;
  for (const auto& key : change.destroyed) destroy(events.at(key));
  for (const auto& row : change.registers) registers[{row.member, row.kind, row.object}] = row;
  if (change.request) requests[{change.request->author, change.request->client_id}] = *change.request;
  for (const auto& [device, at] : change.seen)
    if (const auto found = devices.find(device); found != devices.end()) found->second.last_seen = at;
}

void MemoryStore::Rows::destroy(core::Event& event) {
  event.body.clear();
  event.people.clear();
  event.mentions_all = false;
  event.former_people.clear();
  event.former_mentions_all = false;
  event.origin = {};
  event.origin_at = {};
  event.destroyed = true;
  const auto request = requests.find({event.author, event.client_id});
  if (request != requests.end()) request->second.digest = {};
}

}  // namespace enishi::storage
