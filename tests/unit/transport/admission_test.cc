#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>

#include "transport/listener.h"

namespace enishi::transport {
namespace {

using boost::asio::ip::make_address;

TEST(Admission, CountsInAllAndCallsWhoWaitsOnce) {
  Admission admission(2, 0);
  std::vector<Admission::Pass> passes(2);
  for (auto& pass : passes) ASSERT_TRUE(admission.admit(make_address("192.0.2.1"), pass));
  EXPECT_FALSE(admission.has_room());
  int calls = 0;
  admission.when_room([&] { ++calls; });
  EXPECT_EQ(calls, 0);
  passes.clear();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(admission.count(), 0u);
  admission.when_room([&] { ++calls; });
  EXPECT_EQ(calls, 2);
}

TEST(Admission, ForgetsWhoWaits) {
  Admission admission(1, 0);
  Admission::Pass pass;
  ASSERT_TRUE(admission.admit(make_address("192.0.2.1"), pass));
  int calls = 0;
  admission.when_room([&] { ++calls; });
  admission.forget();
  pass = {};
  EXPECT_EQ(calls, 0);
}

TEST(Admission, LimitsAnAddressAndAWholeSixtyFourButNeverLoopback) {
  Admission admission(100, 2);
  std::vector<Admission::Pass> kept(20);
  std::size_t next = 0;
  const auto admit = [&](const char* address) { return admission.admit(make_address(address), kept[next++]); };
  EXPECT_TRUE(admit("192.0.2.1"));
  EXPECT_TRUE(admit("192.0.2.1"));
  EXPECT_FALSE(admit("192.0.2.1"));
  EXPECT_TRUE(admit("192.0.2.2"));
  EXPECT_TRUE(admit("2001:db8:0:1::1"));
  EXPECT_TRUE(admit("2001:db8:0:1::2"));
  EXPECT_FALSE(admit("2001:db8:0:1:ffff::3"));
  EXPECT_TRUE(admit("2001:db8:0:2::1"));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(admit("127.0.0.1"));
  EXPECT_TRUE(admit("::1"));
  EXPECT_EQ(admission.count(), 12u);
  kept[0] = {};
  EXPECT_TRUE(admit("192.0.2.1"));
}

TEST(Admission, APassCanBeGivenBackBeforeItsEnd) {
  Admission admission(2, 1, AddressKeys(true, {}));
  Admission::Pass pass;
  ASSERT_TRUE(admission.admit(make_address("127.0.0.1"), pass));
  const auto key = pass.key();
  EXPECT_NE(key, "");
  Admission::Pass other;
  EXPECT_FALSE(admission.admit(make_address("127.0.0.1"), other)) << "when it was told to count loopback too";
  pass.give_back();
  EXPECT_EQ(admission.count(), 0u);
  EXPECT_EQ(pass.key(), key);
  EXPECT_TRUE(admission.admit(make_address("127.0.0.1"), other));
  pass.give_back();
  EXPECT_EQ(admission.count(), 1u) << "once only";
}

TEST(Admission, WhoComesThroughAProxyHasNoAddressOfHisOwn) {
  Admission admission(100, 1, AddressKeys(false, {"192.0.2.0/24"}));
  std::vector<Admission::Pass> kept(4);
  EXPECT_TRUE(admission.admit(make_address("192.0.2.1"), kept[0]));
  EXPECT_TRUE(admission.admit(make_address("192.0.2.1"), kept[1]));
  EXPECT_TRUE(admission.admit(make_address("198.51.100.1"), kept[2]));
  EXPECT_FALSE(admission.admit(make_address("198.51.100.1"), kept[3]));
}

}  // namespace
}  // namespace enishi::transport
