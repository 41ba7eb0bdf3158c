#include "cpp/secrets.h"

#include <gtest/gtest.h>

#include <set>

#include "scene.h"

namespace enishi::client {
namespace {

TEST(ClientId, BeginsWithTheTime) {
  scene::SeededEntropy entropy;
  const auto at = core::WallTime{std::chrono::milliseconds{0x0123456789AB}};
  const auto one = make_client_id(at, entropy);
  EXPECT_EQ(to_hex(one.view()).substr(0, 12), "0123456789ab");
  EXPECT_NE(one, make_client_id(at, entropy));
}

TEST(DeviceKeys, SignAndVerify) {
  scene::SeededEntropy entropy;
  const auto keys = DeviceKeys::make(entropy);
  const auto signature = keys.sign("text");
  EXPECT_TRUE(verify(keys.public_key, "text", signature));
  EXPECT_FALSE(verify(keys.public_key, "texT", signature));
  EXPECT_FALSE(verify(DeviceKeys::make(entropy).public_key, "text", signature));
}

TEST(PairingDigits, DependOnSecretAndBothKeysInOrder) {
  scene::SeededEntropy entropy;
  const auto secret = make_secret(entropy);
  const auto offerer = DeviceKeys::make(entropy).public_key;
  const auto newcomer = DeviceKeys::make(entropy).public_key;
  const auto digits = pairing_digits(secret, offerer, newcomer);
  EXPECT_EQ(digits.size(), 6U);
  EXPECT_EQ(digits.find_first_not_of("0123456789"), std::string::npos);
  EXPECT_EQ(digits, pairing_digits(secret, offerer, newcomer));
  EXPECT_NE(digits, pairing_digits(secret, newcomer, offerer));
  EXPECT_NE(digits, pairing_digits(make_secret(entropy), offerer, newcomer));
}

// hashlib.blake2b(b"\x02"*32 + b"\x03"*32, digest_size=8, key=b"\x01"*16), read as little-endian, modulo 1,000,000.
TEST(PairingDigits, AreThoseOfTheProtocol) {
  Secret secret;
  secret.value.fill(1);
  core::PublicKey offerer;
  offerer.value.fill(2);
  core::PublicKey newcomer;
  newcomer.value.fill(3);
  EXPECT_EQ(pairing_digits(secret, offerer, newcomer), "962239");
}

TEST(RecoveryCode, IsReadHoweverItIsTyped) {
  scene::SeededEntropy entropy;
  const auto code = make_recovery_code(entropy);
  ASSERT_EQ(code.size(), 23U);
  for (const std::size_t dash : {5U, 11U, 17U}) EXPECT_EQ(code[dash], '-');
  const auto normal = *normal_recovery_code(code);
  EXPECT_EQ(normal.size(), 20U);
  std::string lower = " ";
  for (const char c : code) lower.push_back(c == '-' ? ' ' : static_cast<char>(std::tolower(c)));
  EXPECT_EQ(*normal_recovery_code(lower), normal);
  EXPECT_EQ(*normal_recovery_code("OIL00-00000-00000-00000"), "01100000000000000000");
  EXPECT_FALSE(normal_recovery_code("U0000-00000-00000-00000"));
  EXPECT_FALSE(normal_recovery_code(code.substr(1)));
}

// hashlib.blake2b(b"0123456789ABCDEFGHJK", digest_size=32)
TEST(RecoveryCode, HashIsPlainBlake2b) {
  EXPECT_EQ(to_hex(recovery_code_hash("0123456789ABCDEFGHJK").view()),
            "f258a568b43901bbd32e6ea30f3f76676cc7c32f112fb9581fa786c5a38c01ef");
}

TEST(Hex, ReadsWhatItWrites) {
  EXPECT_EQ(to_hex(std::string("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(*from_hex("00FF10"), std::string("\x00\xff\x10", 3));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(Below, IsUniformEnoughAndInBounds) {
  scene::SeededEntropy entropy;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto value = below(entropy, 7);
    ASSERT_LT(value, 7U);
    seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 7U);
}

}  // namespace
}  // namespace enishi::client
