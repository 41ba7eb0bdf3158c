// The one connection that writes and checkpoints. Private to the adapter.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/queries.h"
#include "storage/store.h"

namespace enishi::storage {

/// One batch is one transaction, flushed on return. Owner: the sequencer thread, from the first commit on.
class SqliteWriter final : public Writer {
 public:
  using Report = std::function<void(const std::string&)>;

  /// Takes a connection whose database is migrated. Prepares every statement, so that a schema that does not fit shows
  /// at once. Throws SqliteFault.
  SqliteWriter(Connection connection, std::string file, Report report);
  ~SqliteWriter() override;
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  core::Result<void> commit(const core::Batch& batch) override;
  core::Result<void> begin_incarnation(const core::Incarnation& incarnation) override;
  void idle() override;

 private:
  /// Runs `work` in a transaction; on any fault rolls back and answers its code.
  template <class Work>
  core::Result<void> transact(Work work);
  void write(const core::Change& change);
  void destroy(const core::Change& change);
  core::Errc give_up(const SqliteFault& fault);
  /// Brings the WAL into the file as far as readers let it (PASSIVE).
  void checkpoint();
  /// After a destruction: empties the WAL, and the automatic copies of what was destroyed. Tried again later when
  /// readers hold it up.
  void truncate();
  void tell(const char* event, const SqliteFault& fault) const;
  static int on_commit(void* self, sqlite3*, const char*, int pages) noexcept;

  Connection connection_;
  const std::string file_;
  Statements statements_;
  Report report_;
  int wal_pages_ = 0;           ///< in the WAL after the last commit
  int settled_pages_ = 0;       ///< of them, brought into the file
  int urgent_pages_;            ///< checkpoint inside commit from here on
  bool wants_space_ = false;    ///< the last commit found the disk full
  bool failed_ = false;         ///< store_failed was answered
  bool must_truncate_ = false;  ///< what was destroyed may still be in the WAL, and `destroyed_` in copies
  std::vector<std::pair<core::ConversationId, core::Seq>> destroyed_;
  std::chrono::steady_clock::time_point truncate_from_{}, truncate_by_{};  ///< when idle; inside a commit
};

}  // namespace enishi::storage
