// Devices of a member: pairing, revocation, recovery.
#include <gtest/gtest.h>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

const auto kSecret = bytes_with<SecretHash>(70);
const auto kPcKey = bytes_with<PublicKey>(71);
const ReplyAddress kOfferer{0, 11, 12};
const ReplyAddress kNewcomer{1, 21, 22};

class Devices : public testing::Test {
 protected:
  Result<Outcome> offer() { return world_.run(aki_.sender, PairOffer{kSecret}); }
  Result<Outcome> present(const PublicKey& key = kPcKey, const std::string& name = "pc") {
    return world_.run({}, PairPresent{kSecret, name, key});
  }
  Result<Outcome> decide(bool approve, const PublicKey& key = kPcKey) {
    return world_.run(aki_.sender, PairDecide{kSecret, key, approve});
  }
  /// Pairs one more device and gives its sender.
  Sender pair(std::uint64_t number) {
    const auto secret = bytes_with<SecretHash>(number);
    const auto key = bytes_with<PublicKey>(number);
    EXPECT_TRUE(world_.run(aki_.sender, PairOffer{secret}));
    EXPECT_TRUE(world_.run({}, PairPresent{secret, "pc " + std::to_string(number), key}));
    EXPECT_TRUE(world_.run(aki_.sender, PairDecide{secret, key, true}));
    return {aki_.sender.member, world_.change.devices.front().id, 1};
  }

  World world_;
  const Person aki_ = world_.join("aki");
};

TEST_F(Devices, PairingMakesADeviceAndTellsEverybody) {
  EXPECT_TRUE(offer());
  EXPECT_FALSE(world_.change.position) << "an offer lives in memory only";
  const auto presented = as<PairPresented>(present());
  EXPECT_EQ(presented.offerer_key, aki_.key);
  EXPECT_EQ(presented.member, aki_.sender.member);
  ASSERT_EQ(world_.change.direct.size(), 1U);
  EXPECT_EQ(std::get<PairPresent>(world_.change.direct[0].what).name, "pc");
  EXPECT_TRUE(decide(true));
  ASSERT_EQ(world_.change.devices.size(), 1U);
  EXPECT_EQ(world_.change.devices[0].key, kPcKey);
  ASSERT_EQ(world_.change.direct.size(), 1U);
  EXPECT_EQ(std::get<Joined>(world_.change.direct[0].what).device, world_.change.devices[0].id);
  ASSERT_EQ(world_.change.device_added.size(), 1U);
  EXPECT_EQ(world_.change.device_added[0].second, "pc");
  EXPECT_EQ(errc(present(bytes_with<PublicKey>(99))), Errc::pairing_unknown) << "it was used";
}

TEST_F(Devices, ANewcomerWhoseAnswerWasLostAsksAgainAtAnyTime) {
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present());
  EXPECT_TRUE(decide(true));
  const auto made = world_.change.devices[0].id;
  world_.state->settle();
  EXPECT_EQ(as<Joined>(present()).device, made);
  EXPECT_FALSE(world_.change.position) << "nothing is made anew";
  world_.forget();
  world_.now += std::chrono::hours{24 * 365};
  const auto again = as<Joined>(present(kPcKey, "another name"));
  EXPECT_EQ(again.device, made) << "also after a restart";
  EXPECT_EQ(again.member, aki_.sender.member);
  // Neither the key without the secret nor the secret without the key says anything, and both cost the same.
  const auto cost = [&](const SecretHash& secret, const PublicKey& key) {
    world_.forget();
    const auto before = world_.store.read_count();
    EXPECT_EQ(errc(world_.run({}, PairPresent{secret, "pc", key})), Errc::pairing_unknown);
    return world_.store.read_count() - before;
  };
  EXPECT_EQ(cost(bytes_with<SecretHash>(88), kPcKey), cost(bytes_with<SecretHash>(88), bytes_with<PublicKey>(99)));
  cost(kSecret, bytes_with<PublicKey>(99));
  // A new set of recovery codes does not forget it, a revocation does.
  std::vector<SecretHash> hashes;
  for (std::uint64_t i = 0; i < 10; ++i) hashes.push_back(bytes_with<SecretHash>(200 + i));
  EXPECT_TRUE(world_.run(aki_.sender, RecoveryCodesMake{hashes}));
  EXPECT_EQ(as<Joined>(present()).device, made);
  EXPECT_TRUE(world_.run(aki_.sender, DeviceRevoke{world_.state->device_of(made).public_id}));
  EXPECT_EQ(errc(present()), Errc::pairing_unknown);
}

TEST_F(Devices, ThoseSeenAreWrittenTogether) {
  const auto pc = pair(81), tablet = pair(82);
  EXPECT_TRUE(world_.run(aki_.sender, DeviceRevoke{world_.state->device_of(tablet.device).public_id}));
  world_.now += std::chrono::minutes{1};
  EXPECT_TRUE(world_.run({}, DeviceSeen{{aki_.sender.device, pc.device, tablet.device, DeviceId{999}}}));
  EXPECT_FALSE(world_.change.position);
  ASSERT_EQ(world_.change.seen.size(), 2U) << "neither a revoked one nor nobody's";
  EXPECT_TRUE(world_.run({}, DeviceSeen{{aki_.sender.device}}));
  EXPECT_TRUE(world_.change.seen.empty()) << "not twice for one moment";
}

TEST_F(Devices, ARefusedNewcomerGetsNothingByAskingAgain) {
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present());
  EXPECT_TRUE(decide(false));
  EXPECT_EQ(errc(present()), Errc::pairing_unknown);
  world_.forget();
  EXPECT_EQ(errc(present()), Errc::pairing_unknown);
}

TEST_F(Devices, WhereTheNewcomerWaitedBeforeNobodyWaits) {
  EXPECT_TRUE(offer());
  Command command{{}, kNewcomer, {}, {}, PairPresent{kSecret, "pc", kPcKey}};
  CountedEntropy entropy;
  const auto put = [&](const ReplyAddress& address) {
    command.reply_to = address;
    Decision decision(*world_.state, entropy, world_.now);
    EXPECT_TRUE(decision.decide(command));
    return decision.take().direct;
  };
  EXPECT_EQ(put(kNewcomer).size(), 1U) << "the owner's device is told";
  const ReplyAddress next{0, 31, 32};
  const auto told = put(next);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].to, kNewcomer);
  EXPECT_EQ(std::get<Errc>(told[0].what), Errc::pairing_unknown);
  EXPECT_EQ(put(next).size(), 1U);
}

TEST_F(Devices, APairingRunsOut) {
  EXPECT_TRUE(offer());
  world_.now += std::chrono::minutes{10} - std::chrono::milliseconds{1};
  EXPECT_TRUE(present());
  world_.now += std::chrono::milliseconds{1};
  EXPECT_EQ(errc(present()), Errc::pairing_unknown);
  EXPECT_EQ(errc(decide(true)), Errc::pairing_unknown);
  EXPECT_TRUE(offer()) << "the old one is forgotten";
}

TEST_F(Devices, ARefusedNewcomerIsTold) {
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present());
  EXPECT_TRUE(decide(false));
  ASSERT_EQ(world_.change.direct.size(), 1U);
  EXPECT_EQ(std::get<Errc>(world_.change.direct[0].what), Errc::pairing_refused);
  EXPECT_TRUE(world_.change.devices.empty());
  EXPECT_EQ(errc(decide(true)), Errc::pairing_unknown);
}

TEST_F(Devices, OnlyOneNewcomerPresents) {
  EXPECT_EQ(errc(present()), Errc::pairing_unknown) << "nothing was offered";
  EXPECT_TRUE(offer());
  EXPECT_EQ(errc(decide(true)), Errc::pairing_unknown) << "nobody presented";
  EXPECT_EQ(errc(present(kPcKey, "")), Errc::bad_name);
  EXPECT_EQ(errc(present(aki_.key)), Errc::key_in_use);
  EXPECT_TRUE(present());
  EXPECT_TRUE(present()) << "the same one, on a new connection";
  EXPECT_EQ(errc(present(bytes_with<PublicKey>(72))), Errc::pairing_unknown);
  EXPECT_EQ(errc(decide(true, bytes_with<PublicKey>(72))), Errc::pairing_unknown);
  const auto ben = world_.join("ben");
  EXPECT_EQ(errc(world_.run(ben.sender, PairDecide{kSecret, kPcKey, true})), Errc::pairing_unknown);
}

TEST_F(Devices, AnOfferMayBeRepeatedByItsDevice) {
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present());
  EXPECT_TRUE(offer());
  ASSERT_EQ(world_.change.direct.size(), 1U) << "and hears again who presented";
  EXPECT_EQ(std::get<PairPresent>(world_.change.direct[0].what).key, kPcKey);
  EXPECT_EQ(world_.state->pairings.size(), 1U);
  const auto ben = world_.join("ben");
  EXPECT_EQ(errc(world_.run(ben.sender, PairOffer{kSecret})), Errc::bad_request);
}

TEST_F(Devices, APairingIsDecidedOnceWithinAGroup) {
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present());
  EXPECT_TRUE(world_.stage(aki_.sender, PairDecide{kSecret, kPcKey, false}));
  EXPECT_EQ(errc(world_.stage(aki_.sender, PairDecide{kSecret, kPcKey, true})), Errc::pairing_unknown);
  EXPECT_EQ(errc(world_.stage({}, PairPresent{kSecret, "pc", kPcKey})), Errc::pairing_unknown);
  world_.commit();
  EXPECT_TRUE(world_.state->pairings.empty());
}

TEST_F(Devices, APairingOutlivesAGroupThatCouldNotBeWritten) {
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present());
  EXPECT_TRUE(world_.stage(aki_.sender, PairDecide{kSecret, kPcKey, true}));
  world_.state->drop_touched();
  EXPECT_EQ(world_.state->device_by_key(kPcKey), nullptr);
  ASSERT_EQ(world_.state->pairings.size(), 1U);
}

TEST_F(Devices, PairingsNamesAndDevicesAreBounded) {
  for (std::uint64_t i = 0; i < 5; ++i)
    EXPECT_TRUE(world_.run(aki_.sender, PairOffer{bytes_with<SecretHash>(200 + i)}));
  EXPECT_EQ(errc(world_.run(aki_.sender, PairOffer{bytes_with<SecretHash>(210)})), Errc::limit_reached);
  world_.now += std::chrono::minutes{10};
  EXPECT_TRUE(offer());
  EXPECT_TRUE(present(kPcKey, "phone"));
  EXPECT_EQ(errc(decide(true)), Errc::device_name_taken);
  for (std::uint64_t i = 0; i < 31; ++i) pair(300 + i);
  EXPECT_TRUE(world_.run(aki_.sender, PairOffer{bytes_with<SecretHash>(400)}));
  EXPECT_TRUE(world_.run({}, PairPresent{bytes_with<SecretHash>(400), "one more", bytes_with<PublicKey>(400)}));
  EXPECT_EQ(errc(world_.run(aki_.sender, PairDecide{bytes_with<SecretHash>(400), bytes_with<PublicKey>(400), true})),
            Errc::limit_reached);
}

TEST_F(Devices, NothingOfARevokedDeviceIsCarriedOut) {
  const auto pc = pair(80);
  EXPECT_TRUE(world_.run(pc, Send{world_.self(aki_), "while it may", {}}));
  const auto name = world_.state->device_of(pc.device).public_id;
  // Within one group: what stands before the revocation is carried out, what stands behind it is not.
  EXPECT_TRUE(world_.stage(pc, Send{world_.self(aki_), "before", {}}));
  EXPECT_TRUE(world_.stage(aki_.sender, DeviceRevoke{name}));
  ASSERT_EQ(world_.change.revoked.size(), 1U);
  EXPECT_EQ(world_.change.revoked[0], pc.device);
  EXPECT_EQ(world_.change.devices.at(0).generation, 2U) << "tickets of before do not hold";
  EXPECT_EQ(errc(world_.stage(pc, Send{world_.self(aki_), "behind", {}})), Errc::device_revoked);
  world_.commit();
  world_.forget();
  EXPECT_EQ(errc(world_.run(pc, Send{world_.self(aki_), "later", {}})), Errc::device_revoked);
  EXPECT_EQ(errc(world_.run(aki_.sender, DeviceRevoke{name})), Errc::not_found) << "gone already";
  EXPECT_EQ(errc(world_.run({}, Join{world_.invitation, "aki", "Aki", "pc", bytes_with<PublicKey>(80)})),
            Errc::key_in_use);
}

TEST_F(Devices, SomebodyElsesDeviceIsNotFound) {
  const auto ben = world_.join("ben");
  const auto name = world_.state->device_of(ben.sender.device).public_id;
  EXPECT_EQ(errc(world_.run(aki_.sender, DeviceRevoke{name})), Errc::not_found);
}

TEST_F(Devices, ASenderWhoProvedNothingIsRefused) {
  EXPECT_EQ(errc(world_.run({}, Send{world_.self(aki_), "x", {}})), Errc::wrong_state);
  auto other = aki_.sender;
  other.generation = 2;
  EXPECT_EQ(errc(world_.run(other, Send{world_.self(aki_), "x", {}})), Errc::device_revoked);
}

class Recovery : public Devices {
 protected:
  static RecoveryCodesMake codes(std::uint64_t first) {
    RecoveryCodesMake make;
    for (std::uint64_t i = 0; i < 10; ++i) make.hashes.push_back(bytes_with<SecretHash>(first + i));
    return make;
  }
  Result<Outcome> recover(std::uint64_t code, std::uint64_t key, const std::string& name = "found") {
    return world_.run({}, Recover{bytes_with<SecretHash>(code), name, bytes_with<PublicKey>(key)});
  }
};

TEST_F(Recovery, ACodeMakesOneDevice) {
  EXPECT_TRUE(world_.run(aki_.sender, codes(500)));
  const auto joined = as<Joined>(recover(503, 90));
  EXPECT_EQ(joined.member, aki_.sender.member);
  EXPECT_EQ(world_.change.device_added.size(), 1U) << "all devices are told";
  world_.forget();
  EXPECT_EQ(as<Joined>(recover(503, 90)).device, joined.device) << "the answer was lost on the way";
  EXPECT_EQ(errc(recover(503, 91)), Errc::recovery_unknown);
  EXPECT_EQ(errc(recover(504, 90)), Errc::key_in_use);
  EXPECT_EQ(errc(recover(999, 91)), Errc::recovery_unknown);
  EXPECT_EQ(errc(recover(504, 91, "phone")), Errc::device_name_taken);
}

TEST_F(Recovery, ANewSetKillsTheOldOneAlsoWithinAGroup) {
  EXPECT_TRUE(world_.run(aki_.sender, codes(500)));
  EXPECT_TRUE(world_.stage(aki_.sender, codes(520)));
  EXPECT_EQ(errc(world_.stage({}, Recover{bytes_with<SecretHash>(500), "found", bytes_with<PublicKey>(90)})),
            Errc::recovery_unknown);
  world_.commit();
  world_.forget();
  EXPECT_EQ(errc(recover(501, 90)), Errc::recovery_unknown);
  EXPECT_TRUE(recover(521, 90));
}

TEST_F(Recovery, ASetIsTenDifferentCodes) {
  auto make = codes(500);
  make.hashes.pop_back();
  EXPECT_EQ(errc(world_.run(aki_.sender, make)), Errc::bad_request);
  make.hashes.push_back(make.hashes.front());
  EXPECT_EQ(errc(world_.run(aki_.sender, make)), Errc::bad_request) << "two equal ones";
  EXPECT_TRUE(world_.run(aki_.sender, codes(500)));
  EXPECT_EQ(errc(world_.run(aki_.sender, codes(505))), Errc::bad_request) << "some of them are in use";
}

TEST_F(Devices, LastSeenOnlyGrowsAndTakesNoPosition) {
  world_.now += std::chrono::minutes{1};
  EXPECT_TRUE(world_.run({}, DeviceSeen{{aki_.sender.device}}));
  EXPECT_EQ(world_.change.seen.size(), 1U);
  EXPECT_FALSE(world_.change.position);
  world_.now -= std::chrono::seconds{1};
  EXPECT_TRUE(world_.run({}, DeviceSeen{{aki_.sender.device}}));
  EXPECT_TRUE(world_.change.seen.empty()) << "a clock that jumped back";
}

}  // namespace
}  // namespace enishi::test
