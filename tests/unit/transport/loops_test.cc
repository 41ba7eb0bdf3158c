// The whole of transport: real threads, real sockets, a scripted floor.
#include "transport/loops.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "auth/seals.h"
#include "unit/transport/floor_double.h"
#include "unit/transport/peer.h"

namespace enishi::transport {
namespace {

using delivery::Outlet;
using delivery::SeatId;
using testing::client_frame;
using testing::floor_script;
using testing::Peer;
using testing::server_frame;

class LoopsTest : public ::testing::Test {
 protected:
  LoopsTest() {
    floor_script() = {};
    options_.floor.origins = {"loopback"};
    options_.loops = 3;
  }
  ~LoopsTest() override {
    loops_.reset();
    floor_script() = {};
  }
  void start() {
    std::vector<Loops::Answerer> readers(2, [](const delivery::Query& query) {
      delivery::Answer answer;
      answer.to = query.from;
      answer.frames.push_back(server_frame("answer"));
      return answer;
    });
    loops_ = std::make_unique<Loops>(options_, seals_, clock_, inbox_, std::move(readers));
    const auto port = loops_->listen("127.0.0.1", 0);
    ASSERT_TRUE(port);
    port_ = *port;
    loops_->start();
  }
  std::string ask(const std::string& text) {
    Peer peer = Peer::connect(port_);
    peer.send(text);
    return peer.read_to_end();
  }
  // Every session gets one of these.
  void greet() {
    floor_script().open = [](delivery::Ports&, std::uint32_t loop, Outlet& outlet, SeatId) {
      outlet.push(server_frame(std::to_string(loop)));
    };
  }

  LoopsOptions options_;
  auth::Seals seals_{auth::Seals::Key{}};
  runtime::SystemClock clock_;
  runtime::Mailbox<core::Command> inbox_{100};
  std::uint16_t port_ = 0;
  std::unique_ptr<Loops> loops_;
};

TEST_F(LoopsTest, HealthAndReadiness) {
  start();
  EXPECT_TRUE(ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(ask("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 503 "));
  loops_->set_ready(true);
  EXPECT_TRUE(ask("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 200 "));
  const std::string head = ask("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST_F(LoopsTest, EverythingElseIsRefusedInHttp) {
  start();
  const std::string missing = ask("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(missing.starts_with("HTTP/1.1 404 "));
  EXPECT_NE(missing.find("nosniff"), std::string::npos);
  EXPECT_NE(missing.find("noindex"), std::string::npos);
  EXPECT_TRUE(ask("POST /healthz HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(ask("GET /v1/connect HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 426 "));
  EXPECT_TRUE(ask("rubbish\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(ask("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'a') + "\r\n\r\n").starts_with("HTTP/1.1 431 "));
}

TEST_F(LoopsTest, AStrangerHoldsHisPlaceUntilHeIsProvenOrVouchedFor) {
  options_.handshakes_per_address_max = 2;
  options_.per_address_on_loopback = true;
  floor_script().message = [](delivery::Ports&, Outlet& outlet, SeatId, std::string_view word) {
    if (word == "proof") outlet.proven();
    if (word == "pairing") outlet.vouched_for();
    outlet.push(server_frame("done"));
  };
  start();
  const auto enter = [&] {
    Peer peer = Peer::connect(port_);
    peer.send(Peer::upgrade_request());
    EXPECT_TRUE(peer.read_head().starts_with("HTTP/1.1 101 "));
    return peer;
  };
  const auto say = [](Peer& peer, const std::string& word) {
    peer.send(client_frame(word));
    EXPECT_EQ(peer.read_message()->payload, "done");
  };
  const auto is_refused = [&] {
    Peer peer = Peer::connect(port_);
    peer.send(Peer::upgrade_request());
    return peer.read_to_end().empty();
  };
  Peer one = enter();
  Peer two = enter();
  EXPECT_EQ(loops_->handshakes(), 2u) << "the upgrade proves nothing";
  EXPECT_TRUE(is_refused());
  say(one, "anything");
  EXPECT_TRUE(is_refused());
  say(one, "proof");
  EXPECT_EQ(loops_->handshakes(), 1u);
  Peer three = enter();
  EXPECT_TRUE(is_refused());
  say(two, "pairing");
  Peer four = enter();
  EXPECT_TRUE(is_refused());
  EXPECT_EQ(loops_->sessions(), 4u);
  say(two, "proof");
  EXPECT_EQ(loops_->handshakes(), 2u) << "given back once only";
}

TEST_F(LoopsTest, AStrangersPlaceEndsWithHisSocket) {
  options_.handshakes_max = 1;
  start();
  for (int i = 0; i < 20; ++i) {
    Peer peer = Peer::connect(port_);
    peer.send(Peer::upgrade_request());
    EXPECT_TRUE(peer.read_head().starts_with("HTTP/1.1 101 ")) << "the one before has left";
  }
}

TEST_F(LoopsTest, TriesOfSecretsAreCountedByAddressOverAllLoops) {
  options_.per_address_on_loopback = true;
  options_.guesses = {.per_address_and_minute = 2, .in_all_and_hour = 100};
  floor_script().message = [](delivery::Ports&, Outlet& outlet, SeatId, std::string_view word) {
    if (word == "known") outlet.take_try_back();
    const auto wait = word == "known" ? std::chrono::milliseconds{0} : outlet.try_secret();
    outlet.push(server_frame(wait.count() == 0 ? "yes" : "no"));
  };
  start();
  std::vector<Peer> peers;
  const auto try_one = [&](const std::string& word) {
    peers.push_back(Peer::connect(port_));
    peers.back().send(Peer::upgrade_request());
    (void)peers.back().read_head();
    peers.back().send(client_frame(word));
    return peers.back().read_message()->payload;
  };
  EXPECT_EQ(try_one("try"), "yes");
  EXPECT_EQ(try_one("try"), "yes");
  EXPECT_EQ(try_one("try"), "no");
  EXPECT_EQ(try_one("known"), "yes");
  EXPECT_EQ(try_one("try"), "yes");
  EXPECT_EQ(try_one("try"), "no");
  EXPECT_EQ(loops_->guesses().refused(), 2u);
}

TEST_F(LoopsTest, WhatOneTurnBringsReachesTheSequencerAtOnce) {
  std::mutex mutex;
  std::vector<std::size_t> sizes;  // when the inbox stopped being empty
  inbox_.on_filled([&] {
    const std::lock_guard lock(mutex);
    sizes.push_back(inbox_.size());
  });
  floor_script().message = [](delivery::Ports& ports, Outlet& outlet, SeatId, std::string_view) {
    for (int i = 0; i < 16; ++i) EXPECT_TRUE(ports.submit({}));
    outlet.push(server_frame("submitted"));
  };
  start();
  Peer peer = Peer::upgraded(port_);
  peer.send_message("go");
  EXPECT_EQ(peer.read_message()->payload, "submitted");
  loops_->stop();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{16})) << "not one, and then the others";
}

TEST_F(LoopsTest, UpgradeNamesTheSubprotocolAndSpreadsSessionsOverLoops) {
  greet();
  start();
  std::vector<Peer> peers;
  std::multiset<std::string> loops;
  for (int i = 0; i < 9; ++i) {
    peers.push_back(Peer::connect(port_));
    peers.back().send(Peer::upgrade_request());
    const std::string head = peers.back().read_head();
    EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
    EXPECT_NE(head.find("Sec-WebSocket-Protocol: enishi.v1\r\n"), std::string::npos);
    loops.insert(peers.back().read_message()->payload);
  }
  EXPECT_EQ(loops, (std::multiset<std::string>{"0", "0", "0", "1", "1", "1", "2", "2", "2"}));
  EXPECT_EQ(loops_->sessions(), 9u);
  EXPECT_EQ(loops_->counters().size(), 3u);
}

TEST_F(LoopsTest, RefusalsThatAPageMustUnderstandComeByCloseCode) {
  options_.sessions_max = 1;
  greet();
  start();
  const auto code_of = [this](const std::string& request) {
    Peer peer = Peer::connect(port_);
    peer.send(request);
    EXPECT_NE(peer.read_head().find(" 101 "), std::string::npos);
    const auto message = peer.read_message();
    return message ? message->code() : -1;
  };
  EXPECT_EQ(code_of(Peer::upgrade_request({}, "")), 4501);
  Peer other = Peer::connect(port_);
  other.send(Peer::upgrade_request({}, "Sec-WebSocket-Protocol: enishi.v9\r\n"));
  EXPECT_NE(other.read_head().find("Sec-WebSocket-Protocol: enishi.v9\r\n"), std::string::npos);
  EXPECT_EQ(other.read_message()->code(), 4501);
  other.close();
  EXPECT_EQ(code_of(Peer::upgrade_request("Origin: https://evil.example\r\n")), 4503);
  Peer first = Peer::upgraded(port_, "Origin: http://localhost:8470\r\n");
  EXPECT_EQ(first.read_message()->opcode, 2);
  EXPECT_EQ(code_of(Peer::upgrade_request()), 4303);
}

TEST_F(LoopsTest, ASlowHeadIsCutAndItsPlaceGivenBack) {
  options_.head_time = std::chrono::milliseconds{1};
  start();
  Peer peer = Peer::connect(port_);
  peer.send("GET / HT");
  EXPECT_EQ(peer.read_to_end(), "");
  std::uint64_t late = 0;
  for (const auto* counters : loops_->counters()) late += counters->handshakes_late;
  EXPECT_EQ(late, 1u);
}

TEST_F(LoopsTest, MoreThanTheThresholdHoldsWaitInTheBacklog) {
  options_.handshakes_max = 2;
  floor_script().open = [](delivery::Ports&, std::uint32_t, Outlet& outlet, SeatId) {
    outlet.push(server_frame("hello"));
    outlet.proven();
  };
  start();
  Peer idle_a = Peer::connect(port_), idle_b = Peer::connect(port_);
  Peer waits = Peer::connect(port_);
  waits.send(Peer::upgrade_request());
  idle_a.close();  // makes room
  EXPECT_NE(waits.read_head().find(" 101 "), std::string::npos);
  idle_b.send(Peer::upgrade_request());
  EXPECT_NE(idle_b.read_head().find(" 101 "), std::string::npos);
  // A proven session holds no place there.
  std::vector<Peer> peers;
  for (int i = 0; i < 10; ++i) peers.push_back(Peer::upgraded(port_));
  EXPECT_EQ(peers.back().read_message()->opcode, 2);
}

TEST_F(LoopsTest, MessagesReachTheFloorAlsoThoseSentWithTheHead) {
  floor_script().message = [](delivery::Ports&, Outlet& outlet, SeatId, std::string_view payload) {
    outlet.push(server_frame("echo " + std::string(payload)));
  };
  start();
  Peer peer = Peer::connect(port_);
  peer.send(Peer::upgrade_request() + client_frame("early") + client_frame("late").substr(0, 4));
  peer.read_head();
  EXPECT_EQ(peer.read_message()->payload, "echo early");
  peer.send(client_frame("late").substr(4));
  EXPECT_EQ(peer.read_message()->payload, "echo late");
}

TEST_F(LoopsTest, CommandsGoToTheSequencerUntilItsInboxIsFull) {
  floor_script().message = [](delivery::Ports& ports, Outlet& outlet, SeatId, std::string_view) {
    outlet.push(server_frame(ports.submit({}) ? "taken" : "refused"));
  };
  start();
  Peer peer = Peer::upgraded(port_);
  for (int i = 0; i < 101; ++i) peer.send_message("x");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(peer.read_message()->payload, "taken");
  EXPECT_EQ(peer.read_message()->payload, "refused");
  EXPECT_EQ(inbox_.size(), 100u);
}

TEST_F(LoopsTest, QueriesAreAnsweredToTheirSeat) {
  floor_script().open = [](delivery::Ports& ports, std::uint32_t loop, Outlet&, SeatId seat) {
    delivery::Query query;
    query.from = {loop, seat, 7};
    EXPECT_TRUE(ports.ask(std::move(query)));
  };
  floor_script().answer = [](Outlet& outlet, delivery::Answer&& answer) {
    for (const auto& frame : answer.frames) outlet.push(frame);
  };
  start();
  std::vector<Peer> peers;
  for (int i = 0; i < 6; ++i) peers.push_back(Peer::upgraded(port_));
  for (auto& peer : peers) EXPECT_EQ(peer.read_message()->payload, "answer");
}

TEST_F(LoopsTest, LettersGoFromLoopToLoop) {
  std::promise<std::uint64_t> got;
  floor_script().open = [](delivery::Ports& ports, std::uint32_t loop, Outlet&, SeatId) {
    delivery::LeaseLetter letter;
    letter.member = core::MemberId{42};
    EXPECT_TRUE(ports.post((loop + 1) % 3, letter));
  };
  floor_script().letter = [&](delivery::Letter&& letter) {
    got.set_value(std::get<delivery::LeaseLetter>(letter).member.value);
  };
  start();
  Peer peer = Peer::upgraded(port_);
  EXPECT_EQ(got.get_future().get(), 42u);
}

TEST_F(LoopsTest, GroupsReachEveryLoopInOrder) {
  floor_script().group = [](const std::vector<Outlet*>& outlets, const sequencer::Group& group) {
    for (Outlet* outlet : outlets) outlet->push(server_frame(std::to_string(group.last.value)));
  };
  greet();
  start();
  std::vector<Peer> peers;
  for (int i = 0; i < 6; ++i) {
    peers.push_back(Peer::upgraded(port_));
    peers.back().read_message();
  }
  std::thread sequencer([this] {
    for (std::uint64_t i = 1; i <= 2'000; ++i) {
      auto group = std::make_shared<sequencer::Group>();
      group->last = core::Position{i};
      loops_->publish(group);
    }
  });
  for (std::uint64_t i = 1; i <= 2'000; ++i)
    for (auto& peer : peers) EXPECT_EQ(peer.read_message()->payload, std::to_string(i));
  sequencer.join();
}

TEST_F(LoopsTest, StopsInOrderAndLosesNoAnswer) {
  greet();
  floor_script().group = [](const std::vector<Outlet*>& outlets, const sequencer::Group&) {
    for (Outlet* outlet : outlets) outlet->push(server_frame("group"));
  };
  floor_script().go_away = [](const std::vector<Outlet*>& outlets) {
    for (Outlet* outlet : outlets) outlet->push(server_frame("go away"));
  };
  start();
  std::vector<Peer> peers;
  for (int i = 0; i < 6; ++i) {
    peers.push_back(Peer::upgraded(port_));
    peers.back().read_message();
  }
  Peer unfinished = Peer::connect(port_);
  unfinished.send("GET /");
  loops_->set_ready(true);
  loops_->drain(std::chrono::seconds{5});
  loops_->publish(std::make_shared<sequencer::Group>());
  std::thread stopping([this] { loops_->stop(std::chrono::seconds{20}); });
  for (auto& peer : peers) {
    EXPECT_EQ(peer.read_message()->payload, "go away");
    EXPECT_EQ(peer.read_message()->payload, "group");
    EXPECT_EQ(peer.read_message()->code(), 4300);
    peer.close();
  }
  EXPECT_EQ(unfinished.read_to_end(), "");
  stopping.join();
  EXPECT_EQ(loops_->sessions(), 0u);
  loops_->publish(std::make_shared<sequencer::Group>());  // nobody listens, nobody waits
  loops_->stop();
}

TEST_F(LoopsTest, StopsWithoutBeingStartedAndWithPeersThatSayNothing) {
  {
    Loops never(options_, seals_, clock_, inbox_, std::vector<Loops::Answerer>(1));
    EXPECT_TRUE(never.listen("127.0.0.1", 0));
  }
  greet();
  start();
  Peer silent = Peer::upgraded(port_);
  silent.read_message();
  Peer unfinished = Peer::connect(port_);
  loops_->stop(std::chrono::milliseconds{1});
  EXPECT_EQ(loops_->handshakes(), 0u);
}

TEST_F(LoopsTest, WithoutDescriptorsItPausesAndThenGoesOn) {
  greet();
  start();
  const Peer occupied = Peer::upgraded(port_);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Peer peer(fd);
  const int lowest = ::dup(fd);
  ::close(lowest);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{static_cast<rlim_t>(lowest), before.rlim_max};  // not one more
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const auto& put_off = loops_->counters().front()->accepts_put_off;
  while (put_off == 0) std::this_thread::yield();
  EXPECT_GE(put_off, 1u);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  peer.send(Peer::upgrade_request());
  EXPECT_NE(peer.read_head().find(" 101 "), std::string::npos);
}

TEST_F(LoopsTest, AddressesThatCannotBe) {
  start();
  const auto error_of = [this](const char* address, std::uint16_t port) {
    Loops loops(options_, seals_, clock_, inbox_, std::vector<Loops::Answerer>(1));
    const auto result = loops.listen(address, port);
    EXPECT_FALSE(result);
    return result ? core::Errc{} : core::errc_of(result.error());
  };
  EXPECT_EQ(error_of("127.0.0.1", port_), core::Errc::address_in_use);
  EXPECT_EQ(error_of("203.0.113.7", 0), core::Errc::address_not_allowed);
  EXPECT_EQ(error_of("localhost", 0), core::Errc::bad_configuration);
}

}  // namespace
}  // namespace enishi::transport
