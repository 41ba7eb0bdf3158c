#include "cpp/stranger_machine.h"

#include "cpp/requests.h"
#include "scene.h"

namespace enishi::client {
namespace {

using namespace scene;

class Stranger : public ::testing::Test {
 protected:
  void open() {
    machine_.on_open(Instant{0});
    v1::ServerFrame challenge;
    challenge.mutable_challenge()->set_nonce(std::string(32, 'n'));
    give(challenge);
  }
  void give(const v1::ServerFrame& frame) { machine_.on_frame(frame.SerializeAsString(), Instant{0}); }
  std::vector<v1::ClientFrame> sent() {
    std::vector<v1::ClientFrame> frames;
    for (const auto& each : machine_.take_frames()) EXPECT_TRUE(frames.emplace_back().ParseFromString(each));
    return frames;
  }
  v1::ServerFrame joined(std::uint64_t request_id) {
    v1::ServerFrame frame;
    frame.set_request_id(request_id);
    frame.mutable_joined()->set_device_id(bytes(kDevice));
    frame.mutable_joined()->mutable_member()->set_id(bytes(kMe));
    frame.mutable_joined()->mutable_member()->set_handle("me");
    frame.mutable_joined()->set_device_name("phone");
    frame.mutable_joined()->set_inviter("aki");
    return frame;
  }
  SeededEntropy entropy_;
  StrangerMachine machine_{entropy_};
  Secret secret_ = make_secret(entropy_);
  DeviceKeys keys_ = DeviceKeys::make(entropy_);
};

TEST_F(Stranger, JoinIsRepeatedWithTheSameKeyUntilItIsAnswered) {
  std::optional<Identity> made;
  machine_.request(requests::join(secret_, "me", "Me", "phone", keys_.public_key), [&](const Answer& answer) {
    ASSERT_TRUE(answer.ok());
    Identity pending;
    pending.origin = "http://x";
    pending.keys = keys_;
    made = finish_identity(pending, answer.frame.joined());
  });
  EXPECT_TRUE(sent().empty());
  open();
  auto frames = sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].join().key(), keys_.public_key.view());
  machine_.on_close(1006, Instant{10});
  ASSERT_TRUE(machine_.connect_at());
  open();
  frames = sent();
  ASSERT_EQ(frames.size(), 1U);
  give(joined(frames[0].request_id()));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->device, id(kDevice));
  EXPECT_EQ(made->member, id(kMe));
  EXPECT_EQ(made->handle, "me");
  EXPECT_EQ(made->inviter, "aki");
  EXPECT_FALSE(made->is_pending());
}

TEST_F(Stranger, PairingIsAnsweredTwice) {
  std::vector<int> answers;
  machine_.request(requests::pair_present(secret_, "pc", keys_.public_key),
                   [&](const Answer& answer) { answers.push_back(answer.frame.body_case()); });
  open();
  const auto frames = sent();
  v1::ServerFrame presented;
  presented.set_request_id(frames.at(0).request_id());
  presented.mutable_pair_presented()->set_offerer_key(std::string(32, 'k'));
  give(presented);
  EXPECT_EQ(answers, (std::vector<int>{v1::ServerFrame::kPairPresented}));
  give(joined(frames[0].request_id()));
  EXPECT_EQ(answers, (std::vector<int>{v1::ServerFrame::kPairPresented, v1::ServerFrame::kJoined}));
}

TEST_F(Stranger, ARefusalIsToldAndTheSessionGoesOn) {
  v1::ErrorCode code = v1::ERROR_CODE_UNSPECIFIED;
  machine_.request(requests::invite_preview(secret_), [&](const Answer& answer) { code = answer.error().code(); });
  open();
  v1::ServerFrame error;
  error.set_request_id(sent().at(0).request_id());
  error.mutable_error()->set_code(v1::ERROR_CODE_INVITATION_SPENT);
  give(error);
  EXPECT_EQ(code, v1::ERROR_CODE_INVITATION_SPENT);
  EXPECT_FALSE(machine_.wants_close());
}

TEST_F(Stranger, StopMeansStop) {
  bool lost = false;
  machine_.request(requests::invite_preview(secret_), [&](const Answer& answer) { lost = answer.lost; });
  open();
  machine_.on_close(4503, Instant{0});
  EXPECT_TRUE(lost);
  EXPECT_EQ(machine_.stopped_by(), 503U);
  EXPECT_FALSE(machine_.connect_at());
}

TEST_F(Stranger, ASilentServerIsLeft) {
  machine_.on_open(Instant{0});
  EXPECT_EQ(machine_.wakeup_at(), Instant{10'000});
  machine_.tick(Instant{10'000});
  EXPECT_TRUE(machine_.wants_close());
}

}  // namespace
}  // namespace enishi::client
