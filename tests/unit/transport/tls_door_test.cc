// The whole of transport with TLS: real threads, real sockets, a scripted floor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <csignal>

#include "auth/seals.h"
#include "support/temp_dir.h"
#include "support/tls/certificates.h"
#include "support/wait.h"
#include "transport/loops.h"
#include "unit/transport/floor_double.h"
#include "unit/transport/tls_peer.h"

namespace enishi::transport {
namespace {

using delivery::Outlet;
using delivery::SeatId;
using testing::client_frame;
using testing::floor_script;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Peer;
using testing::server_frame;
using testing::TlsPeer;

class TlsDoorTest : public ::testing::Test {
 protected:
  TlsDoorTest() {
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
    floor_script() = {};
    floor_script().message = [](delivery::Ports&, Outlet& outlet, SeatId, std::string_view payload) {
      outlet.push(server_frame("echo " + std::string(payload)));
    };
    options_.floor.origins = {"loopback"};
    options_.loops = 2;
    options_.tls = identity({"localhost"});
  }
  ~TlsDoorTest() override {
    loops_.reset();
    floor_script() = {};
  }
  std::shared_ptr<const TlsIdentity> identity(const std::vector<std::string>& names) const {
    const auto pem = authority_.issue({names});
    return TlsIdentity::load(dir_.write("cert", pem.certificate), dir_.write("key", pem.key)).identity;
  }
  void start() {
    loops_ = std::make_unique<Loops>(options_, seals_, clock_, inbox_, std::vector<Loops::Answerer>(1));
    const auto port = loops_->listen("127.0.0.1", 0);
    ASSERT_TRUE(port);
    port_ = *port;
    loops_->start();
  }
  /// Null: the handshake came to nothing.
  std::unique_ptr<TlsPeer> greet(int version_max = TLS1_3_VERSION) const {
    auto peer = std::make_unique<TlsPeer>(Peer::connect(port_), version_max);
    const bool done = test::wait_until([&] { return peer->handshake() || is_over(*peer); });
    return done && SSL_is_init_finished(peer->ssl()) ? std::move(peer) : nullptr;
  }
  static bool is_over(TlsPeer& peer) {
    char byte = 0;
    return ERR_peek_error() != 0 || ::recv(peer.peer().fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }
  static std::string talk(TlsPeer& peer, const std::string& text, const std::string& until) {
    peer.write(text);
    EXPECT_TRUE(test::wait_until([&] { return peer.read().find(until) != std::string::npos; })) << peer.read();
    return peer.read();
  }
  static std::string subject_names(TlsPeer& peer) {
    const X509* shown = SSL_get0_peer_certificate(peer.ssl());
    return X509_check_host(const_cast<X509*>(shown), "localhost", 0, 0, nullptr) == 1 ? "localhost" : "other";
  }
  std::string ask_plainly(const std::string& text) const {
    Peer peer = Peer::connect(port_);
    peer.send(text);
    return peer.read_to_end();
  }

  test::TempDir dir_;
  test::Authority authority_;
  LoopsOptions options_;
  auth::Seals seals_{auth::Seals::Key{}};
  runtime::SystemClock clock_;
  runtime::Mailbox<core::Command> inbox_{100};
  std::uint16_t port_ = 0;
  std::unique_ptr<Loops> loops_;
};

TEST_F(TlsDoorTest, AnswersUpgradesAndEchoesOverBothVersions) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto plain = greet(version);
    ASSERT_NE(plain, nullptr);
    EXPECT_THAT(talk(*plain, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "ok\n"), HasSubstr("HTTP/1.1 200 "));
    EXPECT_TRUE(test::wait_until([&] { return plain->heard_goodbye(); }));
    const auto peer = greet(version);
    ASSERT_NE(peer, nullptr);
    talk(*peer, Peer::upgrade_request() + client_frame("with the head"), "echo with the head");
    talk(*peer, client_frame("later"), "echo later");
    EXPECT_EQ(SSL_session_reused(peer->ssl()), 0);
  }
}

TEST_F(TlsDoorTest, AHeadThatComesByteByByteIsReadAll) {
  start();
  const auto peer = greet();
  ASSERT_NE(peer, nullptr);
  for (const char byte : peer->seal(Peer::upgrade_request())) peer->send({&byte, 1});
  EXPECT_TRUE(test::wait_until([&] { return peer->read().find(" 101 ") != std::string::npos; }));
}

TEST_F(TlsDoorTest, OldVersionsAreRefused) {
  start();
  EXPECT_EQ(greet(TLS1_1_VERSION), nullptr);
  ERR_clear_error();
  EXPECT_NE(greet(TLS1_2_VERSION), nullptr) << "and others served on";
}

TEST_F(TlsDoorTest, PlainHttpIsToldWhyAndWhatToDo) {
  options_.authority = authority_.certificate();
  options_.floor.origins = {"https://chat.example.org"};
  start();
  for (const auto* target : {"/", "/v1/connect", "/anything"}) {
    const auto answer = ask_plainly(std::string("GET ") + target + " HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 400 "));
    EXPECT_THAT(answer, HasSubstr("only over https does a browser"));
    EXPECT_THAT(answer, HasSubstr("Open https://chat.example.org instead."));
    EXPECT_THAT(answer, Not(HasSubstr("evil.example")));
  }
  const auto authority = ask_plainly("GET /local-ca.crt HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(authority, HasSubstr("Content-Type: application/x-x509-ca-cert\r\n"));
  EXPECT_TRUE(authority.ends_with(authority_.certificate()));
}

TEST_F(TlsDoorTest, AnUpgradeInPlainHttpBecomesNoSession) {
  start();
  EXPECT_THAT(ask_plainly(Peer::upgrade_request()), HasSubstr("HTTP/1.1 400 "));
  EXPECT_EQ(loops_->sessions(), 0u);
}

TEST_F(TlsDoorTest, ATlsHelloOnAPlainPortIsClosedInOrder) {
  options_.tls = nullptr;
  start();
  TlsPeer peer{Peer::connect(port_)};
  EXPECT_FALSE(peer.handshake());
  EXPECT_EQ(peer.peer().read_to_end(), "") << "no HTTP that a TLS client would only misread";
  EXPECT_THAT(ask_plainly("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("200 OK"));
}

TEST_F(TlsDoorTest, HalfAHandshakeIsCutAtTheDeadlineAndGivesItsPlaceBack) {
  options_.head_time = std::chrono::milliseconds{1};
  start();
  TlsPeer whole{Peer::connect(port_)};
  Peer half = Peer::connect(port_);
  half.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  Peer silent = Peer::connect(port_);
  EXPECT_EQ(half.read_to_end(), "");
  EXPECT_EQ(silent.read_to_end(), "");
  whole.peer().close();
  EXPECT_TRUE(test::wait_until([&] { return loops_->handshakes() == 0; }));
}

TEST_F(TlsDoorTest, BytesThatAreNoHandshakeAreAnAlertAndNothingElse) {
  start();
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x00\x05hello", 10), std::string(1, '\x16') + std::string(5000, '\xFF'),
        std::string("\x16\x03\x01\x40\x01", 5) + std::string(20'000, 'x')}) {
    Peer peer = Peer::connect(port_);
    peer.send(bytes);
    peer.stop_sending();
    EXPECT_LT(peer.read_to_end().size(), 20u);
  }
  EXPECT_TRUE(test::wait_until([&] { return loops_->handshakes() == 0; }));
  ERR_clear_error();
  EXPECT_NE(greet(), nullptr);
}

TEST_F(TlsDoorTest, ANewIdentityIsForNewConnectionsAndOldOnesStay) {
  start();
  const auto old = greet();
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(subject_names(*old), "localhost");
  talk(*old, Peer::upgrade_request(), "\r\n\r\n");
  loops_->use(identity({"other.example"}));
  EXPECT_TRUE(test::wait_until([&] {
    const auto fresh = greet();
    return fresh && subject_names(*fresh) == "other";
  }));
  talk(*old, client_frame("still here"), "echo still here");
}

TEST_F(TlsDoorTest, BehindATrustedProxyClientsAreCountedAndOthersAreToldAboutPlainHttp) {
  options_.tls = nullptr;
  options_.proxies = {"127.0.0.1"};
  options_.handshakes_per_address_max = 1;
  start();
  const auto head = [](const std::string& more) { return "GET / HTTP/1.1\r\nHost: x\r\n" + more + "\r\n"; };
  EXPECT_THAT(ask_plainly(head("X-Forwarded-For: 192.0.2.1\r\n")), HasSubstr("404"));
  EXPECT_THAT(ask_plainly(head("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\n")), HasSubstr("plain http"));
  Peer first = Peer::connect(port_);  // answered, and lingering: it holds the one place of 192.0.2.1
  first.send(head("X-Forwarded-For: 192.0.2.1\r\n"));
  first.read_head();
  EXPECT_THAT(ask_plainly(head("X-Forwarded-For: 192.0.2.1\r\n")), HasSubstr("429"));
  EXPECT_THAT(ask_plainly(head("X-Forwarded-For: 192.0.2.2\r\n")), HasSubstr("404"));
}

}  // namespace
}  // namespace enishi::transport
