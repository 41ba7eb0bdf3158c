#include "daemon/values.h"

#include <gtest/gtest.h>

#include <array>

namespace enishi::daemon {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("30m"), 30min);
  EXPECT_EQ(parse_duration("12h"), 12h);
  EXPECT_EQ(parse_duration("7d"), 24h * 7);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(Duration, RefusesEverythingElse) {
  for (const auto* text : {"", "7", "d", "-1s", "1.5h", "1 h", "7D", "1w", "99999999999999999999s", "40000d", "1h30m"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, TextIsReadBack) {
  for (const auto value : {0ms, 1ms, 1500ms, 60'000ms, 90'000ms, 86'400'000ms, 604'800'000ms})
    EXPECT_EQ(parse_duration(duration_text(value)), value) << duration_text(value);
  EXPECT_EQ(duration_text(240'000ms), "4m");
}

TEST(AddressText, ReadsAndWritesBack) {
  EXPECT_EQ(parse_address("127.0.0.1:8470"), (Address{"127.0.0.1", 8470, false, true}));
  EXPECT_EQ(parse_address("localhost:0"), (Address{"127.0.0.1", 0, false, true}));
  EXPECT_EQ(parse_address("[::1]:80"), (Address{"::1", 80, true, true}));
  EXPECT_EQ(parse_address("0.0.0.0:1"), (Address{"0.0.0.0", 1, false, false}));
  EXPECT_EQ(address_text(*parse_address("[2001:db8::1]:443")), "[2001:db8::1]:443");
  EXPECT_EQ(address_text(*parse_address("127.0.0.1:8470")), "127.0.0.1:8470");
}

TEST(AddressText, RefusesEverythingElse) {
  for (const auto* text : {"", "8470", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[::1]",
                           "chat.example.org:80", "127.0.0.1.nip.io:80", "[127.0.0.1]:80", "127.1:80"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(Origin, IsSchemeHostAndPort) {
  EXPECT_TRUE(is_origin("https://chat.example.org"));
  EXPECT_TRUE(is_origin("http://127.0.0.1:8470"));
  EXPECT_TRUE(is_origin("http://[::1]:8470"));
  for (const auto* text : {"", "chat.example.org", "https://", "https://Chat.example.org", "https://chat.example.org/",
                           "ws://chat.example.org", "https://a b"})
    EXPECT_FALSE(is_origin(text)) << text;
}

TEST(Network, IsAddressAndBits) {
  EXPECT_TRUE(is_network("10.0.0.0/8"));
  EXPECT_TRUE(is_network("127.0.0.1"));
  EXPECT_TRUE(is_network("2001:db8::/32"));
  for (const auto* text : {"", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "::/129", "proxy"})
    EXPECT_FALSE(is_network(text)) << text;
}

TEST(Nearest, FindsTheTypingMistake) {
  const std::vector<std::string> names{"limits.body_bytes_max", "limits.name_bytes_max", "listen.address"};
  EXPECT_EQ(nearest("limits.body_byte_max", names), "limits.body_bytes_max");
  EXPECT_EQ(nearest("listen.adress", names), "listen.address");
  EXPECT_EQ(nearest("completely.different", names), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Base64Url, IsRfc4648WithoutPadding) {
  EXPECT_EQ(base64url({}), "");
  const std::array<unsigned char, 4> bytes{0xFB, 0xFF, 0xBF, 0x00};
  EXPECT_EQ(base64url(bytes), "-_-_AA");
  EXPECT_EQ(base64url(std::array<unsigned char, 16>{}).size(), 22U);
}

}  // namespace
}  // namespace enishi::daemon
