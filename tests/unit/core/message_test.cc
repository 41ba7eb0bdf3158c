// Messages, markers, mute and pin, and what a client_id stands for.
#include <gtest/gtest.h>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

class Messages : public testing::Test {
 protected:
  Errc send(const std::string& body, Seq reply_to = {}) {
    return errc(world_.run(ben_.sender, Send{chat_, body, reply_to}));
  }
  Errc read(std::uint64_t through, std::uint64_t rev) {
    return errc(world_.run(ben_.sender, MarkRead{chat_, Seq{through}, rev}));
  }
  Errc unread_from(std::uint64_t seq, std::uint64_t base_rev) {
    return errc(world_.run(ben_.sender, MarkUnread{chat_, base_rev, Seq{seq}}));
  }
  std::pair<std::uint64_t, std::uint64_t> marker() {
    const auto row = world_.marker_of(ben_, chat_);
    return {row.rev, row.seq.value};
  }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const PublicId chat_ = world_.direct(aki_, ben_);
};

TEST_F(Messages, AreJudgedByTheirBytes) {
  EXPECT_EQ(send(""), Errc::body_empty);
  EXPECT_EQ(send(std::string(16 * 1024, 'x')), Errc{});
  EXPECT_EQ(send(std::string(16 * 1024 + 1, 'x')), Errc::body_too_large);
  for (const char* bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xE3\x81"})
    EXPECT_EQ(send(bad), Errc::not_utf8);
  EXPECT_EQ(send("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80 \xD7\xA9"), Errc{});
  EXPECT_EQ(world_.change.events.at(0).seq, Seq{2}) << "what was refused used no number";
}

TEST_F(Messages, AnswerOnlyWhatIsThere) {
  EXPECT_EQ(send("one"), Errc{});
  EXPECT_EQ(send("to the next one", Seq{2}), Errc::seq_beyond_log);
  EXPECT_EQ(send("to one", Seq{1}), Errc{});
  EXPECT_EQ(world_.change.events.at(0).reply_to, Seq{1});
}

TEST_F(Messages, SendingMarksNothingRead) {
  world_.send(aki_, chat_);
  EXPECT_EQ(send("mine"), Errc{});
  EXPECT_EQ(marker(), std::pair(1UL, 0UL));
  EXPECT_TRUE(world_.change.registers.empty());
}

TEST_F(Messages, CarryRunningCounts) {
  world_.send(aki_, chat_);
  world_.send(ben_, chat_);
  world_.forget();
  world_.send(aki_, chat_);
  EXPECT_EQ(world_.change.events.at(0).rank, 3U);
  EXPECT_EQ(world_.change.events.at(0).author_rank, 2U);
}

TEST_F(Messages, ARepeatIsTheSameMessageForEver) {
  const auto id = world_.fresh_client_id();
  const auto first = as<Sent>(world_.run(ben_.sender, Send{chat_, "once", {}}, id, 7));
  EXPECT_FALSE(first.duplicate);
  world_.now += std::chrono::hours{1};
  for (const bool restarted : {false, true}) {
    if (restarted) world_.forget();
    const auto again = as<Sent>(world_.run(ben_.sender, Send{chat_, "once", {}}, id, 7));
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.seq, first.seq);
    EXPECT_EQ(again.at, first.at);
    EXPECT_FALSE(world_.change.position);
    EXPECT_EQ(errc(world_.run(ben_.sender, Send{chat_, "other", {}}, id, 8)), Errc::client_id_reused);
  }
  EXPECT_EQ(as<Sent>(world_.run(aki_.sender, Send{chat_, "mine", {}}, id, 7)).seq, Seq{2}) << "unique per author only";
}

TEST_F(Messages, ARepeatWithinTheSameGroup) {
  const auto id = world_.fresh_client_id();
  EXPECT_FALSE(as<Sent>(world_.stage(ben_.sender, Send{chat_, "once", {}}, id)).duplicate);
  EXPECT_TRUE(as<Sent>(world_.stage(ben_.sender, Send{chat_, "once", {}}, id)).duplicate);
  world_.commit();
  EXPECT_EQ(world_.state->conversation(world_.number_of(ben_, chat_))->end.head, Seq{1});
}

TEST_F(Messages, ARefusedRequestDoesNotUseItsClientId) {
  const auto id = world_.fresh_client_id();
  EXPECT_EQ(errc(world_.run(ben_.sender, Send{chat_, "", {}}, id, 1)), Errc::body_empty);
  EXPECT_TRUE(world_.run(ben_.sender, Send{chat_, "x", {}}, id, 2));
}

TEST_F(Messages, ARepeatIsAnsweredAfterTheTieEnded) {
  const auto id = world_.fresh_client_id();
  EXPECT_TRUE(world_.run(ben_.sender, Send{chat_, "once", {}}, id));
  EXPECT_TRUE(world_.run(aki_.sender, TieChange{TieAction::end, "ben"}));
  EXPECT_TRUE(as<Sent>(world_.run(ben_.sender, Send{chat_, "once", {}}, id)).duplicate);
}

TEST_F(Messages, NeedAClientId) {
  Command command{ben_.sender, {}, {}, {}, Send{chat_, "x", {}}};
  CountedEntropy entropy;
  Decision decision(*world_.state, entropy, world_.now);
  EXPECT_EQ(errc(decision.decide(command)), Errc::bad_request);
}

TEST_F(Messages, MarkersOnlyGrowWithinARevision) {
  for (int i = 0; i < 5; ++i) world_.send(aki_, chat_);
  EXPECT_EQ(read(3, 1), Errc{});
  EXPECT_EQ(marker(), std::pair(1UL, 3UL));
  EXPECT_EQ(read(2, 1), Errc{});
  EXPECT_EQ(read(3, 1), Errc{});
  EXPECT_TRUE(world_.change.registers.empty()) << "late and repeated reports write nothing";
  EXPECT_EQ(read(6, 1), Errc::seq_beyond_log);
  EXPECT_EQ(read(0, 1), Errc{}) << "0 is the head";
  EXPECT_EQ(marker(), std::pair(1UL, 5UL));
}

TEST_F(Messages, MarkUnreadBeginsARevisionThatMayGoBack) {
  for (int i = 0; i < 5; ++i) world_.send(aki_, chat_);
  ASSERT_EQ(read(5, 1), Errc{});
  EXPECT_EQ(unread_from(0, 1), Errc::seq_beyond_log);
  EXPECT_EQ(unread_from(6, 1), Errc::seq_beyond_log);
  EXPECT_EQ(unread_from(3, 0), Errc::stale_rev);
  EXPECT_EQ(unread_from(3, 1), Errc{});
  EXPECT_EQ(marker(), std::pair(2UL, 2UL));
  EXPECT_EQ(world_.change.recount.size(), 1U);
  EXPECT_EQ(unread_from(3, 1), Errc::stale_rev);
  EXPECT_EQ(read(5, 1), Errc{}) << "a report of the old revision";
  EXPECT_EQ(marker(), std::pair(2UL, 2UL)) << "moves nothing";
  EXPECT_EQ(read(4, 2), Errc{});
  EXPECT_EQ(marker(), std::pair(2UL, 4UL));
}

TEST_F(Messages, MarkUnreadReachesOnlyWhatOneMaySee) {
  const auto group = world_.group(aki_, {});
  world_.send(aki_, group);
  ASSERT_TRUE(world_.run(aki_.sender, GroupAdd{group, "ben"}));  // 3
  EXPECT_EQ(errc(world_.run(ben_.sender, MarkUnread{group, 1, Seq{2}})), Errc::seq_beyond_log);
  EXPECT_TRUE(world_.run(ben_.sender, MarkUnread{group, 1, Seq{3}}));
}

TEST_F(Messages, FlagsAreWrittenOnlyWhenTheyChange) {
  const auto flag = [&](RegisterKind kind, bool on) { return errc(world_.run(ben_.sender, SetFlag{chat_, kind, on})); };
  EXPECT_EQ(flag(RegisterKind::mute, false), Errc{});
  EXPECT_TRUE(world_.change.registers.empty());
  EXPECT_EQ(flag(RegisterKind::mute, true), Errc{});
  ASSERT_EQ(world_.change.registers.size(), 1U);
  EXPECT_FALSE(world_.change.registers[0].removed);
  EXPECT_EQ(flag(RegisterKind::mute, true), Errc{});
  EXPECT_TRUE(world_.change.registers.empty());
  EXPECT_EQ(flag(RegisterKind::mute, false), Errc{});
  ASSERT_EQ(world_.change.registers.size(), 1U);
  EXPECT_TRUE(world_.change.registers[0].removed) << "a tombstone stays";
  EXPECT_EQ(flag(RegisterKind::marker, true), Errc::bad_request);
}

TEST_F(Messages, RegistersAreDenselyNumbered) {
  const auto before = world_.state->lookup().newest_rseq(ben_.sender.member);
  ASSERT_TRUE(world_.run(ben_.sender, SetFlag{chat_, RegisterKind::pin, true}));
  EXPECT_EQ(world_.change.registers.at(0).rseq, before + 1);
  EXPECT_EQ(errc(world_.run(ben_.sender, SetFlag{bytes_with<PublicId>(1), RegisterKind::pin, true})), Errc::not_found);
  world_.forget();
  ASSERT_TRUE(world_.run(ben_.sender, SetFlag{chat_, RegisterKind::mute, true}));
  EXPECT_EQ(world_.change.registers.at(0).rseq, before + 2);
}

TEST_F(Messages, ADroppedGroupLeavesNoTrace) {
  world_.send(aki_, chat_);
  const auto position = world_.state->counters.position;
  ASSERT_TRUE(world_.stage(ben_.sender, Send{chat_, "lost", {}}));
  ASSERT_TRUE(world_.stage(ben_.sender, MarkRead{chat_, {}, 1}));
  ASSERT_TRUE(world_.stage(ben_.sender, GroupNew{"lost", {"aki"}}));
  world_.state->drop_touched();
  EXPECT_EQ(world_.state->counters.position, position);
  EXPECT_EQ(world_.state->conversation(world_.number_of(ben_, chat_))->end.head, Seq{1});
  EXPECT_EQ(marker(), std::pair(1UL, 0UL));
}

}  // namespace
}  // namespace enishi::test
