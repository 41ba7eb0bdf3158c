// What a member shows of himself: who hears of a change, and what is no picture.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/text.h"
#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

const std::string kPng = "\x89PNG\r\n\x1A\n and the rest";

class Profiles : public testing::Test {
 protected:
  void done(const Person& who, CommandBody body) { as<Done>(world_.run(who.sender, std::move(body))); }
  Errc refusal(const Person& who, CommandBody body) { return errc(world_.run(who.sender, std::move(body))); }
  Member member(const Person& who) { return *world_.state->lookup().member(who.sender.member); }
  /// Whose TIE registers the last command wrote.
  std::vector<MemberId> tied_told() {
    std::vector<MemberId> all;
    for (const auto& row : world_.change.registers)
      if (row.kind == RegisterKind::tie) all.push_back(row.member);
    std::ranges::sort(all);
    return all;
  }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const Person cho_ = world_.join("cho");  // tied with aki only
};

TEST_F(Profiles, ThoseTiedWithHimHearOfItByTheirTie) {
  const auto since = world_.state->find_register(ben_.sender.member, RegisterKind::tie, aki_.sender.member.value)->at;
  world_.now += std::chrono::hours{1};
  done(aki_, SetProfile{"Aki M.", 200});
  EXPECT_EQ(member(aki_).name, "Aki M.");
  EXPECT_EQ(member(aki_).hue, 200U);
  EXPECT_EQ(tied_told(), (std::vector{ben_.sender.member, cho_.sender.member}));
  const auto mine = std::ranges::count(world_.change.registers, RegisterKind::profile, &Register::kind);
  EXPECT_EQ(mine, 1) << "and his own devices by a register of theirs";
  for (const auto& row : world_.change.registers)
    if (row.kind == RegisterKind::tie) {
      EXPECT_EQ(row.tie, TieState::mutual);
      EXPECT_EQ(row.at, since) << "the tie is as old as it was";
    }
  done(ben_, SetProfile{"Ben", 0});
  EXPECT_EQ(tied_told(), std::vector{aki_.sender.member}) << "cho has no tie with him";
}

TEST_F(Profiles, WhatIsSoAlreadyIsNoChange) {
  done(aki_, SetProfile{"Aki", 10});
  done(aki_, SetProfile{"Aki", 10});
  EXPECT_TRUE(world_.change.registers.empty());
  EXPECT_TRUE(world_.change.members.empty());
}

TEST_F(Profiles, AnEndedTieHearsNothing) {
  as<TieChanged>(world_.run(ben_.sender, TieChange{TieAction::end, "aki"}));
  done(aki_, SetProfile{"Aki M.", 0});
  EXPECT_EQ(tied_told(), std::vector{cho_.sender.member});
  as<TieChanged>(world_.run(cho_.sender, TieChange{TieAction::block, "aki"}));
  done(aki_, SetProfile{"Aki N.", 0});
  EXPECT_TRUE(tied_told().empty());
}

TEST_F(Profiles, WhomHeAskedHearsWhoAsks) {
  as<TieChanged>(world_.run(ben_.sender, TieChange{TieAction::ask, "cho"}));
  done(ben_, SetProfile{"Benjamin", 5});
  EXPECT_EQ(tied_told(), (std::vector{aki_.sender.member, cho_.sender.member}));
  done(cho_, SetProfile{"Chiyo", 5});
  EXPECT_EQ(tied_told(), std::vector{aki_.sender.member}) << "who asked knows no name before he is tied";
}

TEST_F(Profiles, AHandleThatNobodyHasIsWrittenNoTie) {
  as<TieChanged>(world_.run(ben_.sender, TieChange{TieAction::ask, "nobody"}));
  done(ben_, SetProfile{"Benjamin", 5});
  for (const auto& row : world_.change.registers) {
    EXPECT_TRUE(row.kind != RegisterKind::tie || row.member == aki_.sender.member || row.tie == TieState::asked_in);
  }
}

TEST_F(Profiles, NamesAndHuesHaveTheirBounds) {
  EXPECT_EQ(refusal(aki_, SetProfile{"", 0}), Errc::bad_name);
  EXPECT_EQ(refusal(aki_, SetProfile{"  ", 0}), Errc::bad_name);
  EXPECT_EQ(refusal(aki_, SetProfile{std::string(65, 'x'), 0}), Errc::bad_name);
  EXPECT_EQ(refusal(aki_, SetProfile{"\xFF", 0}), Errc::bad_name);
  EXPECT_EQ(refusal(aki_, SetProfile{"Aki", 361}), Errc::bad_request);
  done(aki_, SetProfile{std::string(64, 'x'), 360});
}

TEST_F(Profiles, APictureIsKeptAndRemoved) {
  const auto name = bytes_with<PublicId>(7);
  done(aki_, SetPicture{name, kPng});
  EXPECT_EQ(member(aki_).picture_id, name);
  EXPECT_EQ(world_.state->lookup().picture(aki_.sender.member), kPng);
  EXPECT_EQ(tied_told().size(), 2U);
  done(aki_, SetPicture{name, kPng});
  EXPECT_TRUE(world_.change.pictures.empty()) << "the same one";
  world_.forget();
  EXPECT_EQ(world_.state->lookup().picture(aki_.sender.member), kPng);
  done(aki_, SetPicture{{}, ""});
  EXPECT_TRUE(member(aki_).picture_id.is_zero());
  EXPECT_EQ(world_.state->lookup().picture(aki_.sender.member), "");
  EXPECT_EQ(member(aki_).name, "Name of aki") << "the name stays";
}

TEST_F(Profiles, WhatIsNoPictureIsRefused) {
  const auto name = bytes_with<PublicId>(7);
  EXPECT_EQ(refusal(aki_, SetPicture{name, "<svg/>"}), Errc::bad_request);
  EXPECT_EQ(refusal(aki_, SetPicture{name, "GIF89a"}), Errc::bad_request);
  EXPECT_EQ(refusal(aki_, SetPicture{name, kPng + std::string(24 * 1024, 'x')}), Errc::body_too_large);
  EXPECT_TRUE(member(aki_).picture_id.is_zero());
  for (const std::string& good : {kPng, std::string("\xFF\xD8\xFF and"), std::string("RIFF....WEBPVP8 ")})
    EXPECT_TRUE(is_picture(good));
  for (const std::string& bad : {std::string(), std::string("RIFF....WAVE...."), std::string("\x89PNG")})
    EXPECT_FALSE(is_picture(bad));
}

}  // namespace
}  // namespace enishi::test
