// Delivered and read: who is told what of whom, and that neither ever falls.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

class Receipts : public testing::Test {
 protected:
  void done(const Person& who, CommandBody body) { as<Done>(world_.run(who.sender, std::move(body))); }
  Errc refusal(const Person& who, CommandBody body) { return errc(world_.run(who.sender, std::move(body))); }
  void read(const Person& who, std::uint64_t through) {
    as<Marked>(world_.run(who.sender, MarkRead{group_, Seq{through}, world_.marker_of(who, group_).rev}));
  }
  void tie(const Person& who, TieAction action, const std::string& handle) {
    as<TieChanged>(world_.run(who.sender, TieChange{action, handle}));
  }
  /// "aki: ben holds 3, read 2", for each who is told by the last command.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    const auto say = [&](const ReceiptMoved& moved, MemberId to, Seq read) {
      all.push_back(handle_of(to) + ": " + handle_of(moved.member) + " holds " + std::to_string(moved.delivered.value) +
                    ", read " + std::to_string(read.value));
    };
    for (const auto& moved : world_.change.receipts) {
      for (const auto member : *moved.both) say(moved, member, moved.read);
      for (const auto member : *moved.delivered_only) say(moved, member, {});
    }
    std::ranges::sort(all);
    return all;
  }
  std::string handle_of(MemberId id) { return world_.state->lookup().member(id)->handle; }
  Seq register_of(const Person& of, RegisterKind kind) {
    const auto* row = world_.state->find_register(of.sender.member, kind, world_.number_of(of, group_).value);
    return row ? row->seq : Seq{};
  }
  using Told = std::vector<std::string>;

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const Person cho_ = world_.join("cho");  // tied with aki, not with ben
  const PublicId group_ = world_.group(aki_, {"ben", "cho"});
  const Seq last_ = world_.send(aki_, group_);  // 2
};

TEST_F(Receipts, OnlyThoseTiedWithHimHearWhatHeHolds) {
  done(ben_, Stored{group_, last_});
  EXPECT_EQ(told(), Told{"aki: ben holds 2, read 0"}) << "cho is in the group, and has no tie with him";
  done(aki_, Stored{group_, last_});
  EXPECT_EQ(told(), (Told{"ben: aki holds 2, read 0", "cho: aki holds 2, read 0"}));
  EXPECT_EQ(register_of(ben_, RegisterKind::stored), last_);
  EXPECT_EQ(world_.change.events.size(), 0U) << "nothing of it is in the log";
}

TEST_F(Receipts, WhatHeHoldsNeverFalls) {
  world_.send(aki_, group_);  // 3
  done(ben_, Stored{group_, Seq{3}});
  done(ben_, Stored{group_, Seq{2}});
  EXPECT_TRUE(world_.change.receipts.empty()) << "an older report, of another device say, is no news";
  EXPECT_TRUE(world_.change.registers.empty());
  EXPECT_EQ(register_of(ben_, RegisterKind::stored), Seq{3});
}

TEST_F(Receipts, NobodyHoldsWhatIsNotThere) {
  EXPECT_EQ(refusal(ben_, Stored{group_, Seq{3}}), Errc::seq_beyond_log);
  EXPECT_EQ(refusal(ben_, Stored{group_, Seq{}}), Errc::seq_beyond_log);
  const auto dai = world_.join("dai");
  EXPECT_EQ(refusal(dai, Stored{group_, last_}), Errc::not_found);
  EXPECT_EQ(refusal(dai, Stored{bytes_with<PublicId>(9), last_}), Errc::not_found);
  as<Done>(world_.run(aki_.sender, GroupRemove{group_, "ben"}));
  EXPECT_EQ(refusal(ben_, Stored{group_, last_}), Errc::not_found) << "at once";
}

TEST_F(Receipts, ReadIsToldWithTheMarkerAndNeverFalls) {
  world_.send(aki_, group_);  // 3
  done(ben_, Stored{group_, Seq{3}});
  read(ben_, 2);
  EXPECT_EQ(told(), Told{"aki: ben holds 3, read 2"});
  EXPECT_EQ(register_of(ben_, RegisterKind::read_through), Seq{2});
  const auto rev = world_.marker_of(ben_, group_).rev;
  as<Marked>(world_.run(ben_.sender, MarkUnread{group_, rev, Seq{2}}));
  EXPECT_TRUE(told().empty()) << "his own affair";
  read(ben_, 2);
  EXPECT_TRUE(told().empty()) << "known already";
  read(ben_, 3);
  EXPECT_EQ(told(), Told{"aki: ben holds 3, read 3"});
}

TEST_F(Receipts, WhoGivesNoneGetsNone) {
  done(ben_, Stored{group_, last_});
  done(aki_, SetReceipts{false});
  EXPECT_EQ(world_.change.registers.size(), 1U);
  read(ben_, 2);
  EXPECT_EQ(told(), Told{"aki: ben holds 2, read 0"}) << "aki gives none; that it was delivered he may know";
  world_.forget();
  done(cho_, Stored{group_, last_});
  read(cho_, 2);
  EXPECT_EQ(told(), Told{"aki: cho holds 2, read 0"}) << "after a restart as well";
  done(aki_, SetReceipts{true});
  world_.send(aki_, group_);  // 3
  read(ben_, 3);
  EXPECT_EQ(told(), Told{"aki: ben holds 2, read 3"});
}

TEST_F(Receipts, WhoHasThemOffTellsNothingOfWhatHeReads) {
  done(ben_, SetReceipts{false});
  done(ben_, SetReceipts{false});
  EXPECT_TRUE(world_.change.registers.empty()) << "off already";
  read(ben_, 2);
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(register_of(ben_, RegisterKind::read_through), Seq{});
  done(ben_, Stored{group_, last_});
  EXPECT_EQ(told(), Told{"aki: ben holds 2, read 0"}) << "delivered is no read receipt";
  done(ben_, SetReceipts{true});
  EXPECT_TRUE(told().empty()) << "what was read meanwhile is not told";
  EXPECT_EQ(register_of(ben_, RegisterKind::read_through), Seq{});
}

TEST_F(Receipts, WhatWasReadBeforeTheyWereOffIsNotToldWhileTheyAre) {
  read(ben_, 2);
  done(ben_, SetReceipts{false});
  world_.send(aki_, group_);  // 3
  done(ben_, Stored{group_, Seq{3}});
  EXPECT_EQ(told(), Told{"aki: ben holds 3, read 0"});
}

TEST_F(Receipts, AnEndedOrBlockedTieHearsNothingMore) {
  tie(aki_, TieAction::end, "ben");
  done(ben_, Stored{group_, last_});
  EXPECT_TRUE(told().empty());
  tie(cho_, TieAction::block, "aki");
  done(cho_, Stored{group_, last_});
  read(cho_, 2);
  EXPECT_TRUE(told().empty());
  done(aki_, Stored{group_, last_});
  EXPECT_TRUE(told().empty()) << "nor does the one who blocks";
}

TEST_F(Receipts, NotesToOneselfAreNobodyElses) {
  const auto self = world_.self(aki_);
  world_.send(aki_, self);
  as<Marked>(world_.run(aki_.sender, MarkRead{self, Seq{1}, world_.marker_of(aki_, self).rev}));
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(std::ranges::none_of(world_.change.registers,
                                   [](const auto& row) { return row.kind == RegisterKind::read_through; }));
}

}  // namespace
}  // namespace enishi::test
