// Receipts, profiles and pictures: what is read for whom, and what comes by itself.
#include <gtest/gtest.h>

#include "delivery/reading.h"
#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::Seq;
using Lines = std::vector<std::string>;

const std::string kPng = "\x89PNG\r\n\x1A\n and the rest";

std::string line_of(const v1::Receipt& receipt) {
  return receipt.handle() + " " + std::to_string(receipt.delivered_seq()) + " " + std::to_string(receipt.read_seq());
}

class PeopleRead : public testing::Test {
 protected:
  v1::ServerFrame ask(const Person& who, decltype(delivery::Query::what) what) {
    const delivery::Query query{{0, 1, 5}, who.sender, std::move(what)};
    const auto before = desk_.store.read_count();
    const auto answer = delivery::answer(*desk_.reader, query, {}, desk_.now);
    reads_ = desk_.store.read_count() - before;
    return answer.frames.empty() ? v1::ServerFrame{} : read_frame(answer.frames[0]);
  }
  Lines receipts(const Person& who) {
    Lines lines;
    const auto answer = ask(who, delivery::ReceiptsOf{chat_});
    EXPECT_TRUE(answer.has_receipts());
    for (const auto& each : answer.receipts().receipts()) {
      EXPECT_EQ(each.conversation_id(), chat_.view());
      lines.push_back(line_of(each));
    }
    return lines;
  }
  void read(const Person& who, std::uint64_t through) {
    EXPECT_TRUE(desk_.ask(who.sender, core::MarkRead{chat_, Seq{through}, 1}).has_marked());
  }
  void refused(const Person& who, decltype(delivery::Query::what) what, v1::ErrorCode code = v1::ERROR_CODE_NOT_FOUND) {
    EXPECT_EQ(ask(who, std::move(what)).error().code(), code);
  }
  /// The same bytes and the same number of reads.
  void expect_alike(const Person& who, decltype(delivery::Query::what) one, decltype(delivery::Query::what) other) {
    const auto first = ask(who, std::move(one));
    const auto reads = reads_;
    EXPECT_EQ(first.SerializeAsString(), ask(who, std::move(other)).SerializeAsString());
    EXPECT_EQ(reads, reads_);
    EXPECT_TRUE(first.has_error());
  }

  Desk desk_;
  Person aki_ = desk_.join("aki");
  Person ben_ = desk_.join("ben");
  Person cho_ = desk_.join("cho");
  Person dai_ = desk_.join("dai");  // in no conversation with ben and cho
  core::PublicId chat_ = desk_.group(aki_, {"ben", "cho"});
  std::size_t reads_ = 0;
};

TEST_F(PeopleRead, ReceiptsOfThoseTied) {
  EXPECT_EQ(receipts(aki_), Lines{}) << "nothing is known yet";
  for (int i = 0; i < 3; ++i) desk_.step(aki_.sender, core::Send{chat_, "hello", {}});
  desk_.step(ben_.sender, core::Stored{chat_, Seq{4}});
  desk_.step(cho_.sender, core::Stored{chat_, Seq{3}});
  read(cho_, 2);
  EXPECT_EQ(receipts(aki_), (Lines{"ben 4 0", "cho 3 2"}));
  EXPECT_EQ(receipts(ben_), Lines{}) << "cho is tied with aki only, who has told nothing";
  desk_.tie(ben_, cho_);
  EXPECT_EQ(receipts(ben_), (Lines{"cho 3 2"}));
  desk_.step(aki_.sender, core::TieChange{core::TieAction::block, "cho"});
  EXPECT_EQ(receipts(aki_), (Lines{"ben 4 0"}));
  EXPECT_EQ(receipts(cho_), (Lines{"ben 4 0"}));
  desk_.step(aki_.sender, core::GroupRemove{chat_, "ben"});
  EXPECT_EQ(receipts(aki_), Lines{});
}

TEST_F(PeopleRead, ReadReceiptsAreReciprocal) {
  desk_.step(aki_.sender, core::Send{chat_, "hello", {}});
  desk_.step(ben_.sender, core::Stored{chat_, Seq{2}});
  read(ben_, 2);
  EXPECT_EQ(receipts(aki_), (Lines{"ben 2 2"}));
  desk_.step(aki_.sender, core::SetReceipts{false});
  EXPECT_EQ(receipts(aki_), (Lines{"ben 2 0"})) << "who gives none gets none";
  desk_.step(aki_.sender, core::SetReceipts{true});
  desk_.step(ben_.sender, core::SetReceipts{false});
  EXPECT_EQ(receipts(aki_), (Lines{"ben 2 0"}));
}

TEST_F(PeopleRead, WhoMayNotKnowIsToldThatThereIsNothing) {
  const auto none = bytes_with<core::PublicId>(99);
  expect_alike(dai_, delivery::ReceiptsOf{chat_}, delivery::ReceiptsOf{none});
  expect_alike(dai_, delivery::MembersOf{chat_}, delivery::MembersOf{none});
  EXPECT_TRUE(desk_.ask(ben_.sender, core::SetPicture{bytes_with<core::PublicId>(7), kPng}).has_ok());
  expect_alike(dai_, delivery::PictureOf{"ben", chat_}, delivery::PictureOf{"ben", none});
  refused(dai_, delivery::PictureOf{"ben", {}});
  EXPECT_EQ(ask(dai_, delivery::PictureOf{"ben", {}}).SerializeAsString(),
            ask(dai_, delivery::PictureOf{"nobody", {}}).SerializeAsString());
}

TEST_F(PeopleRead, PicturesOfTiesOfFellowsAndOfOneself) {
  const auto name = bytes_with<core::PublicId>(7);
  EXPECT_TRUE(desk_.ask(ben_.sender, core::SetPicture{name, kPng}).has_ok());
  const auto tied = ask(aki_, delivery::PictureOf{"ben", {}}).picture();
  EXPECT_EQ(tied.picture(), kPng);
  EXPECT_EQ(tied.picture_id(), name.view());
  EXPECT_EQ(ask(ben_, delivery::PictureOf{"ben", {}}).picture().picture(), kPng);
  refused(cho_, delivery::PictureOf{"ben", {}});
  EXPECT_EQ(ask(cho_, delivery::PictureOf{"ben", chat_}).picture().picture(), kPng) << "both are in the group";
  refused(aki_, delivery::PictureOf{"cho", {}});  // he has none
  desk_.step(aki_.sender, core::GroupRemove{chat_, "ben"});
  refused(cho_, delivery::PictureOf{"ben", chat_});
  desk_.step(ben_.sender, core::SetPicture{{}, ""});
  refused(aki_, delivery::PictureOf{"ben", {}});
}

TEST_F(PeopleRead, MembersByHandleWithWhatTheyShow) {
  desk_.step(ben_.sender, core::SetProfile{"Benjamin", 120});
  const auto list = ask(cho_, delivery::MembersOf{chat_}).member_views();
  ASSERT_EQ(list.members_size(), 3);
  EXPECT_EQ(list.members(0).person().handle(), "aki");
  EXPECT_TRUE(list.members(0).owner());
  EXPECT_EQ(list.members(1).person().name(), "Benjamin") << "also to one who has no tie with him";
  EXPECT_EQ(list.members(1).person().hue(), 120U);
  EXPECT_FALSE(list.members(1).owner());
  const auto direct = ask(aki_, delivery::MembersOf{desk_.direct(aki_, ben_)}).member_views();
  ASSERT_EQ(direct.members_size(), 2);
  EXPECT_FALSE(direct.members(0).owner()) << "a direct conversation has no owner";
}

class PeopleLive : public testing::Test {
 protected:
  static Lines receipts(Client& client) {
    Lines lines;
    for (const auto& frame : client.take())
      if (frame.has_receipt()) lines.push_back(line_of(frame.receipt()));
    return lines;
  }
  v1::ClientFrame stored(std::uint64_t through) const {
    v1::ClientFrame frame;
    frame.mutable_stored()->set_conversation_id(std::string(chat_.view()));
    frame.mutable_stored()->set_through_seq(through);
    return frame;
  }

  Rig rig_{2};
  Person aki_ = rig_.desk.join("aki");
  Person ben_ = rig_.desk.join("ben");
  core::PublicId chat_ = rig_.desk.direct(aki_, ben_);
};

TEST_F(PeopleLive, AReceiptComesByItselfOnEveryLoop) {
  auto aki = rig_.connect(aki_, 0), pc = rig_.connect(aki_, 1), ben = rig_.connect(ben_, 1);
  rig_.send(aki_, chat_);
  rig_.settle();
  aki->take(), pc->take(), ben->take();
  EXPECT_TRUE(ben->ask(stored(1)).has_ok());
  EXPECT_EQ(receipts(*aki), Lines{"ben 1 0"});
  EXPECT_EQ(receipts(*pc), Lines{"ben 1 0"});
  EXPECT_EQ(receipts(*ben), Lines{}) << "he has a register";
  EXPECT_EQ(ben->ask(stored(2)).error().code(), v1::ERROR_CODE_SEQ_BEYOND_LOG);
}

TEST_F(PeopleLive, UnderPressureAReceiptIsDroppedAndAskedForLater) {
  auto aki = rig_.connect(aki_), ben = rig_.connect(ben_);
  rig_.send(aki_, chat_);
  rig_.settle();
  aki->take();
  aki->queued = rig_.limits.outbox_signal_bytes + 1;
  aki->reads = false;
  EXPECT_TRUE(ben->ask(stored(1)).has_ok());
  EXPECT_EQ(receipts(*aki), Lines{});
  aki->queued = 0;
  aki->reads = true;
  v1::ClientFrame frame;
  frame.mutable_receipts_ask()->set_conversation_id(std::string(chat_.view()));
  const auto answer = aki->ask(frame).receipts();
  ASSERT_EQ(answer.receipts_size(), 1);
  EXPECT_EQ(line_of(answer.receipts(0)), "ben 1 0");
}

TEST_F(PeopleLive, AChangedProfileIsInTheTieAndInTheNextWelcome) {
  auto aki = rig_.connect(aki_), ben = rig_.connect(ben_, 1);
  aki->take(), ben->take();
  v1::ClientFrame frame;
  frame.mutable_set_profile()->set_name("Benjamin");
  frame.mutable_set_profile()->set_hue(40);
  EXPECT_TRUE(ben->ask(frame).has_ok());
  Lines told;
  for (const auto& each : aki->take())
    for (const auto& entry : each.batch().registers())
      told.push_back(v1::RegisterKind_Name(entry.kind()) + " " + entry.person().name());
  EXPECT_EQ(told, Lines{"REGISTER_KIND_TIE Benjamin"});
  told.clear();
  for (const auto& each : ben->take())
    for (const auto& entry : each.batch().registers())
      told.push_back(v1::RegisterKind_Name(entry.kind()) + " " + entry.person().name());
  EXPECT_EQ(told, Lines{"REGISTER_KIND_PROFILE Benjamin"});
  // On the loop that found him before, and on the other.
  for (const std::uint32_t loop : {0U, 1U}) {
    auto again = rig_.connect(ben_, loop);
    std::string name;
    for (const auto& each : again->frames)
      if (each.has_welcome()) name = each.welcome().member().name();
    EXPECT_EQ(name, "Benjamin");
  }
}

}  // namespace
}  // namespace enishi::test
