#include "property/oracle/history.h"

#include <algorithm>

#include "cpp/store/replica.h"
#include "property/world/context.h"

namespace enishi::property {
namespace {

template <class Map, class Key>
auto found_in(const Map& map, const Key& key) -> typename Map::mapped_type {
  const auto at = map.find(key);
  return at == map.end() ? typename Map::mapped_type{} : at->second;
}

core::PublicId id_of(std::string_view bytes) {
  core::PublicId id;
  static_cast<void>(id.assign(bytes));
  return id;
}

}  // namespace

const Version* Trail::at(core::Position at) const {
  const Version* newest = nullptr;
  for (const auto& version : versions)
    if (version.position <= at) newest = &version;
  return newest;
}

void History::learn(const core::Batch& batch) {
  for (const auto& change : batch.changes) {
    for (const auto& row : change.members) {
      members_[row.id] = row;
      handles_[row.handle] = row.id;
    }
    for (const auto& row : change.devices) {
      devices_[row.id] = row;
      device_names_[row.public_id] = row.id;
      device_keys_[hex(row.key.view())] = row.id;
    }
    for (const auto device : change.revoked) revocations_[device] = change.position;
    for (const auto& row : change.conversations) {
      if (conversations_.insert_or_assign(row.id, row).second) made_.push_back(row.public_id);
      conversation_names_[row.public_id] = row.id;
    }
    for (const auto& row : change.intervals) stays_[{row.member, row.conversation}].emplace_back(change.position, row);
    for (const auto& event : change.events) {
      auto& log = logs_[event.conversation];
      expect(event.seq.value == log.size() + 1, "seqs of a log are not dense");
      log.push_back(event.position);
    }
    for (const auto& row : change.registers) {
      auto& trail = trails_[row.member][{row.kind, row.object}];
      trail.kind = row.kind;
      trail.key = key_on_wire(row.kind, row.object);
      trail.versions.push_back({change.position, row.rseq, row.removed, row.seq, row.tie});
    }
    if (change.request && change.request->conversation)
      made_by_[{change.request->author, change.request->client_id}] = change.request->conversation;
    if (!change.position) continue;
    expect(change.position > newest_, "positions do not ascend");
    newest_ = change.position;
  }
}

std::string History::key_on_wire(core::RegisterKind kind, std::uint64_t object) const {
  switch (kind) {
    case core::RegisterKind::tie:
    case core::RegisterKind::block:
      return std::string(members_.at(core::MemberId{object}).public_id.view());
    case core::RegisterKind::device:
      return std::string(devices_.at(core::DeviceId{object}).public_id.view());
    case core::RegisterKind::star:
    case core::RegisterKind::hide:
    case core::RegisterKind::kept_draft:
      return client::message_key(conversations_.at(core::conversation_in(object)).public_id,
                                 core::seq_in(object).value);
    case core::RegisterKind::no_receipts:
    case core::RegisterKind::profile:
      return {};
    default:
      return std::string(conversations_.at(core::ConversationId{object}).public_id.view());
  }
}

std::string History::name_of(std::string_view public_id) const {
  const auto id = conversation(public_id);
  if (!id) return hex(public_id);
  const auto& row = conversations_.at(id);
  if (row.kind == core::ConversationKind::self) return model::Model::self_id(handle(row.owner));
  if (row.kind == core::ConversationKind::direct) return model::Model::direct_id(handle(row.owner), handle(row.peer));
  return hex(public_id);
}

std::string History::key_of(std::string_view device) const {
  const auto id = found_in(device_names_, id_of(device));
  return id ? hex(devices_.at(id).key.view()) : std::string();
}

std::string History::key_of(core::DeviceId device) const {
  const auto row = devices_.find(device);
  return row == devices_.end() ? std::string() : hex(row->second.key.view());
}
core::Position History::revoked_at(core::DeviceId device) const { return found_in(revocations_, device); }

core::MemberId History::member(const std::string& handle) const { return found_in(handles_, handle); }
core::DeviceId History::device(const std::string& key) const { return found_in(device_keys_, key); }
core::ConversationId History::conversation(std::string_view public_id) const {
  return found_in(conversation_names_, id_of(public_id));
}

std::string History::made_by(core::MemberId author, const core::ClientId& client_id) const {
  const auto id = found_in(made_by_, std::pair{author, client_id});
  return id ? hex(public_id(id)) : std::string();
}

const std::map<std::pair<core::RegisterKind, std::uint64_t>, Trail>& History::trails(core::MemberId member) const {
  static const std::map<std::pair<core::RegisterKind, std::uint64_t>, Trail> kNone;
  const auto at = trails_.find(member);
  return at == trails_.end() ? kNone : at->second;
}

bool History::are_tied(core::MemberId a, core::MemberId b, core::Position at) const {
  const auto is_mutual = [&](core::MemberId one, core::MemberId other) {
    const auto trail = trails(one).find({core::RegisterKind::tie, other.value});
    const auto* then = trail == trails(one).end() ? nullptr : trail->second.at(at);
    return then != nullptr && !then->removed && then->tie == core::TieState::mutual;
  };
  return is_mutual(a, b) && is_mutual(b, a);
}

bool History::gives_receipts(core::MemberId member, core::Position at) const {
  const auto trail = trails(member).find({core::RegisterKind::no_receipts, 0});
  const auto* then = trail == trails(member).end() ? nullptr : trail->second.at(at);
  return then == nullptr || then->removed;
}

core::Seq History::shown_marker(core::MemberId member, core::ConversationId conversation) const {
  core::Seq greatest;
  const auto trail = trails(member).find({core::RegisterKind::marker, conversation.value});
  if (trail == trails(member).end()) return greatest;
  for (const auto& version : trail->second.versions)
    if (gives_receipts(member, version.position)) greatest = std::max(greatest, version.seq);
  return greatest;
}

History::Stays History::stays(core::MemberId member, core::ConversationId conversation, core::Position at) const {
  Stays stays;
  core::Position last_since;
  const auto rows = stays_.find({member, conversation});
  if (rows == stays_.end()) return stays;
  for (const auto& [position, row] : rows->second) {
    if (position > at) break;
    // The row that closes a stay replaces the one that opened it.
    if (row.since == last_since && !stays.empty()) stays.pop_back();
    stays.push_back({row.joined, row.left});
    last_since = row.since;
  }
  return stays;
}

bool History::is_in(core::MemberId member, core::ConversationId conversation, core::Position at) const {
  const auto all = stays(member, conversation, at);
  return !all.empty() && !all.back().left;
}

core::Position History::position(core::ConversationId conversation, std::uint64_t seq) const {
  const auto log = logs_.find(conversation);
  return log == logs_.end() || seq < 1 || seq > log->second.size() ? core::Position{} : log->second[seq - 1];
}

std::uint64_t History::head(core::ConversationId conversation, core::Position at) const {
  const auto log = logs_.find(conversation);
  if (log == logs_.end()) return 0;
  return static_cast<std::uint64_t>(std::ranges::upper_bound(log->second, at) - log->second.begin());
}

}  // namespace enishi::property
