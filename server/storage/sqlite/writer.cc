#include "storage/sqlite/writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "storage/sqlite/migrations.h"
#include "storage/sqlite/rows.h"

namespace enishi::storage {
namespace {

using namespace core;  // NOLINT: the records of the port, all over this file

// FULL: the WAL is flushed in every commit, that is what an acknowledgement rests on. secure_delete=FAST costs no extra
// writes. The cache holds the upper pages of the indexes of some million rows. A WAL that grew is cut back when it
// begins anew.
constexpr const char* kWriterSettings =
    "PRAGMA synchronous=FULL; PRAGMA locking_mode=NORMAL; PRAGMA foreign_keys=OFF; PRAGMA secure_delete=FAST;"
    " PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;";
// Pages of 4 KiB. An idle moment is spent on a checkpoint from 4 MiB on: below, its two flushes cost more than the
// shorter WAL saves. From 64 MiB on a busy sequencer pays for one, too: readers search a longer WAL, and a start
// replays it.
constexpr int kWorthPages = 1024;
constexpr int kUrgentPages = 16 * 1024;
// When readers held a checkpoint up, so many more pages before a busy sequencer tries again.
constexpr int kRetryPages = 2 * 1024;
// A truncating checkpoint has to wait for readers, most of which are done in a few milliseconds; no longer than this,
// and then again after a moment. New readers do not prolong it: they read the file.
constexpr std::chrono::milliseconds kTruncatePatience{20};
constexpr std::chrono::seconds kTruncateAgain{1};
// A busy sequencer does it inside a commit, well before the promised minute.
constexpr std::chrono::seconds kTruncateBusy{10};

}  // namespace

SqliteWriter::SqliteWriter(Connection connection, std::string file, Report report)
    : connection_(std::move(connection)),
      file_(std::move(file)),
      statements_(connection_),
      report_(std::move(report)),
      urgent_pages_(kUrgentPages) {
  connection_.execute(kWriterSettings);
  for (std::size_t at = 0; at < kQueryCount; ++at) static_cast<void>(statements_.run(static_cast<Query>(at)));
  sqlite3_wal_hook(connection_.get(), &SqliteWriter::on_commit, this);
  // The last run may have ended between a destruction and its checkpoint.
  must_truncate_ = connection_.number("SELECT EXISTS (SELECT 1 FROM deleted_message)") != 0;
  truncate_by_ = std::chrono::steady_clock::now() + kTruncateBusy;
  if (must_truncate_ && has_copies(file_)) destroyed_ = destroyed_events(connection_);
}

SqliteWriter::~SqliteWriter() {
  // What the disk really holds is unknown then; the next start finds out from the WAL.
  if (failed_) connection_.set_checkpoint_on_close(false);
}

Result<void> SqliteWriter::commit(const Batch& batch) {
  if (failed_) return Errc::store_failed;
  if (batch.is_empty()) return {};
  const bool destroys = std::ranges::any_of(batch.changes, [](const Change& each) { return !each.destroyed.empty(); });
  // What such a transaction frees is overwritten, also in pages that are not used any more.
  if (destroys) connection_.execute("PRAGMA secure_delete=ON");
  const auto done = transact([&] {
    Position in_event;
    for (const auto& change : batch.changes) {
      write(change);
      if (!change.events.empty()) in_event = std::max(in_event, change.position);
    }
    // The newest position is that of the last event, unless something without an event came after it.
    if (batch.last > in_event) {
      Run run = statements_.run(Query::put_position);
      run.bind(batch.last).step();
    }
  });
  if (!destroys) return done;
  connection_.execute("PRAGMA secure_delete=FAST");
  if (!done) return done;
  if (!must_truncate_) {
    const auto now = std::chrono::steady_clock::now();
    truncate_from_ = now + kTruncateAgain;
    truncate_by_ = now + kTruncateBusy;
  }
  must_truncate_ = true;
  for (const auto& each : batch.changes)
    destroyed_.insert(destroyed_.end(), each.destroyed.begin(), each.destroyed.end());
  return done;
}

Result<void> SqliteWriter::begin_incarnation(const Incarnation& incarnation) {
  if (failed_) return Errc::store_failed;
  return transact([&] { put(statements_.run(Query::put_incarnation), incarnation); });
}

void SqliteWriter::idle() {
  if (failed_) return;
  if (must_truncate_ && std::chrono::steady_clock::now() >= truncate_from_) truncate();
  if (wal_pages_ - settled_pages_ >= kWorthPages || (wants_space_ && wal_pages_ > settled_pages_)) checkpoint();
}

template <class Work>
Result<void> SqliteWriter::transact(Work work) {
  errno = 0;  // for fault_of
  try {
    statements_.run(Query::begin_write).step();
    work();
    statements_.run(Query::commit).step();
  } catch (const SqliteFault& fault) {
    return give_up(fault);
  }
  wants_space_ = false;
  if (must_truncate_ && std::chrono::steady_clock::now() >= truncate_by_) truncate();
  if (wal_pages_ >= urgent_pages_) checkpoint();
  return {};
}

void SqliteWriter::write(const Change& change) {
  for (const auto& row : change.members) put(statements_.run(Query::put_member), row);
  for (const auto& row : change.pictures) put(statements_.run(Query::put_picture), row);
  for (const auto& row : change.devices) put(statements_.run(Query::put_device), row);
  for (const auto& row : change.invitations) put(statements_.run(Query::put_invitation), row);
  for (const auto member : change.recovery_cleared) statements_.run(Query::clear_recovery).bind(member).step();
  for (const auto& row : change.recovery_codes) put(statements_.run(Query::put_recovery), row);
  for (const auto& row : change.conversations) put(statements_.run(Query::put_conversation), row);
  for (const auto& row : change.intervals) put(statements_.run(Query::put_interval), row);
  for (const auto& row : change.events) put(statements_.run(Query::put_event), row);
  destroy(change);
  for (const auto& row : change.registers) put(statements_.run(Query::put_register), row);
  if (change.request) put(statements_.run(Query::put_request), *change.request);
  for (const auto& [device, at] : change.seen) statements_.run(Query::put_seen).bind(device, at).step();
}

void SqliteWriter::destroy(const Change& change) {
  for (const auto& mark : change.deleted)
    statements_.run(Query::put_deleted).bind(mark.conversation, mark.seq, mark.author).step();
  for (const auto& mark : change.unmentioned)
    statements_.run(Query::drop_mention).bind(mark.conversation, mark.member, mark.seq).step();
  for (const auto& mark : change.mentioned)
    statements_.run(Query::put_mention).bind(mark.conversation, mark.member, mark.seq, mark.author).step();
  for (const auto& [conversation, seq] : change.destroyed) {
    statements_.run(Query::destroy_digest).bind(conversation, seq).step();
    statements_.run(Query::destroy_event).bind(conversation, seq).step();
  }
}

Errc SqliteWriter::give_up(const SqliteFault& fault) {
  tell("store_commit_failed", fault);
  const Errc code = code_of_write(fault);
  try {
    if (connection_.in_transaction()) statements_.run(Query::rollback).step();
  } catch (const SqliteFault& again) {
    tell("store_rollback_failed", again);
  }
  wants_space_ = code == Errc::store_full;
  failed_ = code == Errc::store_failed || connection_.in_transaction();
  return failed_ ? Errc::store_failed : code;
}

void SqliteWriter::checkpoint() {
  int in_wal = 0;
  int settled = 0;
  errno = 0;  // for fault_of
  const int result =
      sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &settled);
  if (result != SQLITE_OK) {
    const auto fault = fault_of(connection_.get(), result);
    tell("store_checkpoint_failed", fault);
    // The WAL still holds everything, so a lack of space only waits. A failed flush is as bad here as in a commit.
    failed_ = code_of_write(fault) == Errc::store_failed;
    settled_pages_ = wal_pages_;
    urgent_pages_ = wal_pages_ + kRetryPages;
    return;
  }
  settled_pages_ = settled;
  urgent_pages_ = settled < in_wal ? std::max(kUrgentPages, in_wal + kRetryPages) : kUrgentPages;
}

void SqliteWriter::truncate() {
  truncate_from_ = truncate_by_ = std::chrono::steady_clock::now() + kTruncateAgain;
  connection_.set_patience(kTruncatePatience);
  errno = 0;  // for fault_of
  const int result =
      sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  const auto fault = result == SQLITE_OK ? SqliteFault{} : fault_of(connection_.get(), result);
  connection_.set_patience(Connection::kPatience);
  if (result != SQLITE_OK) {
    if ((result & 0xFF) == SQLITE_BUSY) return;  // a reader is in the way
    tell("store_truncate_failed", fault);
    failed_ = code_of_write(fault) == Errc::store_failed;
    return;
  }
  wal_pages_ = settled_pages_ = 0;
  urgent_pages_ = kUrgentPages;
  try {
    destroy_in_copies(file_, destroyed_);
  } catch (const SqliteFault& copy) {
    tell("store_copy_not_destroyed", copy);
    return;
  }
  destroyed_.clear();
  must_truncate_ = false;
}

void SqliteWriter::tell(const char* event, const SqliteFault& fault) const {
  if (!report_) return;
  report_(std::string(event) + " sqlite=" + std::to_string(fault.extended) +
          " errno=" + std::to_string(fault.system_errno) + " text=\"" + fault.text + "\"");
}

int SqliteWriter::on_commit(void* self, sqlite3*, const char*, int pages) noexcept {
  auto& writer = *static_cast<SqliteWriter*>(self);
  // Fewer than before: the WAL began anew, which it does only when all of it is in the file.
  if (pages < writer.wal_pages_) writer.settled_pages_ = 0;
  writer.wal_pages_ = pages;
  return SQLITE_OK;
}

}  // namespace enishi::storage
