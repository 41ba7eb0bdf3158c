// Connection, proof, time, requests.
#include "cpp/session_machine.h"

#include "core/proof.h"
#include "cpp/requests.h"
#include "scripted.h"

namespace enishi::client {
namespace {

using namespace scene;

TEST(SessionMachine, ProvesTheDeviceOverTheDocumentedText) {
  Scripted device;
  device.machine->on_open(device.now);
  EXPECT_TRUE(device.sent().empty()) << "the server speaks first";
  device.challenge();
  auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].hello().device_id(), bytes(kDevice));
  EXPECT_EQ(frames[0].hello().cursor(), "");
  EXPECT_EQ(frames[0].hello().ticket(), "");
  EXPECT_EQ(frames[0].hello().mode(), v1::PRESENCE_STATE_ACTIVE);
  v1::ServerFrame wanted;
  wanted.mutable_proof_wanted();
  device.give(wanted);
  frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  const auto& prove = frames[0].prove();
  EXPECT_EQ(prove.origin(), "http://127.0.0.1:8470");
  core::Nonce server;
  server.value.fill('n');
  core::Nonce client;
  ASSERT_TRUE(client.assign(prove.client_nonce()));
  core::Signature signature;
  ASSERT_TRUE(signature.assign(prove.signature()));
  SeededEntropy keys(7);
  EXPECT_TRUE(
      verify(identity(keys).keys.public_key, core::proof_text(prove.origin(), id(kDevice), server, client), signature));
  device.welcome(v1::RESUME_RESET, 0);
  EXPECT_EQ(device.machine->state(), SessionState::catching_up);
  device.frontier("c0");
  EXPECT_EQ(device.machine->state(), SessionState::live);
  EXPECT_EQ(device.listener.of<happening::Ready>().size(), 1U);
}

TEST(SessionMachine, TheNextHelloHasTicketAndCursor) {
  Scripted device;
  device.go_live(2);
  device.close(1006);
  ASSERT_TRUE(device.machine->connect_at());
  const auto hello = device.connect(v1::RESUME_EXACT, 1);
  EXPECT_EQ(hello.ticket(), "ticket");
  EXPECT_EQ(hello.cursor(), "c1");
}

TEST(SessionMachine, ARefusedProofIsTriedOnceMoreWithoutTheTicket) {
  Scripted device;
  device.go_live(1);
  device.close(4400);
  EXPECT_EQ(device.point().ticket, "");
  ASSERT_TRUE(device.machine->connect_at());
  device.machine->on_open(device.now);
  device.challenge();
  device.error(0, v1::ERROR_CODE_PROOF_FAILED);
  EXPECT_TRUE(device.machine->wants_close());
  device.close(4400);
  EXPECT_EQ(device.machine->state(), SessionState::stopped);
  EXPECT_FALSE(device.machine->connect_at());
  ASSERT_EQ(device.listener.of<happening::Stopped>().size(), 1U);
  EXPECT_EQ(device.listener.of<happening::Stopped>()[0].code, 400U);
}

TEST(SessionMachine, ARevokedDeviceStopsForGood) {
  Scripted device;
  device.go_live(1);
  device.close(4500);
  EXPECT_EQ(device.machine->state(), SessionState::stopped);
  EXPECT_FALSE(device.machine->connect_at());
  EXPECT_TRUE(device.replica.start()->identity.revoked);
  Recorder later;
  SessionMachine next(device.replica, device.entropy, later);
  next.on_open(Instant{0});
  EXPECT_TRUE(next.wants_close());
  ASSERT_EQ(later.of<happening::Stopped>().size(), 1U);
  EXPECT_EQ(later.of<happening::Stopped>()[0].code, 500U);
}

TEST(SessionMachine, AWrongOriginStopsAndTells) {
  Scripted device;
  device.machine->on_open(device.now);
  device.challenge();
  device.error(2, v1::ERROR_CODE_WRONG_ORIGIN);
  device.close(1006);
  EXPECT_EQ(device.machine->state(), SessionState::stopped);
  EXPECT_EQ(device.machine->last_error(), 503U);
}

TEST(SessionMachine, GoAwayIsObeyed) {
  Scripted device;
  device.go_live(1);
  v1::ServerFrame away;
  away.mutable_go_away()->set_retry_after_ms(777);
  device.give(away);
  EXPECT_EQ(device.machine->state(), SessionState::draining);
  device.close(4300);
  EXPECT_EQ(device.machine->connect_at(), device.now + Instant{777});
  EXPECT_EQ(device.machine->state(), SessionState::closed);
}

TEST(SessionMachine, SilenceIsProbedAndThenLeft) {
  Scripted device;
  device.go_live(1);
  v1::ServerFrame ping;
  ping.mutable_server_ping()->set_next_within_ms(10'000);
  device.give(ping);
  EXPECT_TRUE(device.sent().empty()) << "a ping is not answered";
  EXPECT_EQ(device.machine->wakeup_at(), device.now + Instant{15'000});
  device.pass(Instant{14'999});
  EXPECT_EQ(device.machine->state(), SessionState::live);
  device.pass(Instant{1});
  EXPECT_EQ(device.machine->state(), SessionState::checking);
  auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(frames[0].has_probe());
  device.pass(Instant{2'000});
  v1::ServerFrame ok;
  ok.set_request_id(frames[0].request_id());
  ok.mutable_ok();
  device.give(ok);
  EXPECT_EQ(device.machine->state(), SessionState::live);
  device.pass(Instant{15'000});
  EXPECT_EQ(device.machine->state(), SessionState::checking);
  device.pass(Instant{2'999});
  EXPECT_FALSE(device.machine->wants_close());
  device.pass(Instant{1});
  EXPECT_TRUE(device.machine->wants_close());
}

TEST(SessionMachine, AServerThatSaysNothingIsLeft) {
  Scripted device;
  device.machine->on_open(device.now);
  EXPECT_EQ(device.machine->wakeup_at(), device.now + Instant{10'000});
  device.pass(Instant{10'000});
  EXPECT_TRUE(device.machine->wants_close());
  device.close(1006);
  EXPECT_TRUE(device.machine->connect_at());
}

TEST(SessionMachine, RequestsWaitForWelcomeAndOutliveALoss) {
  Scripted device;
  int answers = 0;
  const auto request = device.machine->request(requests::device_list(), [&](const Answer& answer) {
    EXPECT_TRUE(answer.ok());
    ++answers;
  });
  int lost = 0;
  device.connect(v1::RESUME_RESET, 0);
  device.machine->request(
      requests::typing(id(kChat)), [&](const Answer& answer) { lost += answer.lost ? 1 : 0; }, OnLoss::fail);
  auto frames = device.sent();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].request_id(), request);
  device.close(1006);
  EXPECT_EQ(lost, 1);
  device.connect(v1::RESUME_RESET, 0);
  frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].request_id(), request);
  v1::ServerFrame devices;
  devices.set_request_id(request);
  devices.mutable_devices();
  device.give(devices);
  EXPECT_EQ(answers, 1);
}

TEST(SessionMachine, SubscriptionsComeBackWithEachWelcome) {
  SessionSettings settings;
  settings.watch_all = true;
  Scripted device(settings);
  device.connect(v1::RESUME_RESET, 0);
  auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(frames[0].watch().all());
  device.machine->set_focus_all(true);
  EXPECT_TRUE(device.sent().at(0).focus().all());
  device.machine->set_mode(v1::PRESENCE_STATE_IDLE);
  EXPECT_EQ(device.sent().at(0).set_mode().mode(), v1::PRESENCE_STATE_IDLE);
  device.close(1006);
  const auto hello = device.connect(v1::RESUME_RESET, 0);
  EXPECT_EQ(hello.mode(), v1::PRESENCE_STATE_IDLE);
  EXPECT_EQ(device.sent().size(), 2U);
}

TEST(SessionMachine, WhatIsOpenIsFocusedAlone) {
  SessionSettings settings;
  settings.focus_all = true;
  Scripted device(settings);
  device.go_live(1);
  device.sent();
  device.machine->set_focused(id(kChat));
  auto focus = device.sent().at(0).focus();
  EXPECT_FALSE(focus.all());
  ASSERT_EQ(focus.conversation_ids_size(), 1);
  EXPECT_EQ(focus.conversation_ids(0), bytes(kChat));
  device.machine->set_focused(id(kChat));
  EXPECT_TRUE(device.sent().empty()) << "nothing new";
  device.close(1006);
  device.connect(v1::RESUME_EXACT, 0);
  EXPECT_EQ(device.sent().at(0).focus().conversation_ids_size(), 1) << "again with each Welcome";
  device.machine->set_focused(std::nullopt);
  EXPECT_TRUE(device.sent().at(0).focus().all());
}

TEST(SessionMachine, BatonsAreTold) {
  Scripted device;
  device.go_live(1);
  v1::ServerFrame frame;
  auto& passed = *frame.mutable_baton_passed();
  passed.set_baton_id(bytes(kDevice));
  passed.set_from_device("pc");
  passed.set_conversation_id(bytes(kChat));
  passed.set_anchor_seq(12);
  passed.set_anchor_offset(250);
  passed.set_caret(7);
  passed.set_draft_rev(3);
  device.give(frame);
  frame.mutable_baton_wanted()->set_by_device(bytes(kDevice));
  frame.mutable_baton_wanted()->set_by_name("phone");
  device.give(frame);
  frame.mutable_baton_taken()->set_device("pc");
  frame.mutable_baton_taken()->set_conversation_id(bytes(kChat));
  device.give(frame);
  const auto told = device.listener.of<happening::BatonPassed>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].baton, id(kDevice));
  EXPECT_EQ(told[0].from_device, "pc");
  const auto& place = told[0].place;
  const auto again = requests::baton(id(kMe), place, id(kDevice)).baton();
  EXPECT_EQ(again.conversation_id(), bytes(kChat));
  EXPECT_EQ(again.anchor_seq(), 12U);
  EXPECT_EQ(again.anchor_offset(), 250U);
  EXPECT_EQ(again.caret(), 7U);
  EXPECT_EQ(again.draft_rev(), 3U);
  EXPECT_EQ(again.device_id(), bytes(kMe));
  EXPECT_EQ(again.wanted_by(), bytes(kDevice));
  EXPECT_EQ(device.listener.of<happening::BatonWanted>().at(0).by_name, "phone");
  EXPECT_EQ(device.listener.of<happening::BatonTaken>().at(0).device, "pc");
}

TEST(SessionMachine, SignalsAndNoticesAreTold) {
  Scripted device;
  device.go_live(1);
  v1::ServerFrame frame;
  frame.mutable_signal()->set_handle("aki");
  frame.mutable_signal()->set_presence(v1::PRESENCE_STATE_ACTIVE);
  device.give(frame);
  frame.mutable_signal()->set_typing_in(bytes(kChat));
  device.give(frame);
  frame.mutable_notice()->set_kind(v1::NOTICE_KIND_DEVICE_ADDED);
  frame.mutable_notice()->set_text("tablet");
  device.give(frame);
  frame.mutable_pair_asked()->set_key(std::string(32, 'k'));
  device.give(frame);
  ASSERT_EQ(device.listener.of<happening::Presence>().size(), 1U);
  EXPECT_EQ(device.listener.of<happening::Presence>()[0].state, v1::PRESENCE_STATE_ACTIVE);
  ASSERT_EQ(device.listener.of<happening::Typing>().size(), 1U);
  EXPECT_EQ(device.listener.of<happening::Typing>()[0].conversation, id(kChat));
  EXPECT_EQ(device.listener.of<happening::Notice>().at(0).text, "tablet");
  EXPECT_EQ(device.listener.of<happening::PairAsked>().size(), 1U);
}

TEST(SessionMachine, StopEndsEverything) {
  Scripted device;
  device.go_live(1);
  int lost = 0;
  device.machine->request(requests::device_list(), [&](const Answer& answer) { lost += answer.lost ? 1 : 0; });
  device.machine->stop();
  EXPECT_EQ(lost, 1);
  EXPECT_TRUE(device.machine->wants_close());
  device.close(1000);
  EXPECT_FALSE(device.machine->connect_at());
  EXPECT_FALSE(device.machine->wakeup_at());
  EXPECT_EQ(device.listener.of<happening::Stopped>().at(0).code, 0U);
}

TEST(SessionMachine, RubbishEndsTheSession) {
  Scripted device;
  device.machine->on_open(device.now);
  device.machine->on_frame("\xFF\xFF\xFF", device.now);
  EXPECT_TRUE(device.machine->wants_close());
  device.close(1006);
  EXPECT_EQ(device.machine->state(), SessionState::stopped);
  EXPECT_EQ(device.machine->last_error(), 501U);
}

}  // namespace
}  // namespace enishi::client
