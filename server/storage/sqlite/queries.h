// Every statement of a running store, by name. Private to the adapter.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/statement.h"

namespace enishi::storage {

enum class Query : std::uint8_t {
  begin_read,
  begin_write,
  commit,
  end,
  rollback,
  counters,
  newest_position,
  incarnations,
  member,
  member_by_handle,
  picture,
  device,
  device_by_public,
  device_by_key,
  devices_of,
  invitation_by_hash,
  invitations_of,
  recovery_code,
  conversation,
  direct_between,
  membership_by_public,
  membership_by_number,
  open_intervals,
  log_end,
  event,
  changes,
  changes_since,
  deleted,
  mentions,
  rank_at,
  author_rank_at,
  events_oldest,
  events_newest,
  event_position,
  find_register,
  registers_of,
  registers_in,
  newest_rseq,
  register_position,
  registers_from,
  request,
  memberships,
  membership_count,
  put_member,
  put_picture,
  put_device,
  put_invitation,
  clear_recovery,
  put_recovery,
  put_conversation,
  put_interval,
  put_event,
  put_deleted,
  put_mention,
  drop_mention,
  destroy_event,
  destroy_digest,
  put_register,
  put_request,
  put_seen,
  put_position,
  put_incarnation,
  count  ///< how many there are
};

inline constexpr std::size_t kQueryCount = static_cast<std::size_t>(Query::count);

struct NamedQuery {
  Query query;
  const char* name;
  const char* sql;
};

[[nodiscard]] const NamedQuery& query_of(Query query) noexcept;

/// The statements of one connection, each prepared at its first run and kept. Goes before its Connection.
class Statements {
 public:
  explicit Statements(Connection& connection) noexcept : connection_(connection) {}
  /// Throws SqliteFault. Two runs of the same query must not overlap.
  [[nodiscard]] Run run(Query query);

 private:
  Connection& connection_;
  std::array<std::unique_ptr<Statement>, kQueryCount> prepared_;
};

/// How SQLite carries a query out, one line a step, as EXPLAIN QUERY PLAN words it. Throws SqliteFault.
[[nodiscard]] std::vector<std::string> plan_of(Connection& connection, Query query);

}  // namespace enishi::storage
