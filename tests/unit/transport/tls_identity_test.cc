// What the daemon shows under TLS, as it is read from files; and whom a proxy speaks for.
#include "transport/tls/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.h"
#include "support/tls/certificates.h"
#include "transport/http/forwarded.h"
#include "transport/tls/authority.h"

namespace enishi::transport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Identity : public ::testing::Test {
 protected:
  TlsIdentity::Loaded load(const test::Pem& pem) const {
    return TlsIdentity::load(dir_.write("cert.pem", pem.certificate), key_file(pem.key));
  }
  std::string key_file(const std::string& text) const {
    auto path = dir_.write("key.pem", text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }
  test::TempDir dir_;
  test::Authority authority_;
};

TEST_F(Identity, NamesAndDatesAreThoseOfTheCertificate) {
  const auto loaded = load(authority_.issue({{"chat.example.org", "*.home.example", "192.0.2.7", "2001:db8::7"}}));
  ASSERT_NE(loaded.identity, nullptr) << loaded.problem;
  EXPECT_THAT(loaded.warnings, IsEmpty());
  EXPECT_THAT(loaded.identity->names(), ElementsAre("chat.example.org", "*.home.example", "192.0.2.7", "2001:db8::7"));
  for (const auto* host : {"chat.example.org", "pc.home.example", "192.0.2.7", "2001:db8::7"})
    EXPECT_TRUE(loaded.identity->covers(host)) << host;
  for (const auto* host : {"example.org", "192.0.2.8", "a.b.home.example"})
    EXPECT_FALSE(loaded.identity->covers(host)) << host;
  const auto now = std::chrono::system_clock::now();
  EXPECT_LT(loaded.identity->begins(), now);
  EXPECT_GT(loaded.identity->expires(), now + std::chrono::hours{24 * 89});
}

TEST_F(Identity, WhatIsWrongIsNamedWithItsFile) {
  const auto good = authority_.issue();
  const auto key = key_file(good.key);
  const auto cert = dir_.write("cert.pem", good.certificate);
  EXPECT_THAT(TlsIdentity::load(dir_ / "none.pem", key).problem, HasSubstr("none.pem is not there"));
  EXPECT_THAT(TlsIdentity::load(cert, dir_.path().string()).problem, HasSubstr("is a folder"));
  EXPECT_THAT(TlsIdentity::load(key, key).problem, HasSubstr("key.pem holds no certificate chain in PEM"));
  EXPECT_THAT(TlsIdentity::load(cert, cert).problem, HasSubstr("cert.pem holds no unencrypted private key"));
  const auto other = dir_.write("other.pem", authority_.issue().key);
  EXPECT_THAT(TlsIdentity::load(cert, other).problem, HasSubstr("other.pem is not the key of"));
  EXPECT_THAT(TlsIdentity::load(dir_.write("empty.pem", ""), key).problem, HasSubstr("empty.pem holds no certificate"));
}

TEST_F(Identity, OneThatHasExpiredIsLoadedAndSaysSo) {
  const auto loaded = load(authority_.issue({{"localhost"}, std::chrono::hours{-48}, std::chrono::hours{-24}}));
  ASSERT_NE(loaded.identity, nullptr) << loaded.problem;
  EXPECT_LT(loaded.identity->expires(), std::chrono::system_clock::now());
  EXPECT_EQ(day_of(loaded.identity->expires()).size(), 10u);
}

TEST_F(Identity, AKeyThatOthersMayReadAndACertificateForNobodyAreWarnedOf) {
  const auto pem = authority_.issue({{}});
  const auto key = key_file(pem.key);
  std::filesystem::permissions(key, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  const auto loaded = TlsIdentity::load(dir_.write("cert.pem", pem.certificate), key);
  ASSERT_NE(loaded.identity, nullptr);
  EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("can be read or written by others"), HasSubstr("names no host")));
}

TEST_F(Identity, OnlyTheAuthoritysCertificateLeavesItsFile) {
  std::string problem;
  const auto leaf = authority_.issue();
  const auto mixed = dir_.write("ca.pem", authority_.certificate() + leaf.key);
  const auto shown = authority_certificate(mixed, problem);
  EXPECT_EQ(shown, authority_.certificate());
  EXPECT_EQ(authority_certificate(dir_.write("leaf.pem", leaf.certificate), problem), "");
  EXPECT_THAT(problem, HasSubstr("is no certificate authority"));
  EXPECT_EQ(authority_certificate(dir_ / "none", problem), "");
}

http::Request forwarded(std::vector<std::string> values) {
  http::Request request;
  for (auto& value : values) request.fields.emplace_back("X-Forwarded-For", std::move(value));
  return request;
}

TEST(Forwarded, OnlyATrustedProxyIsBelievedAndOnlyItsOwnWord) {
  const Networks trusted({"10.0.0.0/8", "2001:db8::/33", "::1"});
  const auto client = [&](const char* peer, std::vector<std::string> values) {
    return client_of(boost::asio::ip::make_address(peer), forwarded(std::move(values)), trusted).to_string();
  };
  EXPECT_EQ(client("192.0.2.1", {"203.0.113.5"}), "192.0.2.1") << "no proxy of ours";
  EXPECT_EQ(client("10.1.2.3", {"203.0.113.5"}), "203.0.113.5");
  EXPECT_EQ(client("::ffff:10.1.2.3", {"203.0.113.5:4711"}), "203.0.113.5");
  EXPECT_EQ(client("::1", {"[2001:db9::5]:80"}), "2001:db9::5");
  EXPECT_EQ(client("10.1.2.3", {"198.51.100.1, 203.0.113.5"}), "203.0.113.5")
      << "what came before is a stranger's word";
  EXPECT_EQ(client("10.1.2.3", {"203.0.113.5, 10.9.9.9"}), "203.0.113.5") << "two proxies of ours";
  EXPECT_EQ(client("10.1.2.3", {"198.51.100.1", "203.0.113.5"}), "203.0.113.5") << "two fields are one list";
  EXPECT_EQ(client("10.1.2.3", {"203.0.113.5, rubbish"}), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", {"10.0.0.1, 10.0.0.2"}), "10.0.0.1") << "nobody else in it";
  EXPECT_EQ(client("10.1.2.3", {}), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", {"", " , "}), "10.1.2.3");
}

TEST(Forwarded, NetworksAreComparedBitByBit) {
  const auto holds = [](const char* network, const char* address) {
    return Networks({network}).contains(boost::asio::ip::make_address(address));
  };
  EXPECT_TRUE(holds("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(holds("192.0.2.128/25", "192.0.2.100"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.5"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(holds("10.0.0.1/40", "10.0.0.1")) << "what the configuration refuses is nobody";
}

}  // namespace
}  // namespace enishi::transport
