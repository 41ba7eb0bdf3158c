#include "storage/sqlite/reader.h"

#include <algorithm>
#include <limits>

#include "storage/sqlite/rows.h"

namespace enishi::storage {
namespace {

using namespace core;  // NOLINT: the records of the port, all over this file

// Pages of the indexes that one catch-up walks; the file's cache of the system does the rest.
constexpr const char* kReaderSettings = "PRAGMA query_only=ON; PRAGMA cache_size=-4096;";
constexpr std::uint64_t kNumberMax = std::numeric_limits<std::int64_t>::max();

std::int64_t limit_of(std::size_t limit) { return static_cast<std::int64_t>(std::min<std::size_t>(limit, kNumberMax)); }

/// SQLite's numbers are signed; beyond them there is no seq.
Seq within_numbers(Seq seq) { return Seq{std::min(seq.value, kNumberMax)}; }

/// Least n of [first, last] with is_after(n), for is_after that is false up to somewhere and true from there on; last +
/// 1 when it is true nowhere. Asks from the top in doubling steps, because what is missed is mostly the newest: O(log
/// k) questions for an answer k below the top.
template <class IsAfter>
std::uint64_t first_true(std::uint64_t first, std::uint64_t last, IsAfter is_after) {
  if (first > last || !is_after(last)) return last + 1;
  std::uint64_t high = last;  // is_after(high)
  std::uint64_t low = first;  // nothing below is
  for (std::uint64_t step = 1; step <= high - first; step *= 2) {
    if (!is_after(high - step)) {
      low = high - step + 1;
      break;
    }
    high -= step;
  }
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (is_after(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return high;
}

}  // namespace

SqliteReader::SqliteReader(const std::string& path, const std::string& vfs)
    : connection_(path, Access::read, vfs), statements_(connection_) {
  connection_.execute(kReaderSettings);
}

template <class Row, class... Keys>
std::optional<Row> SqliteReader::one(Query query, const Keys&... keys) const {
  Run run = statements_.run(query);
  if (!run.bind(keys...).step()) return std::nullopt;
  return take<Row>(run);
}

template <class Row, class... Keys>
std::vector<Row> SqliteReader::all(Query query, const Keys&... keys) const {
  std::vector<Row> rows;
  Run run = statements_.run(query);
  run.bind(keys...);
  while (run.step()) rows.push_back(take<Row>(run));
  return rows;
}

template <class... Keys>
std::uint64_t SqliteReader::number(Query query, const Keys&... keys) const {
  std::uint64_t found = 0;
  Run run = statements_.run(query);
  if (run.bind(keys...).step()) run.read(found);
  return found;
}

Position SqliteReader::begin() {
  ENISHI_ASSERT(!connection_.in_transaction());
  statements_.run(Query::begin_read).step();
  try {
    // The first read is what takes the snapshot.
    return Position{number(Query::newest_position)};
  } catch (const StoreError&) {
    end();
    throw;
  }
}

void SqliteReader::end() {
  // An error inside may have ended it already.
  if (connection_.in_transaction()) statements_.run(Query::end).step();
}

Counters SqliteReader::counters() const {
  Counters counters;
  Run run = statements_.run(Query::counters);
  run.step();
  run.read(counters.member, counters.device, counters.conversation, counters.invitation, counters.position,
           counters.owner);
  return counters;
}

std::optional<Member> SqliteReader::member(MemberId id) const { return one<Member>(Query::member, id); }

std::optional<Member> SqliteReader::member_by_handle(std::string_view handle) const {
  return one<Member>(Query::member_by_handle, handle);
}

std::string SqliteReader::picture(MemberId id) const {
  std::string bytes;
  Run run = statements_.run(Query::picture);
  if (run.bind(id).step()) run.read(bytes);
  return bytes;
}
std::optional<Device> SqliteReader::device(DeviceId id) const { return one<Device>(Query::device, id); }

std::optional<Device> SqliteReader::device_by_public(const PublicId& id) const {
  return one<Device>(Query::device_by_public, id);
}

std::optional<Device> SqliteReader::device_by_key(const PublicKey& key) const {
  return one<Device>(Query::device_by_key, key);
}

std::vector<Device> SqliteReader::devices_of(MemberId member) const { return all<Device>(Query::devices_of, member); }

std::optional<Invitation> SqliteReader::invitation_by_hash(const SecretHash& hash) const {
  return one<Invitation>(Query::invitation_by_hash, hash);
}

std::vector<Invitation> SqliteReader::invitations_of(MemberId inviter) const {
  return all<Invitation>(Query::invitations_of, inviter);
}

std::optional<RecoveryCode> SqliteReader::recovery_code(const SecretHash& hash) const {
  return one<RecoveryCode>(Query::recovery_code, hash);
}

std::optional<Conversation> SqliteReader::conversation(ConversationId id) const {
  return one<Conversation>(Query::conversation, id);
}

std::optional<Conversation> SqliteReader::direct_between(MemberId low, MemberId high) const {
  return one<Conversation>(Query::direct_between, low, high);
}

template <class Key>
std::optional<Membership> SqliteReader::membership_by(Query query, MemberId member, const Key& key) const {
  Membership found;
  found.intervals = all<Interval>(query, member, key);
  if (found.intervals.empty()) return std::nullopt;
  found.conversation = found.intervals.front().conversation;
  return found;
}

std::optional<Membership> SqliteReader::membership(MemberId member, const PublicId& conversation) const {
  return membership_by(Query::membership_by_public, member, conversation);
}

std::optional<Membership> SqliteReader::membership(MemberId member, ConversationId conversation) const {
  return membership_by(Query::membership_by_number, member, conversation);
}

std::vector<Interval> SqliteReader::open_intervals(ConversationId conversation) const {
  return all<Interval>(Query::open_intervals, conversation);
}

LogEnd SqliteReader::log_end(ConversationId conversation) const {
  LogEnd end;
  Run run = statements_.run(Query::log_end);
  if (run.bind(conversation).step()) run.read(end.head, end.position, end.rank);
  return end;
}

std::optional<Event> SqliteReader::event(ConversationId conversation, Seq seq) const {
  return one<Event>(Query::event, conversation, seq);
}

std::vector<Event> SqliteReader::changes(ConversationId conversation, Seq first, Seq last) const {
  if (first.value > kNumberMax) return {};
  return all<Event>(Query::changes, conversation, first, within_numbers(last));
}

std::vector<MessageMark> SqliteReader::deleted(ConversationId conversation, Seq after, Seq through) const {
  std::vector<MessageMark> marks;
  if (after.value > kNumberMax) return marks;
  Run run = statements_.run(Query::deleted);
  const Seq last = within_numbers(through);
  run.bind(conversation, after, last);
  while (run.step()) {
    auto& mark = marks.emplace_back();
    mark.conversation = conversation;
    run.read(mark.seq, mark.author);
  }
  return marks;
}

std::vector<MessageMark> SqliteReader::mentions(ConversationId conversation, MemberId member, Seq after,
                                                Seq through) const {
  std::vector<MessageMark> marks;
  if (after.value > kNumberMax) return marks;
  Run run = statements_.run(Query::mentions);
  const Seq last = within_numbers(through);
  run.bind(conversation, member, after, last);
  while (run.step()) {
    auto& mark = marks.emplace_back();
    mark.conversation = conversation;
    mark.member = member;
    run.read(mark.seq, mark.author);
  }
  return marks;
}

std::uint64_t SqliteReader::rank_at(ConversationId conversation, Seq through) const {
  return number(Query::rank_at, conversation, within_numbers(through));
}

std::uint64_t SqliteReader::author_rank_at(ConversationId conversation, MemberId author, Seq through) const {
  return number(Query::author_rank_at, conversation, author, within_numbers(through));
}

std::optional<Register> SqliteReader::find_register(MemberId member, RegisterKind kind, std::uint64_t object) const {
  return one<Register>(Query::find_register, member, kind, object);
}

std::vector<Register> SqliteReader::registers_of(MemberId member, RegisterKind kind) const {
  return all<Register>(Query::registers_of, member, kind);
}

std::vector<Register> SqliteReader::registers_in(MemberId member, RegisterKind kind, std::uint64_t first,
                                                 std::uint64_t last) const {
  if (first > kNumberMax) return {};
  return all<Register>(Query::registers_in, member, kind, first, std::min<std::uint64_t>(last, kNumberMax));
}

std::uint64_t SqliteReader::newest_rseq(MemberId member) const { return number(Query::newest_rseq, member); }

std::optional<RequestRecord> SqliteReader::request(MemberId author, const ClientId& client_id) const {
  return one<RequestRecord>(Query::request, client_id, author);
}

std::vector<Event> SqliteReader::events(ConversationId conversation, Seq first, Seq last, std::size_t limit,
                                        From from) const {
  if (first.value > kNumberMax) return {};
  const bool newest = from == From::newest;
  auto rows = all<Event>(newest ? Query::events_newest : Query::events_oldest, conversation, first,
                         within_numbers(last), limit_of(limit));
  if (newest) std::ranges::reverse(rows);
  return rows;
}

std::vector<Event> SqliteReader::changes_since(ConversationId conversation, Seq first, std::size_t limit) const {
  if (first.value > kNumberMax) return {};
  return all<Event>(Query::changes_since, conversation, first, limit_of(limit));
}

Seq SqliteReader::first_after(ConversationId conversation, Position after) const {
  const Seq head = log_end(conversation).head;
  const auto at = first_true(1, head.value, [&](std::uint64_t seq) {
    Seq found;
    Position position;
    Run run = statements_.run(Query::event_position);
    if (run.bind(conversation, seq).step()) run.read(found, position);
    return position > after;
  });
  return at > head.value ? Seq{} : Seq{at};
}

std::vector<Register> SqliteReader::registers_between(MemberId member, Position after, Position through,
                                                      std::uint64_t after_rseq, std::size_t limit) const {
  // Positions ascend with rseq, so the first row behind `after` is searched for and the walk ends at `through`.
  const std::uint64_t newest = newest_rseq(member);
  if (after_rseq >= newest) return {};
  const auto first = first_true(after_rseq + 1, newest, [&](std::uint64_t rseq) {
    return Position{number(Query::register_position, member, rseq)} > after;
  });
  if (first > newest) return {};
  auto rows = all<Register>(Query::registers_from, member, first, limit_of(limit));
  const auto behind = std::ranges::find_if(rows, [&](const Register& row) { return row.position > through; });
  rows.erase(behind, rows.end());
  return rows;
}

std::vector<Membership> SqliteReader::memberships(MemberId member, ConversationId after, std::size_t limit) const {
  std::vector<Membership> found;
  if (limit == 0 || after.value > kNumberMax) return found;
  const auto drop_closed = [&found] {
    if (!found.empty() && !found.back().is_open()) found.pop_back();
  };
  Run run = statements_.run(Query::memberships);
  run.bind(member, after);
  while (run.step()) {
    const auto row = take<Interval>(run);
    if (found.empty() || found.back().conversation != row.conversation) {
      drop_closed();
      if (found.size() == limit) return found;
      found.push_back({row.conversation, {}});
    }
    found.back().intervals.push_back(row);
  }
  drop_closed();
  return found;
}

std::size_t SqliteReader::membership_count(MemberId member) const { return number(Query::membership_count, member); }

std::vector<Incarnation> SqliteReader::incarnations() const { return all<Incarnation>(Query::incarnations); }

}  // namespace enishi::storage
