#include "storage/memory/memory_store.h"

#include <algorithm>

#include "storage/memory/rows.h"

namespace enishi::storage {
namespace {

using namespace core;  // NOLINT: the records of the port, all over this file

constexpr Seq kLastSeq{~0ULL};

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <class Map, class Predicate>
auto first_in(const Map& map, Predicate predicate) -> std::optional<typename Map::mapped_type> {
  for (const auto& [key, row] : map)
    if (predicate(row)) return row;
  return std::nullopt;
}

template <class Map, class Predicate>
auto all_in(const Map& map, Predicate predicate) -> std::vector<typename Map::mapped_type> {
  std::vector<typename Map::mapped_type> rows;
  for (const auto& [key, row] : map)
    if (predicate(row)) rows.push_back(row);
  return rows;
}

template <class Map>
std::uint64_t greatest_in(const Map& map) {
  return map.empty() ? 0 : map.rbegin()->first.value;
}

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<const MemoryStore::Rows> rows) : rows_(std::move(rows)) {}

  Position begin() override { return rows_->newest; }
  void end() override {}

  Counters counters() const override {
    const auto owner = first_in(rows_->members, [](const Member& row) { return row.joined; });
    return {greatest_in(rows_->members),
            greatest_in(rows_->devices),
            greatest_in(rows_->conversations),
            greatest_in(rows_->invitations),
            rows_->newest,
            owner ? owner->id : MemberId{}};
  }

  std::optional<Member> member(MemberId id) const override { return find_in(rows_->members, id); }
  std::optional<Member> member_by_handle(std::string_view handle) const override {
    return first_in(rows_->members, [&](const Member& row) { return row.handle == handle; });
  }
  std::string picture(MemberId id) const override { return find_in(rows_->pictures, id).value_or(std::string()); }
  std::optional<Device> device(DeviceId id) const override { return find_in(rows_->devices, id); }
  std::optional<Device> device_by_public(const PublicId& id) const override {
    return first_in(rows_->devices, [&](const Device& row) { return row.public_id == id; });
  }
  std::optional<Device> device_by_key(const PublicKey& key) const override {
    return first_in(rows_->devices, [&](const Device& row) { return row.key == key; });
  }
  std::vector<Device> devices_of(MemberId member) const override {
    return all_in(rows_->devices, [&](const Device& row) { return row.member == member; });
  }
  std::optional<Invitation> invitation_by_hash(const SecretHash& hash) const override {
    return first_in(rows_->invitations, [&](const Invitation& row) { return row.secret_hash == hash; });
  }
  std::vector<Invitation> invitations_of(MemberId inviter) const override {
    auto rows = all_in(rows_->invitations, [&](const Invitation& row) { return row.inviter == inviter; });
    std::ranges::reverse(rows);
    return rows;
  }
  std::optional<RecoveryCode> recovery_code(const SecretHash& hash) const override {
    return find_in(rows_->recovery_codes, hash);
  }

  std::optional<Conversation> conversation(ConversationId id) const override {
    return find_in(rows_->conversations, id);
  }
  std::optional<Conversation> direct_between(MemberId low, MemberId high) const override {
    return first_in(rows_->conversations, [&](const Conversation& row) {
      return row.kind == ConversationKind::direct && row.owner == low && row.peer == high;
    });
  }
  std::optional<Membership> membership(MemberId member, const PublicId& conversation) const override {
    const auto found =
        first_in(rows_->conversations, [&](const Conversation& row) { return row.public_id == conversation; });
    return found ? membership(member, found->id) : std::nullopt;
  }
  std::optional<Membership> membership(MemberId member, ConversationId conversation) const override {
    Membership found{conversation, all_in(rows_->intervals, [&](const Interval& row) {
                       return row.member == member && row.conversation == conversation;
                     })};
    if (found.intervals.empty()) return std::nullopt;
    return found;
  }
  std::vector<Interval> open_intervals(ConversationId conversation) const override {
    return all_in(rows_->intervals, [&](const Interval& row) { return row.conversation == conversation && !row.left; });
  }

  LogEnd log_end(ConversationId conversation) const override {
    const auto after = rows_->events.upper_bound({conversation, kLastSeq});
    if (after == rows_->events.begin()) return {};
    const Event& last = std::prev(after)->second;
    if (last.conversation != conversation) return {};
    return {last.seq, last.position, rank_at(conversation, last.seq)};
  }
  std::optional<Event> event(ConversationId conversation, Seq seq) const override {
    return find_in(rows_->events, std::pair{conversation, seq});
  }
  std::vector<Event> changes(ConversationId conversation, Seq first, Seq last) const override {
    auto rows =
        changing(conversation, Seq{}, [&](const Event& row) { return row.target >= first && row.target <= last; });
    std::ranges::stable_sort(rows, {}, &Event::target);
    for (auto& row : rows)
      if (row.kind == EventKind::edited) row.body.clear();
    return rows;
  }
  std::vector<MessageMark> deleted(ConversationId conversation, Seq after, Seq through) const override {
    return all_in(rows_->deleted, [&](const MessageMark& mark) {
      return mark.conversation == conversation && mark.seq > after && mark.seq <= through;
    });
  }
  std::vector<MessageMark> mentions(ConversationId conversation, MemberId member, Seq after,
                                    Seq through) const override {
    return all_in(rows_->mentions, [&](const MessageMark& mark) {
      return mark.conversation == conversation && mark.member == member && mark.seq > after && mark.seq <= through;
    });
  }
  std::uint64_t rank_at(ConversationId conversation, Seq through) const override {
    return count(conversation, through, [](const Event&) { return true; });
  }
  std::uint64_t author_rank_at(ConversationId conversation, MemberId author, Seq through) const override {
    return count(conversation, through, [&](const Event& row) { return row.author == author; });
  }

  std::optional<Register> find_register(MemberId member, RegisterKind kind, std::uint64_t object) const override {
    return find_in(rows_->registers, std::tuple{member, kind, object});
  }
  std::vector<Register> registers_of(MemberId member, RegisterKind kind) const override {
    return all_in(rows_->registers,
                  [&](const Register& row) { return row.member == member && row.kind == kind && !row.removed; });
  }
  std::vector<Register> registers_in(MemberId member, RegisterKind kind, std::uint64_t first,
                                     std::uint64_t last) const override {
    return all_in(rows_->registers, [&](const Register& row) {
      return row.member == member && row.kind == kind && !row.removed && row.object >= first && row.object <= last;
    });
  }
  std::uint64_t newest_rseq(MemberId member) const override {
    std::uint64_t newest = 0;
    for (const auto& [key, row] : rows_->registers)
      if (row.member == member) newest = std::max(newest, row.rseq);
    return newest;
  }
  std::optional<RequestRecord> request(MemberId author, const ClientId& client_id) const override {
    return find_in(rows_->requests, std::pair{author, client_id});
  }

  std::vector<Event> events(ConversationId conversation, Seq first, Seq last, std::size_t limit,
                            From from) const override {
    std::vector<Event> rows;
    if (first > last) return rows;
    auto low = rows_->events.lower_bound({conversation, first});
    auto high = rows_->events.upper_bound({conversation, last});
    const auto size = static_cast<std::size_t>(std::distance(low, high));
    if (size > limit && from == From::newest) low = std::prev(high, static_cast<std::ptrdiff_t>(limit));
    if (size > limit && from == From::oldest) high = std::next(low, static_cast<std::ptrdiff_t>(limit));
    for (; low != high; ++low) rows.push_back(low->second);
    return rows;
  }
  std::vector<Event> changes_since(ConversationId conversation, Seq first, std::size_t limit) const override {
    auto rows = changing(conversation, first, [](const Event&) { return true; });
    if (rows.size() > limit) rows.resize(limit);
    return rows;
  }
  Seq first_after(ConversationId conversation, Position after) const override {
    for (auto at = rows_->events.lower_bound({conversation, Seq{}});
         at != rows_->events.end() && at->first.first == conversation; ++at)
      if (at->second.position > after) return at->second.seq;
    return {};
  }
  std::vector<Register> registers_between(MemberId member, Position after, Position through, std::uint64_t after_rseq,
                                          std::size_t limit) const override {
    auto rows = all_in(rows_->registers, [&](const Register& row) {
      return row.member == member && row.rseq > after_rseq && row.position > after && row.position <= through;
    });
    std::ranges::sort(rows, {}, &Register::rseq);
    if (rows.size() > limit) rows.resize(limit);
    return rows;
  }
  std::vector<Membership> memberships(MemberId member, ConversationId after, std::size_t limit) const override {
    std::vector<Membership> found;
    for (const auto& [key, row] : rows_->intervals) {
      if (row.member != member || row.conversation <= after) continue;
      if (found.empty() || found.back().conversation != row.conversation) found.push_back({row.conversation, {}});
      found.back().intervals.push_back(row);
    }
    std::erase_if(found, [](const Membership& one) { return !one.is_open(); });
    if (found.size() > limit) found.resize(limit);
    return found;
  }
  std::size_t membership_count(MemberId member) const override {
    return memberships(member, {}, ~std::size_t{0}).size();
  }

 private:
  /// Events from seq `first` on that change a message, ascending by seq.
  template <class Predicate>
  std::vector<Event> changing(ConversationId conversation, Seq first, Predicate predicate) const {
    std::vector<Event> rows;
    for (auto at = rows_->events.lower_bound({conversation, first});
         at != rows_->events.end() && at->first.first == conversation; ++at)
      if (at->second.target && predicate(at->second)) rows.push_back(at->second);
    return rows;
  }
  template <class Predicate>
  std::uint64_t count(ConversationId conversation, Seq through, Predicate predicate) const {
    std::uint64_t found = 0;
    const auto end = rows_->events.upper_bound({conversation, through});
    for (auto at = rows_->events.lower_bound({conversation, Seq{}}); at != end; ++at)
      if (at->second.is_countable() && predicate(at->second)) ++found;
    return found;
  }

  std::shared_ptr<const MemoryStore::Rows> rows_;
};

class MemoryWriter final : public Writer {
 public:
  explicit MemoryWriter(std::shared_ptr<MemoryStore::Rows> rows) : rows_(std::move(rows)) {}

  Result<void> commit(const Batch& batch) override {
    if (!rows_->accepts(batch)) return Errc::store_failed;
    rows_->apply(batch);
    return {};
  }
  Result<void> begin_incarnation(const Incarnation& incarnation) override {
    const auto& known = rows_->incarnations;
    if (!known.empty() && incarnation.number <= known.back().number) return Errc::store_failed;
    rows_->incarnations.push_back(incarnation);
    return {};
  }
  void idle() override {}

 private:
  std::shared_ptr<MemoryStore::Rows> rows_;
};

}  // namespace

MemoryStore::MemoryStore() : rows_(std::make_shared<Rows>()), writer_(std::make_unique<MemoryWriter>(rows_)) {}
MemoryStore::~MemoryStore() = default;

Writer& MemoryStore::writer() { return *writer_; }

Result<std::unique_ptr<Reader>> MemoryStore::open_reader() {
  return std::unique_ptr<Reader>(std::make_unique<MemoryReader>(rows_));
}

std::vector<Incarnation> MemoryStore::incarnations() { return rows_->incarnations; }

}  // namespace enishi::storage
