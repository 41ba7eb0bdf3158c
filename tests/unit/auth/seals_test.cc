#include "auth/seals.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <set>

namespace enishi::auth {
namespace {

Seals::Key key_of(unsigned char fill) {
  Seals::Key key{};
  key.fill(fill);
  return key;
}

TicketContent some_ticket() {
  TicketContent content;
  fill_random(content.device.value.data(), content.device.value.size());
  content.generation = 0xFFFFFFFE;
  content.expires = core::WallTime{std::chrono::milliseconds{1'795'000'000'123}};
  return content;
}

TEST(Seals, CursorComesBackAndIsSmall) {
  const Seals seals(key_of(1));
  const CursorContent content{0x0123456789ABCDEF, core::Position{~std::uint64_t{0}}};
  const std::string sealed = seals.seal_cursor(content);
  EXPECT_LE(sealed.size(), 60u);
  const auto opened = seals.open_cursor(sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->incarnation_random, content.incarnation_random);
  EXPECT_EQ(opened->position, content.position);
}

TEST(Seals, TicketComesBack) {
  const Seals seals(key_of(1));
  const TicketContent content = some_ticket();
  const auto opened = seals.open_ticket(seals.seal_ticket(content));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->device, content.device);
  EXPECT_EQ(opened->generation, content.generation);
  EXPECT_EQ(opened->expires, content.expires);
}

TEST(Seals, EqualContentsLookDifferent) {
  const Seals seals(key_of(1));
  std::set<std::string> sealed;
  for (int i = 0; i < 100; ++i) sealed.insert(seals.seal_cursor({7, core::Position{9}}));
  EXPECT_EQ(sealed.size(), 100u);
}

TEST(Seals, AnyChangedByteIsNotOneOfOurs) {
  const Seals seals(key_of(1));
  const std::string cursor = seals.seal_cursor({7, core::Position{9}});
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    for (const int bit : {1, 0x80}) {
      std::string changed = cursor;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      EXPECT_FALSE(seals.open_cursor(changed)) << i;
    }
  }
}

TEST(Seals, AnyOtherLengthIsNotOneOfOurs) {
  const Seals seals(key_of(1));
  const std::string ticket = seals.seal_ticket(some_ticket());
  for (std::size_t size = 0; size < ticket.size(); ++size) EXPECT_FALSE(seals.open_ticket(ticket.substr(0, size)));
  EXPECT_FALSE(seals.open_ticket(ticket + '\0'));
  EXPECT_FALSE(seals.open_ticket(std::string(100'000, 'x')));
}

TEST(Seals, OneKindIsNotTakenForTheOtherNorAnotherKeyForOurs) {
  const Seals seals(key_of(1));
  const Seals others(key_of(2));
  const std::string cursor = seals.seal_cursor({7, core::Position{9}});
  const std::string ticket = seals.seal_ticket(some_ticket());
  EXPECT_FALSE(seals.open_ticket(cursor));
  EXPECT_FALSE(seals.open_cursor(ticket));
  EXPECT_FALSE(others.open_cursor(cursor));
  EXPECT_FALSE(others.open_ticket(ticket));
}

TEST(Seals, SameSecretOpensWhatAnotherObjectSealed) {
  const std::string cursor = Seals(key_of(3)).seal_cursor({1, core::Position{2}});
  EXPECT_TRUE(Seals(key_of(3)).open_cursor(cursor));
}

TEST(Seals, DigestDependsOnContentAndKey) {
  const Seals seals(key_of(1));
  EXPECT_EQ(seals.digest("send"), seals.digest("send"));
  EXPECT_NE(seals.digest("send"), seals.digest("sent"));
  EXPECT_NE(seals.digest("send"), Seals(key_of(2)).digest("send"));
  EXPECT_NE(seals.digest(""), core::Digest{});
}

TEST(Secrets, HashIsTheOneOfBlake2b) {
  // BLAKE2b-256 of the empty string, as published with the reference implementation.
  core::SecretHash expected;
  ASSERT_EQ(
      sodium_hex2bin(expected.value.data(), expected.value.size(),
                     "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8", 64, nullptr, nullptr, nullptr),
      0);
  EXPECT_EQ(hash_secret(""), expected);
  EXPECT_NE(hash_secret("a"), hash_secret("b"));
}

TEST(Signatures, OnlyTheRightKeyTextAndSignatureFit) {
  core::PublicKey key;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_keypair(key.value.data(), secret.data());
  const std::string text = "enishi.v1 proof";
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), secret.data());
  EXPECT_TRUE(verify_signature(key, text, signature));
  EXPECT_FALSE(verify_signature(key, text + " ", signature));
  EXPECT_FALSE(verify_signature(key, text, signature.substr(1)));
  EXPECT_FALSE(verify_signature(key, text, ""));
  signature[5] = static_cast<char>(signature[5] ^ 1);
  EXPECT_FALSE(verify_signature(key, text, signature));
  EXPECT_FALSE(verify_signature(core::PublicKey{}, text, signature));
}

TEST(Random, FillsAllOfIt) {
  std::array<unsigned char, 64> a{}, b{};
  fill_random(a.data(), a.size());
  fill_random(b.data(), b.size());
  EXPECT_NE(a, b);
  fill_random(a.data(), 0);
}

}  // namespace
}  // namespace enishi::auth
