// Live sessions: groups whole and in order, lagging, revocation, going away.
#include <gtest/gtest.h>

#include <set>

#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::Errc;

class Live : public testing::Test {
 protected:
  explicit Live(std::uint32_t loops = 1) : rig_(loops) {}

  Rig rig_;
  Person aki_ = rig_.desk.join("aki");
  Person ben_ = rig_.desk.join("ben");
  Person cho_ = rig_.desk.join("cho");
  core::PublicId chat_ = rig_.desk.direct(aki_, ben_);
};

TEST_F(Live, AMessageReachesEverySessionOfBothAndNobodyElse) {
  auto phone = rig_.connect(aki_), tab = rig_.connect(aki_), ben = rig_.connect(ben_), cho = rig_.connect(cho_);
  for (auto* each : {phone.get(), tab.get(), ben.get(), cho.get()}) each->take();
  const auto sent = phone->ask(send_frame(chat_, "hello"));
  EXPECT_EQ(sent.sent().seq(), 1U);
  for (auto* each : {phone.get(), tab.get(), ben.get()}) {
    const auto fresh = each->take();
    EXPECT_EQ(event_seqs(fresh), (std::vector<std::uint64_t>{1}));
    EXPECT_TRUE(fresh.back().has_frontier());
    EXPECT_EQ(those(fresh, [](const auto& frame) { return frame.has_frontier(); }).size(), 1U);
  }
  EXPECT_TRUE(cho->take().empty()) << "not even a frontier";
}

TEST_F(Live, AFrontierStandsBehindItsWholeGroup) {
  auto ben = rig_.connect(ben_);
  ben->take();
  const auto group = rig_.desk.step({rig_.desk.command(aki_.sender, core::Send{chat_, "one", {}}),
                                     rig_.desk.command(aki_.sender, core::Send{chat_, "two", {}})});
  rig_.floor(0).on_group(*group);
  const auto fresh = ben->take();
  ASSERT_EQ(fresh.size(), 3U);
  EXPECT_EQ(event_seqs(fresh), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(rig_.desk.seals.open_cursor(fresh[2].frontier().cursor())->position, group->last);
  EXPECT_EQ(rig_.floor(0).delivered(), group->last);
}

TEST_F(Live, OverAMebibyteItLagsAndIsFedAtItsOwnPace) {
  auto ben = rig_.connect(ben_);
  ben->reads = false;
  ben->take();
  const std::string body(16'000, 'x');
  while (those(ben->frames, [](const auto& frame) { return frame.has_lagged(); }).empty()) {
    rig_.send(aki_, chat_, body);
    rig_.settle();
    ASSERT_LT(ben->queued, rig_.limits.outbox_durable_bytes + 100'000);
  }
  const auto told = ben->frames.size();
  EXPECT_TRUE(ben->frames.back().has_lagged());
  rig_.send(aki_, chat_, body);
  rig_.settle();
  EXPECT_EQ(ben->frames.size(), told) << "no live frame, no frontier";

  ben->reads = true;
  rig_.settle();
  std::set<std::uint64_t> seqs;
  for (const auto seq : event_seqs(ben->frames)) seqs.insert(seq);
  EXPECT_EQ(seqs.size(), *seqs.rbegin()) << "everything came";
  EXPECT_EQ(*seqs.rbegin(), rig_.send(aki_, chat_).value - 1);
  EXPECT_TRUE(ben->frames.back().frontier().live());
  ben->take();
  rig_.settle();
  EXPECT_EQ(event_seqs(ben->take()).size(), 1U) << "live again";
}

TEST_F(Live, AGroupThatCouldNotBeToldIsReadFromTheLog) {
  auto ben = rig_.connect(ben_);
  ben->take();
  auto group = *rig_.desk.step(aki_.sender, core::Send{chat_, "x", {}});
  group.items.clear();
  group.must_resume = true;
  rig_.floor(0).on_group(group);
  rig_.settle();
  const auto fresh = ben->take();
  EXPECT_TRUE(fresh.front().has_lagged());
  EXPECT_EQ(event_seqs(fresh), (std::vector<std::uint64_t>{1}));
  EXPECT_TRUE(fresh.back().frontier().live());
}

TEST_F(Live, ARevokedDeviceGetsNothingMore) {
  auto ben = rig_.connect(ben_), aki = rig_.connect(aki_);
  ben->reads = false;
  ben->sent = ben->frames.size();
  rig_.send(aki_, chat_, "queued, not sent");
  rig_.settle();
  ASSERT_GT(ben->frames.size(), ben->sent);
  const auto group = rig_.desk.step({rig_.desk.command(aki_.sender, core::Send{chat_, "before", {}}),
                                     rig_.desk.command(ben_.sender, core::DeviceRevoke{rig_.desk.device(ben_)}),
                                     rig_.desk.command(aki_.sender, core::Send{chat_, "after", {}})});
  rig_.floor(0).on_group(*group);
  EXPECT_EQ(ben->frames.size(), ben->sent) << "what waited is dropped, and nothing follows";
  EXPECT_EQ(*ben->closed, Errc::device_revoked);
  EXPECT_FALSE(aki->closed);
  EXPECT_EQ(event_seqs(aki->frames).size(), 3U);
}

TEST_F(Live, AQueuedCommandOfARevokedDeviceIsRefused) {
  auto ben = rig_.connect(ben_);
  rig_.run(ben_.sender, core::DeviceRevoke{rig_.desk.device(ben_)});  // committed, not delivered yet
  ben->say(send_frame(chat_, "too late"));
  rig_.commit();
  EXPECT_FALSE(
      rig_.desk.reader->event(rig_.desk.reader->membership(ben_.sender.member, chat_)->conversation, core::Seq{1}));
  rig_.settle();
  EXPECT_EQ(*ben->closed, Errc::device_revoked);
}

TEST_F(Live, GoingAwayTellsEachAnotherDelay) {
  std::vector<std::unique_ptr<Client>> all;
  for (int i = 0; i < 10; ++i) all.push_back(rig_.connect(i % 2 ? aki_ : ben_));
  rig_.floor(0).go_away(std::chrono::seconds{5});
  std::set<std::uint32_t> delays;
  for (const auto& each : all) {
    ASSERT_TRUE(each->frames.back().has_go_away());
    EXPECT_LT(each->frames.back().go_away().retry_after_ms(), 5000U);
    delays.insert(each->frames.back().go_away().retry_after_ms());
    EXPECT_EQ(*each->closed, Errc::going_away);
  }
  EXPECT_GE(delays.size(), 8U);
}

TEST_F(Live, PairingIsWaitedForLongerThanAnyOtherProof) {
  auto phone = rig_.connect(aki_);
  const std::string secret(16, 'p'), key(32, 'k');
  v1::ClientFrame present;
  present.mutable_pair_present()->set_secret(secret);
  present.mutable_pair_present()->set_name("pc");
  present.mutable_pair_present()->set_key(key);
  auto guesser = rig_.open();
  EXPECT_EQ(guesser->ask(present).error().code(), v1::ERROR_CODE_PAIRING_UNKNOWN);

  v1::ClientFrame offer;
  offer.mutable_pair_offer()->set_secret(secret);
  EXPECT_TRUE(phone->ask(offer).has_ok());
  auto pc = rig_.open();
  const auto request = pc->say(present);
  rig_.settle();
  EXPECT_EQ(pc->answer_to(request).pair_presented().handle(), "aki");
  EXPECT_EQ(phone->frames.back().pair_asked().key(), key);
  EXPECT_EQ(pc->vouched, 1) << "he takes no stranger's place while he waits";
  EXPECT_EQ(guesser->vouched, 0);
  EXPECT_EQ(pc->tries, 0);
  EXPECT_EQ(guesser->tries, 1) << "only a wrong secret counts";
  rig_.wait(std::chrono::seconds{60});
  EXPECT_EQ(guesser->closed, Errc::too_late) << "who guesses is not waited for";
  EXPECT_FALSE(pc->closed);
  v1::ClientFrame decide;
  decide.mutable_pair_decide()->set_secret(secret);
  decide.mutable_pair_decide()->set_key(key);
  decide.mutable_pair_decide()->set_approve(true);
  EXPECT_TRUE(phone->ask(decide).has_ok());
  EXPECT_EQ(pc->answer_to(request).joined().device_name(), "pc");
  const auto notices = those(phone->frames, [](const auto& frame) { return frame.has_notice(); });
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].notice().text(), "pc");
  EXPECT_EQ(pc->tries, 0) << "given back once";
  rig_.wait(std::chrono::seconds{15});
  EXPECT_EQ(pc->closed, Errc::too_late) << "from here on he proves himself in time, like anybody";
  EXPECT_EQ(pc->welcomed, 0);
  EXPECT_EQ(phone->welcomed, 1);
}

TEST_F(Live, ANewcomerWaitsAtOnePlaceOnly) {
  auto phone = rig_.connect(aki_);
  v1::ClientFrame present, offer;
  present.mutable_pair_present()->set_secret(std::string(16, 'p'));
  present.mutable_pair_present()->set_name("pc");
  present.mutable_pair_present()->set_key(std::string(32, 'k'));
  offer.mutable_pair_offer()->set_secret(std::string(16, 'p'));
  EXPECT_TRUE(phone->ask(offer).has_ok());
  auto before = rig_.open(), now = rig_.open();
  const auto first = before->say(present);
  rig_.settle();
  const auto second = now->say(present);
  rig_.settle();
  EXPECT_EQ(before->answer_to(first).error().code(), v1::ERROR_CODE_PAIRING_UNKNOWN);
  EXPECT_TRUE(now->answer_to(second).has_pair_presented());
  rig_.wait(std::chrono::seconds{15});
  EXPECT_EQ(before->closed, Errc::too_late);
  EXPECT_FALSE(now->closed);
}

TEST_F(Live, ThousandsOfGoodbyesAreFewCommands) {
  std::vector<std::unique_ptr<Client>> all;
  for (int i = 0; i < 40; ++i) all.push_back(rig_.connect(i % 2 ? aki_ : ben_));
  rig_.wait(std::chrono::seconds{2});
  rig_.desk.now += std::chrono::minutes{1};
  all.clear();
  std::size_t commands = 0;
  for (int ticks = 0; ticks < 8; ++ticks) {
    rig_.now += std::chrono::milliseconds{250};
    rig_.floor(0).on_tick();
    commands += rig_.commands.size();
    rig_.settle();
  }
  EXPECT_EQ(commands, 1U);
  for (const auto& who : {aki_, ben_}) EXPECT_EQ(rig_.desk.reader->device(who.sender.device)->last_seen, rig_.desk.now);
  auto last = rig_.connect(aki_);
  last.reset();
  rig_.floor(0).go_away(std::chrono::seconds{1});
  EXPECT_EQ(rig_.commands.size(), 1U) << "before the end what is known is told";
}

class TwoLoops : public Live {
 protected:
  TwoLoops() : Live(2) {}
};

TEST_F(TwoLoops, EachTellsItsOwnWhenItsTimeComes) {
  auto here = rig_.connect(ben_, 0), there = rig_.connect(ben_, 1);
  here->take(), there->take();
  rig_.send(aki_, chat_, "one");
  rig_.deliver(0);
  EXPECT_EQ(event_seqs(here->take()).size(), 1U);
  EXPECT_TRUE(there->take().empty());
  rig_.send(aki_, chat_, "two");
  rig_.settle();
  EXPECT_EQ(event_seqs(there->take()), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(event_seqs(here->take()), (std::vector<std::uint64_t>{2}));
}

TEST_F(TwoLoops, AnAnswerGoesToTheSeatThatAsked) {
  auto here = rig_.connect(ben_, 0), there = rig_.connect(ben_, 1);
  here->take(), there->take();
  EXPECT_EQ(there->ask(send_frame(chat_, "x")).sent().seq(), 1U);
  EXPECT_TRUE(those(here->take(), [](const auto& frame) { return frame.has_sent(); }).empty());
}

}  // namespace
}  // namespace enishi::test
