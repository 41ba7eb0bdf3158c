// Presence: leases, who may watch, and how little is told.
#include <gtest/gtest.h>

#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::TieAction;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

/// Ben watches; two loops, so that homes and sessions lie apart. The daemon has run long enough to know who is there.
class Presence : public testing::Test {
 protected:
  explicit Presence(seconds running = seconds{200}) : rig_(2) { rig_.wait(running); }

  std::unique_ptr<Client> watcher(std::vector<std::string> handles, bool all = false) {
    auto client = rig_.connect(ben_, 1);
    client->take();
    EXPECT_TRUE(client->ask(watch_frame(std::move(handles), all)).has_ok());
    return client;
  }
  Lines told(Client& client, milliseconds time = milliseconds{1500}) {
    rig_.wait(time);
    return signals(client.take());
  }
  std::string asked(Client& client, const std::string& handle) {
    const auto answer = client.ask(presence_frame({handle}));
    if (answer.has_error()) return v1::ErrorCode_Name(answer.error().code());
    return v1::PresenceState_Name(answer.presences().presences(0).presence());
  }

  Rig rig_;
  Person aki_ = rig_.desk.join("aki");
  Person ben_ = rig_.desk.join("ben");
  Person cho_ = rig_.desk.join("cho");
};

TEST_F(Presence, AWatcherHearsThePresentStateThenChanges) {
  auto ben = watcher({"aki"});
  EXPECT_EQ(signals(ben->take()), (Lines{"aki OFFLINE"}));
  auto aki = rig_.connect(aki_);
  EXPECT_EQ(told(*ben), (Lines{"aki ACTIVE"}));
  aki->ask(mode_frame(v1::PRESENCE_STATE_IDLE));
  EXPECT_EQ(told(*ben), (Lines{"aki IDLE"}));
  EXPECT_EQ(told(*ben, minutes{3}), Lines{}) << "nothing changes, nothing is told";
}

TEST_F(Presence, TheNearestDeviceCounts) {
  auto ben = watcher({"aki"});
  auto pc = rig_.connect(aki_, 0, {}, v1::PRESENCE_STATE_IDLE);
  EXPECT_EQ(told(*ben).back(), "aki IDLE");
  auto tab = rig_.connect(aki_, 1, {}, v1::PRESENCE_STATE_BACKGROUND);
  EXPECT_EQ(told(*ben), Lines{}) << "a command in the background takes nothing away";
  tab->ask(mode_frame(v1::PRESENCE_STATE_ACTIVE));
  EXPECT_EQ(told(*ben), (Lines{"aki ACTIVE"}));
}

TEST_F(Presence, ChangesWithinASecondAreOne) {
  auto ben = watcher({"aki"});
  auto aki = rig_.connect(aki_);
  told(*ben);
  for (int i = 0; i < 5; ++i) {
    aki->ask(mode_frame(v1::PRESENCE_STATE_IDLE));
    aki->ask(mode_frame(v1::PRESENCE_STATE_ACTIVE));
  }
  aki->ask(mode_frame(v1::PRESENCE_STATE_BACKGROUND));
  EXPECT_EQ(told(*ben), (Lines{"aki BACKGROUND"}));
}

TEST_F(Presence, AGoodbyeIsSeenAtOnceALostConnectionAfterTheLease) {
  auto ben = watcher({"aki"});
  auto aki = rig_.connect(aki_);
  told(*ben);
  aki->hang_up(true);
  EXPECT_EQ(told(*ben), (Lines{"aki OFFLINE"}));
  auto again = rig_.connect(aki_);
  told(*ben);
  again->hang_up(false);
  EXPECT_EQ(told(*ben, seconds{90}), Lines{}) << "a short drop does not flicker";
  EXPECT_EQ(told(*ben, seconds{10}), (Lines{"aki OFFLINE"})) << "two heartbeats and 45 s";
}

TEST_F(Presence, ASessionInTheBackgroundDoesNotFlicker) {
  auto ben = watcher({"aki"});
  auto aki = rig_.connect(aki_, 0, {}, v1::PRESENCE_STATE_BACKGROUND);
  told(*ben);
  EXPECT_EQ(told(*ben, minutes{15}), Lines{}) << "its heartbeat is four minutes";
  aki->ask(mode_frame(v1::PRESENCE_STATE_ACTIVE));
  EXPECT_EQ(told(*ben), (Lines{"aki ACTIVE"}));
  aki->hang_up(false);
  EXPECT_EQ(told(*ben, seconds{100}), (Lines{"aki OFFLINE"})) << "by the lease of an active one";
}

TEST_F(Presence, OnlyMutualTiesAreShown) {
  auto ben = watcher({"aki", "cho", "nobody"});
  EXPECT_EQ(signals(ben->take()), (Lines{"aki OFFLINE"}));
  auto cho = rig_.connect(cho_);
  EXPECT_EQ(told(*ben), Lines{});
  EXPECT_EQ(asked(*ben, "cho"), "ERROR_CODE_NOT_FOUND");
  EXPECT_EQ(asked(*ben, "nobody"), "ERROR_CODE_NOT_FOUND");
  EXPECT_EQ(asked(*ben, "aki"), "PRESENCE_STATE_OFFLINE");
}

TEST_F(Presence, AskingForAStrangerAndForNobodyCostsTheSame) {
  auto ben = rig_.connect(ben_, 1);
  const auto reads_of = [&](const std::string& handle) {
    const auto before = rig_.desk.store.read_count();
    EXPECT_EQ(asked(*ben, handle), "ERROR_CODE_NOT_FOUND");
    return rig_.desk.store.read_count() - before;
  };
  EXPECT_EQ(reads_of("cho"), reads_of("nobody"));
}

TEST_F(Presence, EndingATieEndsItAtOnce) {
  auto ben = watcher({}, true);
  auto aki = rig_.connect(aki_);
  EXPECT_EQ(told(*ben).back(), "aki ACTIVE");
  rig_.run(aki_.sender, core::TieChange{TieAction::end, "ben"});
  rig_.settle();
  aki->ask(mode_frame(v1::PRESENCE_STATE_IDLE));
  EXPECT_EQ(told(*ben), Lines{});
  EXPECT_EQ(asked(*ben, "aki"), "ERROR_CODE_NOT_FOUND");
}

TEST_F(Presence, AWatchThatWasUnderWayWhenTheTieEndedWatchesNothing) {
  auto ben = rig_.connect(ben_, 1);
  auto aki = rig_.connect(aki_);
  ben->take();
  ben->say(watch_frame({"aki"}));
  auto answers = rig_.take_answers();  // read while they were tied
  rig_.run(ben_.sender, core::TieChange{TieAction::block, "aki"});
  rig_.deliver(0), rig_.deliver(1);  // every loop knows of the end
  for (auto& answer : answers) rig_.floor(1).on_answer(std::move(answer));
  rig_.settle();
  aki->ask(mode_frame(v1::PRESENCE_STATE_IDLE));
  EXPECT_EQ(told(*ben), Lines{});
}

TEST_F(Presence, WhoWatchesAllSeesNewTiesToo) {
  auto ben = watcher({}, true);
  ben->take();
  auto cho = rig_.connect(cho_);
  EXPECT_EQ(told(*ben), Lines{});
  rig_.run(ben_.sender, core::TieChange{TieAction::ask, "cho"});
  rig_.run(cho_.sender, core::TieChange{TieAction::accept, "ben"});
  const auto lines = told(*ben);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), "cho ACTIVE");
}

TEST_F(Presence, WatchReplacesWhatWasWatched) {
  auto ben = watcher({"aki"});
  ben->say(watch_frame({"aki"}));
  ben->say(watch_frame({}));  // overtakes the answer to the one before
  rig_.settle();
  ben->take();
  auto aki = rig_.connect(aki_);
  EXPECT_EQ(told(*ben), Lines{});
}

TEST_F(Presence, WhatWasMissedWhileLaggingIsToldAfterwards) {
  auto ben = watcher({"aki"});
  auto aki = rig_.connect(aki_);
  told(*ben);
  const auto chat = rig_.desk.direct(aki_, ben_);
  ben->reads = false;
  while (those(ben->frames, [](const auto& frame) { return frame.has_lagged(); }).empty()) {
    rig_.send(aki_, chat, std::string(16'000, 'x'));
    rig_.settle();
  }
  ben->take();
  aki->ask(mode_frame(v1::PRESENCE_STATE_IDLE));
  EXPECT_EQ(told(*ben), Lines{}) << "signals are dropped first";
  ben->reads = true;
  rig_.settle();
  EXPECT_EQ(signals(ben->take()), (Lines{"aki IDLE"}));
}

TEST_F(Presence, ARequestUnderTheNumberOfOneThatWaitsIsRefused) {
  auto ben = rig_.connect(ben_, 1);
  auto first = presence_frame({"aki"}), second = presence_frame({"aki"});
  first.set_request_id(900), second.set_request_id(900);
  ben->say(first);
  ben->say(second);
  ben->take();
  rig_.settle();
  const auto fresh = ben->take();
  EXPECT_EQ(those(fresh, [](const auto& frame) { return frame.has_presences(); }).size(), 1U);
  EXPECT_EQ(those(fresh, [](const auto& frame) { return frame.error().code() == v1::ERROR_CODE_BAD_REQUEST; }).size(),
            1U);
}

TEST_F(Presence, AFullMailboxLeavesItUnknown) {
  auto ben = rig_.connect(ben_, 1);
  rig_.loops[1]->takes_letters = false;
  EXPECT_EQ(asked(*ben, "aki"), "PRESENCE_STATE_UNKNOWN");
}

TEST_F(Presence, DevicesShowWhoIsOnline) {
  auto ben = rig_.connect(ben_, 1);
  v1::ClientFrame list;
  list.mutable_device_list();
  const auto devices = ben->ask(list).devices();
  ASSERT_EQ(devices.devices_size(), 1);
  EXPECT_TRUE(devices.devices(0).online());
  EXPECT_TRUE(devices.devices(0).current());
}

class JustStarted : public Presence {
 protected:
  JustStarted() : Presence(seconds{0}) {}
};

TEST_F(JustStarted, NobodyIsSaidToBeOfflineBeforeALeaseHasPassed) {
  auto ben = watcher({"aki"});
  EXPECT_EQ(signals(ben->take()), (Lines{"aki UNKNOWN"}));
  EXPECT_EQ(asked(*ben, "aki"), "PRESENCE_STATE_UNKNOWN");
  EXPECT_EQ(told(*ben, seconds{90}), Lines{});
  EXPECT_EQ(told(*ben, seconds{10}), (Lines{"aki OFFLINE"}));
}

}  // namespace
}  // namespace enishi::test
