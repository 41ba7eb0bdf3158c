// The baton: a conversation moves from one device of a member to another, and nobody else hears of it.
#include <gtest/gtest.h>

#include "unit/core/world.h"
#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using namespace std::chrono_literals;

class Baton : public testing::Test {
 protected:
  /// Another device of the same member.
  Person pair(const Person& owner, const std::string& name, unsigned char number) {
    const core::SecretHash secret = bytes_with<core::SecretHash>(number);
    const auto key = bytes_with<core::PublicKey>(number);
    rig_.desk.ask(owner.sender, core::PairOffer{secret});
    rig_.desk.ask({}, core::PairPresent{secret, name, key});
    rig_.desk.ask(owner.sender, core::PairDecide{secret, key, true});
    for (const auto& device : rig_.desk.reader->devices_of(owner.sender.member))
      if (device.name == name) return Person{{device.member, device.id, device.generation}, owner.handle, device.key};
    ADD_FAILURE() << "not paired: " << name;
    return owner;
  }
  std::string id_of(const Person& device) { return std::string(rig_.desk.device(device).view()); }
  v1::ClientFrame pass(const Person& to, const core::PublicId& where, std::uint64_t anchor = 0) {
    v1::ClientFrame frame;
    auto& baton = *frame.mutable_baton();
    baton.set_device_id(id_of(to));
    baton.set_conversation_id(std::string(where.view()));
    baton.set_anchor_seq(anchor);
    baton.set_anchor_offset(250);
    baton.set_caret(7);
    baton.set_draft_rev(3);
    return frame;
  }
  static v1::ClientFrame take_over() {
    v1::ClientFrame frame;
    frame.mutable_baton_ask();
    return frame;
  }
  static v1::ClientFrame take_it(const std::string& id) {
    v1::ClientFrame frame;
    frame.mutable_baton_take()->set_baton_id(id);
    return frame;
  }
  static v1::ErrorCode code(const v1::ServerFrame& answer) { return answer.error().code(); }
  static bool is_baton(const v1::ServerFrame& frame) {
    return frame.has_baton_passed() || frame.has_baton_wanted() || frame.has_baton_taken();
  }
  std::vector<v1::ServerFrame> told(Client& client) {
    rig_.settle();
    return those(client.take(), is_baton);
  }
  /// The one baton that came; an empty one when there is none or there are several.
  v1::BatonPassed passed(Client& client) {
    const auto all = told(client);
    return all.size() == 1 ? all[0].baton_passed() : v1::BatonPassed{};
  }

  Rig rig_{3};
  Person phone_ = rig_.desk.join("aki");
  Person pc_ = pair(phone_, "pc", 21);
  Person tablet_ = pair(phone_, "tablet", 22);
  Person ben_ = rig_.desk.join("ben");
  core::PublicId chat_ = rig_.desk.direct(phone_, ben_);
  core::PublicId group_ = rig_.desk.group(phone_, {"ben"});
  std::unique_ptr<Client> here_ = rig_.connect(phone_, 0);
  std::unique_ptr<Client> there_ = rig_.connect(pc_, 1);
  std::unique_ptr<Client> ben_there_ = rig_.connect(ben_, 1);
};

TEST_F(Baton, ReachesTheOtherDeviceAndTellsWhenItIsTaken) {
  EXPECT_TRUE(here_->ask(pass(pc_, chat_, 12)).has_ok());
  const auto baton = passed(*there_);
  EXPECT_EQ(baton.baton_id().size(), 16U);
  EXPECT_EQ(baton.from_device(), rig_.desk.reader->device(phone_.sender.device)->name);
  EXPECT_EQ(baton.conversation_id(), chat_.view());
  EXPECT_EQ(baton.anchor_seq(), 12U);
  EXPECT_EQ(baton.anchor_offset(), 250U);
  EXPECT_EQ(baton.caret(), 7U);
  EXPECT_EQ(baton.draft_rev(), 3U);
  EXPECT_TRUE(told(*here_).empty()) << "not taken yet";
  EXPECT_TRUE(there_->ask(take_it(baton.baton_id())).has_ok());
  const auto taken = told(*here_);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].baton_taken().device(), "pc");
  EXPECT_EQ(taken[0].baton_taken().conversation_id(), chat_.view());
  EXPECT_TRUE(there_->ask(take_it(baton.baton_id())).has_ok()) << "said again";
  EXPECT_TRUE(told(*here_).empty()) << "but told once";
  EXPECT_TRUE(told(*ben_there_).empty()) << "nobody else's business";
}

TEST_F(Baton, OnEveryPairOfLoops) {
  for (std::uint32_t from = 0; from < 3; ++from)
    for (std::uint32_t to = 0; to < 3; ++to) {
      const auto giver = rig_.connect(tablet_, from);
      there_ = rig_.connect(pc_, to);
      EXPECT_TRUE(giver->ask(pass(pc_, group_)).has_ok());
      EXPECT_TRUE(there_->ask(take_it(passed(*there_).baton_id())).has_ok());
      EXPECT_EQ(told(*giver).size(), 1U);
    }
}

TEST_F(Baton, GoesToTheSessionThatWasUsedLast) {
  const auto other = rig_.connect(pc_, 2);
  const auto back = rig_.connect(pc_, 0, {}, v1::PRESENCE_STATE_BACKGROUND);
  rig_.wait(1s);
  there_->ask(typing_frame(chat_));
  rig_.wait(1s);
  back->ask(typing_frame(chat_));  // a command, say: nobody looks at it
  there_->take(), other->take(), back->take();
  EXPECT_TRUE(here_->ask(pass(pc_, chat_)).has_ok());
  EXPECT_EQ(told(*there_).size(), 1U);
  EXPECT_TRUE(told(*other).empty());
  EXPECT_TRUE(told(*back).empty());
  rig_.wait(1s);
  other->ask(mode_frame(v1::PRESENCE_STATE_ACTIVE));
  EXPECT_TRUE(here_->ask(pass(pc_, chat_)).has_ok());
  EXPECT_TRUE(told(*there_).empty());
  EXPECT_EQ(told(*other).size(), 1U);
  rig_.wait(1s);
  there_->ask(mode_frame(v1::PRESENCE_STATE_IDLE));
  there_->ask(focus_frame({chat_}));
  EXPECT_TRUE(here_->ask(pass(pc_, chat_)).has_ok());
  EXPECT_EQ(told(*other).size(), 1U) << "what a client says by itself is no use";
  there_.reset(), rig_.floor(2).on_closed(other->seat);
  EXPECT_TRUE(here_->ask(pass(pc_, chat_)).has_ok());
  EXPECT_EQ(told(*back).size(), 1U) << "where nothing else is there, also one in the background";
}

TEST_F(Baton, WhatIsNotTheAskersDoesNotExist) {
  const auto foreign = rig_.desk.group(ben_, {});
  auto nowhere = pass(pc_, chat_);
  nowhere.mutable_baton()->set_device_id(std::string(16, 'x'));
  for (const auto& frame : {pass(ben_, chat_), pass(phone_, chat_), pass(pc_, foreign),
                            pass(pc_, bytes_with<core::PublicId>(99)), nowhere}) {
    const auto before = rig_.desk.store.read_count();
    const auto answer = here_->ask(frame);
    EXPECT_EQ(rig_.desk.store.read_count() - before, 2U) << "own devices and own memberships, always both";
    EXPECT_EQ(answer.error().SerializeAsString(), here_->ask(nowhere).error().SerializeAsString()) << "the same bytes";
    EXPECT_EQ(code(answer), v1::ERROR_CODE_NOT_FOUND);
  }
  EXPECT_TRUE(told(*there_).empty());
  EXPECT_TRUE(told(*ben_there_).empty());
}

TEST_F(Baton, ADeviceThatIsNotConnectedIsAway) {
  EXPECT_EQ(code(here_->ask(pass(tablet_, chat_))), v1::ERROR_CODE_DEVICE_AWAY);
  there_->hang_up();
  EXPECT_EQ(code(here_->ask(pass(pc_, chat_))), v1::ERROR_CODE_DEVICE_AWAY);
  there_ = rig_.connect(pc_, 1);
  there_->queued = rig_.limits.outbox_signal_bytes + 1;
  there_->reads = false;
  EXPECT_EQ(code(here_->ask(pass(pc_, chat_))), v1::ERROR_CODE_DEVICE_AWAY) << "nor one that does not read";
}

TEST_F(Baton, ASessionThatGoesMeanwhileWasNotTold) {
  here_->say(pass(pc_, chat_));
  rig_.read();
  rig_.post();  // sought
  rig_.post();  // found
  there_->hang_up();
  rig_.settle();
  const auto answers = those(here_->take(), [](const auto& frame) { return frame.has_error(); });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(code(answers[0]), v1::ERROR_CODE_DEVICE_AWAY);
}

TEST_F(Baton, CanBeTakenForHalfAMinuteByWhoGotIt) {
  here_->ask(pass(pc_, chat_));
  const auto id = passed(*there_).baton_id();
  EXPECT_EQ(code(rig_.connect(pc_, 1)->ask(take_it(id))), v1::ERROR_CODE_NOT_FOUND) << "another session";
  EXPECT_EQ(code(ben_there_->ask(take_it(id))), v1::ERROR_CODE_NOT_FOUND);
  rig_.wait(30s);
  EXPECT_EQ(code(there_->ask(take_it(id))), v1::ERROR_CODE_NOT_FOUND) << "over";
  EXPECT_TRUE(told(*here_).empty());
  here_->ask(pass(pc_, chat_));
  const auto first = passed(*there_).baton_id();
  for (int i = 0; i < 8; ++i) here_->ask(pass(pc_, chat_));
  EXPECT_EQ(code(there_->ask(take_it(first))), v1::ERROR_CODE_NOT_FOUND) << "eight are kept";
}

TEST_F(Baton, TakingOverHereAsksTheDeviceThatWasUsedLast) {
  const auto tablet = rig_.connect(tablet_, 2);
  EXPECT_EQ(code(here_->ask(take_over())), v1::ERROR_CODE_DEVICE_AWAY) << "nothing is open anywhere";
  there_->ask(focus_frame({chat_, group_}));
  tablet->ask(focus_frame({}, true));
  here_->ask(focus_frame({chat_}));
  EXPECT_EQ(code(here_->ask(take_over())), v1::ERROR_CODE_DEVICE_AWAY) << "lists, and this very device";
  there_->ask(focus_frame({chat_}));
  rig_.wait(1s);
  tablet->ask(focus_frame({group_}));
  there_->take(), tablet->take();
  const auto asking = rig_.connect(phone_, 1, {}, v1::PRESENCE_STATE_BACKGROUND);
  EXPECT_TRUE(asking->ask(take_over()).has_ok());
  EXPECT_TRUE(told(*there_).empty());
  const auto wanted = told(*tablet);
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted[0].baton_wanted().by_device(), id_of(phone_));
  EXPECT_EQ(wanted[0].baton_wanted().by_name(), rig_.desk.reader->device(phone_.sender.device)->name);
  auto answer = pass(phone_, group_, 5);
  answer.mutable_baton()->set_wanted_by(wanted[0].baton_wanted().by_device());
  EXPECT_TRUE(tablet->ask(answer).has_ok());
  EXPECT_TRUE(told(*here_).empty()) << "to the session that asked, though this one was used later";
  const auto baton = passed(*asking);
  EXPECT_EQ(baton.from_device(), "tablet");
  EXPECT_EQ(baton.anchor_seq(), 5U);
  EXPECT_TRUE(asking->ask(take_it(baton.baton_id())).has_ok());
  EXPECT_EQ(told(*tablet).size(), 1U);
  rig_.wait(31s);
  EXPECT_TRUE(tablet->ask(answer).has_ok()) << "too late an answer goes to the device";
  EXPECT_EQ(told(*here_).size(), 1U);
  EXPECT_TRUE(told(*asking).empty());
}

TEST_F(Baton, WhatIsNoAnswerIsRefused) {
  auto frame = pass(pc_, chat_);
  frame.mutable_baton()->set_wanted_by(id_of(tablet_));
  EXPECT_EQ(code(here_->ask(frame)), v1::ERROR_CODE_BAD_REQUEST);
  frame.mutable_baton()->set_wanted_by(id_of(pc_));
  EXPECT_TRUE(here_->ask(frame).has_ok()) << "nobody asked: to the device";
  EXPECT_EQ(told(*there_).size(), 1U);
}

TEST_F(Baton, ARevokedDeviceGetsNothing) {
  here_->say(pass(pc_, chat_));
  rig_.read();  // checked: it is there
  rig_.run(phone_.sender, core::DeviceRevoke{rig_.desk.device(pc_)});
  for (std::uint32_t loop = 0; loop < 3; ++loop) rig_.deliver(loop);
  there_->closed.reset();  // this double shows also what comes after
  rig_.settle();
  EXPECT_TRUE(told(*there_).empty());
  EXPECT_EQ(code(here_->ask(pass(pc_, chat_))), v1::ERROR_CODE_NOT_FOUND);
  EXPECT_TRUE(told(*there_).empty());
}

TEST_F(Baton, ARevokedDevicePassesNothingAndHearsNothing) {
  there_->say(pass(phone_, chat_));
  rig_.read();
  rig_.run(phone_.sender, core::DeviceRevoke{rig_.desk.device(pc_)});
  rig_.settle();
  EXPECT_TRUE(told(*here_).empty());
  const auto tablet = rig_.connect(tablet_, 2);
  tablet->ask(pass(phone_, chat_));
  const auto baton = passed(*here_);
  rig_.run(phone_.sender, core::DeviceRevoke{rig_.desk.device(tablet_)});
  rig_.settle();
  tablet->closed.reset();
  EXPECT_TRUE(here_->ask(take_it(baton.baton_id())).has_ok());
  EXPECT_TRUE(told(*tablet).empty());
}

TEST_F(Baton, AFullMailboxIsSaidSoAndHoldsUpNothing) {
  rig_.loops[0]->takes_letters = false;
  EXPECT_EQ(code(here_->ask(pass(pc_, chat_))), v1::ERROR_CODE_OVERLOADED);
  rig_.loops[0]->takes_letters = true;
  rig_.loops[1]->takes_letters = false;  // the way back
  here_->say(pass(pc_, chat_));
  rig_.settle();
  EXPECT_TRUE(
      those(here_->take(), [](const auto& frame) { return frame.request_id() != 0 && frame.has_ok(); }).empty());
  rig_.wait(5s);
  const auto answers = those(here_->take(), [](const auto& frame) { return frame.has_error(); });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(code(answers[0]), v1::ERROR_CODE_OVERLOADED);
  rig_.loops[1]->takes_letters = true;
  EXPECT_TRUE(here_->ask(pass(pc_, chat_)).has_ok());
}

TEST_F(Baton, NothingOfItIsStored) {
  const auto before = rig_.desk.reader->counters().position;
  here_->ask(pass(pc_, chat_));
  there_->ask(take_it(passed(*there_).baton_id()));
  EXPECT_EQ(rig_.desk.reader->counters().position, before);
  EXPECT_TRUE(rig_.commands.empty());
}

}  // namespace
}  // namespace enishi::test
