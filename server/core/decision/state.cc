#include "core/decision/state.h"

#include <algorithm>

#include "core/planted.h"

namespace enishi::core {
namespace {

// Rows of one kind kept before all are forgotten. 100,000 memberships are about 15 MiB.
constexpr std::size_t kRowsMax = 100'000;
// Repeats come soon or from the store; a larger set would be forgotten in one long moment.
constexpr std::size_t kRequestsMax = 4'096;
// Of drafts: a row may have 16 KiB.
constexpr std::size_t kTextBytesMax = 64 * 1024 * 1024;

bool by_member(const Interval& a, const Interval& b) { return a.member < b.member; }

Key<MemberId, MemberId> pair_key(MemberId a, MemberId b) { return {{std::min(a, b), std::max(a, b)}}; }

}  // namespace

void LiveConversation::refresh_audience() {
  auto members = std::make_shared<std::vector<MemberId>>();
  members->reserve(open.size());
  for (const auto& interval : open) members->push_back(interval.member);
  audience = std::move(members);
}

const Interval* LiveConversation::open_interval(MemberId member) const noexcept {
  const auto at = std::lower_bound(open.begin(), open.end(), Interval{{}, member, {}, {}, {}}, by_member);
  return at != open.end() && at->member == member ? &*at : nullptr;
}

State::State(const Lookup& lookup, Limits chosen)
    : counters(lookup.counters()), limits(chosen), lookup_(lookup), settled_counters_(counters) {}

Member* State::member(MemberId id) {
  return members_.find(id, [&] { return lookup_.member(id); });
}

Member* State::member_by_handle(const std::string& handle) {
  const auto* id = handles_.find(handle, [&]() -> std::optional<MemberId> {
    auto row = lookup_.member_by_handle(handle);
    if (!row) return std::nullopt;
    const auto found = row->id;
    members_.find(found, [&] { return std::move(row); });
    return found;
  });
  return id ? member(*id) : nullptr;
}

Device* State::device(DeviceId id) {
  return devices_.find(id, [&] { return lookup_.device(id); });
}

Device* State::device_by_key(const PublicKey& key) {
  const auto* id = device_keys_.find(key, [&]() -> std::optional<DeviceId> {
    const auto row = lookup_.device_by_key(key);
    return row ? std::optional(row->id) : std::nullopt;
  });
  return id ? device(*id) : nullptr;
}

std::vector<DeviceId>& State::devices_of(MemberId member) {
  return *member_devices_.find(member, [&]() -> std::optional<std::vector<DeviceId>> {
    std::vector<DeviceId> ids;
    for (const auto& row : lookup_.devices_of(member)) ids.push_back(row.id);
    return ids;
  });
}

Invitation* State::invitation(const SecretHash& hash) {
  return invitations_.find(hash, [&] { return lookup_.invitation_by_hash(hash); });
}

std::vector<SecretHash>& State::invitations_of(MemberId inviter) {
  return *member_invitations_.find(inviter, [&]() -> std::optional<std::vector<SecretHash>> {
    std::vector<SecretHash> hashes;
    for (const auto& row : lookup_.invitations_of(inviter)) hashes.push_back(row.secret_hash);
    return hashes;
  });
}

RecoveryCode* State::recovery_code(const SecretHash& hash) {
  return recovery_codes_.find(hash, [&]() -> std::optional<RecoveryCode> {
    auto row = lookup_.recovery_code(hash);
    if (row && !row->used_by && recovery_cleared_.contains(row->member)) return std::nullopt;
    return row;
  });
}

LiveConversation* State::conversation(ConversationId id) {
  return conversations_.find(id, [&]() -> std::optional<LiveConversation> {
    auto row = lookup_.conversation(id);
    if (!row) return std::nullopt;
    LiveConversation live{std::move(*row), lookup_.log_end(id), lookup_.open_intervals(id), nullptr, {}, {}};
    live.refresh_audience();
    return live;
  });
}

LiveConversation* State::direct_between(MemberId a, MemberId b) {
  const auto* id = directs_.find(pair_key(a, b), [&]() -> std::optional<ConversationId> {
    const auto row = lookup_.direct_between(std::min(a, b), std::max(a, b));
    return row ? std::optional(row->id) : std::nullopt;
  });
  return id ? conversation(*id) : nullptr;
}

Membership* State::membership(MemberId member, const PublicId& name) {
  const auto* id = names_.find({{member, name}}, [&]() -> std::optional<ConversationId> {
    auto row = lookup_.membership(member, name);
    if (!row) return std::nullopt;
    const auto found = row->conversation;
    memberships_.find({{member, found}}, [&] { return std::move(row); });
    return found;
  });
  return id ? membership(member, *id) : nullptr;
}

Membership* State::membership(MemberId member, ConversationId conversation) {
  return memberships_.find({{member, conversation}}, [&] { return lookup_.membership(member, conversation); });
}

Register* State::find_register(MemberId member, RegisterKind kind, std::uint64_t object) {
  return registers_.find({{member, static_cast<std::uint8_t>(kind), object}}, [&] {
    auto row = lookup_.find_register(member, kind, object);
    if (row) text_bytes_ += row->text.size();
    return row;
  });
}

Register* State::live_register(MemberId member, RegisterKind kind, std::uint64_t object) {
  auto* row = find_register(member, kind, object);
  return row && !row->removed ? row : nullptr;
}

TieState State::tie(MemberId member, MemberId peer) {
  const auto* row = live_register(member, RegisterKind::tie, peer.value);
  return row ? row->tie : TieState::none;
}

bool State::blocks(MemberId member, MemberId peer) {
  return live_register(member, RegisterKind::block, peer.value) != nullptr;
}

RequestRecord* State::request(MemberId author, const ClientId& client_id) {
  if (ENISHI_PLANT("dedupe_forgotten_at_restart")) return requests_.peek({{author, client_id}});
  return requests_.find({{author, client_id}}, [&] { return lookup_.request(author, client_id); });
}

std::uint64_t State::author_rank(LiveConversation& live, MemberId author) {
  const auto known = live.author_ranks.find(author);
  if (known != live.author_ranks.end()) return known->second;
  // Nothing of this author is staged, else it would be known: the committed number is the present one.
  const auto rank = live.end.head ? lookup_.author_rank_at(live.row.id, author, live.end.head) : 0;
  live.author_ranks.emplace(author, rank);
  return rank;
}

std::optional<Event> State::event(ConversationId conversation, Seq seq) const {
  if (group_ != nullptr)
    for (const auto& change : group_->changes)
      for (const auto& event : change.events)
        if (event.conversation == conversation && event.seq == seq) return event;
  return lookup_.event(conversation, seq);
}

std::vector<Event> State::changes(ConversationId conversation, Seq target) const {
  auto found = lookup_.changes(conversation, target, target);
  if (group_ != nullptr)
    for (const auto& change : group_->changes)
      for (const auto& event : change.events)
        if (event.conversation == conversation && event.target == target) found.push_back(event);
  return found;
}

void State::forget_digest(MemberId author, const ClientId& client_id) {
  const Key<MemberId, ClientId> key{{author, client_id}};
  auto* row = requests_.peek(key);
  if (!row) return;
  requests_.touch(key);
  row->digest = {};
}

MemberId State::longest_member(LiveConversation& group, MemberId leaving) {
  if (group.founders.empty()) {
    // The first event, and those of the same command that name the rest.
    Position position;
    for (Seq seq{1};; ++seq.value) {
      const auto event = lookup_.event(group.row.id, seq);
      if (!event || (position && event->position != position)) break;
      position = event->position;
      group.founders.insert(group.founders.end(), event->people.begin(), event->people.end());
    }
  }
  const auto age = [&](const Interval& interval) {
    const auto named = std::find(group.founders.begin(), group.founders.end(), interval.member);
    return std::pair(interval.since, named - group.founders.begin());
  };
  const Interval* longest = nullptr;
  for (const auto& interval : group.open)
    if (interval.member != leaving && (!longest || age(interval) < age(*longest))) longest = &interval;
  return longest ? longest->member : MemberId{};
}

Member& State::put(Member row) {
  handles_.put(row.handle, row.id);
  return members_.put(row.id, std::move(row));
}

Device& State::put(Device row) {
  auto& ids = devices_of(row.member);
  member_devices_.touch(row.member);
  if (std::find(ids.begin(), ids.end(), row.id) == ids.end()) ids.push_back(row.id);
  device_keys_.put(row.key, row.id);
  return devices_.put(row.id, std::move(row));
}

Invitation& State::put(Invitation row) {
  auto& hashes = invitations_of(row.inviter);
  member_invitations_.touch(row.inviter);
  if (std::find(hashes.begin(), hashes.end(), row.secret_hash) == hashes.end()) hashes.push_back(row.secret_hash);
  return invitations_.put(row.secret_hash, std::move(row));
}

void State::put(RecoveryCode row) { recovery_codes_.put(row.hash, row); }

void State::clear_recovery_codes(MemberId member) {
  recovery_cleared_.insert(member);
  for (auto& [hash, row] : recovery_codes_) {
    if (!row || row->member != member || row->used_by) continue;
    recovery_codes_.touch(hash);
    row.reset();
  }
}

LiveConversation& State::put_conversation(const Conversation& row) {
  if (auto* live = conversation(row.id)) {
    conversations_.touch(row.id);
    live->row = row;
    return *live;
  }
  if (row.kind == ConversationKind::direct) directs_.put(pair_key(row.owner, row.peer), row.id);
  auto& live = conversations_.put(row.id, LiveConversation{row, {}, {}, nullptr, {}, {}});
  live.refresh_audience();
  return live;
}

void State::put_interval(const PublicId& name, const Interval& interval) {
  const Key<MemberId, ConversationId> key{{interval.member, interval.conversation}};
  auto* row = membership(interval.member, interval.conversation);
  if (!row) row = &memberships_.put(key, Membership{interval.conversation, {}});
  memberships_.touch(key);
  names_.put({{interval.member, name}}, interval.conversation);
  auto& live = *conversation(interval.conversation);
  conversations_.touch(interval.conversation);
  const auto at = std::lower_bound(live.open.begin(), live.open.end(), interval, by_member);
  if (interval.left) {
    ENISHI_ASSERT(row->is_open() && at != live.open.end() && at->member == interval.member);
    row->intervals.back() = interval;
    live.open.erase(at);
  } else {
    ENISHI_ASSERT(!row->is_open());
    row->intervals.push_back(interval);
    live.open.insert(at, interval);
  }
  live.refresh_audience();
}

Register& State::put(Register row) {
  text_bytes_ += row.text.size();
  return registers_.put({{row.member, static_cast<std::uint8_t>(row.kind), row.object}}, std::move(row));
}

void State::put(RequestRecord row) {
  const Key<MemberId, ClientId> key{{row.author, row.client_id}};
  requests_.put(key, std::move(row));
}

std::uint64_t State::next_rseq(MemberId member) {
  auto& newest = *rseqs_.find(member, [&] { return std::optional(lookup_.newest_rseq(member)); });
  rseqs_.touch(member);
  return ++newest;
}

void State::touch_pairing(const SecretHash& hash) {
  const auto found = pairings.find(hash);
  pairings_before_.try_emplace(hash, found == pairings.end() ? std::nullopt : std::optional(found->second));
}

template <class Apply>
void State::each_cache(Apply&& apply) {
  apply(members_), apply(handles_), apply(devices_), apply(device_keys_), apply(member_devices_), apply(invitations_);
  apply(member_invitations_), apply(recovery_codes_), apply(conversations_), apply(directs_), apply(names_);
  apply(memberships_), apply(registers_), apply(rseqs_), apply(requests_);
}

void State::settle() {
  group_ = nullptr;
  each_cache([](auto& cache) { cache.settle(kRowsMax); });
  requests_.settle(kRequestsMax);
  if (text_bytes_ > kTextBytesMax) {
    registers_.settle(0);
    text_bytes_ = 0;
  }
  for (const auto& hash : finished_pairings) pairings.erase(hash);
  finished_pairings.clear();
  pairings_before_.clear();
  recovery_cleared_.clear();
  settled_counters_ = counters;
}

void State::drop_touched() {
  group_ = nullptr;
  each_cache([](auto& cache) { cache.drop_touched(); });
  for (auto& [hash, before] : pairings_before_) {
    if (before)
      pairings[hash] = std::move(*before);
    else
      pairings.erase(hash);
  }
  pairings_before_.clear();
  finished_pairings.clear();
  recovery_cleared_.clear();
  counters = settled_counters_;
}

const Member& State::member_of(MemberId id) {
  const auto* row = member(id);
  ENISHI_ASSERT(row != nullptr);
  return *row;
}

const Device& State::device_of(DeviceId id) {
  const auto* row = device(id);
  ENISHI_ASSERT(row != nullptr);
  return *row;
}

const Conversation& State::conversation_of(ConversationId id) {
  const auto* live = conversation(id);
  ENISHI_ASSERT(live != nullptr);
  return live->row;
}

const Membership& State::membership_of(MemberId member, ConversationId conversation) {
  const auto* row = membership(member, conversation);
  ENISHI_ASSERT(row != nullptr);
  return *row;
}

}  // namespace enishi::core
