#include "cpp/store/sqlite_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

#include "scene.h"

namespace enishi::client {
namespace {

using namespace scene;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777U;
}

TEST(SqliteStore, ProfileIsTheOwnersOnly) {
  Directory directory;
  ASSERT_TRUE(SqliteStore::open(directory.profile()));
  EXPECT_EQ(mode_of(directory.profile()), 0700U);
  for (const char* file : {"profile.db", "profile.lock", "outbox.lock"})
    EXPECT_EQ(mode_of(directory.profile() / file), 0600U) << file;
}

TEST(SqliteStore, SurvivesClosing) {
  Directory directory;
  SeededEntropy entropy;
  {
    auto store = SqliteStore::open(directory.profile());
    ASSERT_TRUE(store);
    Replica replica(**store);
    ASSERT_TRUE(replica.put_identity(identity(entropy)));
    Delta delta;
    delta.registers = {membership(1)};
    delta.events = {event(3)};
    auto owed = gap(1, 2);
    owed.set_changed_since("since");
    delta.gaps = {owed};
    SyncPoint point;
    point.cursor = std::string("\0c", 2);
    ASSERT_EQ(*replica.apply(delta, point), Applied::stored);
  }
  auto store = SqliteStore::open(directory.profile());
  ASSERT_TRUE(store);
  Replica replica(**store);
  const auto start = replica.start();
  ASSERT_TRUE(start);
  EXPECT_EQ(start->point.cursor, std::string("\0c", 2));
  const auto view = replica.conversation(id(kChat));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->debts, (std::vector<Debt>{{{1, 2}, "since"}}));
  EXPECT_EQ(view->last->body(), "text 3");
}

TEST(SqliteStore, AFailureInTheMiddleWritesNothing) {
  Directory directory;
  auto store = SqliteStore::open(directory.profile());
  ASSERT_TRUE(store);
  const auto done = (*store)->transact(Durability::flushed, [](Rows& rows) {
    rows.put_event(event(1));
    throw StoreFailure{core::Errc::store_full};
  });
  EXPECT_EQ(done.error(), core::Errc::store_full);
  ASSERT_TRUE((*store)->read([](Rows& rows) { EXPECT_FALSE(rows.event(id(kChat), 1)); }));
  EXPECT_TRUE((*store)->transact(Durability::relaxed, [](Rows& rows) { rows.put_event(event(1)); }));
}

TEST(SqliteStore, RefusesWhatIsNoProfile) {
  Directory directory;
  std::filesystem::create_directories(directory.profile());
  std::ofstream(directory.profile() / "profile.db") << std::string(5000, 'x');
  EXPECT_EQ(SqliteStore::open(directory.profile()).error(), core::Errc::store_broken);
}

TEST(SqliteStore, RefusesALaterVersionAndLeavesItAlone) {
  Directory directory;
  ASSERT_TRUE(SqliteStore::open(directory.profile()));
  const auto file = directory.profile() / "profile.db";
  std::string before;
  {
    // user_version is the big-endian number at offset 60 of the file's header.
    std::fstream patch(file, std::ios::in | std::ios::out | std::ios::binary);
    patch.seekp(63);
    patch.put('\x63');
  }
  EXPECT_EQ(SqliteStore::open(directory.profile()).error(), core::Errc::store_newer);
}

// A store of the program that knew no changes kept edits and deletions as if they were nothing.
TEST(SqliteStore, AStoreOfBeforeTheChangesBeginsItsHistoryAnewAndKeepsWhatIsItsOwn) {
  Directory directory;
  SeededEntropy entropy;
  std::uint64_t epoch = 0;
  {
    auto store = SqliteStore::open(directory.profile());
    ASSERT_TRUE(store);
    Replica replica(**store);
    ASSERT_TRUE(replica.put_identity(identity(entropy)));
    Delta delta;
    delta.registers = {membership(1)};
    delta.events = {event(3)};
    SyncPoint point;
    point.cursor = "cursor";
    ASSERT_EQ(*replica.apply(delta, point), Applied::stored);
    epoch = replica.start()->point.epoch;
    OutboxEntry queued;
    queued.body = "not sent yet";
    ASSERT_TRUE((*store)->transact(Durability::flushed, [&](Rows& rows) { rows.put_outbox(queued); }));
  }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((directory.profile() / "profile.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database,
                         "DROP INDEX event_by_target; ALTER TABLE event DROP COLUMN target; PRAGMA user_version = 1",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  for (int time = 0; time < 2; ++time) {
    auto store = SqliteStore::open(directory.profile());
    ASSERT_TRUE(store);
    Replica replica(**store);
    const auto start = replica.start();
    ASSERT_TRUE(start) << "the device is still itself";
    EXPECT_EQ(start->point.cursor, "");
    EXPECT_EQ(start->point.epoch, epoch + 1);
    EXPECT_FALSE(replica.conversation(id(kChat)));
    ASSERT_TRUE((*store)->read([](Rows& rows) {
      EXPECT_FALSE(rows.event(id(kChat), 3));
      ASSERT_EQ(rows.outbox().size(), 1U);
      EXPECT_EQ(rows.outbox().front().body, "not sent yet");
    }));
  }
}

TEST(SqliteStore, AStoreOfBeforeTheReceiptsKeepsWhatItHas) {
  Directory directory;
  SeededEntropy entropy;
  {
    auto store = SqliteStore::open(directory.profile());
    ASSERT_TRUE(store);
    Replica replica(**store);
    ASSERT_TRUE(replica.put_identity(identity(entropy)));
    Delta delta;
    delta.registers = {membership(1)};
    delta.events = {event(1)};
    SyncPoint point;
    point.cursor = "cursor";
    ASSERT_EQ(*replica.apply(delta, point), Applied::stored);
  }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((directory.profile() / "profile.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "DROP TABLE receipt; PRAGMA user_version = 2", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  for (int time = 0; time < 2; ++time) {
    auto store = SqliteStore::open(directory.profile());
    ASSERT_TRUE(store);
    Replica replica(**store);
    EXPECT_EQ(replica.start()->point.cursor, "cursor");
    EXPECT_TRUE(replica.conversation(id(kChat))->held.contains(1));
    v1::Receipt receipt;
    receipt.set_handle("ben");
    receipt.set_delivered_seq(1);
    ASSERT_TRUE(replica.apply_receipts(id(kChat), {receipt}, 0));
    EXPECT_EQ(*replica.receipts(id(kChat)), (std::vector<ReceiptRow>{{"ben", 1, 0}}));
  }
}

TEST(SqliteStore, ADirectoryThatCannotBeIsUnsuitable) {
  Directory directory;
  std::filesystem::create_directories(directory.profile());
  std::ofstream(directory.profile() / "file") << "x";
  EXPECT_EQ(SqliteStore::open(directory.profile() / "file").error(), core::Errc::store_unsuitable);
  EXPECT_EQ(SqliteStore::open(directory.profile() / "file" / "below").error(), core::Errc::store_unsuitable);
}

}  // namespace
}  // namespace enishi::client
