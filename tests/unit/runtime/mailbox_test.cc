#include "runtime/mailbox.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "runtime/clock.h"

namespace enishi::runtime {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLong{60'000};

TEST(Mailbox, TakesUpToItsLimitAndLeavesTheRestUntouched) {
  Mailbox<std::unique_ptr<int>> box(2);
  EXPECT_TRUE(box.push(std::make_unique<int>(1)));
  EXPECT_TRUE(box.push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(box.push(std::move(third)));
  ASSERT_TRUE(third);
  EXPECT_EQ(*third, 3);
  std::vector<std::unique_ptr<int>> taken;
  box.take_all(taken);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(*taken[0], 1);
  EXPECT_TRUE(box.push(std::move(third)));
}

TEST(Mailbox, WakesOncePerFilling) {
  Mailbox<int> box(100);
  int wakes = 0;
  box.on_filled([&] { ++wakes; });
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(box.push(int{i}));
  EXPECT_EQ(wakes, 1);
  std::vector<int> taken;
  box.take_all(taken);
  EXPECT_EQ(taken.size(), 10u);
  ASSERT_TRUE(box.push(11));
  EXPECT_EQ(wakes, 2);
}

TEST(Mailbox, WaiterTakesAtMostSoManyInOrder) {
  Mailbox<int> box(100);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(box.push(int{i}));
  EXPECT_EQ(*box.wait_and_take(3, kLong), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(*box.wait_and_take(3, kLong), (std::vector<int>{3, 4}));
  EXPECT_EQ(box.size(), 0u);
}

TEST(Mailbox, WaitEndsWithNothingWhenTheTimeIsOver) {
  Mailbox<int> box(100);
  const auto taken = box.wait_and_take(3, milliseconds{1});
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->empty());
}

TEST(Mailbox, ClosedIsDrainedFirst) {
  Mailbox<int> box(100);
  ASSERT_TRUE(box.push(1));
  box.close();
  EXPECT_FALSE(box.push(2));
  EXPECT_FALSE(box.push_or_wait(2));
  EXPECT_EQ(*box.wait_and_take(3, kLong), std::vector<int>{1});
  EXPECT_FALSE(box.wait_and_take(3, kLong));
}

TEST(Mailbox, CloseLetsWaitersGo) {
  Mailbox<int> full(1), empty(1);
  ASSERT_TRUE(full.push(1));
  std::atomic<bool> was_taken{true};
  std::thread writer([&] { was_taken = full.push_or_wait(2); });
  std::thread reader([&] { EXPECT_FALSE(empty.wait_and_take(1, kLong)); });
  full.close();
  empty.close();
  writer.join();
  reader.join();
  EXPECT_FALSE(was_taken);
}

TEST(Mailbox, ManyWritersOneReaderNothingLostOrderKept) {
  constexpr int kWriters = 4, kEach = 20'000;
  Mailbox<std::pair<int, int>> box(64);  // small, so that writers wait
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&box, w] {
      for (int i = 0; i < kEach; ++i) ASSERT_TRUE(box.push_or_wait({w, i}));
    });
  std::vector<int> next(kWriters, 0);
  int sum = 0;
  while (sum < kWriters * kEach) {
    const auto taken = box.wait_and_take(17, kLong);
    ASSERT_TRUE(taken);
    EXPECT_LE(taken->size(), 17u);
    for (const auto& [writer, number] : *taken) EXPECT_EQ(number, next[static_cast<std::size_t>(writer)]++);
    sum += static_cast<int>(taken->size());
  }
  for (auto& writer : writers) writer.join();
}

TEST(Mailbox, KeepsRoomForWhatComesAtOnce) {
  Mailbox<int> mailbox(3);
  int wakes = 0;
  mailbox.on_filled([&] { ++wakes; });
  EXPECT_TRUE(mailbox.reserve());
  EXPECT_TRUE(mailbox.reserve());
  EXPECT_TRUE(mailbox.push(1));
  EXPECT_EQ(wakes, 1);
  EXPECT_FALSE(mailbox.push(2)) << "the rest is spoken for";
  EXPECT_FALSE(mailbox.reserve());
  std::vector<int> taken;
  mailbox.take_all(taken);
  std::vector<int> more{2, 3};
  mailbox.push_reserved(more);
  EXPECT_TRUE(more.empty());
  EXPECT_EQ(wakes, 2) << "one for both";
  EXPECT_TRUE(mailbox.push(4));
  EXPECT_FALSE(mailbox.push(5)) << "kept room is used once";
  taken.clear();
  mailbox.take_all(taken);
  EXPECT_EQ(taken, (std::vector<int>{2, 3, 4}));
  EXPECT_TRUE(mailbox.reserve());
  mailbox.close();
  EXPECT_FALSE(mailbox.reserve());
  more = {9};
  mailbox.push_reserved(more);
  EXPECT_EQ(mailbox.size(), 0U) << "dropped";
}

TEST(Clock, ManualOneMovesWhenToldAndJumpsOnlyTheWall) {
  ManualClock clock;
  const auto steady = clock.now();
  const auto wall = clock.wall_now();
  clock.advance(milliseconds{250});
  clock.jump(milliseconds{-1000});
  EXPECT_EQ(clock.now() - steady, milliseconds{250});
  EXPECT_EQ(clock.wall_now() - wall, milliseconds{-750});
}

TEST(Clock, SystemOneGoesForward) {
  const SystemClock clock;
  const auto before = clock.now();
  EXPECT_LE(before, clock.now());
  EXPECT_GT(clock.wall_now(), core::WallTime{std::chrono::hours{24 * 365 * 50}});
}

}  // namespace
}  // namespace enishi::runtime
