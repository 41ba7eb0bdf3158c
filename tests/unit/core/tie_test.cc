// Ties: every action from every state, and what the other side sees of it.
#include <gtest/gtest.h>

#include <map>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

constexpr auto kAsk = TieAction::ask;
constexpr auto kAccept = TieAction::accept;
constexpr auto kDecline = TieAction::decline;
constexpr auto kEnd = TieAction::end;
constexpr auto kBlock = TieAction::block;
constexpr auto kUnblock = TieAction::unblock;

/// Ben and cho, who know each other by nothing but what a test does.
class Ties : public testing::Test {
 protected:
  Errc act(const Person& who, TieAction action, const std::string& whom) {
    return errc(world_.run(who.sender, TieChange{action, whom}));
  }
  Errc ben(TieAction action) { return act(ben_, action, "cho"); }
  Errc cho(TieAction action) { return act(cho_, action, "ben"); }
  [[nodiscard]] std::pair<TieState, TieState> states() {
    return {world_.tie_of(ben_, "cho"), world_.tie_of(cho_, "ben")};
  }
  bool ben_blocks() { return world_.state->blocks(ben_.sender.member, cho_.sender.member); }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const Person cho_ = world_.join("cho");
};

using S = TieState;
using Pair = std::pair<TieState, TieState>;

TEST_F(Ties, FromNothing) {
  for (const auto action : {kAccept, kDecline, kEnd, kUnblock}) EXPECT_EQ(ben(action), Errc::not_found);
  EXPECT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(states(), Pair(S::asked_out, S::asked_in));
}

TEST_F(Ties, FromAskedOut) {
  ASSERT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(ben(kAccept), Errc::not_found);
  EXPECT_EQ(ben(kDecline), Errc::not_found);
  EXPECT_EQ(ben(kUnblock), Errc::not_found);
  EXPECT_EQ(ben(kAsk), Errc{}) << "once more changes nothing";
  EXPECT_TRUE(world_.change.registers.empty());
  EXPECT_EQ(ben(kEnd), Errc{});
  EXPECT_EQ(states(), Pair(S::none, S::none)) << "withdrawn";
  EXPECT_TRUE(world_.direct(ben_, cho_).is_zero());
}

TEST_F(Ties, FromAskedIn) {
  ASSERT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(cho(kEnd), Errc::not_found);
  EXPECT_EQ(cho(kDecline), Errc{});
  EXPECT_EQ(states(), Pair(S::asked_out, S::none)) << "in silence";
  EXPECT_EQ(cho(kDecline), Errc::not_found);
  EXPECT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(states(), Pair(S::asked_out, S::asked_in)) << "asked again";
  EXPECT_EQ(cho(kAccept), Errc{});
  EXPECT_EQ(states(), Pair(S::mutual, S::mutual));
  EXPECT_FALSE(world_.direct(ben_, cho_).is_zero()) << "made in the commit that made the tie mutual";
  EXPECT_EQ(world_.change.conversations.size(), 1U);
}

TEST_F(Ties, AskingWhoAskedAccepts) {
  ASSERT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(cho(kAsk), Errc{});
  EXPECT_EQ(states(), Pair(S::mutual, S::mutual));
}

TEST_F(Ties, FromMutual) {
  world_.tie(ben_, cho_);
  const auto direct = world_.direct(ben_, cho_);
  EXPECT_EQ(ben(kAsk), Errc{});
  EXPECT_TRUE(world_.change.registers.empty());
  EXPECT_EQ(ben(kAccept), Errc::not_found);
  EXPECT_EQ(ben(kDecline), Errc::not_found);
  EXPECT_EQ(ben(kEnd), Errc{});
  EXPECT_EQ(states(), Pair(S::ended, S::ended));
  EXPECT_EQ(errc(world_.run(ben_.sender, Send{direct, "x", {}})), Errc::not_tied);
  EXPECT_EQ(errc(world_.run(cho_.sender, Send{direct, "x", {}})), Errc::not_tied);
}

TEST_F(Ties, FromEnded) {
  world_.tie(ben_, cho_);
  const auto direct = world_.direct(ben_, cho_);
  world_.send(ben_, direct);
  ASSERT_EQ(cho(kEnd), Errc{});
  for (const auto action : {kAccept, kDecline, kEnd, kUnblock}) EXPECT_EQ(ben(action), Errc::not_found);
  EXPECT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(states(), Pair(S::asked_out, S::asked_in));
  EXPECT_EQ(ben(kEnd), Errc{});
  EXPECT_EQ(states(), Pair(S::ended, S::ended)) << "what there was before the ask shows again";
  ASSERT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(cho(kDecline), Errc{});
  EXPECT_EQ(world_.tie_of(cho_, "ben"), S::ended);
  ASSERT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(cho(kAccept), Errc{});
  EXPECT_EQ(world_.direct(ben_, cho_), direct) << "the same conversation";
  EXPECT_EQ(world_.send(cho_, direct), Seq{2});
}

TEST_F(Ties, ABlockLooksLikeAnEndToTheOtherSide) {
  world_.tie(ben_, cho_);
  const auto direct = world_.direct(ben_, cho_);
  ASSERT_EQ(cho(kEnd), Errc{});
  const auto ended = *world_.state->live_register(cho_.sender.member, RegisterKind::tie, ben_.sender.member.value);
  ASSERT_EQ(ben(kAsk), Errc{});
  ASSERT_EQ(cho(kAccept), Errc{});
  EXPECT_EQ(ben(kBlock), Errc{});
  EXPECT_TRUE(ben_blocks());
  const auto blocked = *world_.state->live_register(cho_.sender.member, RegisterKind::tie, ben_.sender.member.value);
  EXPECT_EQ(blocked.tie, ended.tie);
  EXPECT_EQ(blocked.removed, ended.removed);
  EXPECT_EQ(world_.state->live_register(cho_.sender.member, RegisterKind::block, ben_.sender.member.value), nullptr);
  EXPECT_EQ(errc(world_.run(cho_.sender, Send{direct, "x", {}})), Errc::not_tied);
  EXPECT_EQ(errc(world_.run(ben_.sender, Send{direct, "x", {}})), Errc::not_tied);
  // Who is blocked may ask, and hears what everybody hears; it reaches nobody.
  const auto asked = as<TieChanged>(world_.run(cho_.sender, TieChange{kAsk, "ben"}));
  EXPECT_EQ(asked.state, S::asked_out);
  EXPECT_EQ(world_.tie_of(ben_, "cho"), S::ended);
  EXPECT_EQ(ben(kAsk), Errc::blocked_by_you);
  EXPECT_EQ(ben(kAccept), Errc::not_found);
  EXPECT_EQ(ben(kUnblock), Errc{});
  EXPECT_FALSE(ben_blocks());
  EXPECT_EQ(world_.tie_of(ben_, "cho"), S::ended) << "an ended tie stays ended";
  EXPECT_EQ(ben(kUnblock), Errc::not_found);
}

TEST_F(Ties, ABlockEndsAsksBothWays) {
  ASSERT_EQ(ben(kAsk), Errc{});
  EXPECT_EQ(ben(kBlock), Errc{});
  EXPECT_EQ(states(), Pair(S::none, S::none));
  ASSERT_EQ(ben(kUnblock), Errc{});
  ASSERT_EQ(cho(kAsk), Errc{});
  EXPECT_EQ(ben(kBlock), Errc{});
  EXPECT_EQ(states(), Pair(S::none, S::asked_out)) << "the other side goes on seeing its ask";
  EXPECT_EQ(ben(kBlock), Errc{}) << "never refused";
}

TEST_F(Ties, ABlockRecountsWhatWasUnread) {
  world_.tie(ben_, cho_);
  world_.send(cho_, world_.direct(ben_, cho_));
  ASSERT_EQ(ben(kBlock), Errc{});
  const auto has = [&](const std::pair<MemberId, ConversationId>& one) {
    return std::find(world_.change.recount.begin(), world_.change.recount.end(), one) != world_.change.recount.end();
  };
  EXPECT_TRUE(has({ben_.sender.member, world_.number_of(ben_, world_.direct(ben_, cho_))}));
  EXPECT_EQ(world_.change.recount.size(), 1U) << "neither his own notes nor what cho has no part in";
  // A group that the other one has left holds his messages all the same.
  const auto group = world_.group(aki_, {"ben", "cho"});
  world_.send(cho_, group);
  ASSERT_TRUE(world_.run(cho_.sender, GroupLeave{group, ""}));
  world_.group(aki_, {"ben"}, "without him");
  ASSERT_EQ(ben(kUnblock), Errc{});
  EXPECT_TRUE(has({ben_.sender.member, world_.number_of(ben_, group)}));
  EXPECT_EQ(world_.change.recount.size(), 2U);
}

TEST_F(Ties, RefuseHandlesAndOneself) {
  for (const auto action : {kAsk, kAccept, kDecline, kEnd, kBlock, kUnblock}) {
    EXPECT_EQ(act(ben_, action, "Not A Handle"), Errc::bad_handle);
    EXPECT_EQ(act(ben_, action, "ben"), Errc::bad_request);
  }
}

TEST_F(Ties, AreBounded) {
  Limits limits;
  limits.ties_max = 3;
  World world(limits);
  world.join("aki");
  const auto dai = world.join("dai");  // tied with aki: one
  EXPECT_TRUE(world.run(dai.sender, TieChange{kAsk, "nobody_1"}));
  EXPECT_TRUE(world.run(dai.sender, TieChange{kBlock, "nobody_2"}));
  EXPECT_EQ(errc(world.run(dai.sender, TieChange{kAsk, "nobody_3"})), Errc::limit_reached);
  EXPECT_EQ(errc(world.run(dai.sender, TieChange{kBlock, "nobody_3"})), Errc::limit_reached);
  EXPECT_TRUE(world.run(dai.sender, TieChange{kAsk, "nobody_1"})) << "a known one is always in reach";
}

TEST_F(Ties, ARepeatGetsTheOriginalAnswer) {
  const auto id = world_.fresh_client_id();
  EXPECT_EQ(as<TieChanged>(world_.run(ben_.sender, TieChange{kAsk, "cho"}, id)).state, S::asked_out);
  ASSERT_EQ(cho(kAccept), Errc{});
  const auto again = as<TieChanged>(world_.run(ben_.sender, TieChange{kAsk, "cho"}, id));
  EXPECT_EQ(again.state, S::asked_out);
  EXPECT_EQ(again.handle, "cho");
  EXPECT_EQ(states(), Pair(S::mutual, S::mutual));
}

}  // namespace
}  // namespace enishi::test
