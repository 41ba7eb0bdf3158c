// TLS end to end: the real daemon, the real command line, certificates good and bad.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "enishi/v1/frame.pb.h"
#include "integration/cli_people.h"
#include "support/http.h"
#include "support/raw_websocket.h"
#include "support/seeds.h"
#include "support/tls/certificates.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Files that outlive a test, made anew for each: an authority, and what it issued.
struct Papers {
  TempDir dir;
  Authority authority;
  Papers() {
    show(authority.issue());
    dir.write("ca.crt", authority.certificate());
  }
  void show(const Pem& pem) const {
    dir.write("cert.pem", pem.certificate);
    dir.write("key.pem", pem.key);
    std::filesystem::permissions(dir / "key.pem", std::filesystem::perms(0600));
  }
  [[nodiscard]] DaemonProcess::Options options(Words more = {}) const {
    DaemonProcess::Options options;
    options.arguments = {"--set", "tls.certificate=" + (dir / "cert.pem"), "--set", "tls.key=" + (dir / "key.pem")};
    options.arguments.insert(options.arguments.end(), more.begin(), more.end());
    return options;
  }
};

class Tls : public People {
 protected:
  Tls() : Tls(std::make_unique<Papers>()) {}
  void SetUp() override {
    trust(papers_->dir / "ca.crt");
    People::SetUp();
  }
  void TearDown() override { trust(""); }
  /// For all commands that this test runs.
  static void trust(const std::string& file) { setenv("ENISHI_CA_FILE", file.c_str(), 1); }
  [[nodiscard]] std::string origin(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(daemon_.port());
  }
  Json recover_refused(const std::string& at, const std::string& code) const {
    return refused("nobody", {"recover", at, "AAAAA-BBBBB-CCCCC-DDDDD", "--device", "d"}, 3, code);
  }
  /// Lets the daemon read its files again; true once `said` stands in its log.
  [[nodiscard]] bool reload(const std::string& said) const {
    const auto before = daemon_.log().size();
    daemon_.signal(SIGHUP);
    return wait_until([&] { return daemon_.log().find(said, before) != std::string::npos; });
  }

  std::unique_ptr<Papers> papers_;

 private:
  explicit Tls(std::unique_ptr<Papers> papers) : People(papers->options()), papers_(std::move(papers)) {}
};

TEST_F(Tls, JoinSendWatchAndReadOverHttps) {
  EXPECT_THAT(daemon_.origin(), StartsWith("https://127.0.0.1:"));
  join("aki");
  join("ben", "aki");
  Watching watch(command("ben", {"watch"}));
  ASSERT_FALSE(watch.next({{"type", "ready"}}).is_null());
  const auto sent = one("aki", {"send", "@ben", "お茶?"});
  EXPECT_EQ(sent["state"], "committed");
  EXPECT_EQ(watch.next({{"type", "message"}})["text"], "お茶?");
  one("aki", {"send", "@ben", "-"}, std::string(16'384, 'x'));
  EXPECT_EQ(watch.next({{"type", "message"}})["text"], std::string(16'384, 'x'));
  EXPECT_EQ(watch.end(), 0);
  EXPECT_EQ(texts("ben", "@aki").size(), 2u);
  pair("aki", "aki-pc");
  EXPECT_EQ(texts("aki-pc", "@ben"), texts("aki", "@ben"));
}

TEST_F(Tls, WhatIsWrongWithACertificateIsSaidByCode) {
  trust("");
  EXPECT_THAT(recover_refused(origin(), "CERTIFICATE_UNKNOWN_AUTHORITY")["text"].get<std::string>(),
              HasSubstr("ENISHI_CA_FILE="));
  trust(papers_->dir / "no-such-file");
  recover_refused(origin(), "CA_FILE_UNUSABLE");
  trust(papers_->dir / "ca.crt");

  papers_->show(papers_->authority.issue({{"chat.example.org"}}));
  ASSERT_TRUE(reload("event=certificate_reloaded"));
  EXPECT_THAT(recover_refused(origin(), "CERTIFICATE_WRONG_NAME")["text"].get<std::string>(),
              AllOf(HasSubstr("chat.example.org"), HasSubstr("localhost")));
  recover_refused(origin("127.0.0.1"), "CERTIFICATE_WRONG_NAME");

  papers_->show(Authority::self_signed({}));
  ASSERT_TRUE(reload("event=certificate_reloaded"));
  recover_refused(origin(), "CERTIFICATE_UNKNOWN_AUTHORITY");

  const auto plain = recover_refused("http://localhost:" + std::to_string(daemon_.port()), "UNREACHABLE");
  EXPECT_THAT(plain["text"].get<std::string>(), HasSubstr("answered with HTTP 400"));
}

TEST_F(Tls, AnExpiredCertificateIsNamedWithItsDayAndASendIsQueued) {
  join("aki");
  daemon_.kill9();
  papers_->show(papers_->authority.issue({{"127.0.0.1"}, std::chrono::hours{-48}, std::chrono::hours{-24}}));
  ASSERT_TRUE(daemon_.start()) << "it serves, so that it can be given a new one";
  EXPECT_THAT(daemon_.log(), AllOf(HasSubstr("event=certificate_unfit"), HasSubstr("expired on 20")));
  const auto done = run("aki", {"send", "self", "later"});
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.err, AllOf(HasSubstr("CERTIFICATE_EXPIRED"), HasSubstr("expired on 20")));
  papers_->show(papers_->authority.issue());
  ASSERT_TRUE(reload("event=certificate_reloaded"));
  EXPECT_EQ(one("aki", {"status"})["state"], "live");
  EXPECT_EQ(texts("aki", "self"), std::vector<std::string>{"later"});
}

TEST_F(Tls, AReloadTakesGoodFilesKeepsTheOldForBadOnesAndCutsNobody) {
  join("aki");
  join("ben", "aki");
  Watching watch(command("ben", {"watch"}));
  ASSERT_FALSE(watch.next({{"type", "ready"}}).is_null());
  papers_->dir.write("cert.pem", "rubbish");
  ASSERT_TRUE(reload("event=certificate_kept"));
  EXPECT_THAT(daemon_.log(), HasSubstr("holds no certificate chain"));
  const auto other = papers_->authority.issue();
  papers_->dir.write("cert.pem", other.certificate);
  ASSERT_TRUE(reload("event=certificate_kept")) << "the key is another one's";
  one("aki", {"send", "@ben", "with the old one"});
  papers_->show(papers_->authority.issue({{"127.0.0.1"}, std::chrono::hours{-48}, std::chrono::hours{-24}}));
  ASSERT_TRUE(reload("event=certificate_kept")) << "expired";
  papers_->show(other);
  ASSERT_TRUE(reload("event=certificate_reloaded"));
  one("aki", {"send", "@ben", "with the new one"});
  EXPECT_EQ(watch.next({{"type", "message"}})["text"], "with the old one");
  EXPECT_EQ(watch.next({{"type", "message"}})["text"], "with the new one") << "on the session of before";
  EXPECT_EQ(watch.end(), 0);
}

TEST_F(Tls, CheckConfigNamesWhatIsWrongWithTheFiles) {
  const auto check = [&](const std::string& cert, const std::string& key) {
    const auto done = run_command({program("enishid"), "check-config"}, {}, std::chrono::seconds{60},
                                  {{"ENISHI_TLS_CERTIFICATE", cert}, {"ENISHI_TLS_KEY", key}});
    return std::to_string(done.exit) + " " + done.out + done.err;
  };
  const auto cert = papers_->dir / "cert.pem", key = papers_->dir / "key.pem";
  EXPECT_THAT(check(cert, key), StartsWith("0 "));
  EXPECT_THAT(check(cert, ""), AllOf(StartsWith("1 "), HasSubstr("go together")));
  EXPECT_THAT(check(cert, papers_->dir / "none"), AllOf(StartsWith("1 "), HasSubstr("none is not there")));
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  EXPECT_THAT(check(cert, key), AllOf(StartsWith("0 "), HasSubstr("can be read or written by others")));
  papers_->show(papers_->authority.issue({{"localhost"}, std::chrono::hours{-48}, std::chrono::hours{-24}}));
  EXPECT_THAT(check(cert, key), AllOf(StartsWith("1 "), HasSubstr("BAD_CONFIGURATION"), HasSubstr("expired on 20")));
}

TEST_F(Tls, BeyondLoopbackIsAllowedAndTheAuthorityIsHandedOut) {
  Papers papers;
  auto options = papers.options({"--set", "tls.authority=" + (papers.dir / "ca.crt"), "--set",
                                 "listen.public_url=https://localhost:1,https://127.0.0.1:1"});
  options.listen = "0.0.0.0:0";
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(daemon.origin(), "https://localhost:1");
  EXPECT_THAT(daemon.invite(), StartsWith("https://localhost:1/#i="));
}

TEST_F(Tls, PlainHttpOnThePortIsToldWhy) {
  const auto answer = exchange_tcp(daemon_.port(), get_request("/"));
  EXPECT_EQ(status_of(answer), 400);
  EXPECT_THAT(body_of(answer), HasSubstr("https://"));
}

// The essentials of hostile_test.cc, under TLS.
TEST_F(Tls, HostilePeersGetTheirCloseCodesAndOthersAreServedOn) {
  const auto code_after = [&](auto act) {
    RawWebSocket peer(daemon_.port(), RawWebSocket::Over::tls);
    EXPECT_EQ(peer.upgrade(), 101);
    act(peer);
    return peer.receive_close();
  };
  EXPECT_EQ(code_after([](RawWebSocket& peer) { (void)peer.send_frame(0x81, "text"); }), 1003);
  EXPECT_EQ(code_after([](RawWebSocket& peer) { (void)peer.send_frame(0x82, "abc", false); }), 1002);
  EXPECT_EQ(code_after([](RawWebSocket& peer) { (void)peer.send_binary(std::string(5000, 'x')); }), 4502);
  EXPECT_EQ(code_after([](RawWebSocket& peer) { (void)peer.send_binary("\xFF\xFF\xFF\xFF"); }), 4501);
  EXPECT_EQ(code_after([](RawWebSocket& peer) {
              bool open = peer.send_frame(0x02, "a");
              for (int i = 0; i < 5000 && open; ++i) open = peer.send_frame(0x00, "a");
            }),
            4502);
  for_each_seed(30, [&](Rng& rng) {
    RawWebSocket peer(daemon_.port(), pick(rng, 2) ? RawWebSocket::Over::tls : RawWebSocket::Over::plain);
    if (pick(rng, 2)) (void)peer.upgrade();
    std::string bytes(1 + pick(rng, 3000), '\0');
    for (auto& byte : bytes) byte = static_cast<char>(rng());
    if (pick(rng, 2)) bytes[0] = static_cast<char>(pick(rng, 2) ? 0x82 : 0x16);
    (void)peer.send_bytes(bytes);
  });
  for (int i = 0; i < 200; ++i) {  // half a handshake, and gone
    RawWebSocket peer(daemon_.port());
    (void)peer.send_bytes(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  }
  join("aki");
  EXPECT_EQ(one("aki", {"send", "self", "still here"})["state"], "committed");
}

// ---- ./dev run --lan
// ---------------------------------------------------------------------------------------------------

class HomeNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    if (system("command -v openssl >/dev/null") != 0) GTEST_SKIP() << "openssl is not installed";
  }
  /// What the script says: made, renewed, kept.
  std::string make(Words names) const {
    names.insert(names.begin(), {source_file("deploy/lan-certificate.sh"), files_ / "tls"});
    const auto done = run_command(names);
    EXPECT_EQ(done.exit, 0) << done.err;
    return done.out;
  }
  TempDir files_;
};

TEST_F(HomeNetwork, CertificatesAreMadeOnceRenewedForOtherNamesAndTakenByDevices) {
  EXPECT_EQ(make({"192.168.1.5", "127.0.0.1", "localhost"}), "made\n");
  const auto authority = read_file(files_ / "tls/ca.crt"), first = read_file(files_ / "tls/server.crt");
  EXPECT_EQ(make({"192.168.1.5", "127.0.0.1", "localhost"}), "kept\n");
  EXPECT_EQ(make({"192.168.1.6", "127.0.0.1", "localhost"}), "renewed\n");
  EXPECT_EQ(read_file(files_ / "tls/ca.crt"), authority) << "phones need not trust it anew";
  EXPECT_NE(read_file(files_ / "tls/server.crt"), first);
  for (const auto* key : {"tls/ca.key", "tls/server.key"})
    EXPECT_EQ(std::filesystem::status(files_ / key).permissions(), std::filesystem::perms(0600)) << key;

  DaemonProcess::Options options;
  options.listen = "0.0.0.0:0";
  options.arguments = {"--set", "tls.certificate=" + (files_ / "tls/server.crt"),
                       "--set", "tls.key=" + (files_ / "tls/server.key"),
                       "--set", "tls.authority=" + (files_ / "tls/ca.crt")};
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(body_of(exchange_tcp(daemon.port(), get_request("/local-ca.crt"))), authority);
  const auto place = "https://localhost:" + std::to_string(daemon.port());
  const auto seen = run_command({program("enishi"), "--profile", files_ / "p", "doctor", place}, {},
                                std::chrono::seconds{60}, {{"ENISHI_CA_FILE", files_ / "tls/ca.crt"}});
  EXPECT_EQ(seen.exit, 0) << seen.out;
}

TEST_F(HomeNetwork, ANameBeyondTheAuthoritysLimitsTakesANewOne) {
  EXPECT_EQ(make({"127.0.0.1"}), "made\n");
  const auto authority = read_file(files_ / "tls/ca.crt");
  EXPECT_EQ(make({"127.0.0.1", "chat.example.org"}), "made\n");
  EXPECT_NE(read_file(files_ / "tls/ca.crt"), authority);
}

// ---- enishi doctor
// -----------------------------------------------------------------------------------------------------

class DoctorTest : public Tls {
 protected:
  /// State by check; the exit code under "exit".
  Json doctor(const Words& words, const std::string& profile = "nobody") const {
    Words all{"doctor"};
    all.insert(all.end(), words.begin(), words.end());
    const auto done = run(profile, all);
    Json states{{"exit", done.exit}};
    for (const auto& line : lines_of(done.out)) {
      states[line["check"].get<std::string>()] = line["state"];
      EXPECT_TRUE(line["text"].is_string());
      EXPECT_EQ(line["next"].get<std::string>().empty(), line["state"] == "ok") << line;
    }
    return states;
  }
};

TEST_F(DoctorTest, AllIsWellAndSilenceNeedsADeviceOfThatPlace) {
  auto seen = doctor({origin("127.0.0.1")});
  for (const auto* check : {"name", "connect", "tls", "health", "ready", "upgrade", "greeting", "clock", "origin"})
    EXPECT_EQ(seen[check], "ok") << check;
  EXPECT_EQ(seen["idle"], "skipped");
  EXPECT_EQ(seen["exit"], 0);
  join("aki");
  seen = doctor({origin("127.0.0.1"), "--idle", "2s"}, "aki");
  EXPECT_EQ(seen["idle"], "ok");
  EXPECT_EQ(seen["exit"], 0);
}

TEST_F(DoctorTest, NamesTheFaultyPart) {
  auto seen = doctor({"http://127.0.0.1:" + std::to_string(daemon_.port())});
  EXPECT_EQ(seen["upgrade"], "bad");
  EXPECT_EQ(seen["exit"], 1);
  trust("");
  seen = doctor({origin()});
  EXPECT_EQ(seen["tls"], "bad");
  EXPECT_EQ(seen["exit"], 1);
  seen = doctor({"https://127.0.0.1:1"});
  EXPECT_EQ(seen["connect"], "bad");
  EXPECT_EQ(seen["exit"], 3);
  seen = doctor({"https://nowhere.invalid"});
  EXPECT_EQ(seen["name"], "bad");
  EXPECT_EQ(seen["exit"], 3);
  EXPECT_EQ(run("nobody", {"doctor", "chat.example.org"}).exit, 2);
}

TEST_F(DoctorTest, AnOriginThatTheDaemonDoesNotKnowIsFound) {
  daemon_.kill9();
  auto options = papers_->options({"--set", "listen.public_url=https://chat.example.org"});
  options.listen = "127.0.0.1:" + std::to_string(daemon_.port());
  DaemonProcess strict(options);
  ASSERT_TRUE(strict.start()) << strict.log();
  const auto seen = doctor({origin()});
  EXPECT_EQ(seen["greeting"], "ok");
  EXPECT_EQ(seen["origin"], "bad");
  EXPECT_EQ(seen["exit"], 1);
}

TEST_F(DoctorTest, AClockThatIsWrongIsFound) {
  DaemonProcess::Options options;
  TempDir dir;
  options.environment = {{"LD_PRELOAD", program("tests/strange_system.so")},
                         {"ENISHI_CLOCK_FILE", dir.write("off", "-300")},
                         {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
  DaemonProcess late(options);
  ASSERT_TRUE(late.start()) << late.log();
  const auto seen = doctor({late.origin()});
  EXPECT_EQ(seen["clock"], "bad");
  EXPECT_EQ(seen["origin"], "ok");
  EXPECT_EQ(seen["exit"], 1);
}

TEST_F(DoctorTest, ACertificateThatEndsSoonIsAWarning) {
  papers_->show(papers_->authority.issue({{"localhost"}, std::chrono::hours{-1}, std::chrono::hours{24 * 5}}));
  ASSERT_TRUE(reload("event=certificate_reloaded"));
  const auto seen = doctor({origin()});
  EXPECT_EQ(seen["tls"], "warning");
  EXPECT_EQ(seen["exit"], 0);
}

}  // namespace
}  // namespace enishi::test
