// Several processes of one profile: machines with a connection each to one SQLite file.
#include <thread>

#include "cpp/store/sqlite_store.h"
#include "scripted.h"

namespace enishi::client {
namespace {

using namespace scene;

class SharedProfile : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open() {
    auto store = SqliteStore::open(directory_.profile());
    EXPECT_TRUE(store);
    return store ? std::move(*store) : nullptr;
  }
  Directory directory_;
};

TEST_F(SharedProfile, EachFollowsByItselfAndTheOlderCursorIsStillTrue) {
  const auto one = open();
  const auto two = open();
  Scripted fast({}, one.get(), 1);
  Scripted slow({}, two.get(), 2);
  // Both begin from nothing, before either has stored anything.
  fast.connect(v1::RESUME_RESET, 1);
  slow.connect(v1::RESUME_RESET, 1);
  for (auto* each : {&fast, &slow}) {
    each->batch({membership(1)}, {event(1), event(2)});
    each->frontier("c1");
    EXPECT_EQ(each->machine->state(), SessionState::live);
  }
  EXPECT_EQ(fast.point().epoch, 0U) << "two fresh ones do not reset each other";
  for (std::uint64_t seq = 3; seq <= 5; ++seq) {
    fast.batch({}, {event(seq)});
    fast.frontier("c" + std::to_string(seq));
  }
  slow.batch({}, {event(3)});
  slow.frontier("c3");  // writes over c5
  EXPECT_EQ(fast.point().cursor, "c3");
  EXPECT_EQ(fast.view().head, 5U) << "nothing is taken away";
  // A third begins at c3 and is told 4 and 5 again: nothing changes, nothing is missing.
  const auto three = open();
  Scripted third({}, three.get(), 3);
  EXPECT_EQ(third.connect(v1::RESUME_EXACT, 1).cursor(), "c3");
  third.batch({}, {event(4), event(5)});
  third.frontier("c5");
  EXPECT_EQ(third.view().unread, 5U);
  EXPECT_TRUE(third.machine->is_caught_up());
  // The fast one knows better than the file how far it is.
  fast.close(1006);
  EXPECT_EQ(fast.connect(v1::RESUME_EXACT, 1).cursor(), "c5");
}

TEST_F(SharedProfile, AProcessOfAnOlderEpochWritesNothingAndConnectsAgain) {
  const auto one = open();
  const auto two = open();
  Scripted first({}, one.get(), 1);
  Scripted second({}, two.get(), 2);
  first.go_live(2);
  second.connect(v1::RESUME_EXACT, 1);
  second.frontier("c1");
  first.close(1006);
  first.connect(v1::RESUME_RESET, 1);  // another database was put back, and it is the first to hear of it
  first.batch({membership(1)}, {event(1)});
  first.frontier("d1");
  second.batch({}, {event(3)});
  second.frontier("c3");
  EXPECT_TRUE(second.machine->wants_close());
  EXPECT_EQ(second.point().cursor, "d1");
  EXPECT_EQ(second.view().head, 1U);
  second.close(1006);
  EXPECT_EQ(second.connect(v1::RESUME_EXACT, 1).cursor(), "d1");
  second.batch({}, {event(2)});
  second.frontier("d2");
  EXPECT_EQ(first.view().head, 2U);
}

TEST_F(SharedProfile, TheFlushLockIsOfTheSystem) {
  const auto one = open();
  auto two = open();
  const int owner = 0;
  EXPECT_TRUE(one->try_lock_outbox(&owner));
  EXPECT_FALSE(two->try_lock_outbox(&owner));
  one->unlock_outbox(&owner);
  EXPECT_TRUE(two->try_lock_outbox(&owner));
  two.reset();  // as its process would, dying
  EXPECT_TRUE(one->try_lock_outbox(&owner));
}

TEST_F(SharedProfile, WritersOfSeveralConnectionsLoseNothing) {
  constexpr std::uint64_t kEach = 60;
  const auto write = [this](std::uint8_t chat) {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    Replica replica(*store);
    for (std::uint64_t seq = 1; seq <= kEach; ++seq) {
      Delta delta;
      if (seq == 1) delta.registers = {membership(chat, chat)};
      delta.events = {event(seq, kAki, chat), event(seq, kAki, kChat)};
      SyncPoint point;
      point.cursor = std::to_string(seq);
      const auto applied = replica.apply(delta, point);
      ASSERT_TRUE(applied) << applied.error().message();
      ASSERT_EQ(*applied, Applied::stored);
    }
  };
  std::vector<std::thread> writers;
  for (const std::uint8_t chat : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) writers.emplace_back(write, chat);
  for (auto& writer : writers) writer.join();
  const auto store = open();
  Replica replica(*store);
  const auto views = replica.conversations();
  ASSERT_TRUE(views);
  ASSERT_EQ(views->size(), 3U);
  for (const auto& view : *views) {
    EXPECT_EQ(view.held.count(), kEach);
    EXPECT_EQ(replica.events(view.id, 1, UINT64_MAX, 1000, false)->size(), kEach);
  }
  EXPECT_EQ(replica.events(id(kChat), 1, UINT64_MAX, 1000, false)->size(), kEach);
}

}  // namespace
}  // namespace enishi::client
