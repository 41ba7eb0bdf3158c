// Sessions over real sockets, one thread: the loop is turned by hand, so what happens in one turn is what the test
// says.
#include "transport/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>

#include "auth/seals.h"
#include "unit/transport/floor_double.h"
#include "unit/transport/peer.h"

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

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
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
  ~SessionTest() override { floor_script() = {}; }

  // A session and its peer.
  Peer adopt(std::string head = "HEAD\r\n\r\n", std::string_view unread = {}) {
    using boost::asio::ip::tcp;
    boost::asio::basic_socket_acceptor<tcp, boost::asio::io_context::executor_type> acceptor(
        context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    Peer peer = Peer::connect(acceptor.local_endpoint().port());
    Socket socket(context_);
    acceptor.accept(socket);
    socket.non_blocking(true);
    sessions_.adopt(std::move(socket), std::move(head), unread);
    return peer;
  }
  // Turns the loop until `is_so`.
  template <class Condition>
  void turn_until(Condition is_so) {
    while (!is_so()) {
      context_.restart();
      ASSERT_EQ(context_.run_one_for(std::chrono::seconds{30}), 1u) << "nothing happens any more";
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
  Outlet* outlet_ = nullptr;
  std::vector<std::string> messages_;
  int closed_ = 0;
  bool said_goodbye_ = false;
};

TEST_F(SessionTest, JoinsWhatOneTurnPushesInOneWrite) {
  Peer peer = adopt();
  for (int i = 0; i < 100; ++i) outlet_->push(server_frame(std::to_string(i)));
  EXPECT_EQ(counters_.writes, 0u);
  turn_all();
  EXPECT_EQ(counters_.writes, 1u);
  EXPECT_EQ(peer.read_head(), "HEAD\r\n\r\n");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(peer.read_message()->payload, std::to_string(i));
}

TEST_F(SessionTest, ReadsWhatCameWithTheHeadAndWhatComesLater) {
  Peer peer = adopt("H\r\n\r\n", client_frame("early") + client_frame("half").substr(0, 3));
  EXPECT_EQ(messages_, std::vector<std::string>{"early"});
  peer.send(client_frame("half").substr(3) + client_frame("later"));
  turn_until([&] { return messages_.size() == 3; });
  EXPECT_EQ(messages_, (std::vector<std::string>{"early", "half", "later"}));
}

TEST_F(SessionTest, AnswersAPing) {
  Peer peer = adopt();
  peer.send(client_frame("are you there", {.opcode = 0x9}));
  turn_until([&] { return counters_.writes == 2; });
  peer.read_head();
  const auto pong = peer.read_message();
  EXPECT_EQ(pong->opcode, 0xA);
  EXPECT_EQ(pong->payload, "are you there");
}

TEST_F(SessionTest, PeersCloseIsEchoedAndNothingElseIsSaid) {
  Peer peer = adopt();
  turn_all();
  peer.read_head();
  peer.send(client_frame("last", {}) + client_close(1001));
  floor_script().message = [](delivery::Ports&, Outlet& outlet, SeatId, std::string_view) {
    outlet.push(server_frame("x"));
  };
  turn_until([&] { return sessions_.size() == 0; });
  const auto close = peer.read_message();
  EXPECT_EQ(close->code(), 1001);
  EXPECT_FALSE(peer.read_message());
  EXPECT_EQ(closed_, 1);
  EXPECT_TRUE(said_goodbye_);
  EXPECT_EQ(counters_.sessions, 0u);
  EXPECT_EQ(counters_.sessions_closed_by_peer, 1u);
}

TEST_F(SessionTest, PeerThatVanishesIsToldToTheFloorOnce) {
  Peer peer = adopt();
  turn_all();
  peer.close();
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(closed_, 1);
  EXPECT_FALSE(said_goodbye_);
}

TEST_F(SessionTest, PingsAndKnowsWhetherAnythingCame) {
  Peer peer = adopt();
  EXPECT_FALSE(outlet_->take_heard());
  outlet_->ping();
  turn_all();
  peer.read_head();
  EXPECT_EQ(peer.read_message()->opcode, 0x9);
  peer.send(client_frame("", {.opcode = 0xA}));
  turn_until([&] { return outlet_->take_heard(); });
  EXPECT_FALSE(outlet_->take_heard());
}

TEST_F(SessionTest, CloseComesAfterWhatIsQueuedAndWaitsForThePeers) {
  Peer peer = adopt();
  outlet_->push(server_frame("first"));
  outlet_->close(core::Errc::going_away);
  EXPECT_EQ(closed_, 0) << "never from inside";
  outlet_->push(server_frame("too late"));
  turn_all();
  EXPECT_EQ(closed_, 1);
  peer.read_head();
  EXPECT_EQ(peer.read_message()->payload, "first");
  EXPECT_EQ(peer.read_message()->code(), 4300);
  peer.send(client_frame("ignored") + client_close(4300));
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_TRUE(messages_.empty());
  EXPECT_EQ(closed_, 1);
}

TEST_F(SessionTest, PeerThatDoesNotAnswerTheCloseIsCut) {
  Peer peer = adopt();
  outlet_->close(core::Errc::going_away);
  turn_all();
  clock_.advance(std::chrono::milliseconds{4'900});
  sessions_.on_tick();
  EXPECT_EQ(sessions_.size(), 1u);
  clock_.advance(std::chrono::milliseconds{100});
  sessions_.on_tick();
  turn_until([&] { return sessions_.size() == 0; });
}

TEST_F(SessionTest, RevokedOneGetsNothingMoreAndIsGoneWithinASecond) {
  Peer peer = adopt();
  turn_all();
  peer.read_head();
  outlet_->push(server_frame("secret"));
  outlet_->drop_unsent();
  outlet_->close(core::Errc::device_revoked);
  turn_all();
  clock_.advance(std::chrono::milliseconds{750});
  sessions_.on_tick();
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(peer.read_message()->code(), 4500);
  EXPECT_FALSE(peer.read_message());
}

TEST_F(SessionTest, FaultEndsItWithItsCode) {
  Peer peer = adopt();
  peer.send(client_frame("good") + client_frame("text", {.opcode = 0x1}) + client_frame("more"));
  turn_until([&] { return closed_ == 1; });
  EXPECT_EQ(messages_, std::vector<std::string>{"good"});
  peer.read_head();
  turn_all();
  EXPECT_EQ(peer.read_message()->code(), 1003);
  EXPECT_EQ(counters_.faults, 1u);
  peer.close();
  turn_until([&] { return sessions_.size() == 0; });
}

TEST_F(SessionTest, ReadsNothingWhileTheFloorWantsNone) {
  std::size_t wanted = 2;
  floor_script().may_read = [&](SeatId) { return messages_.size() < wanted; };
  Peer peer = adopt();
  std::string bytes;
  for (int i = 0; i < 5; ++i) bytes += client_frame(std::to_string(i));
  peer.send(bytes);
  turn_until([&] { return messages_.size() == 2; });
  peer.send(client_frame("5"));
  turn_all();
  EXPECT_EQ(messages_.size(), 2u);
  wanted = 4;
  outlet_->resume_reading();
  EXPECT_EQ(messages_.size(), 2u) << "not from inside the floor";
  turn_all();
  EXPECT_EQ(messages_.size(), 4u);
  wanted = 100;
  outlet_->resume_reading();
  turn_until([&] { return messages_.size() == 6; });
  EXPECT_EQ(messages_.back(), "5");
}

TEST_F(SessionTest, ClosedWhilePausedItStillHearsThePeersClose) {
  floor_script().may_read = [&](SeatId) { return messages_.empty(); };
  Peer peer = adopt();
  peer.send(client_frame("one") + client_frame("two") + client_close(1000));
  turn_until([&] { return messages_.size() == 1; });
  outlet_->close(core::Errc::too_slow);
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(messages_.size(), 1u);
}

TEST_F(SessionTest, SlowReaderIsFedAsItReadsAndTheFloorSeesIt) {
  int drained = 0, progress = 0;
  floor_script().drained = [&](Outlet&) { ++drained; };
  floor_script().progress = [&](Outlet&) { ++progress; };
  Peer peer = adopt();
  turn_all();
  peer.read_head();
  ASSERT_EQ(std::exchange(drained, 0), 1);
  const std::string chunk(60'000, 'x');
  constexpr int kChunks = 400;  // far above what the kernel's buffers hold
  for (int i = 0; i < kChunks; ++i) outlet_->push(server_frame(chunk));
  turn_all();
  EXPECT_EQ(drained, 0);
  EXPECT_GT(outlet_->queued_bytes(), 0u);
  int received = 0;
  // Here one reads a little and the other writes a little; a reader beside it might let it write all at once.
  while (received < kChunks && progress == 0) {
    ASSERT_EQ(peer.read_message()->payload, chunk);
    ++received;
    turn_all();
  }
  EXPECT_GT(progress, 0);
  EXPECT_LT(received, kChunks);
  std::thread reader([&] {
    while (received < kChunks && peer.read_message()->payload == chunk) ++received;
  });
  turn_until([&] { return drained == 1; });
  reader.join();
  EXPECT_EQ(received, kChunks);
  EXPECT_EQ(outlet_->queued_bytes(), 0u);
}

TEST_F(SessionTest, LongTurnIsNotTakenForASlowReader) {
  int drained = 0;
  floor_script().drained = [&](Outlet&) { ++drained; };
  Peer peer = adopt();
  const std::string chunk(10'000, 'x');
  std::size_t most = 0;
  for (int i = 0; i < 40; ++i) {  // 400 KB in one turn, to a peer whose kernel takes it
    outlet_->push(server_frame(chunk));
    most = std::max(most, outlet_->queued_bytes());
  }
  EXPECT_LE(most, 80'000u);
  EXPECT_EQ(drained, 0) << "not from inside";
  turn_until([&] { return drained > 0; });
  peer.read_head();
  for (int i = 0; i < 40; ++i) EXPECT_EQ(peer.read_message()->payload.size(), chunk.size());
}

TEST_F(SessionTest, DrainedFloorMayFeedMore) {
  int left = 50;
  floor_script().drained = [&](Outlet& outlet) {
    if (left-- > 0) outlet.push(server_frame(std::to_string(left)));
  };
  Peer peer = adopt();
  turn_until([&] { return left < 0; });
  peer.read_head();
  for (int i = 49; i >= 0; --i) EXPECT_EQ(peer.read_message()->payload, std::to_string(i));
}

TEST_F(SessionTest, ClosingAllSparesNobody) {
  std::vector<Peer> peers;
  for (int i = 0; i < 10; ++i) peers.push_back(adopt());
  turn_all();
  peers[3].close();
  sessions_.close_all(core::Errc::going_away, std::chrono::milliseconds{500});
  turn_all();
  for (std::size_t i = 0; i < peers.size(); ++i) {
    if (i == 3) continue;
    peers[i].read_head();
    EXPECT_EQ(peers[i].read_message()->code(), 4300);
  }
  clock_.advance(std::chrono::milliseconds{500});
  sessions_.on_tick();
  turn_until([&] { return sessions_.size() == 0; });
  EXPECT_EQ(closed_, 10);
}

TEST_F(SessionTest, IdleOneIsSmall) {
  // Asio's own 350 bytes or so, the socket of the kernel and the seat of the floor come on top.
  EXPECT_LE(sizeof(Session), 240u);
}

}  // namespace
}  // namespace enishi::transport
