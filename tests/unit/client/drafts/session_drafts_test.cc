// What is typed: on the device at once, with the server when that can be, and nothing of it dropped.
#include "unit/client/drafts/typing.h"

namespace enishi::client {
namespace {

using namespace scene;

TEST(SessionDrafts, StoredAtOnceAndSavedAtWelcome) {
  Scripted device;
  ASSERT_TRUE(device.machine->put_draft(typed("half")));
  EXPECT_EQ(device.replica.draft(id(kChat), {})->text, "half");
  EXPECT_FALSE(device.machine->has_saved_drafts());
  device.connect(v1::RESUME_RESET, 0);
  const auto puts = puts_of(device.sent());
  ASSERT_EQ(puts.size(), 1U);
  EXPECT_EQ(puts[0].put_draft().text(), "half");
  EXPECT_EQ(puts[0].put_draft().base_rev(), 0U);
  answer(device, puts[0], 1, true);
  EXPECT_TRUE(device.machine->has_saved_drafts());
  EXPECT_FALSE(device.replica.draft(id(kChat), {})->local) << "the server has it";
  const auto saved = device.listener.of<happening::DraftSaved>();
  ASSERT_EQ(saved.size(), 1U);
  EXPECT_EQ(saved[0].rev, 1U);
}

TEST(SessionDrafts, OneAtATimeAndTheNewestFollows) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->put_draft(typed("h")));
  ASSERT_TRUE(device.machine->put_draft(typed("ha")));
  ASSERT_TRUE(device.machine->put_draft(typed("hal")));
  auto puts = puts_of(device.sent());
  ASSERT_EQ(puts.size(), 1U);
  answer(device, puts[0], 1, true);
  puts = puts_of(device.sent());
  ASSERT_EQ(puts.size(), 1U) << "what came between is in the last";
  EXPECT_EQ(puts[0].put_draft().text(), "hal");
  EXPECT_EQ(puts[0].put_draft().base_rev(), 1U);
}

TEST(SessionDrafts, AnUnansweredOneIsSavedAgainOnTheNextConnection) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->put_draft(typed("half")));
  ASSERT_EQ(puts_of(device.sent()).size(), 1U);
  device.close(1006);
  device.connect(v1::RESUME_EXACT, 1);
  EXPECT_EQ(puts_of(device.sent()).size(), 1U);
}

TEST(SessionDrafts, AfterALossTheNextIsWrittenBeside) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->put_draft(typed("mine")));
  const auto first = puts_of(device.sent());
  ASSERT_TRUE(device.machine->put_draft(typed("mine, and more")));
  answer(device, first.at(0), 7, false);
  const auto next = puts_of(device.sent());
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].put_draft().base_rev(), 7U);
  EXPECT_TRUE(next[0].put_draft().keep_replaced()) << "the winner is to be kept when this replaces it";
}

TEST(SessionDrafts, WhatTheServerDoesNotTakeStaysHere) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->put_draft(typed("half")));
  const auto puts = puts_of(device.sent());
  device.error(puts.at(0).request_id(), v1::ERROR_CODE_NOT_FOUND);
  EXPECT_TRUE(puts_of(device.sent()).empty()) << "not asked in a circle";
  EXPECT_EQ(device.replica.draft(id(kChat), {})->text, "half");
  device.close(1006);
  device.connect(v1::RESUME_EXACT, 1);
  EXPECT_TRUE(puts_of(device.sent()).empty());
  EXPECT_TRUE(device.machine->has_saved_drafts());
}

TEST(SessionDrafts, LaterMeansLater) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->put_draft(typed("half")));
  device.error(puts_of(device.sent()).at(0).request_id(), v1::ERROR_CODE_STORE_FULL, 5000);
  device.pass(Instant{4000});
  EXPECT_TRUE(puts_of(device.sent()).empty());
  device.pass(Instant{1001});
  EXPECT_EQ(puts_of(device.sent()).size(), 1U);
}

TEST(SessionDrafts, SendingTakesTheFieldAndNamesItsRevision) {
  Scripted device;
  device.go_live(1);
  ASSERT_TRUE(device.machine->put_draft(typed("half", 4)));
  const auto puts = puts_of(device.sent());
  ASSERT_TRUE(device.machine->send({id(kChat), "half and half", 0, std::nullopt, {}, true, 4}));
  EXPECT_FALSE(device.replica.draft(id(kChat), {})->local);
  const auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].send().draft_rev(), 4U) << "what is known, and no guess at the answer";
  answer(device, puts.at(0), 5, true);
  EXPECT_TRUE(puts_of(device.sent()).empty()) << "what was sent is not saved again";
  ASSERT_TRUE(device.machine->send({id(kChat), "another", 0, std::nullopt}));
  device.sent_answer(frames[0].request_id(), 2);
  EXPECT_EQ(device.sent().at(0).send().draft_rev(), 0U);
}

TEST(SessionDrafts, AResetKeepsWhatWasTyped) {
  Scripted device;
  device.go_live(1);
  device.close(1006);
  ASSERT_TRUE(device.machine->put_draft(typed("half", 9)));
  device.connect(v1::RESUME_RESET, 0);
  const auto puts = puts_of(device.sent());
  ASSERT_EQ(puts.size(), 1U);
  EXPECT_EQ(puts[0].put_draft().text(), "half");
}

TEST(SessionDrafts, ARegisterIsTold) {
  Scripted device;
  device.go_live(1);
  device.batch({draft_register(2, 3, "from the phone")}, {});
  device.frontier("c2");
  EXPECT_EQ(device.listener.of<happening::Drafted>().size(), 1U);
  const auto view = device.replica.draft(id(kChat), {});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->text, "from the phone");
  EXPECT_EQ(view->rev, 3U);
  EXPECT_EQ(view->by_device, "phone");
}

}  // namespace
}  // namespace enishi::client
