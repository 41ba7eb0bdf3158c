// Readers on their threads while one thread writes and checkpoints.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "contract/sample_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

constexpr std::uint64_t kGroups = 150;
constexpr std::uint64_t kGroup = 16;

/// Reads until the last position shows; counts what does not fit together within one snapshot.
std::uint64_t read_along(storage::Reader& reader, const std::atomic<bool>& stopped) {
  std::uint64_t faults = 0;
  Position position;
  while (position.value < kGroups * kGroup && !stopped) {
    const Position now = reader.begin();
    const Seq head = reader.log_end(ConversationId{1}).head;
    if (now < position) ++faults;
    // One conversation, one author, positions equal seqs.
    if (head.value != now.value || head.value % kGroup != 0) ++faults;
    if (reader.rank_at(ConversationId{1}, head) != head.value) ++faults;
    const auto page = reader.events(ConversationId{1}, Seq{1}, head, 20, storage::From::newest);
    if (!page.empty() && page.back().seq != head) ++faults;
    reader.end();
    position = now;
  }
  return faults;
}

TEST(SqliteThreads, ReadersSeeWholeGroupsInOrder) {
  TempDir directory;
  const auto store = std::move(storage::open_sqlite({.directory = directory.path()}).value());
  std::atomic<bool> stopped = false;
  std::uint64_t faults[2] = {};
  std::vector<std::jthread> readers;
  for (auto& mine : faults)
    readers.emplace_back([&] {
      const auto reader = std::move(store->open_reader().value());
      mine = read_along(*reader, stopped);
    });
  std::uint64_t seq = 0;
  bool committed = true;
  for (std::uint64_t group = 0; group < kGroups && committed; ++group) {
    Batch batch;
    for (std::uint64_t n = 0; n < kGroup; ++n, ++seq) {
      batch.changes.push_back(sample_send(1, seq + 1, 1, seq + 1));
      batch.changes.back().events[0].body.assign(2000, 'b');
    }
    batch.last = Position{seq};
    committed = store->writer().commit(batch).has_value();
    store->writer().idle();
  }
  stopped = !committed;
  readers.clear();
  EXPECT_TRUE(committed);
  EXPECT_EQ(faults[0], 0U);
  EXPECT_EQ(faults[1], 0U);
}

TEST(SqliteThreads, TheLogStaysBoundedWithoutAnIdleMoment) {
  TempDir directory;
  const auto store = std::move(storage::open_sqlite({.directory = directory.path()}).value());
  const auto wal = directory.path() / "enishi.db-wal";
  std::uint64_t seq = 0;
  std::uintmax_t largest = 0;
  for (int group = 0; group < 40; ++group) {
    Batch batch;
    for (int n = 0; n < 200; ++n, ++seq) {
      batch.changes.push_back(sample_send(1, seq + 1, 1, seq + 1));
      batch.changes.back().events[0].body.assign(16 * 1024, 'b');
    }
    batch.last = Position{seq};
    ASSERT_TRUE(store->writer().commit(batch));
    largest = std::max(largest, std::filesystem::file_size(wal));
  }
  EXPECT_GT(std::filesystem::file_size(directory.path() / storage::kSqliteFile), 60ULL << 20);
  EXPECT_LT(largest, 80ULL << 20);
}

}  // namespace
}  // namespace enishi::test
