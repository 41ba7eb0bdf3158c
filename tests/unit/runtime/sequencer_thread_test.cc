// The thread alone: the link takes Sequencer from this file instead of the sequencer room's.
#include "sequencer/sequencer_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>

#include "auth/seals.h"
#include "core/entropy.h"

namespace enishi::sequencer {
namespace {

// What the double does and saw; step() gives groups numbered from 1.
struct Script {
  std::atomic<int> idles{0};
  std::atomic<bool> fails{false};
  std::function<void()> in_step;
  std::vector<std::size_t> group_sizes;
  std::uint64_t groups = 0;
};
Script* script = nullptr;

}  // namespace

class Sequencer::Impl {};
Sequencer::Sequencer(storage::Writer&, storage::Reader&, const auth::Seals&, core::Entropy&, core::Limits,
                     core::Incarnation) {}
Sequencer::~Sequencer() = default;
void Sequencer::idle() { ++script->idles; }
core::Result<GroupPtr> Sequencer::step(std::vector<core::Command> commands, core::WallTime) {
  if (script->in_step) script->in_step();
  if (script->fails) return core::Errc::store_failed;
  script->group_sizes.push_back(commands.size());
  auto group = std::make_shared<Group>();
  group->last = core::Position{++script->groups};
  return GroupPtr(group);
}

namespace {

class SequencerThreadTest : public testing::Test {
 protected:
  SequencerThreadTest() { script = &script_; }
  // The double looks at none of what it is made of.
  static Sequencer make() {
    alignas(16) static unsigned char nothing[256] = {};
    return Sequencer(reinterpret_cast<storage::Writer&>(nothing), reinterpret_cast<storage::Reader&>(nothing),
                     reinterpret_cast<const auth::Seals&>(nothing), reinterpret_cast<core::Entropy&>(nothing), {}, {});
  }
  void start() {
    thread_.start([this](const GroupPtr& group) { published_.push_back(group->last.value); },
                  [this] { failed_.set_value(); });
  }
  Script script_;
  Sequencer sequencer_ = make();
  runtime::SystemClock clock_;
  SequencerThread thread_{
      sequencer_,
      clock_,
      {.inbox_commands_max = 10, .group_commands_max = 4, .quiet_time = std::chrono::milliseconds{1}}};
  std::vector<std::uint64_t> published_;
  std::promise<void> failed_;
};

TEST_F(SequencerThreadTest, DrainsItsInboxInOrderBeforeItStops) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(thread_.inbox().push({}));
  EXPECT_FALSE(thread_.inbox().push({}));
  start();
  thread_.stop();
  EXPECT_EQ(script_.group_sizes, (std::vector<std::size_t>{4, 4, 2}));
  EXPECT_EQ(published_, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_FALSE(thread_.inbox().push({}));
  thread_.stop();
}

TEST_F(SequencerThreadTest, GathersWhileAGroupIsWritten) {
  std::promise<void> in_first, go_on;
  script_.in_step = [&, is_first = true]() mutable {
    if (!std::exchange(is_first, false)) return;
    in_first.set_value();
    go_on.get_future().wait();
  };
  start();
  ASSERT_TRUE(thread_.inbox().push({}));
  in_first.get_future().wait();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(thread_.inbox().push({}));
  go_on.set_value();
  thread_.stop();
  EXPECT_EQ(script_.group_sizes, (std::vector<std::size_t>{1, 3}));
}

TEST_F(SequencerThreadTest, DoesHouseWorkWhenNothingComes) {
  start();
  while (script_.idles == 0) std::this_thread::yield();
  thread_.stop();
  EXPECT_TRUE(script_.group_sizes.empty());
}

TEST_F(SequencerThreadTest, FailedStoreIsToldOnceAndNothingMoreIsTaken) {
  script_.fails = true;
  start();
  ASSERT_TRUE(thread_.inbox().push({}));
  failed_.get_future().wait();
  EXPECT_FALSE(thread_.inbox().push({}));
  thread_.stop();
  EXPECT_TRUE(published_.empty());
}

}  // namespace
}  // namespace enishi::sequencer
