// Sending through the outbox.
#include "scripted.h"

namespace enishi::client {
namespace {

using namespace scene;

std::vector<v1::ClientFrame> sends(const std::vector<v1::ClientFrame>& frames) {
  std::vector<v1::ClientFrame> found;
  for (const auto& frame : frames)
    if (frame.has_send()) found.push_back(frame);
  return found;
}

TEST(SessionSend, QueuedBeforeConnectingGoesOutAtWelcome) {
  Scripted device;
  const auto entry = device.machine->send({id(kChat), "hello", 3, std::nullopt});
  ASSERT_TRUE(entry);
  EXPECT_EQ(device.machine->outbox().pending()->size(), 1U);
  device.connect(v1::RESUME_RESET, 0);
  const auto frames = sends(device.sent());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].send().body(), "hello");
  EXPECT_EQ(frames[0].send().reply_to(), 3U);
  EXPECT_EQ(frames[0].client_id(), entry->client_id.view());
  device.sent_answer(frames[0].request_id(), 4);
  const auto settled = device.listener.of<happening::Settled>();
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_EQ(settled[0].entry.seq, 4U);
  EXPECT_EQ(settled[0].entry.at.time_since_epoch().count(), 5);
  EXPECT_FALSE(settled[0].by_other);
  EXPECT_TRUE(device.machine->outbox().pending()->empty());
}

TEST(SessionSend, UnansweredIsSentAgainUnderItsIdAndInOrder) {
  Scripted device;
  device.go_live(1);
  for (const char* body : {"1", "2", "3"}) ASSERT_TRUE(device.machine->send({id(kChat), body, 0, std::nullopt}));
  auto first = sends(device.sent());
  ASSERT_EQ(first.size(), 1U) << "one at a time in a conversation";
  device.close(1006);
  device.connect(v1::RESUME_EXACT, 1);
  auto again = sends(device.sent());
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].client_id(), first[0].client_id());
  EXPECT_EQ(again[0].send().body(), "1");
  device.sent_answer(again[0].request_id(), 2, true);
  again = sends(device.sent());
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].send().body(), "2");
  EXPECT_TRUE(device.listener.of<happening::Settled>().at(0).entry.duplicate);
}

TEST(SessionSend, ARefusalIsKeptAndTheNextGoes) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->send({id(kChat), "1", 0, std::nullopt}));
  ASSERT_TRUE(device.machine->send({id(kChat), "2", 0, std::nullopt}));
  auto frames = sends(device.sent());
  device.error(frames.at(0).request_id(), v1::ERROR_CODE_NOT_TIED);
  frames = sends(device.sent());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].send().body(), "2");
  const auto settled = device.listener.of<happening::Settled>();
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_EQ(settled[0].entry.state, SendState::rejected);
  EXPECT_EQ(settled[0].entry.code, 110U);
}

TEST(SessionSend, LaterIsObeyedInOrder) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->send({id(kChat), "1", 0, std::nullopt}));
  ASSERT_TRUE(device.machine->send({id(kChat), "2", 0, std::nullopt}));
  auto frames = sends(device.sent());
  device.error(frames.at(0).request_id(), v1::ERROR_CODE_OVERLOADED, 400);
  EXPECT_TRUE(sends(device.sent()).empty());
  EXPECT_EQ(device.machine->wakeup_at(), device.now + Instant{400});
  device.pass(Instant{399});
  EXPECT_TRUE(sends(device.sent()).empty());
  device.pass(Instant{1});
  const auto again = sends(device.sent());
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].send().body(), "1");
  EXPECT_EQ(again[0].client_id(), frames[0].client_id());
}

TEST(SessionSend, WhatOneProcessFlushesTheOtherIsTold) {
  MemoryStore store;
  Scripted watch({}, &store, 1);
  Scripted send({}, &store, 2);
  watch.connect(v1::RESUME_RESET, 0);
  ASSERT_TRUE(watch.machine->send({id(kChat), "of watch", 0, std::nullopt}));
  auto flushed = sends(watch.sent());
  ASSERT_EQ(flushed.size(), 1U);
  send.connect(v1::RESUME_RESET, 0);
  ASSERT_TRUE(send.machine->send({id(kChat), "of send", 0, std::nullopt}));
  EXPECT_TRUE(sends(send.sent()).empty()) << "the other one flushes";
  watch.sent_answer(flushed[0].request_id(), 1);
  flushed = sends(watch.sent());
  ASSERT_EQ(flushed.size(), 1U) << "it takes what was appended meanwhile";
  EXPECT_EQ(flushed[0].send().body(), "of send");
  watch.sent_answer(flushed[0].request_id(), 2);
  send.pass(Instant{50});
  const auto told = send.listener.of<happening::Settled>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].entry.seq, 2U);
  EXPECT_TRUE(told[0].by_other);
  EXPECT_TRUE(sends(send.sent()).empty());
  EXPECT_FALSE(send.machine->outbox().is_blocked());
}

TEST(SessionSend, AFlusherThatDiesLeavesTheQueueToTheNext) {
  MemoryStore store;
  auto first = std::make_unique<Scripted>(SessionSettings{}, &store, 1);
  Scripted second({}, &store, 2);
  first->connect(v1::RESUME_RESET, 0);
  second.connect(v1::RESUME_RESET, 0);
  ASSERT_TRUE(first->machine->send({id(kChat), "1", 0, std::nullopt}));
  const auto before = sends(first->sent());
  ASSERT_TRUE(second.machine->send({id(kChat), "2", 0, std::nullopt}));
  EXPECT_TRUE(sends(second.sent()).empty());
  first.reset();
  second.pass(Instant{50});
  auto frames = sends(second.sent());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].send().body(), "1");
  EXPECT_EQ(frames[0].client_id(), before.at(0).client_id());
  second.sent_answer(frames[0].request_id(), 1);
  frames = sends(second.sent());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].send().body(), "2");
}

}  // namespace
}  // namespace enishi::client
