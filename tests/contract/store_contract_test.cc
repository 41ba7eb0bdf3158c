// Every adapter: records come back as they went in, by each of the keys.
#include <gtest/gtest.h>

#include "contract/describe.h"
#include "contract/sample_rows.h"
#include "contract/store_world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

TEST_P(StoreContract, AnEmptyStoreHasNothing) {
  EXPECT_EQ(describe(reader().counters()), describe(Counters{}));
  EXPECT_EQ(reader().begin(), Position{});
  reader().end();
  EXPECT_FALSE(reader().member(MemberId{1}));
  EXPECT_FALSE(reader().member_by_handle("aki"));
  EXPECT_FALSE(reader().device(DeviceId{1}));
  EXPECT_FALSE(reader().device_by_public(PublicId{}));
  EXPECT_FALSE(reader().device_by_key(PublicKey{}));
  EXPECT_TRUE(reader().devices_of(MemberId{1}).empty());
  EXPECT_FALSE(reader().invitation_by_hash(SecretHash{}));
  EXPECT_TRUE(reader().invitations_of(MemberId{0}).empty());
  EXPECT_FALSE(reader().recovery_code(SecretHash{}));
  EXPECT_FALSE(reader().conversation(ConversationId{1}));
  EXPECT_FALSE(reader().direct_between(MemberId{1}, MemberId{2}));
  EXPECT_FALSE(reader().membership(MemberId{1}, PublicId{}));
  EXPECT_FALSE(reader().membership(MemberId{1}, ConversationId{1}));
  EXPECT_TRUE(reader().open_intervals(ConversationId{1}).empty());
  EXPECT_EQ(describe(reader().log_end(ConversationId{1})), describe(LogEnd{}));
  EXPECT_FALSE(reader().event(ConversationId{1}, Seq{1}));
  EXPECT_EQ(reader().rank_at(ConversationId{1}, Seq{9}), 0U);
  EXPECT_EQ(reader().author_rank_at(ConversationId{1}, MemberId{1}, Seq{9}), 0U);
  EXPECT_FALSE(reader().find_register(MemberId{1}, RegisterKind::mute, 1));
  EXPECT_TRUE(reader().registers_of(MemberId{1}, RegisterKind::mute).empty());
  EXPECT_EQ(reader().newest_rseq(MemberId{1}), 0U);
  EXPECT_FALSE(reader().request(MemberId{1}, ClientId{}));
  EXPECT_EQ(reader().first_after(ConversationId{1}, Position{}), Seq{});
  EXPECT_EQ(reader().membership_count(MemberId{1}), 0U);
  EXPECT_TRUE(store().incarnations().empty());
}

TEST_P(StoreContract, MembersComeBackByIdAndHandle) {
  Member phantom = sample_member(2);
  phantom.joined = false;
  phantom.name.clear();
  Change change = change_at(1);
  change.members = {sample_member(1), phantom};
  commit(change);
  EXPECT_EQ(describe(reader().member(MemberId{1})), describe(sample_member(1)));
  EXPECT_EQ(describe(reader().member_by_handle("member_2")), describe(phantom));
  EXPECT_FALSE(reader().member_by_handle("member_"));

  phantom.joined = true;
  phantom.name = "はな";
  Change joined = change_at(2);
  joined.members = {phantom};
  commit(joined);
  EXPECT_EQ(describe(reader().member(MemberId{2})), describe(phantom));
}

TEST_P(StoreContract, DevicesComeBackByEachOfTheirNames) {
  Change change = change_at(1);
  change.devices = {sample_device(4, 1), sample_device(2, 1), sample_device(3, 2)};
  commit(change);
  const Device second = sample_device(2, 1);
  EXPECT_EQ(describe(reader().device(DeviceId{2})), describe(second));
  EXPECT_EQ(describe(reader().device_by_public(second.public_id)), describe(second));
  EXPECT_EQ(describe(reader().device_by_key(second.key)), describe(second));
  EXPECT_EQ(describe(reader().devices_of(MemberId{1})),
            describe(std::vector{sample_device(2, 1), sample_device(4, 1)}));
}

TEST_P(StoreContract, ARevokedDeviceStaysListed) {
  Device device = sample_device(2, 1);
  Change change = change_at(1);
  change.devices = {device};
  commit(change);
  device.revoked = true;
  ++device.generation;
  Change revoked = change_at(2);
  revoked.devices = {device};
  commit(revoked);
  EXPECT_EQ(describe(reader().devices_of(MemberId{1})), describe(std::vector{device}));
}

TEST_P(StoreContract, LastSeenMovesWithoutAPosition) {
  Change change = change_at(5);
  change.devices = {sample_device(2, 1)};
  commit(change);
  Change seen;
  seen.seen = {{DeviceId{2}, time_of(1'800'000'000'000)}, {DeviceId{99}, time_of(1)}};
  commit(seen);
  Device expected = sample_device(2, 1);
  expected.last_seen = time_of(1'800'000'000'000);
  EXPECT_EQ(describe(reader().device(DeviceId{2})), describe(expected));
  EXPECT_FALSE(reader().device(DeviceId{99}));
  EXPECT_EQ(reader().counters().position, Position{5});
}

TEST_P(StoreContract, InvitationsComeNewestFirst) {
  Change change = change_at(1);
  change.invitations = {sample_invitation(1, 1), sample_invitation(2, 2), sample_invitation(3, 1)};
  commit(change);
  EXPECT_EQ(describe(reader().invitation_by_hash(sample_invitation(2, 2).secret_hash)),
            describe(sample_invitation(2, 2)));
  EXPECT_EQ(describe(reader().invitations_of(MemberId{1})),
            describe(std::vector{sample_invitation(3, 1), sample_invitation(1, 1)}));

  Invitation used = sample_invitation(1, 1);
  used.used = 7;
  Change spent = change_at(2);
  spent.invitations = {used};
  commit(spent);
  EXPECT_EQ(describe(reader().invitation_by_hash(used.secret_hash)), describe(used));
}

TEST_P(StoreContract, ANewSetOfRecoveryCodesReplacesTheOld) {
  Change change = change_at(1);
  RecoveryCode unused = sample_code(1, 1);
  unused.used_by = {};
  RecoveryCode foreign = sample_code(3, 2);
  foreign.used_by = {};
  change.recovery_codes = {unused, sample_code(2, 1), foreign};
  commit(change);
  EXPECT_EQ(describe(reader().recovery_code(unused.hash)), describe(unused));

  Change renewed = change_at(2);
  renewed.recovery_cleared = {MemberId{1}};
  renewed.recovery_codes = {sample_code(4, 1)};
  commit(renewed);
  EXPECT_FALSE(reader().recovery_code(unused.hash));
  EXPECT_EQ(describe(reader().recovery_code(sample_code(2, 1).hash)), describe(sample_code(2, 1)))
      << "a used one stays";
  EXPECT_TRUE(reader().recovery_code(sample_code(4, 1).hash));
  EXPECT_TRUE(reader().recovery_code(sample_code(3, 2).hash));
}

TEST_P(StoreContract, ConversationsComeBackAndDirectOnesByTheirPair) {
  Change change = change_at(1);
  change.conversations = {sample_group(1), sample_direct(2, 1, 3), sample_direct(3, 1, 4)};
  commit(change);
  EXPECT_EQ(describe(reader().conversation(ConversationId{1})), describe(sample_group(1)));
  EXPECT_EQ(describe(reader().direct_between(MemberId{1}, MemberId{4})), describe(sample_direct(3, 1, 4)));
  EXPECT_FALSE(reader().direct_between(MemberId{4}, MemberId{1}));
  EXPECT_FALSE(reader().direct_between(MemberId{1}, MemberId{0}));

  Conversation renamed = sample_group(1);
  renamed.title = "夜の散歩";
  Change titled = change_at(2);
  titled.conversations = {renamed};
  commit(titled);
  EXPECT_EQ(describe(reader().conversation(ConversationId{1})), describe(renamed));
}

TEST_P(StoreContract, EventsComeBackByteForByte) {
  Event event = sample_event(1, 1, 7, 1, 1, 1);
  event.body = std::string("\0\xFF\xFE café 家族 👨‍👩‍👧 שלום\n", 45);
  Event system = sample_event(1, 2, 7, 1, 1, 1);
  system.kind = EventKind::added;
  system.people = {MemberId{9}, MemberId{1ULL << 40}};
  system.body.clear();
  Change change = change_at(1);
  change.events = {event, system};
  commit(change);
  EXPECT_EQ(describe(reader().event(ConversationId{1}, Seq{1})), describe(event));
  EXPECT_EQ(describe(reader().event(ConversationId{1}, Seq{2})), describe(system));
  EXPECT_FALSE(reader().event(ConversationId{1}, Seq{3}));
  EXPECT_FALSE(reader().event(ConversationId{2}, Seq{1}));
}

TEST_P(StoreContract, RegistersReplaceTheirKeyAndKeepTombstones) {
  Change change = change_at(1);
  change.registers = {sample_register(1, RegisterKind::mute, 30, 1, 1),
                      sample_register(1, RegisterKind::mute, 20, 1, 2), sample_register(1, RegisterKind::pin, 30, 1, 3),
                      sample_register(2, RegisterKind::mute, 30, 1, 1)};
  commit(change);
  EXPECT_EQ(reader().newest_rseq(MemberId{1}), 3U);
  EXPECT_EQ(describe(reader().registers_of(MemberId{1}, RegisterKind::mute)),
            describe(std::vector{sample_register(1, RegisterKind::mute, 20, 1, 2),
                                 sample_register(1, RegisterKind::mute, 30, 1, 1)}));

  Register removed = sample_register(1, RegisterKind::mute, 30, 2, 4);
  removed.removed = true;
  Change second = change_at(2);
  second.registers = {removed};
  commit(second);
  EXPECT_EQ(reader().newest_rseq(MemberId{1}), 4U);
  EXPECT_EQ(describe(reader().find_register(MemberId{1}, RegisterKind::mute, 30)), describe(removed));
  EXPECT_EQ(describe(reader().registers_of(MemberId{1}, RegisterKind::mute)),
            describe(std::vector{sample_register(1, RegisterKind::mute, 20, 1, 2)}));
  EXPECT_TRUE(reader().find_register(MemberId{2}, RegisterKind::mute, 30));
}

TEST_P(StoreContract, ARequestIsKnownToItsAuthorOnly) {
  Change change = change_at(1);
  change.request = sample_request(1, 77);
  commit(change);
  EXPECT_EQ(describe(reader().request(MemberId{1}, bytes_of<ClientId>(77))), describe(sample_request(1, 77)));
  EXPECT_FALSE(reader().request(MemberId{2}, bytes_of<ClientId>(77)));
  EXPECT_FALSE(reader().request(MemberId{1}, bytes_of<ClientId>(78)));

  Change other = change_at(2);
  other.request = sample_request(2, 77);
  commit(other);
  restart();
  EXPECT_EQ(describe(reader().request(MemberId{1}, bytes_of<ClientId>(77))), describe(sample_request(1, 77)));
  EXPECT_EQ(describe(reader().request(MemberId{2}, bytes_of<ClientId>(77))), describe(sample_request(2, 77)));
}

TEST_P(StoreContract, MembershipsAreFoundByEitherNameClosedOnesToo) {
  Change change = change_at(1);
  change.conversations = {sample_group(1), sample_group(2)};
  change.intervals = {sample_interval(1, 5, 4, 0, 9), sample_interval(1, 6, 2, 0, 1), sample_interval(2, 5, 0, 0, 1)};
  commit(change);
  Change left = change_at(2);
  left.intervals = {sample_interval(1, 5, 4, 8, 9)};
  commit(left);
  const Membership closed{ConversationId{1}, {sample_interval(1, 5, 4, 8, 9)}};
  EXPECT_EQ(describe(reader().membership(MemberId{5}, sample_group(1).public_id)), describe(closed));
  EXPECT_EQ(describe(reader().membership(MemberId{5}, ConversationId{1})), describe(closed));
  EXPECT_FALSE(reader().membership(MemberId{7}, sample_group(1).public_id));
  EXPECT_FALSE(reader().membership(MemberId{7}, ConversationId{1}));
  EXPECT_FALSE(reader().membership(MemberId{5}, sample_group(3).public_id));
  EXPECT_EQ(describe(reader().open_intervals(ConversationId{1})),
            describe(std::vector{sample_interval(1, 6, 2, 0, 1)}));

  Change back = change_at(3);
  back.intervals = {sample_interval(1, 5, 12, 0, 30)};
  commit(back);
  EXPECT_EQ(
      describe(reader().membership(MemberId{5}, ConversationId{1})),
      describe(Membership{ConversationId{1}, {sample_interval(1, 5, 4, 8, 9), sample_interval(1, 5, 12, 0, 30)}}));
  EXPECT_EQ(describe(reader().open_intervals(ConversationId{1})),
            describe(std::vector{sample_interval(1, 5, 12, 0, 30), sample_interval(1, 6, 2, 0, 1)}));
}

}  // namespace
}  // namespace enishi::test
