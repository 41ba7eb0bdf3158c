// A peer that breaks the rules, against the real binary: each gets its close code, and the daemon goes on serving
// others.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "enishi/v1/frame.pb.h"
#include "support/http.h"
#include "support/process.h"
#include "support/raw_websocket.h"
#include "support/seeds.h"

namespace enishi::test {
namespace {

constexpr std::uint16_t kProtocolViolation = 4501;
constexpr std::uint16_t kFrameTooLarge = 4502;

class Hostile : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    daemon = new DaemonProcess;
    ASSERT_TRUE(daemon->start()) << daemon->log();
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(daemon->terminate(), 0) << daemon->log();
    delete daemon;
  }
  /// After whatever a test did, a well-behaved session is still answered.
  void TearDown() override {
    RawWebSocket peer(daemon->port());
    ASSERT_EQ(peer.upgrade(), 101);
    const auto challenge = peer.receive();
    ASSERT_TRUE(challenge.has_value());
    v1::ClientFrame probe;
    probe.set_request_id(7);
    probe.mutable_probe();
    ASSERT_TRUE(peer.send_binary(probe.SerializeAsString()));
    EXPECT_EQ(answer(peer, 7).body_case(), v1::ServerFrame::kOk);
  }
  static v1::ServerFrame answer(RawWebSocket& peer, std::uint64_t request) {
    v1::ServerFrame frame;
    while (auto raw = peer.receive()) {
      if (raw->opcode != 2 || !frame.ParseFromString(raw->payload)) continue;
      if (frame.request_id() == request) return frame;
    }
    frame.Clear();
    return frame;
  }
  static DaemonProcess* daemon;
};
DaemonProcess* Hostile::daemon = nullptr;

TEST_F(Hostile, TextFramesAreNotSpokenHere) {
  RawWebSocket peer(daemon->port());
  ASSERT_EQ(peer.upgrade(), 101);
  ASSERT_TRUE(peer.send_frame(0x81, "hello"));
  EXPECT_EQ(peer.receive_close(), 1003);
}

TEST_F(Hostile, UnmaskedFramesEndTheSession) {
  RawWebSocket peer(daemon->port());
  ASSERT_EQ(peer.upgrade(), 101);
  ASSERT_TRUE(peer.send_frame(0x82, "abc", false));
  EXPECT_EQ(peer.receive_close(), 1002);
}

TEST_F(Hostile, ReservedBitsAndOpcodesEndTheSession) {
  for (const unsigned first : {0xC2U, 0xA2U, 0x92U, 0x83U, 0x8BU}) {
    RawWebSocket peer(daemon->port());
    ASSERT_EQ(peer.upgrade(), 101);
    ASSERT_TRUE(peer.send_frame(static_cast<std::uint8_t>(first), "abc"));
    EXPECT_EQ(peer.receive_close(), 1002) << "first byte " << first;
  }
}

TEST_F(Hostile, OversizedFramesAreRefusedBeforeTheyAreRead) {
  RawWebSocket early(daemon->port());
  ASSERT_EQ(early.upgrade(), 101);
  ASSERT_TRUE(early.send_binary(std::string(5000, 'x')));  // over the limit of sessions that have proven nothing
  EXPECT_EQ(early.receive_close(), kFrameTooLarge);
  RawWebSocket announced(daemon->port());
  ASSERT_EQ(announced.upgrade(), 101);
  ASSERT_TRUE(
      announced.send_bytes(std::string("\x82\xFF\x00\x00\x00\x00\x40\x00\x00\x00", 10)));  // one gigabyte to come
  EXPECT_EQ(announced.receive_close(), kFrameTooLarge);
}

TEST_F(Hostile, ThousandsOfFragmentsEndTheSession) {
  RawWebSocket peer(daemon->port());
  ASSERT_EQ(peer.upgrade(), 101);
  bool open = peer.send_frame(0x02, "a");
  for (int i = 0; i < 5000 && open; ++i) open = peer.send_frame(0x00, "a");
  EXPECT_EQ(peer.receive_close(), kFrameTooLarge);
}

TEST_F(Hostile, BytesThatAreNoFrameEndTheSession) {
  RawWebSocket peer(daemon->port());
  ASSERT_EQ(peer.upgrade(), 101);
  ASSERT_TRUE(peer.send_binary("\xFF\xFF\xFF\xFF"));
  EXPECT_EQ(peer.receive_close(), kProtocolViolation);
}

TEST_F(Hostile, EarlyAndUnknownRequestsAreAnsweredAndTheSessionGoesOn) {
  RawWebSocket peer(daemon->port());
  ASSERT_EQ(peer.upgrade(), 101);
  v1::ClientFrame early;
  early.set_request_id(1);
  early.set_client_id(std::string(16, 'c'));
  early.mutable_send()->set_conversation_id(std::string(16, 'x'));
  early.mutable_send()->set_body("too early");
  ASSERT_TRUE(peer.send_binary(early.SerializeAsString()));
  EXPECT_EQ(answer(peer, 1).error().code(), v1::ERROR_CODE_WRONG_STATE);
  // Field 1 = 2 (request_id), field 999 of wire type 2: a request of a later version.
  ASSERT_TRUE(peer.send_binary(std::string("\x08\x02\xBA\x3E\x00", 5)));
  EXPECT_EQ(answer(peer, 2).error().code(), v1::ERROR_CODE_UNSUPPORTED);
}

TEST_F(Hostile, WithoutTheSubprotocolThePeerIsToldAfterTheUpgrade) {
  RawWebSocket peer(daemon->port());
  ASSERT_EQ(peer.upgrade(""), 101);
  EXPECT_EQ(peer.receive_close(), kProtocolViolation);
}

TEST_F(Hostile, TruncatedFramesAndSuddenEndsLeaveNothingBehind) {
  v1::ClientFrame frame;
  frame.set_request_id(1);
  frame.mutable_invite_preview()->set_secret(std::string(16, 's'));
  const auto payload = frame.SerializeAsString();
  for (std::size_t cut = 1; cut < payload.size() + 6; ++cut) {
    RawWebSocket peer(daemon->port());
    ASSERT_EQ(peer.upgrade(), 101);
    std::string bytes("\x82", 1);
    bytes += static_cast<char>(0x80 | payload.size());
    bytes += std::string(4, '\0') + payload;
    ASSERT_TRUE(peer.send_bytes(bytes.substr(0, cut)));
  }
}

TEST_F(Hostile, RandomBytesAfterTheUpgradeNeverHurt) {
  for_each_seed(60, [](Rng& rng) {
    RawWebSocket peer(daemon->port());
    ASSERT_EQ(peer.upgrade(), 101);
    std::string bytes(1 + pick(rng, 3000), '\0');
    for (auto& byte : bytes) byte = static_cast<char>(rng());
    if (pick(rng, 2)) bytes[0] = static_cast<char>(0x82);
    (void)peer.send_bytes(bytes);
  });
}

TEST_F(Hostile, AHundredJoinsAtOnceOnOneInvitationMakeOneAccount) {
  const auto link = daemon->invite();
  const auto joined = [&](int number) {
    const TempDir profile;
    return run_command({program("enishi"), "--profile", profile / "p", "join", link, "--handle",
                        "racer" + std::to_string(number), "--name", "R", "--device", "d"})
        .exit;
  };
  std::atomic<int> done{0}, refused{0};
  std::vector<std::thread> racers;
  for (int lane = 0; lane < 10; ++lane)
    racers.emplace_back([&, lane] {
      for (int i = 0; i < 10; ++i) (joined(lane * 10 + i) == 0 ? done : refused)++;
    });
  for (auto& racer : racers) racer.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(refused, 99);
}

}  // namespace
}  // namespace enishi::test
