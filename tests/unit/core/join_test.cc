// Accounts: the invitations that make them, and who is tied with whom from then on.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

Join join_with(const SecretHash& secret, const std::string& handle, std::uint64_t key) {
  return {secret, handle, "Somebody", "phone", bytes_with<PublicKey>(10'000 + key)};
}

SecretHash invite(World& world, const Person& by, std::uint32_t uses, std::chrono::seconds lifetime,
                  PublicId* id = nullptr) {
  static std::uint64_t count = 100;
  const auto secret = bytes_with<SecretHash>(++count);
  const auto made = as<InvitationMade>(world.run(by.sender, InviteMake{secret, uses, lifetime, "come in", false}));
  if (id) *id = made.invitation.public_id;
  return secret;
}

TEST(Join, TheFirstMemberIsTheOwnerAndHasNoInviter) {
  World world;
  const auto owner = world.join("aki");
  EXPECT_EQ(world.state->counters.owner, owner.sender.member);
  EXPECT_FALSE(world.state->member_of(owner.sender.member).inviter);
  EXPECT_FALSE(world.self(owner).is_zero());
  EXPECT_EQ(world.send(owner, world.self(owner)), Seq{1});
}

TEST(Join, TheNewcomerIsTiedWithHisInviterAndTheirConversationIsEmpty) {
  World world;
  world.join("aki");
  const auto ben = world.join("ben");
  const auto secret = invite(world, ben, 1, std::chrono::hours{1});
  const auto joined = as<Joined>(world.run({}, join_with(secret, "cho", 1)));
  const Person cho{{joined.member, joined.device, 1}, "cho", {}};
  EXPECT_EQ(world.state->member_of(joined.member).inviter, ben.sender.member);
  EXPECT_EQ(world.tie_of(cho, "ben"), TieState::mutual);
  EXPECT_EQ(world.tie_of(ben, "cho"), TieState::mutual);
  EXPECT_EQ(world.tie_of(cho, "aki"), TieState::none);
  const auto direct = world.direct(ben, cho);
  ASSERT_FALSE(direct.is_zero());
  EXPECT_EQ(world.state->conversation(world.number_of(cho, direct))->end.head, Seq{});
  EXPECT_EQ(world.marker_of(cho, direct).rev, 1U);
  EXPECT_EQ(world.send(cho, direct), Seq{1});
}

TEST(Join, RefusesTextsBeforeItLooksAtTheInvitation) {
  World world;
  const auto unknown = bytes_with<SecretHash>(9);
  for (const char* handle : {"", "a", "Aki", "aki aki", "abcdefghijklmnopqrstuvwxy", "\xE3\x81\x82\xE3\x81\x82"})
    EXPECT_EQ(errc(world.run({}, join_with(unknown, handle, 1))), Errc::bad_handle) << handle;
  auto join = join_with(unknown, "aki", 1);
  for (const auto& name :
       {std::string(), std::string("a\nb"), std::string(65, 'x'), std::string("\xFF"), std::string("  ")}) {
    join.name = name;
    EXPECT_EQ(errc(world.run({}, join)), Errc::bad_name) << name;
  }
  join.name = "Aki";
  join.device_name = "";
  EXPECT_EQ(errc(world.run({}, join)), Errc::bad_name);
}

TEST(Join, SaysWhatIsWrongWithTheInvitation) {
  World world;
  const auto aki = world.join("aki");
  EXPECT_EQ(errc(world.run({}, join_with(bytes_with<SecretHash>(9), "ben", 1))), Errc::invitation_unknown);

  PublicId id;
  const auto secret = invite(world, aki, 1, std::chrono::seconds{60}, &id);
  world.now += std::chrono::seconds{60};
  EXPECT_EQ(errc(world.run({}, join_with(secret, "ben", 1))), Errc::invitation_expired) << "the end is not inside";
  world.now -= std::chrono::milliseconds{1};
  EXPECT_TRUE(world.run({}, join_with(secret, "ben", 1)));
  // Spent counts for more than expired, taken back for more than either.
  world.now += std::chrono::hours{1};
  EXPECT_EQ(errc(world.run({}, join_with(secret, "cho", 2))), Errc::invitation_spent);
  EXPECT_TRUE(world.run(aki.sender, InviteRevoke{id}));
  EXPECT_EQ(errc(world.run({}, join_with(secret, "cho", 2))), Errc::invitation_revoked);
}

TEST(Join, NamesTakenHandlesOnlyToWhoHasAnInvitation) {
  World world;
  world.join("aki");
  EXPECT_EQ(errc(world.run({}, join_with(bytes_with<SecretHash>(9), "aki", 1))), Errc::invitation_unknown);
  EXPECT_EQ(errc(world.run({}, join_with(world.invitation, "aki", 1))), Errc::handle_taken);
}

TEST(Join, ARepeatWithTheSameKeyGetsTheOriginalAnswer) {
  World world;
  world.join("aki");
  const auto secret = world.invitation;
  const auto first = as<Joined>(world.run({}, join_with(secret, "ben", 1)));
  const auto used = world.state->invitation(secret)->used;
  world.forget();
  const auto again = as<Joined>(world.run({}, join_with(secret, "ben", 1)));
  EXPECT_EQ(again.member, first.member);
  EXPECT_EQ(again.device, first.device);
  EXPECT_FALSE(world.change.position) << "nothing is written";
  EXPECT_EQ(world.state->invitation(secret)->used, used);
  EXPECT_EQ(errc(world.run({}, join_with(secret, "cho", 1))), Errc::key_in_use);
}

TEST(Join, OnlyAsManyAsTheInvitationAllowsWithinOneGroup) {
  World world;
  const auto aki = world.join("aki");
  const auto secret = invite(world, aki, 7, std::chrono::hours{1});
  int joined = 0, spent = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto result = world.stage({}, join_with(secret, "guest_" + std::to_string(i), i));
    joined += result ? 1 : 0;
    spent += errc(result) == Errc::invitation_spent ? 1 : 0;
  }
  world.commit();
  EXPECT_EQ(joined, 7);
  EXPECT_EQ(spent, 93);
  world.forget();
  EXPECT_EQ(world.state->invitation(secret)->used, 7U);
}

TEST(Join, AHandleThatWasAskedForBecomesRealWithItsAsks) {
  World world;
  world.join("aki");
  const auto ben = world.join("ben");
  const auto cho = world.join("cho");
  EXPECT_TRUE(world.run(ben.sender, TieChange{TieAction::ask, "dai"}));
  EXPECT_TRUE(world.run(cho.sender, TieChange{TieAction::ask, "dai"}));
  const auto phantom = world.state->member_by_handle("dai")->public_id;
  world.forget();
  const auto dai = world.join("dai");
  EXPECT_EQ(world.state->member_of(dai.sender.member).public_id, phantom) << "what was told of him stays true";
  EXPECT_EQ(world.tie_of(dai, "ben"), TieState::asked_in);
  EXPECT_EQ(world.tie_of(dai, "cho"), TieState::asked_in);
  EXPECT_EQ(world.tie_of(dai, "aki"), TieState::mutual);
  EXPECT_TRUE(world.run(dai.sender, TieChange{TieAction::accept, "cho"}));
  EXPECT_EQ(world.tie_of(cho, "dai"), TieState::mutual);
}

TEST(Join, AnInviterWhoBlocksTheHandleIsNotTied) {
  World world;
  const auto aki = world.join("aki");
  EXPECT_TRUE(world.run(aki.sender, TieChange{TieAction::block, "ben"}));
  const auto ben = world.join("ben");
  EXPECT_EQ(world.tie_of(aki, "ben"), TieState::none);
  EXPECT_EQ(world.tie_of(ben, "aki"), TieState::none);
}

TEST(Invitations, AreBounded) {
  Limits limits;
  limits.invitations_max = 2;
  World world(limits);
  const auto ben = (world.join("aki"), world.join("ben"));
  const auto make = [&](std::uint64_t secret, std::uint32_t uses, std::chrono::seconds lifetime,
                        const std::string& note) {
    return errc(world.run(ben.sender, InviteMake{bytes_with<SecretHash>(secret), uses, lifetime, note, false}));
  };
  using std::chrono::hours;
  EXPECT_EQ(make(50, 0, hours{1}, ""), Errc::bad_request);
  EXPECT_EQ(make(50, 1001, hours{1}, ""), Errc::bad_request);
  EXPECT_EQ(make(50, 1, hours{0}, ""), Errc::bad_request);
  EXPECT_EQ(make(50, 1, hours{24 * 367}, ""), Errc::bad_request);
  EXPECT_EQ(make(50, 1, hours{1}, std::string(201, 'x')), Errc::bad_name);
  EXPECT_EQ(make(50, 1, hours{1}, "one"), Errc{});
  EXPECT_EQ(make(50, 1, hours{1}, "one"), Errc::bad_request) << "the secret is another invitation's";
  EXPECT_EQ(make(51, 1000, hours{1}, "two"), Errc{});
  EXPECT_EQ(make(52, 1, hours{1}, "three"), Errc::limit_reached);
}

TEST(Invitations, OnlyTheirMakerTakesThemBack) {
  World world;
  const auto aki = world.join("aki");
  const auto ben = world.join("ben");
  PublicId id;
  const auto secret = invite(world, ben, 1, std::chrono::hours{1}, &id);
  EXPECT_EQ(errc(world.run(aki.sender, InviteRevoke{id})), Errc::not_found);
  EXPECT_TRUE(world.run(ben.sender, InviteRevoke{id}));
  EXPECT_EQ(errc(world.run({}, join_with(secret, "cho", 1))), Errc::invitation_revoked);
}

}  // namespace
}  // namespace enishi::test
