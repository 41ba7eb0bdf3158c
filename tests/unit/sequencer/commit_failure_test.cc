// A group that cannot be written, or not be told: nothing is claimed, nothing is lost.
#include <gtest/gtest.h>

#include "unit/sequencer/desk.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the core, all over this file

class CommitFailure : public testing::Test {
 protected:
  Command send(const std::string& body) { return desk_.command(ben_.sender, Send{chat_, body, {}}); }

  Desk desk_;
  const Person aki_ = desk_.join("aki");
  const Person ben_ = desk_.join("ben");
  const PublicId chat_ = desk_.direct(aki_, ben_);
};

TEST_F(CommitFailure, EverybodyRepeatsAndNothingWasNumbered) {
  struct Case {
    Errc code;
    v1::ErrorCode shown;
  };
  for (const auto& [code, shown] :
       {Case{Errc::retry, v1::ERROR_CODE_RETRY}, Case{Errc::store_full, v1::ERROR_CODE_STORE_FULL}}) {
    const auto before = desk_.reader->counters().position;
    const auto head = desk_.reader->log_end(desk_.reader->membership(ben_.sender.member, chat_)->conversation).head;
    const std::vector commands{send("one"), send(""), send("two"),
                               desk_.command(aki_.sender, GroupNew{"lost", {"ben"}})};
    desk_.store.fail_commits(code);
    const auto failed = desk_.step(commands);
    for (const auto& command : commands) {
      EXPECT_EQ(desk_.answer(failed, command).error().code(), shown);
      EXPECT_GT(desk_.answer(failed, command).error().retry_after_ms(), 0U);
    }
    EXPECT_TRUE(failed->items.empty());
    EXPECT_TRUE(failed->ties.empty());
    EXPECT_EQ(failed->frontier, nullptr);
    EXPECT_EQ(failed->last, before);

    // The same requests, once there is room again: as if they came for the first time.
    const auto done = desk_.step(commands);
    EXPECT_EQ(desk_.answer(done, commands[0]).sent().seq(), head.value + 1);
    EXPECT_FALSE(desk_.answer(done, commands[0]).sent().duplicate());
    EXPECT_EQ(desk_.answer(done, commands[2]).sent().seq(), head.value + 2);
    EXPECT_EQ(done->last.value, before.value + 3);
  }
}

TEST_F(CommitFailure, StateIsReadAgain) {
  desk_.step({send("kept")});
  desk_.store.fail_commits(Errc::retry);
  desk_.step({send("lost")});
  const auto before = desk_.store.read_count();
  const auto again = send("next");
  EXPECT_EQ(desk_.answer(desk_.step({again}), again).sent().seq(), 2U);
  EXPECT_GT(desk_.store.read_count(), before);
}

TEST_F(CommitFailure, AFailedStoreEndsTheProcess) {
  desk_.store.fail_commits(Errc::store_failed);
  const auto group = desk_.try_step({send("x")});
  ASSERT_FALSE(group);
  EXPECT_EQ(errc(group), Errc::store_failed);
}

TEST_F(CommitFailure, WhatAFailedFlushWroteAllTheSameIsFoundByTheRepeat) {
  const auto command = send("maybe");
  desk_.store.fail_commits(Errc::store_failed, 1, storage::Aftermath::written);
  EXPECT_FALSE(desk_.try_step({command}));
  desk_.restart();
  const auto again = desk_.answer(desk_.step({command}), command);
  EXPECT_EQ(again.sent().seq(), 1U);
  EXPECT_TRUE(again.sent().duplicate());
}

TEST_F(CommitFailure, AStoreThatCannotBeReadRefusesTheGroup) {
  desk_.restart();  // nothing is in memory
  desk_.store.fail_reads(Errc::store_failed);
  const auto command = send("x");
  const auto group = desk_.step({command});
  EXPECT_EQ(desk_.answer(group, command).error().code(), v1::ERROR_CODE_RETRY);
  EXPECT_EQ(desk_.answer(desk_.step({command}), command).sent().seq(), 1U);
}

TEST_F(CommitFailure, WhatIsCommittedButCannotBeToldIsReadFromTheLog) {
  desk_.step(
      {desk_.command(aki_.sender, Send{chat_, "unread", {}}), desk_.command(aki_.sender, Send{chat_, "unread", {}})});
  const auto mark = desk_.command(ben_.sender, MarkRead{chat_, Seq{1}, 1});
  auto revoke = desk_.command(aki_.sender, DeviceRevoke{desk_.device(ben_)});
  // Refused requests bring into memory what the decisions read. Unread numbers are read after the commit.
  EXPECT_TRUE(desk_.answer(desk_.step({revoke}), revoke).has_error());
  EXPECT_TRUE(desk_.ask(ben_.sender, MarkRead{chat_, Seq{1}, 0}).has_marked());
  EXPECT_TRUE(desk_.ask(aki_.sender, SetFlag{chat_, RegisterKind::mute, true}).has_ok());
  EXPECT_TRUE(desk_.ask(ben_.sender, Stored{chat_, Seq{1}}).has_ok());
  revoke.body = DeviceRevoke{desk_.device(aki_)};

  const auto commits = desk_.store.commit_count();
  desk_.store.fail_reads(Errc::retry);
  const auto group = desk_.step({mark, revoke});
  EXPECT_TRUE(group->must_resume);
  EXPECT_EQ(desk_.store.commit_count(), commits + 1);
  EXPECT_TRUE(group->items.empty());
  EXPECT_NE(group->frontier, nullptr);
  ASSERT_EQ(group->revoked.size(), 1U) << "a revocation is told whatever happens";
  EXPECT_EQ(desk_.answer(group, mark).error().code(), v1::ERROR_CODE_RETRY);
  const auto again = desk_.answer(desk_.step({mark}), mark);
  EXPECT_EQ(again.marked().head().marker(), 1U) << "a repeat gets the answer";
  EXPECT_EQ(again.marked().head().unread(), 1U);
}

TEST_F(CommitFailure, PositionsGoOnAfterARestart) {
  const auto before = desk_.step({send("one")})->last;
  desk_.restart();
  EXPECT_EQ(desk_.incarnation.first.value, before.value + 1);
  EXPECT_EQ(desk_.step({send("two")})->last.value, before.value + 1);
}

TEST_F(CommitFailure, AnOfferGoesWithItsGroup) {
  const PairOffer offer{bytes_with<SecretHash>(70)};
  const PairPresent present{offer.secret_hash, "pc", bytes_with<PublicKey>(71)};
  desk_.store.fail_commits(Errc::retry);
  const auto lost = desk_.command(aki_.sender, offer);
  const auto failed = desk_.step({lost, send("in the same group")});
  EXPECT_EQ(desk_.answer(failed, lost).error().code(), v1::ERROR_CODE_RETRY);
  EXPECT_EQ(desk_.ask({}, present).error().code(), v1::ERROR_CODE_PAIRING_UNKNOWN) << "it was never offered";

  // What a failed group did to an offer that was there is undone as well: it can still be presented by another.
  EXPECT_TRUE(desk_.ask(aki_.sender, offer).has_ok());
  desk_.store.fail_commits(Errc::retry);
  const auto stranger = desk_.command({}, PairPresent{offer.secret_hash, "other", bytes_with<PublicKey>(72)});
  const auto again = desk_.step({stranger, send("in the same group")});
  EXPECT_EQ(desk_.answer(again, stranger).error().code(), v1::ERROR_CODE_RETRY);
  EXPECT_EQ(again->replies.size(), 2U) << "nobody was told of the newcomer";
  EXPECT_TRUE(desk_.ask({}, present).has_pair_presented());
  desk_.store.fail_commits(Errc::retry);
  const auto decide = desk_.command(aki_.sender, PairDecide{offer.secret_hash, present.key, true});
  EXPECT_EQ(desk_.answer(desk_.step({decide}), decide).error().code(), v1::ERROR_CODE_RETRY);
  EXPECT_TRUE(desk_.answer(desk_.step({decide}), decide).has_ok()) << "the same request, once more";
}

}  // namespace
}  // namespace enishi::test
