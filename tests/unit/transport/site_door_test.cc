// The web client over real sockets, plain and TLS: real threads, a scripted floor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

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
using ::testing::EndsWith;
using testing::floor_script;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Peer;
using testing::server_frame;
using ::testing::StartsWith;
using testing::TlsPeer;

constexpr std::size_t kVast = 24 << 20;  // more than the kernel's buffers of both sides hold

std::string get(const std::string& target, const std::string& more = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n";
}
std::string last(const std::string& target, const std::string& more = {}) {
  return get(target, "Connection: close\r\n" + more);
}

class SiteDoorTest : public ::testing::Test {
 protected:
  SiteDoorTest() {
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
    floor_script() = {};
    options_.floor.origins = {"loopback"};
    options_.loops = 2;
    options_.site = site_of("one");
  }
  ~SiteDoorTest() override {
    loops_.reset();
    floor_script() = {};
  }
  static std::shared_ptr<const Site> site_of(const std::string& text) {
    return Site::make({{"index.html", "<p>" + text},
                       {"sw.js", "worker " + text},
                       {"manifest.webmanifest", "{}"},
                       {"assets/app-1.js", std::string(40'000, 'j')},
                       {"assets/app-1.js.gz", "zipped"},
                       {"assets/vast.bin", std::string(kVast, text.front())}});
  }
  void use_tls() {
    const test::Authority authority;
    const auto pem = authority.issue({{"localhost"}});
    options_.tls = TlsIdentity::load(dir_.write("cert", pem.certificate), dir_.write("key", pem.key)).identity;
    ASSERT_NE(options_.tls, nullptr);
  }
  void start() {
    loops_ = std::make_unique<Loops>(options_, seals_, clock_, inbox_, std::vector<Loops::Answerer>(1));
    const auto port = loops_->listen("127.0.0.1", 0);
    ASSERT_TRUE(port);
    port_ = *port;
    loops_->start();
  }
  [[nodiscard]] std::string ask(const std::string& text) const {
    Peer peer = Peer::connect(port_);
    peer.send(text);
    return peer.read_to_end();
  }
  [[nodiscard]] std::unique_ptr<TlsPeer> greet() const {
    auto peer = std::make_unique<TlsPeer>(Peer::connect(port_));
    EXPECT_TRUE(test::wait_until([&] { return peer->handshake(); }));
    return peer;
  }
  [[nodiscard]] std::uint64_t sum(LoopCounters::Count LoopCounters::*count) const {
    std::uint64_t all = 0;
    for (const auto* one : loops_->counters()) all += (one->*count).load();
    return all;
  }
  [[nodiscard]] bool all_gone() const {
    return test::wait_until([&] { return loops_->handshakes() == 0; });
  }
  static std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
  }

  test::TempDir dir_;
  LoopsOptions options_;
  auth::Seals seals_{auth::Seals::Key{}};
  runtime::SystemClock clock_;
  runtime::Mailbox<core::Command> inbox_{100};
  std::uint16_t port_ = 0;
  std::unique_ptr<Loops> loops_;
};

TEST_F(SiteDoorTest, EveryAnswerCarriesTheFieldsOnce) {
  start();
  const std::string close = "Connection: close\r\n";
  const std::string head = "\r\nHost: x\r\n" + close;
  for (const auto& request :
       {last("/"), last("/assets/app-1.js"), last("/sw.js"), last("/nothing"), last("/healthz"), last("/readyz"),
        last("/robots.txt"), last("/v1/connect"), "HEAD / HTTP/1.1" + head + "\r\n", "POST / HTTP/1.1" + head + "\r\n",
        "GET / HTTP/1.1" + head + "X: " + std::string(9'000, 'a') + "\r\n\r\n", std::string("rubbish\r\n\r\n"),
        last("/", "If-None-Match: *\r\n")}) {
    const auto answer = ask(request);
    for (const auto* field :
         {"\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; ",
          "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nReferrer-Policy: no-referrer\r\n",
          "\r\nX-Robots-Tag: noindex", "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
          "\r\nCross-Origin-Resource-Policy: same-origin\r\n", "\r\nPermissions-Policy: camera=(self), ",
          "\r\nCache-Control: ", "\r\nConnection: close\r\n"})
      EXPECT_EQ(count_of(answer, field), 1u) << field << " of " << request << answer.substr(0, 900);
    for (const auto* part : {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "connect-src 'self'"})
      EXPECT_THAT(answer, HasSubstr(part));
  }
}

TEST_F(SiteDoorTest, FilesComeWithTheirTypesCachingAndCoding) {
  start();
  const auto page = ask(last("/"));
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 6\r\n"));
  EXPECT_THAT(page, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(page, EndsWith("\r\n\r\n<p>one"));
  EXPECT_EQ(ask(last("/index.html?utm=1")), page) << "a query changes nothing";
  EXPECT_THAT(ask(last("/assets/app-1.js")), EndsWith("\r\n\r\n" + std::string(40'000, 'j')));
  const auto zipped = ask(last("/assets/app-1.js", "Accept-Encoding: gzip, deflate, br\r\n"));
  EXPECT_THAT(zipped, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_THAT(zipped, HasSubstr("Cache-Control: public, max-age=31536000, immutable\r\n"));
  EXPECT_THAT(zipped, EndsWith("\r\n\r\nzipped"));
  EXPECT_THAT(ask(last("/sw.js")), HasSubstr("Cache-Control: no-cache\r\n"));
  EXPECT_THAT(ask(last("/robots.txt")), EndsWith("\r\n\r\nUser-agent: *\nDisallow: /\n"));
  EXPECT_EQ(sum(&LoopCounters::files_sent), 5u);
}

TEST_F(SiteDoorTest, NoPathLeadsAnywhereElse) {
  start();
  for (const auto* target :
       {"/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "//", "/assets",
        "/assets/", "/assets/..", "/assets/../index.html", "/%00", "/index.html%00.js", "/..\\..\\etc\\passwd",
        "\\index.html", "/index.html/", "/./", "/proc/self/environ", "http://127.0.0.1/", "*", "/assets/app-1.js.gz"}) {
    const auto answer = ask(get(target));
    EXPECT_THAT(answer, ::testing::AnyOf(StartsWith("HTTP/1.1 404 "), StartsWith("HTTP/1.1 400 "))) << target;
    EXPECT_THAT(answer, Not(HasSubstr("root:"))) << target;
    EXPECT_THAT(answer, Not(HasSubstr("<p>one"))) << target;
  }
  const std::string nul("GET /\0index.html HTTP/1.1\r\nHost: x\r\n\r\n", 38);
  EXPECT_THAT(ask(nul), StartsWith("HTTP/1.1 400 "));
}

TEST_F(SiteDoorTest, OnlyGetAndHead) {
  start();
  const auto head = ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 6\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get"})
    for (const auto* more : {"", "Content-Length: 5\r\n"}) {
      const auto answer =
          ask(std::string(method) + " / HTTP/1.1\r\nHost: x\r\n" + more + "\r\n" + (*more ? "hello" : ""));
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 ")) << method;
      EXPECT_THAT(answer, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
    }
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(SiteDoorTest, OneConnectionServesManyRequestsAlsoThoseSentAtOnce) {
  start();
  Peer peer = Peer::connect(port_);
  peer.send(get("/"));
  EXPECT_THAT(peer.read_head(), HasSubstr("\r\nConnection: keep-alive\r\n"));
  peer.send("HEAD /sw.js HTTP/1.1\r\nHost: x\r\n\r\n" + get("/assets/app-1.js") + get("/", "If-None-Match: *\r\n") +
            last("/sw.js").substr(0, 20));
  peer.send(last("/sw.js").substr(20));
  const auto rest = peer.read_to_end();
  EXPECT_THAT(rest, StartsWith("<p>oneHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(rest, HasSubstr("\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/javascript; charset=utf-8\r\n"
                              "Content-Length: 40000\r\n"));
  EXPECT_THAT(rest, HasSubstr("jjHTTP/1.1 304 Not Modified\r\n"));
  EXPECT_THAT(rest, EndsWith("\r\n\r\nworker one"));
  EXPECT_EQ(count_of(rest, "HTTP/1.1 "), 4u);
}

TEST_F(SiteDoorTest, AConnectionEndsWhereTheClientWantsItOrAHundredRequestsAreAnswered) {
  start();
  EXPECT_THAT(ask("GET / HTTP/1.0\r\n\r\n"), HasSubstr("\r\nConnection: close\r\n"));
  std::string many;
  for (int i = 0; i < 150; ++i) many += get("/sw.js");
  const auto answers = ask(many);
  EXPECT_EQ(count_of(answers, "HTTP/1.1 200 OK"), 100u);
  EXPECT_EQ(count_of(answers, "Connection: close"), 1u);
  EXPECT_EQ(count_of(ask(get("/sw.js") + get("/nothing") + get("/sw.js")), "HTTP/1.1 "), 2u)
      << "what is not a file ends it";
  EXPECT_TRUE(all_gone());
}

TEST_F(SiteDoorTest, ALaterHeadIsHeldToTheSameLimits) {
  start();
  Peer peer = Peer::connect(port_);
  peer.send(get("/sw.js") + get("/", "X: " + std::string(9'000, 'a') + "\r\n"));
  EXPECT_THAT(peer.read_to_end(), HasSubstr("worker oneHTTP/1.1 431 "));
  peer.close();
  EXPECT_TRUE(all_gone());
}

TEST_F(SiteDoorTest, AnUpgradeMayComeAfterFiles) {
  floor_script().message = [](delivery::Ports&, Outlet& outlet, SeatId, std::string_view payload) {
    outlet.push(server_frame("echo " + std::string(payload)));
  };
  start();
  Peer peer = Peer::connect(port_);
  peer.send(get("/sw.js") + Peer::upgrade_request() + testing::client_frame("at once"));
  EXPECT_THAT(peer.read_head(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(peer.read_head(), StartsWith("worker oneHTTP/1.1 101 "));
  EXPECT_EQ(peer.read_message()->payload, "echo at once");
  EXPECT_EQ(loops_->sessions(), 1u);
}

TEST_F(SiteDoorTest, WhoDoesNotReadIsCutAndGivesHisPlaceBack) {
  options_.head_time = std::chrono::milliseconds{300};
  start();
  Peer peer = Peer::connect(port_);
  peer.send(get("/assets/vast.bin"));
  EXPECT_TRUE(test::wait_until([&] { return sum(&LoopCounters::handshakes_late) == 1; }));
  EXPECT_TRUE(all_gone());
  EXPECT_LT(peer.read_to_end().size(), kVast);
}

TEST_F(SiteDoorTest, WhoReadsWithoutEndIsCutToo) {
  options_.answer_time = std::chrono::seconds{1};
  start();
  Peer peer = Peer::connect(port_);
  const int small = 4096;
  ::setsockopt(peer.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
  peer.send(get("/assets/vast.bin"));
  std::array<char, 1024> piece;
  std::size_t read = 0;
  // A little at a time: there is always progress, and never an end of it.
  EXPECT_TRUE(test::wait_until([&] {
    const ssize_t got = ::recv(peer.fd(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (got > 0) read += static_cast<std::size_t>(got);
    return got == 0 || (got < 0 && errno != EAGAIN) || sum(&LoopCounters::handshakes_late) == 1;
  }));
  EXPECT_LT(read, kVast);
  EXPECT_TRUE(all_gone());
}

TEST_F(SiteDoorTest, AConnectionWithoutAnotherRequestEndsAndIsNotCalledLate) {
  options_.head_time = std::chrono::milliseconds{1000};
  start();
  EXPECT_THAT(ask(get("/")), EndsWith("<p>one"));
  EXPECT_TRUE(all_gone());
  EXPECT_EQ(sum(&LoopCounters::handshakes_late), 0u);
}

TEST_F(SiteDoorTest, AnIdleConnectionGivesWayToWhoComes) {
  options_.handshakes_max = 1;
  options_.head_time = std::chrono::minutes{1};
  start();
  Peer idle = Peer::connect(port_);
  idle.send(get("/"));
  idle.read_head();
  EXPECT_THAT(ask(last("/sw.js")), EndsWith("worker one"));
  EXPECT_EQ(idle.read_to_end(), "<p>one");
}

TEST_F(SiteDoorTest, BehindAProxyEachRequestCountsForItsClient) {
  options_.proxies = {"127.0.0.1"};
  options_.handshakes_per_address_max = 1;
  start();
  const auto of = [](const std::string& client) { return "X-Forwarded-For: " + client + "\r\n"; };
  Peer proxy = Peer::connect(port_);
  proxy.send(get("/sw.js", of("192.0.2.1")) + get("/sw.js", of("192.0.2.2")));
  EXPECT_THAT(proxy.read_head(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(proxy.read_head(), StartsWith("worker oneHTTP/1.1 200 "));
  EXPECT_THAT(ask(last("/", of("192.0.2.1"))), StartsWith("HTTP/1.1 200 ")) << "its place was given back";
  EXPECT_THAT(ask(last("/", of("192.0.2.2"))), StartsWith("HTTP/1.1 429 "));
}

TEST_F(SiteDoorTest, OverPlainHttpFromAnotherHostThePageSaysWhyAndNoFileIsSent) {
  options_.proxies = {"127.0.0.1"};
  start();
  const std::string from = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: ";
  EXPECT_THAT(ask(last("/", from + "https\r\n")), EndsWith("<p>one"));
  const auto answer = ask(last("/", from + "http\r\n"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(answer, HasSubstr("only over https does a browser"));
  EXPECT_THAT(ask(last("/assets/app-1.js", from + "http\r\n")), StartsWith("HTTP/1.1 403 "));
}

TEST_F(SiteDoorTest, WithoutAClientThePageSaysSo) {
  options_.site = nullptr;
  start();
  const auto answer = ask(get("/"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer, HasSubstr("without its web client"));
  EXPECT_THAT(answer, HasSubstr("./dev run"));
  EXPECT_THAT(ask(get("/assets/x.js")), Not(HasSubstr("./dev run")));
  EXPECT_THAT(ask(get("/robots.txt")), HasSubstr("Disallow: /"));
}

TEST_F(SiteDoorTest, AnotherClientTakesOverAndWhatIsOnItsWayArrivesWhole) {
  start();
  Peer slow = Peer::connect(port_);
  slow.send(last("/assets/vast.bin"));
  slow.read_head();  // its answer has begun
  loops_->use(site_of("two"));
  EXPECT_TRUE(test::wait_until([&] { return ask(last("/")).ends_with("<p>two"); }));
  EXPECT_EQ(slow.read_to_end(), std::string(kVast, 'o'));
  loops_->use(std::shared_ptr<const Site>());
  EXPECT_TRUE(test::wait_until([&] { return ask(last("/")).starts_with("HTTP/1.1 404 "); }));
}

TEST_F(SiteDoorTest, OverTlsFilesLargeAndSmallShareAConnection) {
  use_tls();
  start();
  const auto peer = greet();
  peer->write(get("/sw.js") + get("/assets/vast.bin") + get("/", "If-None-Match: *\r\n") + last("/"));
  EXPECT_TRUE(test::wait_until([&] { return peer->read().ends_with("<p>one") && peer->heard_goodbye(); }));
  const auto& all = peer->read();
  EXPECT_EQ(count_of(all, "HTTP/1.1 200 OK"), 3u);
  EXPECT_EQ(count_of(all, "HTTP/1.1 304 "), 1u);
  EXPECT_THAT(all.substr(all.find("oooo")), StartsWith(std::string(kVast, 'o') + "HTTP/1.1 304 "));
  EXPECT_THAT(ask(get("/")), StartsWith("HTTP/1.1 400 ")) << "plain HTTP there is told, and gets no page";
}

TEST_F(SiteDoorTest, OverTlsWhoDoesNotReadIsCut) {
  use_tls();
  options_.head_time = std::chrono::milliseconds{1000};
  start();
  const auto peer = greet();
  peer->write(get("/assets/vast.bin"));
  EXPECT_TRUE(test::wait_until([&] { return sum(&LoopCounters::handshakes_late) == 1; }));
  EXPECT_TRUE(all_gone());
}

}  // namespace
}  // namespace enishi::transport
