// Each single call to the file system fails, one after the other: never half a transaction.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cerrno>

#include "contract/sample_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/fault_vfs.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

constexpr std::uint64_t kGroup = 40;

class CommitFaults : public testing::Test {
 protected:
  /// A database with `kGroup` messages, opened on the failing file system; counts begin at 0.
  struct Disk {
    explicit Disk(FaultVfs& vfs) : vfs_(vfs) {
      open();
      EXPECT_EQ(commit(1), Errc{});
      vfs_.heal();
    }
    void open() {
      store = std::move(storage::open_sqlite({.directory = directory.path(), .vfs = vfs_.name()}).value());
      reader = std::move(store->open_reader().value());
    }
    void restart() {
      reader.reset();
      store.reset();
      vfs_.heal();
      open();
    }
    /// Commits kGroup messages from seq `first` on, with registers, in one batch.
    Errc commit(std::uint64_t first) {
      Batch batch;
      for (std::uint64_t seq = first; seq < first + kGroup; ++seq) {
        batch.changes.push_back(sample_send(1, seq, 1, seq));
        batch.changes.back().events[0].body.assign(300, 'b');
        batch.changes.back().registers.push_back(sample_register(seq, RegisterKind::pin, 1, seq, 1));
      }
      batch.last = Position{first + kGroup - 1};
      const auto done = store->writer().commit(batch);
      return done ? Errc{} : errc_of(done.error());
    }
    /// All of the first `through` messages are there, with what came with them, and nothing of a later one.
    void expect_exactly(std::uint64_t through) {
      EXPECT_EQ(reader->begin(), Position{through});
      EXPECT_EQ(reader->log_end(ConversationId{1}).head, Seq{through});
      EXPECT_EQ(reader->author_rank_at(ConversationId{1}, MemberId{1}, Seq{~0ULL}), through);
      for (std::uint64_t seq = 1; seq <= through + kGroup; ++seq) {
        EXPECT_EQ(reader->event(ConversationId{1}, Seq{seq}).has_value(), seq <= through);
        EXPECT_EQ(reader->request(MemberId{1}, bytes_of<ClientId>(seq * 1001)).has_value(), seq <= through);
        EXPECT_EQ(reader->newest_rseq(MemberId{seq}), seq <= through ? 1U : 0U);
      }
      reader->end();
    }

    TempDir directory;
    FaultVfs& vfs_;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<storage::Reader> reader;
  };

  std::size_t calls_of_a_commit(FileCall call) {
    Disk disk(vfs_);
    EXPECT_EQ(disk.commit(kGroup + 1), Errc{});
    return vfs_.count(call);
  }
  void sweep_writes(int sqlite_code, int system_errno, Errc expected, FaultVfs::Torn torn);

  FaultVfs vfs_{"faults"};
};

void CommitFaults::sweep_writes(int sqlite_code, int system_errno, Errc expected, FaultVfs::Torn torn) {
  const std::size_t writes = calls_of_a_commit(FileCall::write);
  ASSERT_GT(writes, 10U);
  for (std::size_t nth = 1; nth <= writes; ++nth) {
    SCOPED_TRACE("write " + std::to_string(nth));
    Disk disk(vfs_);
    vfs_.fail(FileCall::write, nth, sqlite_code, system_errno, /*lasting=*/true, torn);
    EXPECT_EQ(disk.commit(kGroup + 1), expected);
    EXPECT_TRUE(vfs_.has_failed());
    disk.expect_exactly(kGroup);
    EXPECT_EQ(disk.commit(kGroup + 1), expected);
    vfs_.heal();
    if (nth % 2 == 0) disk.restart();
    disk.expect_exactly(kGroup);
    EXPECT_EQ(disk.commit(kGroup + 1), Errc{});
    disk.restart();
    disk.expect_exactly(2 * kGroup);
  }
}

TEST_F(CommitFaults, EachWriteFindsTheDiskFull) {
  sweep_writes(SQLITE_FULL, ENOSPC, Errc::store_full, FaultVfs::Torn::nothing);
}

TEST_F(CommitFaults, EachWriteFindsTheQuotaSpent) {
  sweep_writes(SQLITE_IOERR_WRITE, EDQUOT, Errc::store_full, FaultVfs::Torn::half);
}

TEST_F(CommitFaults, EachWriteFails) { sweep_writes(SQLITE_IOERR_WRITE, EIO, Errc::retry, FaultVfs::Torn::nothing); }

TEST_F(CommitFaults, EachWriteIsTorn) { sweep_writes(SQLITE_IOERR_WRITE, EIO, Errc::retry, FaultVfs::Torn::half); }

TEST_F(CommitFaults, AFailedFlushEndsAllWriting) {
  const std::size_t syncs = calls_of_a_commit(FileCall::sync);
  ASSERT_GE(syncs, 1U) << "a commit must flush";
  for (std::size_t nth = 1; nth <= syncs; ++nth) {
    SCOPED_TRACE("flush " + std::to_string(nth));
    Disk disk(vfs_);
    vfs_.fail(FileCall::sync, nth, SQLITE_IOERR_FSYNC, EIO);
    EXPECT_EQ(disk.commit(kGroup + 1), Errc::store_failed);
    disk.expect_exactly(kGroup);
    // The file system is well again, but nobody knows what it holds: no more writes, not even a checkpoint.
    const std::size_t writes = vfs_.count(FileCall::write);
    EXPECT_EQ(disk.commit(kGroup + 1), Errc::store_failed);
    EXPECT_FALSE(disk.store->writer().begin_incarnation({1, 1, Position{1}}));
    disk.store->writer().idle();
    disk.reader.reset();
    disk.store.reset();
    EXPECT_EQ(vfs_.count(FileCall::write), writes);
    disk.restart();
    // Nobody was told that it is there; it may be. But whole or not at all.
    const std::uint64_t head = disk.reader->log_end(ConversationId{1}).head.value;
    ASSERT_TRUE(head == kGroup || head == 2 * kGroup) << head;
    disk.expect_exactly(head);
    EXPECT_EQ(disk.commit(head + 1), Errc{});
  }
}

TEST_F(CommitFaults, AFullDiskInAFlushIsAFailedFlush) {
  Disk disk(vfs_);
  vfs_.fail(FileCall::sync, 1, SQLITE_IOERR_FSYNC, ENOSPC);
  EXPECT_EQ(disk.commit(kGroup + 1), Errc::store_failed);
}

class CheckpointFaults : public CommitFaults {
 protected:
  /// Enough in the log that idle finds it worth a checkpoint: 4 MiB.
  std::uint64_t fill(Disk& disk) {
    std::uint64_t head = kGroup;
    for (int group = 0; group < 70; ++group, head += kGroup) EXPECT_EQ(disk.commit(head + 1), Errc{});
    return head;
  }
};

TEST_F(CheckpointFaults, AFailedWriteOfACheckpointLosesNothing) {
  for (const std::size_t nth : {1U, 2U, 50U}) {
    Disk disk(vfs_);
    const std::uint64_t head = fill(disk);
    vfs_.fail(FileCall::write, nth, SQLITE_FULL, ENOSPC, /*lasting=*/true);
    disk.store->writer().idle();
    EXPECT_TRUE(vfs_.has_failed());
    vfs_.heal();
    EXPECT_EQ(disk.commit(head + 1), Errc{});
    disk.restart();
    EXPECT_EQ(disk.reader->rank_at(ConversationId{1}, Seq{~0ULL}), head + kGroup);
  }
}

TEST_F(CheckpointFaults, AFailedFlushOfACheckpointEndsAllWriting) {
  for (const std::size_t nth : {1U, 2U}) {
    Disk disk(vfs_);
    const std::uint64_t head = fill(disk);
    vfs_.fail(FileCall::sync, nth, SQLITE_IOERR_FSYNC, EIO);
    disk.store->writer().idle();
    ASSERT_TRUE(vfs_.has_failed());
    EXPECT_EQ(disk.commit(head + 1), Errc::store_failed);
    disk.restart();
    EXPECT_EQ(disk.reader->rank_at(ConversationId{1}, Seq{~0ULL}), head);
  }
}

TEST_F(CommitFaults, AFailedReadIsThrownAndPasses) {
  Disk disk(vfs_);
  disk.reader.reset();
  auto fresh = std::move(disk.store->open_reader().value());
  vfs_.fail(FileCall::read, 1, SQLITE_IOERR_READ, EIO, /*lasting=*/true);
  EXPECT_THROW((void)fresh->begin(), StoreError);
  EXPECT_TRUE(vfs_.has_failed());
  vfs_.heal();
  EXPECT_EQ(fresh->begin(), Position{kGroup});
  fresh->end();
}

}  // namespace
}  // namespace enishi::test
