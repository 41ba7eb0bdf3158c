// What strangers may try, and by what name they are counted.
#include "transport/threshold/guesses.h"

#include <gtest/gtest.h>

#include "transport/threshold/address_keys.h"

namespace enishi::transport {
namespace {

using boost::asio::ip::make_address;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Guesses::Clock::time_point kStart{hours{100}};

TEST(Guesses, TenWrongOnesInAnyMinuteOfOneAddress) {
  Guesses guesses({.per_address_and_minute = 10, .in_all_and_hour = 0}, {});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(guesses.take("a", kStart + seconds{i}), milliseconds{0});
  EXPECT_EQ(guesses.take("a", kStart + seconds{30}), milliseconds{30'000}) << "until the first one is a minute old";
  EXPECT_EQ(guesses.take("b", kStart + seconds{30}), milliseconds{0}) << "another address";
  EXPECT_EQ(guesses.take("a", kStart + seconds{60}), milliseconds{0});
  EXPECT_EQ(guesses.take("a", kStart + seconds{60}), milliseconds{1'000}) << "one for one: no second burst";
  EXPECT_EQ(guesses.refused(), 2U);
  EXPECT_FALSE(guesses.is_alarmed());
}

TEST(Guesses, AKnownSecretDoesNotCount) {
  Guesses guesses({.per_address_and_minute = 2, .in_all_and_hour = 3}, {});
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(guesses.take("a", kStart), milliseconds{0});
    guesses.give_back("a");
  }
  EXPECT_EQ(guesses.addresses(), 0U) << "nothing is kept of who guessed nothing wrong";
  EXPECT_EQ(guesses.take("a", kStart), milliseconds{0});
  EXPECT_EQ(guesses.take("a", kStart), milliseconds{0});
  EXPECT_GT(guesses.take("a", kStart), milliseconds{0}) << "those under way count: many at once are no way round";
}

TEST(Guesses, AnAddressThatIsNotKnownIsLimitedOverAllOnly) {
  Guesses guesses({.per_address_and_minute = 1, .in_all_and_hour = 5}, {});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guesses.take("", kStart), milliseconds{0});
  EXPECT_EQ(guesses.take("", kStart), milliseconds{3'600'000});
}

TEST(Guesses, TheLimitOverAllRaisesTheAlarmOncePerTime) {
  int alarms = 0;
  Guesses guesses({.per_address_and_minute = 0, .in_all_and_hour = 3}, [&] { ++alarms; });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(guesses.take(std::to_string(i), kStart + minutes{i}), milliseconds{0});
  EXPECT_EQ(alarms, 0);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(guesses.take("x", kStart + minutes{59}), milliseconds{60'000});
  EXPECT_EQ(alarms, 1);
  EXPECT_TRUE(guesses.is_alarmed());
  EXPECT_EQ(guesses.take("x", kStart + minutes{60}), milliseconds{0});
  EXPECT_FALSE(guesses.is_alarmed());
  EXPECT_EQ(guesses.take("x", kStart + minutes{60}), milliseconds{60'000});
  EXPECT_EQ(alarms, 2);
}

TEST(Guesses, RemembersABoundedNumberOfAddresses) {
  Guesses guesses({.per_address_and_minute = 1, .in_all_and_hour = 0}, {});
  for (int i = 0; i < 20'000; ++i) {
    EXPECT_EQ(guesses.take(std::to_string(i), kStart + milliseconds{i}), milliseconds{0});
    ASSERT_LE(guesses.addresses(), Guesses::kAddressesMax);
  }
}

TEST(AddressKeys, ByAddressOrSixtyFour) {
  const AddressKeys keys;
  EXPECT_EQ(keys.key_of(make_address("192.0.2.1")), keys.key_of(make_address("192.0.2.1")));
  EXPECT_NE(keys.key_of(make_address("192.0.2.1")), keys.key_of(make_address("192.0.2.2")));
  EXPECT_EQ(keys.key_of(make_address("2001:db8::1")), keys.key_of(make_address("2001:db8::ffff:2")));
  EXPECT_NE(keys.key_of(make_address("2001:db8::1")), keys.key_of(make_address("2001:db8:0:1::1")));
}

TEST(AddressKeys, LoopbackCountsOnlyWhenToldAndAProxyNever) {
  EXPECT_EQ(AddressKeys().key_of(make_address("127.0.0.1")), "");
  EXPECT_EQ(AddressKeys().key_of(make_address("::1")), "");
  const AddressKeys keys(true, {"10.1.0.0/16", "127.0.0.9", "2001:db8:5::/48", "nonsense"});
  EXPECT_NE(keys.key_of(make_address("127.0.0.1")), "");
  EXPECT_NE(keys.key_of(make_address("::1")), "");
  EXPECT_EQ(keys.key_of(make_address("127.0.0.9")), "");
  EXPECT_EQ(keys.key_of(make_address("10.1.255.3")), "");
  EXPECT_NE(keys.key_of(make_address("10.2.0.1")), "");
  EXPECT_EQ(keys.key_of(make_address("2001:db8:5:7::1")), "");
  EXPECT_NE(keys.key_of(make_address("2001:db8:6::1")), "");
}

}  // namespace
}  // namespace enishi::transport
