// Sessions under TLS over real sockets, one thread: loop and peer are turned by hand.
#include <gtest/gtest.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <optional>

#include "auth/seals.h"
#include "support/temp_dir.h"
#include "support/tls/certificates.h"
#include "transport/session.h"
#include "unit/transport/floor_double.h"
#include "unit/transport/tls_peer.h"

namespace enishi::transport {
namespace {

using delivery::Outlet;
using delivery::SeatId;
using testing::client_close;
using testing::client_frame;
using testing::floor_script;
using testing::NoPorts;
using testing::Peer;
using testing::server_frame;
using testing::TlsPeer;

std::shared_ptr<const TlsIdentity> test_identity() {
  static const auto kIdentity = [] {
    const test::TempDir dir;
    const auto pem = test::Authority().issue();
    return TlsIdentity::load(dir.write("cert", pem.certificate), dir.write("key", pem.key)).identity;
  }();
  return kIdentity;
}

class TlsSessionTest : public ::testing::TestWithParam<int> {
 protected:
  TlsSessionTest() {
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
    floor_script() = {};
    floor_script().open = [this](delivery::Ports&, std::uint32_t, Outlet& outlet, SeatId) { outlet_ = &outlet; };
    floor_script().message = [this](delivery::Ports&, Outlet&, SeatId, std::string_view payload) {
      messages_.emplace_back(payload);
    };
    floor_script().closed = [this](SeatId, bool said_goodbye) {
      ++closed_;
      said_goodbye_ = said_goodbye;
    };
  }
  ~TlsSessionTest() override { floor_script() = {}; }

  void SetUp() override {
    using boost::asio::ip::tcp;
    ASSERT_NE(test_identity(), nullptr);
    boost::asio::basic_socket_acceptor<tcp, boost::asio::io_context::executor_type> acceptor(
        context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    peer_.emplace(Peer::connect(acceptor.local_endpoint().port()), GetParam());
    Socket socket(context_);
    acceptor.accept(socket);
    socket.non_blocking(true);
    server_fd_ = socket.native_handle();
    auto tls = TlsStream::accept(*test_identity(), socket.native_handle());
    auto step = Step{Step::Is::wants_read, 0};
    while (!peer_->handshake() || step.is != Step::Is::done) {
      if (step.is == Step::Is::done) continue;
      step = tls->handshake();
      ASSERT_TRUE(step.is == Step::Is::done || step.is == Step::Is::wants_read);
    }
    ASSERT_EQ(SSL_version(peer_->ssl()), GetParam());
    sessions_.adopt(std::move(socket), "", {}, {}, std::move(tls));
  }
  /// Turns the loop, and lets the peer read, until `is_so`.
  template <class Condition>
  void turn_until(Condition is_so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!is_so()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "nothing happens any more";
      context_.restart();
      context_.run_one_for(std::chrono::milliseconds{1});
    }
  }
  void turn_all() {
    context_.restart();
    context_.poll();
  }

  boost::asio::io_context context_{1};
  runtime::ManualClock clock_;
  NoPorts ports_;
  auth::Seals seals_{auth::Seals::Key{}};
  delivery::Floor floor_{{}, ports_, seals_};
  LoopCounters counters_;
  Sessions sessions_{context_.get_executor(), FramerLimits{}, floor_, counters_, clock_};
  std::optional<TlsPeer> peer_;
  int server_fd_ = -1;
  Outlet* outlet_ = nullptr;
  std::vector<std::string> messages_;
  int closed_ = 0;
  bool said_goodbye_ = false;
};
INSTANTIATE_TEST_SUITE_P(Versions, TlsSessionTest, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) { return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13"; });

TEST_P(TlsSessionTest, FramesOfOneTurnShareARecord) {
  std::string all;
  for (int i = 0; i < 100; ++i) {
    outlet_->push(server_frame(std::to_string(i)));
    all += *server_frame(std::to_string(i));
  }
  turn_until([&] { return peer_->read().size() == all.size(); });
  EXPECT_EQ(peer_->read(), all);
  EXPECT_EQ(counters_.writes, 1u);
  EXPECT_EQ(counters_.bytes_out, all.size());
}

TEST_P(TlsSessionTest, FramesLargerThanARecordArriveWhole) {
  std::string all;
  for (const std::size_t size : {1u, 16383u, 16384u, 16385u, 60000u, 3u}) {
    const auto frame = server_frame(std::string(size, static_cast<char>('a' + size % 26)));
    outlet_->push(frame);
    all += *frame;
  }
  turn_until([&] { return peer_->read().size() == all.size(); });
  EXPECT_EQ(peer_->read(), all);
}

TEST_P(TlsSessionTest, WhatComesByteByByteIsReadLikeAnythingElse) {
  const auto bytes = peer_->seal(client_frame("one") + client_frame("two"));
  for (const char byte : bytes) {
    peer_->send({&byte, 1});
    turn_all();
  }
  turn_until([&] { return messages_.size() == 2; });
  EXPECT_EQ(messages_, (std::vector<std::string>{"one", "two"}));
}

TEST_P(TlsSessionTest, NothingStaysBehindWhenManyRecordsComeAtOnce) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) bytes += peer_->seal(client_frame(std::string(10'000, static_cast<char>('a' + i % 26))));
  peer_->send(bytes);
  turn_until([&] { return messages_.size() == 40; });
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(messages_[static_cast<std::size_t>(i)].front(), static_cast<char>('a' + i % 26));
}

// Nobody keeps the loop for himself, whatever a byte costs: each wake-up takes little, and nothing waits for ever.
TEST_P(TlsSessionTest, TinyRecordsShareTheLoop) {
  std::string bytes;
  const auto frame = client_frame(std::string(3000, 'x'));
  for (const char byte : frame) bytes += peer_->seal({&byte, 1});
  peer_->send(bytes);
  std::uint64_t before = 0;
  turn_until([&] {
    EXPECT_LE(counters_.bytes_in - before, 16U) << "one handler ran, with 16 records";
    before = counters_.bytes_in;
    return messages_.size() == 1;
  });
  EXPECT_EQ(messages_.front(), std::string(3000, 'x'));
}

TEST_P(TlsSessionTest, RecordsThatCarryNothingShareTheLoop) {
  if (GetParam() != TLS1_3_VERSION) GTEST_SKIP() << "TLS 1.2 has no new keys without renegotiation, which is refused";
  std::string bytes;
  for (int i = 0; i < 3000; ++i) bytes += peer_->take_new_keys();
  peer_->send(bytes + peer_->seal(client_frame("behind the keys")));
  int turns = 0;
  turn_until([&] {
    ++turns;
    return messages_.size() == 1;
  });
  EXPECT_GT(turns, static_cast<int>(bytes.size() / (kRecordBytes + 1024)));
}

TEST_P(TlsSessionTest, ASlowReaderGetsEverythingAndWhatIsDroppedLeavesTheStreamWhole) {
  const std::string large(200'000, 'x');
  std::size_t pushed = 0;
  for (; outlet_->queued_bytes() < 1'000'000; turn_all()) {
    outlet_->push(server_frame(large));
    ASSERT_LT(++pushed, 1000u);
  }
  for (int i = 0; i < 5; ++i) outlet_->push(server_frame("small, and dropped"));
  outlet_->drop_unsent();
  EXPECT_LE(outlet_->queued_bytes(), large.size() + 10);
  outlet_->push(server_frame("last"));
  const std::string end = *server_frame("last");
  turn_until([&] { return peer_->read().ends_with(end); });
  const auto one = server_frame(large)->size();
  const auto came = peer_->read().size() - end.size();
  EXPECT_EQ(came % one, 0u) << "whole frames only";
  EXPECT_LT(came, pushed * one) << "something was dropped";
  EXPECT_EQ(outlet_->queued_bytes(), 0u);
}

TEST_P(TlsSessionTest, ARecordThatIsHeldGoesOutEvenWhenItsFramesAreDropped) {
  while (outlet_->queued_bytes() == 0) {  // small frames until the kernel takes no more: the last record holds many
    for (int i = 0; i < 1000; ++i) outlet_->push(server_frame(std::string(100, 'y')));
    turn_all();
  }
  outlet_->drop_unsent();
  EXPECT_LE(outlet_->queued_bytes(), kRecordBytes + 102);
  outlet_->push(server_frame("last"));
  turn_until([&] { return peer_->read().ends_with(*server_frame("last")); });
  EXPECT_EQ((peer_->read().size() - server_frame("last")->size()) % server_frame(std::string(100, 'y'))->size(), 0u);
}

TEST_P(TlsSessionTest, APausedSessionReadsOnWhereItStopped) {
  bool may_read = true;
  floor_script().may_read = [&](SeatId) { return may_read; };
  floor_script().message = [&](delivery::Ports&, Outlet&, SeatId, std::string_view payload) {
    messages_.emplace_back(payload);
    may_read = false;
  };
  std::string bytes;
  for (int i = 0; i < 200; ++i) bytes += client_frame(std::to_string(i) + std::string(1000, ' '));
  peer_->write(bytes);
  for (std::size_t i = 1; i <= 200; ++i) {
    turn_until([&] { return messages_.size() == i; });
    turn_all();
    ASSERT_EQ(messages_.size(), i);
    may_read = true;
    outlet_->resume_reading();
  }
}

TEST_P(TlsSessionTest, AGoodbyeInOrderIsAnsweredInOrder) {
  peer_->write(client_close(1000));
  turn_until([&] { return closed_ == 1; });
  EXPECT_TRUE(said_goodbye_);
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(peer_->read(), std::string("\x88\x02\x03\xE8", 4));
}

TEST_P(TlsSessionTest, OurGoodbyeEndsWithCloseNotify) {
  outlet_->close(core::Errc::going_away);
  turn_until([&] { return peer_->heard_goodbye(); });
  peer_->write(client_close(1000));
  turn_until([&] { return sessions_.size() == 0; });
}

TEST_P(TlsSessionTest, CloseNotifyAndSuddenEndsEndTheSession) {
  if (GetParam() == TLS1_3_VERSION) peer_->say_goodbye();
  peer_->peer().close();
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(closed_, 1);
  EXPECT_FALSE(said_goodbye_);
}

TEST_P(TlsSessionTest, BytesThatAreNoRecordEndTheSession) {
  peer_->send("GET / HTTP/1.1\r\n\r\n");
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(closed_, 1);
  EXPECT_TRUE(messages_.empty());
}

TEST_P(TlsSessionTest, AForgedRecordEndsTheSession) {
  auto bytes = peer_->seal(client_frame("forged"));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  peer_->send(bytes);
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_TRUE(messages_.empty());
}

// The answer to each wish for new keys is written inside of a read. Nobody takes the answers, until a read wants to
// write.
TEST_P(TlsSessionTest, AReadThatWantsToWriteGoesOnWhenItCan) {
  if (GetParam() != TLS1_3_VERSION) GTEST_SKIP() << "TLS 1.2 has no new keys without renegotiation, which is refused";
  const int least = 1;
  ::setsockopt(server_fd_, SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
  ::setsockopt(peer_->peer().fd(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
  for (int i = 0; i < 2000; ++i) {
    peer_->ask_for_new_keys();
    turn_all();
  }
  peer_->write(client_frame("behind the keys"));
  for (int i = 0; i < 20; ++i) turn_all();
  EXPECT_TRUE(messages_.empty()) << "the answers before it fill the socket";
  outlet_->push(server_frame("meanwhile"));
  turn_until([&] { return peer_->read().ends_with("meanwhile") && !messages_.empty(); });
  EXPECT_EQ(messages_, std::vector<std::string>{"behind the keys"});
  outlet_->push(server_frame("with new keys"));
  turn_until([&] { return peer_->read().ends_with("with new keys"); });
  EXPECT_EQ(closed_, 0);
}

TEST_P(TlsSessionTest, NewKeysInTheMidstOfARecordWaitAndAskedForTwiceEndTheSessionAndNothingElse) {
  if (GetParam() != TLS1_3_VERSION) GTEST_SKIP() << "TLS 1.2 has no new keys without renegotiation, which is refused";
  for (int i = 0; outlet_->queued_bytes() < 500'000; ++i, turn_all()) {
    outlet_->push(server_frame(std::string(50'000, 'x')));
    ASSERT_LT(i, 1000);
  }
  peer_->ask_for_new_keys();
  peer_->write(client_frame("once"));
  turn_until([&] { return messages_.size() == 1; });
  peer_->ask_for_new_keys();
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(closed_, 1);
}

TEST_P(TlsSessionTest, RenegotiationIsRefused) {
  if (GetParam() != TLS1_2_VERSION) GTEST_SKIP() << "TLS 1.3 has none";
  EXPECT_EQ(SSL_renegotiate(peer_->ssl()), 1);
  for (int i = 0; i < 10; ++i) {
    (void)peer_->handshake();
    turn_all();
  }
  EXPECT_NE(peer_->handshake(), true);
}

}  // namespace
}  // namespace enishi::transport
