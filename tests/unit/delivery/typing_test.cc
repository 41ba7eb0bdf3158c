// Typing: shown to members who have the conversation focused, as long as they are.
#include <gtest/gtest.h>

#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using Lines = std::vector<std::string>;

class Typing : public testing::Test {
 protected:
  Lines told(Client& client) {
    rig_.settle();
    return signals(client.take());
  }
  bool types(Client& client, const core::PublicId& where) { return client.ask(typing_frame(where)).has_ok(); }

  Rig rig_{2};
  Person aki_ = rig_.desk.join("aki");
  Person ben_ = rig_.desk.join("ben");
  Person cho_ = rig_.desk.join("cho");
  core::PublicId group_ = rig_.desk.group(aki_, {"ben", "cho"});
  core::PublicId direct_ = rig_.desk.direct(aki_, ben_);
  std::unique_ptr<Client> aki_here_ = rig_.connect(aki_, 0);
  std::unique_ptr<Client> ben_here_ = rig_.connect(ben_, 0);
  std::unique_ptr<Client> ben_there_ = rig_.connect(ben_, 1);
  std::unique_ptr<Client> cho_there_ = rig_.connect(cho_, 1);
};

TEST_F(Typing, IsShownToThoseWhoHaveItFocused) {
  ben_there_->ask(focus_frame({group_}));
  cho_there_->ask(focus_frame({}, true));
  aki_here_->ask(focus_frame({group_}));
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(told(*ben_there_), (Lines{"aki types"}));
  EXPECT_EQ(told(*cho_there_), (Lines{"aki types"}));
  EXPECT_EQ(told(*ben_here_), Lines{}) << "another session of ben's, without it on the screen";
  EXPECT_EQ(told(*aki_here_), Lines{}) << "nobody is shown himself";
  EXPECT_TRUE(types(*aki_here_, direct_));
  EXPECT_EQ(told(*cho_there_), Lines{}) << "not a member there";
  ben_there_->ask(focus_frame({direct_}));
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(told(*ben_there_), Lines{}) << "focus was replaced";
}

TEST_F(Typing, TheLastFocusCounts) {
  ben_there_->say(focus_frame({group_}));
  ben_there_->say(focus_frame({direct_}));
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(told(*ben_there_), Lines{});
  EXPECT_TRUE(types(*aki_here_, direct_));
  EXPECT_EQ(told(*ben_there_), (Lines{"aki types"}));
}

TEST_F(Typing, StrangersFindNothing) {
  const auto room = rig_.desk.group(aki_, {"cho"});
  for (const auto& where : {room, bytes_with<core::PublicId>(99)}) {
    EXPECT_EQ(ben_here_->ask(typing_frame(where)).error().code(), v1::ERROR_CODE_NOT_FOUND);
    EXPECT_EQ(ben_here_->ask(focus_frame({where})).error().code(), v1::ERROR_CODE_NOT_FOUND);
  }
}

TEST_F(Typing, IsReadFromTheStoreOnceUntilTheMembersChange) {
  ben_there_->ask(focus_frame({}, true));
  cho_there_->ask(focus_frame({}, true));
  EXPECT_TRUE(types(*aki_here_, group_));
  told(*ben_there_), told(*cho_there_);
  const auto before = rig_.desk.store.read_count();
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(rig_.desk.store.read_count(), before);
  told(*ben_there_), told(*cho_there_);
  rig_.run(aki_.sender, core::GroupRemove{group_, "ben"});
  rig_.settle();
  ben_there_->take(), cho_there_->take();
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_GT(rig_.desk.store.read_count(), before);
  EXPECT_EQ(told(*ben_there_), Lines{}) << "no longer a member";
  EXPECT_EQ(told(*cho_there_), (Lines{"aki types"}));
  EXPECT_EQ(ben_there_->ask(typing_frame(group_)).error().code(), v1::ERROR_CODE_NOT_FOUND);
}

TEST_F(Typing, AnAudienceThatWasReadBeforeARemovalIsNotUsed) {
  ben_there_->ask(focus_frame({}, true));
  cho_there_->ask(focus_frame({}, true));
  ben_there_->take();
  aki_here_->say(typing_frame(group_));
  auto answers = rig_.take_answers();  // with ben in it
  rig_.run(aki_.sender, core::GroupRemove{group_, "ben"});
  rig_.deliver(0), rig_.deliver(1);
  for (auto& answer : answers) rig_.floor(0).on_answer(std::move(answer));
  EXPECT_EQ(told(*ben_there_), Lines{});
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(told(*ben_there_), Lines{}) << "nor is it kept";
  EXPECT_EQ(told(*cho_there_), (Lines{"aki types"})) << "the next one is read anew";
}

TEST_F(Typing, StopsWithTheTieOfADirectConversation) {
  ben_there_->ask(focus_frame({}, true));
  EXPECT_TRUE(types(*aki_here_, direct_));
  EXPECT_EQ(told(*ben_there_), (Lines{"aki types"}));
  rig_.run(ben_.sender, core::TieChange{core::TieAction::block, "aki"});
  rig_.settle();
  ben_there_->take();
  EXPECT_TRUE(types(*aki_here_, direct_)) << "a block looks like an end, and an end refuses no typing";
  EXPECT_EQ(told(*ben_there_), Lines{});
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(told(*ben_there_), (Lines{"aki types"})) << "in a shared group his devices hide it";
}

TEST_F(Typing, IsDroppedOverTheSignalLimit) {
  ben_there_->ask(focus_frame({}, true));
  ben_there_->reads = false;
  while (ben_there_->queued <= rig_.limits.outbox_signal_bytes) {
    rig_.send(aki_, direct_, std::string(16'000, 'x'));
    rig_.settle();
  }
  ben_there_->take();
  EXPECT_TRUE(types(*aki_here_, group_));
  EXPECT_EQ(told(*ben_there_), Lines{});
  rig_.send(aki_, direct_, "still told");
  rig_.settle();
  EXPECT_EQ(event_seqs(ben_there_->take()).size(), 1U) << "a message never is";
}

}  // namespace
}  // namespace enishi::test
