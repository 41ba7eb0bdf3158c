// Limits at the door: rates, requests in flight, time limits, heartbeats.
#include <gtest/gtest.h>

#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::Errc;
using std::chrono::milliseconds;
using std::chrono::seconds;

v1::ClientFrame probe() {
  v1::ClientFrame frame;
  frame.mutable_probe();
  return frame;
}

class Pressure : public testing::Test {
 protected:
  explicit Pressure(delivery::FloorLimits limits = {}) : rig_(1, limits) {}
  delivery::Floor& floor() { return rig_.floor(0); }

  Rig rig_;
  Person aki_ = rig_.desk.join("aki");
  Person ben_ = rig_.desk.join("ben");
  core::PublicId chat_ = rig_.desk.direct(aki_, ben_);
};

TEST_F(Pressure, RequestsOverTheRateAreRefusedUntilTimeHasPassed) {
  auto client = rig_.connect(ben_);
  int taken = 0;
  while (client->ask(probe()).has_ok()) ++taken;
  EXPECT_GE(taken, 199) << "the burst, less Hello";
  EXPECT_LE(taken, 200);
  const auto refused = client->ask(probe());
  EXPECT_EQ(refused.error().code(), v1::ERROR_CODE_RATE_LIMITED);
  EXPECT_GT(refused.error().retry_after_ms(), 0U);
  rig_.now += milliseconds{100};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(client->ask(probe()).has_ok()) << "50 a second";
  EXPECT_TRUE(client->ask(probe()).has_error());
  EXPECT_FALSE(client->closed);
}

class NoRate : public Pressure {
 protected:
  static delivery::FloorLimits none() {
    delivery::FloorLimits limits;
    limits.requests_per_second = 0;
    return limits;
  }
  NoRate() : Pressure(none()) {}
};

TEST_F(NoRate, ZeroIsNoLimit) {
  auto client = rig_.connect(ben_);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(client->ask(probe()).has_ok());
}

TEST_F(NoRate, SixtyFourUnansweredPauseTheReading) {
  auto client = rig_.connect(ben_);
  for (int i = 0; i < 64; ++i) {
    EXPECT_TRUE(floor().may_read(client->seat)) << i;
    client->say(send_frame(chat_, "x"));
  }
  EXPECT_FALSE(floor().may_read(client->seat));
  EXPECT_EQ(client->resumed, 0);
  rig_.settle();
  EXPECT_EQ(client->resumed, 1) << "once";
  EXPECT_TRUE(floor().may_read(client->seat));
  EXPECT_EQ(event_seqs(client->frames).size(), 64U);
}

TEST_F(NoRate, WhoTakesNoAnswersAsksNoMore) {
  auto client = rig_.connect(ben_);
  for (int i = 0; i < 4; ++i) rig_.send(aki_, chat_, std::string(16'000, 'x'));
  rig_.settle();
  client->reads = false;
  v1::ClientFrame fetch;
  fetch.mutable_fetch()->set_conversation_id(std::string(chat_.view()));
  int asked = 0;
  while (floor().may_read(client->seat) && asked < 1000) {
    client->ask(fetch);
    ++asked;
  }
  EXPECT_LT(asked, 100);
  EXPECT_LT(client->queued, rig_.limits.outbox_durable_bytes + 100'000) << "answers are bounded too";
  client->reads = true;
  rig_.settle();
  EXPECT_EQ(client->resumed, 1);
  EXPECT_TRUE(floor().may_read(client->seat));
}

TEST_F(NoRate, AFullInboxIsAnsweredAtOnce) {
  auto client = rig_.connect(ben_);
  rig_.loops[0]->takes_commands = false;
  const auto refused = client->ask(send_frame(chat_, "x"));
  EXPECT_EQ(refused.error().code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_GT(refused.error().retry_after_ms(), 0U);
  rig_.loops[0]->takes_queries = false;
  v1::ClientFrame list;
  list.mutable_list();
  EXPECT_EQ(client->ask(list).error().code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_TRUE(floor().may_read(client->seat));
}

TEST_F(Pressure, WhatCanNeverBeCarriedOutDoesNotReachTheSequencer) {
  auto client = rig_.connect(ben_);
  client->say(send_frame(chat_, ""));
  client->say(send_frame(chat_, std::string(16'385, 'x')));
  client->say(send_frame(chat_, "\xFF"));
  auto nameless = send_frame(chat_, "x");
  nameless.set_request_id(70);
  floor().on_message(client->seat, nameless.SerializeAsString());
  EXPECT_TRUE(rig_.commands.empty());
  EXPECT_EQ(client->answer_to(70).error().code(), v1::ERROR_CODE_BAD_REQUEST) << "no client_id";
}

TEST_F(Pressure, TenSecondsForTheProof) {
  auto client = rig_.open();
  rig_.wait(milliseconds{9'750});
  EXPECT_FALSE(client->closed);
  rig_.wait(milliseconds{250});
  EXPECT_EQ(client->closed, Errc::too_late);
}

TEST_F(Pressure, SixtySecondsWithoutProgressCloseToResume) {
  auto client = rig_.connect(ben_);
  client->reads = false;
  rig_.send(aki_, chat_);
  rig_.settle();
  rig_.wait(seconds{59});
  EXPECT_FALSE(client->closed);
  floor().on_progress(client->seat);  // some bytes went out
  rig_.wait(seconds{59});
  EXPECT_FALSE(client->closed);
  rig_.wait(seconds{2});
  EXPECT_EQ(client->closed, Errc::too_slow);
}

TEST_F(Pressure, HeartbeatsFollowTheMode) {
  auto client = rig_.connect(ben_);
  const auto pings_in = [&](seconds time) {
    client->take();
    rig_.wait(time);
    std::vector<std::uint32_t> pings;
    for (const auto& frame : client->take())
      if (frame.has_server_ping()) pings.push_back(frame.server_ping().next_within_ms());
    return pings;
  };
  EXPECT_EQ(pings_in(seconds{1}), (std::vector<std::uint32_t>{25'000})) << "at once, so that the client knows";
  EXPECT_EQ(pings_in(seconds{100}).size(), 4U);
  EXPECT_TRUE(client->ask(mode_frame(v1::PRESENCE_STATE_BACKGROUND)).has_ok());
  EXPECT_EQ(pings_in(seconds{1}), (std::vector<std::uint32_t>{240'000}));
  EXPECT_EQ(pings_in(seconds{480}).size(), 2U);
  EXPECT_GT(client->pings, 6) << "with a WebSocket ping each, which a page answers without knowing";
  EXPECT_FALSE(client->closed);
}

TEST_F(Pressure, AHalfOpenSessionIsFoundWithinAMinute) {
  auto client = rig_.connect(ben_);
  rig_.wait(seconds{1});
  client->heard = client->answers_pings = false;
  seconds waited{0};
  while (!client->closed && waited < seconds{120}) {
    rig_.wait(seconds{1});
    ++waited;
  }
  EXPECT_EQ(client->closed, Errc::silent);
  EXPECT_LE(waited, seconds{60});
}

TEST_F(Pressure, UnknownSeatsAreIgnored) {
  auto client = rig_.connect(ben_);
  const auto seat = client->seat;
  client->say(send_frame(chat_, "x"));
  client->hang_up();
  EXPECT_EQ(floor().seats(), 0U);
  floor().on_message(seat, "late");
  floor().on_drained(seat);
  floor().on_progress(seat);
  floor().on_closed(seat);
  EXPECT_FALSE(floor().may_read(seat));
  auto other = rig_.connect(aki_);
  EXPECT_NE(other->seat, seat) << "never used again";
  const auto before = other->frames.size();
  rig_.settle();
  for (std::size_t i = before; i < other->frames.size(); ++i) EXPECT_FALSE(other->frames[i].has_sent());
  EXPECT_EQ(event_seqs(other->frames).size(), 1U) << "the message was sent all the same";
}

TEST_F(Pressure, TheEndOfASessionIsWrittenDown) {
  auto client = rig_.connect(ben_);
  rig_.wait(seconds{30});
  client->hang_up(true);
  rig_.now += seconds{1};
  floor().on_tick();
  rig_.settle();
  EXPECT_EQ(rig_.desk.reader->device(ben_.sender.device)->last_seen, rig_.desk.now);
}

}  // namespace
}  // namespace enishi::test
