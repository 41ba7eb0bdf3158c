// Drafts: compare-and-set, and nothing that was typed is dropped.
#include <gtest/gtest.h>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

class Drafts : public testing::Test {
 protected:
  DraftPut put(const Sender& by, std::uint64_t base, std::string text, bool keep = false) {
    const auto caret = static_cast<std::uint32_t>(count_of(text));
    return as<DraftPut>(world_.run(by, PutDraft{chat_, base, std::move(text), caret, {}, keep}));
  }
  static std::size_t count_of(const std::string& text) { return text.size(); }
  Register* draft() { return world_.state->find_register(aki_.sender.member, RegisterKind::draft, number().value); }
  ConversationId number() { return world_.number_of(aki_, chat_); }
  std::vector<std::string> kept() {
    std::vector<std::string> texts;
    for (std::uint64_t place = 1; place <= kKeptDraftsMax; ++place) {
      const auto* row = world_.state->live_register(aki_.sender.member, RegisterKind::kept_draft,
                                                    message_object(number(), Seq{place}));
      if (row) texts.push_back(row->text);
    }
    return texts;
  }
  Sender second_device() {
    const auto secret = bytes_with<SecretHash>(77);
    const auto key = bytes_with<PublicKey>(78);
    EXPECT_TRUE(world_.run(aki_.sender, PairOffer{secret}));
    EXPECT_TRUE(world_.run({}, PairPresent{secret, "pc", key}));
    EXPECT_TRUE(world_.run(aki_.sender, PairDecide{secret, key, true}));
    const auto* device = world_.state->device_by_key(key);
    return device ? Sender{aki_.sender.member, device->id, device->generation} : Sender{};
  }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const PublicId chat_ = world_.direct(aki_, ben_);
  const Sender phone_ = aki_.sender;
  const Sender pc_ = second_device();
};

TEST_F(Drafts, FollowTheirRevision) {
  EXPECT_EQ(put(phone_, 0, "he").rev, 1U);
  const auto more = put(pc_, 1, "hello");
  EXPECT_TRUE(more.won);
  EXPECT_EQ(more.rev, 2U);
  EXPECT_EQ(draft()->text, "hello");
  EXPECT_EQ(draft()->by_device, pc_.device);
  EXPECT_TRUE(kept().empty()) << "what the new text begins with is in it";
}

TEST_F(Drafts, ALoserIsKeptBesideTheWinner) {
  put(phone_, 0, "from the phone");
  const auto lost = put(pc_, 0, "from the pc");
  EXPECT_FALSE(lost.won);
  EXPECT_EQ(lost.rev, 1U);
  EXPECT_EQ(draft()->text, "from the phone");
  EXPECT_EQ(kept(), std::vector<std::string>{"from the pc"});
  EXPECT_FALSE(put(pc_, 0, "from the pc").won) << "once more";
  EXPECT_EQ(kept().size(), 1U) << "a repeat takes no second place";
  EXPECT_FALSE(put(pc_, 0, "from the pc, and more").won);
  EXPECT_EQ(kept(), std::vector<std::string>{"from the pc, and more"}) << "what it went on with takes its place";
}

TEST_F(Drafts, WhatIsABeginningOfTheWinnerTakesNoPlace) {
  put(phone_, 0, "hello there");
  EXPECT_FALSE(put(pc_, 0, "hello").won);
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(put(phone_, 1, "hello there").won) << "the same text once more changes nothing";
  EXPECT_EQ(draft()->rev, 1U);
}

TEST_F(Drafts, AnotherDevicesTextThatIsReplacedIsKept) {
  put(phone_, 0, "one thing");
  EXPECT_TRUE(put(pc_, 1, "another").won);
  EXPECT_EQ(kept(), std::vector<std::string>{"one thing"});
  EXPECT_TRUE(put(pc_, 2, "a third").won);
  EXPECT_EQ(kept(), std::vector<std::string>{"one thing"}) << "one's own text is typed over by hand";
  EXPECT_TRUE(put(pc_, 3, "a fourth", true).won);
  EXPECT_EQ(kept().size(), 2U) << "unless it was not seen";
}

TEST_F(Drafts, FiveAreKeptTheOldestGives) {
  put(phone_, 0, "winner");
  for (int i = 1; i <= 7; ++i) put(pc_, 0, "loser " + std::to_string(i));
  const auto left = kept();
  EXPECT_EQ(left.size(), 5U);
  for (const auto* gone : {"loser 1", "loser 2"}) EXPECT_EQ(std::ranges::count(left, gone), 0) << gone;
}

TEST_F(Drafts, SendingClearsThatTextAndNoOther) {
  put(phone_, 0, "see you at ni");
  put(pc_, 0, "see you at nine, or");  // lost, kept
  const auto sent = as<Sent>(world_.run(phone_, Send{chat_, "see you at nine, or ten", {}, {}, 1}));
  EXPECT_TRUE(draft()->removed);
  EXPECT_EQ(draft()->rev, 2U) << "revisions go on";
  EXPECT_EQ(draft()->seq, sent.seq);
  EXPECT_TRUE(kept().empty()) << "it is in what was sent";
  EXPECT_FALSE(put(pc_, 1, "see you at").won) << "a late beginning of it does not come back";
  EXPECT_TRUE(draft()->removed);
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(put(pc_, 2, "something else").won);
  EXPECT_TRUE(world_.run(phone_, Send{chat_, "unrelated", {}, {}, 0}));
  EXPECT_TRUE(world_.run(phone_, Send{chat_, "of an older draft", {}, {}, 2}));
  EXPECT_EQ(draft()->text, "something else") << "no other text is cleared";
}

TEST_F(Drafts, ATextThatWasChangedBeforeItWasSavedIsClearedByItsRevision) {
  put(phone_, 0, "helo wor");
  EXPECT_TRUE(world_.run(phone_, Send{chat_, "hello world", {}, {}, 2})) << "the save of it was lost on the way";
  EXPECT_TRUE(draft()->removed);
  put(pc_, 2, "mine");
  EXPECT_TRUE(world_.run(phone_, Send{chat_, "hello again", {}, {}, 4}));
  EXPECT_FALSE(draft()->removed) << "another device's is not taken for one's own";
}

TEST_F(Drafts, AnEmptyTextClearsAndKeepsWhatAnotherWrote) {
  put(phone_, 0, "typed on the phone");
  EXPECT_TRUE(put(pc_, 1, "").won);
  EXPECT_TRUE(draft()->removed);
  EXPECT_EQ(draft()->rev, 2U);
  EXPECT_EQ(kept(), std::vector<std::string>{"typed on the phone"});
  EXPECT_TRUE(put(pc_, 2, "").won) << "empty already";
  EXPECT_TRUE(put(pc_, 2, "typed on the phone").won);
  EXPECT_TRUE(kept().empty()) << "it is the draft again";
}

TEST_F(Drafts, OfAMonthAgoAreFreed) {
  put(phone_, 0, "winner");
  put(pc_, 0, "old loser");
  ASSERT_EQ(kept().size(), 1U);
  world_.now += std::chrono::hours{31 * 24};
  put(phone_, 1, "winner goes on");
  EXPECT_TRUE(kept().empty());
}

TEST_F(Drafts, AKeptOneIsDroppedByItsRevision) {
  put(phone_, 0, "winner");
  put(pc_, 0, "loser");
  const auto object = message_object(number(), Seq{1});
  const auto rev = world_.state->live_register(aki_.sender.member, RegisterKind::kept_draft, object)->rev;
  EXPECT_TRUE(world_.run(phone_, DropKept{chat_, 1, rev + 1}));
  EXPECT_EQ(kept().size(), 1U) << "another one";
  EXPECT_TRUE(world_.run(phone_, DropKept{chat_, 1, rev}));
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(world_.run(phone_, DropKept{chat_, 1, rev})) << "gone already";
}

TEST_F(Drafts, WhatIsRefused) {
  const auto stranger = world_.join("dai");
  const auto refusal = [&](const Sender& by, PutDraft draft) { return errc(world_.run(by, std::move(draft))); };
  EXPECT_EQ(refusal(stranger.sender, {chat_, 0, "x", 0}), Errc::not_found);
  EXPECT_EQ(refusal(phone_, {chat_, 0, std::string(16 * 1024 + 1, 'x'), 0}), Errc::body_too_large);
  EXPECT_EQ(refusal(phone_, {chat_, 0, "\xFF", 0}), Errc::not_utf8);
  EXPECT_EQ(refusal(phone_, {chat_, 0, "\xE3\x81\x82", 2}), Errc::bad_request) << "one code point";
  EXPECT_EQ(refusal(phone_, {chat_, 0, "x", 1, Seq{99}}), Errc::seq_beyond_log);
  EXPECT_EQ(errc(world_.run(stranger.sender, DropKept{chat_, 1, 1})), Errc::not_found);
}

}  // namespace
}  // namespace enishi::test
