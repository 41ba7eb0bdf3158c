// One conversation on the screen: where it opens, what of it is read.
#include "cli/chat/talk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/client/scene.h"

namespace enishi::cli {
namespace {

using namespace client::scene;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Size kSize{13, 80};  // ten lines of the conversation

class TalkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    client::Identity me;
    me.device = id(kDevice);
    me.member = id(kMe);
    me.handle = "me";
    ASSERT_TRUE(replica_.put_identity(me));
    client::Delta delta;
    delta.registers.push_back(membership(1));
    store(delta);
  }
  void store(const client::Delta& delta) { ASSERT_TRUE(replica_.apply(delta, {})); }
  /// Messages [first, last] by the other one.
  void add(std::uint64_t first, std::uint64_t last) {
    client::Delta delta;
    for (auto seq = first; seq <= last; ++seq) delta.events.push_back(event(seq));
    store(delta);
  }
  void head(std::uint64_t head, std::uint64_t marker, std::uint64_t rev, std::uint64_t unread) {
    client::Delta delta;
    v1::Head made;
    made.set_conversation_id(bytes(kChat));
    made.set_head(head);
    made.set_marker(marker);
    made.set_rev(rev);
    made.set_unread(unread);
    delta.heads.push_back(made);
    store(delta);
  }
  /// The picture as it is now.
  std::string draw(bool attentive = true, bool live = true) {
    const auto view = replica_.conversation(id(kChat));
    EXPECT_TRUE(view);
    talk_.set(*view, live, attentive);
    const auto frame = talk_.draw({replica_, outbox_, people_, kSize, client::Instant{0}, live, attentive, 1000, {}});
    EXPECT_TRUE(frame);
    std::string text;
    for (const auto& row : frame->rows) text += row.text() + "\n";
    return text;
  }

  client::MemoryStore store_;
  client::Replica replica_{store_};
  client::Outbox outbox_{store_};
  SeededEntropy entropy_;
  People people_{"me"};
  Talk talk_{id(kChat)};
};

TEST_F(TalkTest, OpensWhereTheNewBeginsAndReadsOnlyWhatIsShown) {
  add(1, 50);
  head(50, 20, 1, 30);
  const auto first = draw();
  EXPECT_THAT(first, HasSubstr("text 20\n"));
  EXPECT_THAT(first, HasSubstr("─ new ─"));
  EXPECT_THAT(first, HasSubstr("text 27\n"));
  EXPECT_THAT(first, Not(HasSubstr("text 28\n")));
  EXPECT_THAT(first, HasSubstr("30 unread, PageDown"));
  EXPECT_EQ(talk_.read_through(), 27U);
  talk_.on_asked(27);
  EXPECT_EQ(talk_.read_through(), std::nullopt) << "asked for already";
  talk_.scroll(8);
  draw();
  EXPECT_EQ(talk_.read_through(), 35U);
  // To the end at once: what lies between was not shown.
  talk_.scroll_to_end();
  EXPECT_THAT(draw(), HasSubstr("text 50\n"));
  EXPECT_EQ(talk_.read_through(), 35U);
  head(50, 35, 1, 15);
  talk_.on_asked(0);
  EXPECT_THAT(draw(), HasSubstr("15 unread, /read marks all"));
  talk_.scroll(-6);
  draw();
  EXPECT_EQ(talk_.read_through(), 50U);
}

TEST_F(TalkTest, NobodyThereReadsNothing) {
  add(1, 3);
  head(3, 0, 1, 3);
  draw(false);
  EXPECT_EQ(talk_.read_through(), std::nullopt);
  draw(true, false);
  EXPECT_EQ(talk_.read_through(), std::nullopt) << "what is shown may not be all";
  draw();
  EXPECT_EQ(talk_.read_through(), 3U);
}

TEST_F(TalkTest, WhatComesWhileNobodyLooksBeginsTheNew) {
  add(1, 3);
  head(3, 3, 1, 0);
  EXPECT_THAT(draw(), Not(HasSubstr("─ new ─")));
  add(4, 4);
  EXPECT_THAT(draw(), Not(HasSubstr("─ new ─"))) << "somebody looks";
  head(4, 4, 1, 0);
  draw();
  add(5, 6);
  EXPECT_THAT(draw(false), HasSubstr("─ new ─"));
  EXPECT_THAT(draw(true), HasSubstr("─ new ─")) << "it stays while one reads";
  talk_.on_sent(client::make_client_id({}, entropy_));
  EXPECT_THAT(draw(true), Not(HasSubstr("─ new ─"))) << "whoever answers has seen it";
}

TEST_F(TalkTest, AHoleEndsWhatIsRead) {
  add(1, 2);
  add(5, 6);
  head(6, 0, 1, 6);
  EXPECT_THAT(draw(), HasSubstr("loading 2 messages"));
  EXPECT_EQ(talk_.read_through(), 2U);
  EXPECT_EQ(talk_.hole(), (client::Range{3, 4}));
  add(3, 4);
  draw();
  EXPECT_EQ(talk_.read_through(), 6U);
  EXPECT_EQ(talk_.hole(), std::nullopt);
}

TEST_F(TalkTest, MarkedUnreadElsewhereItWaitsForAPageOrAnAnswer) {
  add(1, 3);
  head(3, 3, 1, 0);
  draw();
  head(3, 1, 2, 2);
  draw();
  EXPECT_EQ(talk_.read_through(), std::nullopt);
  add(4, 4);
  draw();
  EXPECT_EQ(talk_.read_through(), std::nullopt);
  talk_.scroll(1);
  draw();
  EXPECT_EQ(talk_.read_through(), 4U);
}

TEST_F(TalkTest, TheLimitIsShownWhenItIsNear) {
  talk_.composer().set(std::string(901, 'x'));
  EXPECT_THAT(draw(), HasSubstr("0.8 of 0.9 KiB\n"));
  talk_.composer().set(std::string(1001, 'x'));
  EXPECT_THAT(draw(), HasSubstr("0.9 of 0.9 KiB: too long to send"));
}

TEST_F(TalkTest, QueuedMessagesStandBelowAllOthers) {
  add(1, 1);
  client::Draft draft;
  draft.conversation = id(kChat);
  draft.body = "later";
  draft.reply_to = 1;
  ASSERT_TRUE(outbox_.enqueue(draft, {}, entropy_));
  EXPECT_THAT(draw(true, false), HasSubstr("you  ↳ aki: text 1\n           later\n           waiting to be sent\n"));
  EXPECT_THAT(draw(true, true), Not(HasSubstr("waiting")));
}

}  // namespace
}  // namespace enishi::cli
