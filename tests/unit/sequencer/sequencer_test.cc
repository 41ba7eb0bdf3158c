// Groups: what one holds, in which order, for whom, and that refused commands use no number.
#include "sequencer/sequencer.h"

#include <gtest/gtest.h>

#include "unit/sequencer/desk.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the core, all over this file

class Sequencing : public testing::Test {
 protected:
  Command send(const Person& from, const PublicId& to, const std::string& body = "hello") {
    return desk_.command(from.sender, Send{to, body, {}});
  }
  Position newest() { return desk_.reader->counters().position; }

  Desk desk_;
  const Person aki_ = desk_.join("aki");
  const Person ben_ = desk_.join("ben");
  const Person cho_ = desk_.join("cho");
  const PublicId chat_ = desk_.direct(aki_, ben_);
};

TEST_F(Sequencing, NumbersWhatIsCarriedOutAndNothingElse) {
  const auto before = newest();
  const std::vector commands{send(aki_, chat_, "one"), send(aki_, chat_, ""), send(cho_, chat_),
                             send(ben_, chat_, "two")};
  const auto commits = desk_.store.commit_count();
  const auto group = desk_.step(commands);
  EXPECT_EQ(desk_.store.commit_count(), commits + 1) << "one transaction";
  EXPECT_EQ(desk_.answer(group, commands[0]).sent().seq(), 1U);
  EXPECT_EQ(desk_.answer(group, commands[1]).error().code(), v1::ERROR_CODE_BODY_EMPTY);
  EXPECT_EQ(desk_.answer(group, commands[2]).error().code(), v1::ERROR_CODE_NOT_FOUND);
  EXPECT_EQ(desk_.answer(group, commands[3]).sent().seq(), 2U);
  EXPECT_EQ(group->last.value, before.value + 2);
  EXPECT_EQ(newest(), group->last);
  ASSERT_EQ(group->items.size(), 2U);
  EXPECT_EQ(group->items[0].position.value, before.value + 1);
  EXPECT_EQ(group->items[1].position.value, before.value + 2);
}

TEST_F(Sequencing, ItemsOfOneCommandAreRegistersThenNumbersThenEvents) {
  const auto group = desk_.step(aki_.sender, GroupNew{"picnic", {"ben", "cho"}});
  std::vector<int> phases;
  for (const auto& item : group->items) {
    const auto frame = read_frame(item.frame);
    const int phase = frame.batch().registers_size() > 0 ? 0 : frame.has_head() ? 1 : 2;
    phases.push_back(phase);
    if (phase < 2) {
      EXPECT_EQ(item.audience, nullptr) << "for one member alone";
      EXPECT_TRUE(item.member);
    }
  }
  EXPECT_EQ(phases, (std::vector{0, 0, 0, 1, 1, 1, 2}));
  ASSERT_NE(group->items.back().audience, nullptr);
  EXPECT_EQ(group->items.back().audience->size(), 3U);
  EXPECT_EQ(group->regrouped.size(), 3U);
}

TEST_F(Sequencing, AudiencesAreThoseOfTheirMoment) {
  const auto room = desk_.group(aki_, {"ben"});
  const std::vector commands{send(aki_, room, "to two"), desk_.command(aki_.sender, GroupAdd{room, "cho"}),
                             send(aki_, room, "to three"), desk_.command(aki_.sender, GroupRemove{room, "ben"}),
                             send(aki_, room, "to aki and cho")};
  const auto group = desk_.step(commands);
  std::vector<std::vector<MemberId>> audiences;
  for (const auto& item : group->items)
    if (item.audience) audiences.push_back(*item.audience);
  const auto a = aki_.sender.member, b = ben_.sender.member, c = cho_.sender.member;
  EXPECT_EQ(audiences, (std::vector<std::vector<MemberId>>{{a, b}, {a, b, c}, {a, b, c}, {a, c}, {a, c}}));
}

TEST_F(Sequencing, AFrontierComesOnlyWithNumbers) {
  const auto numbered = desk_.step({send(aki_, chat_)});
  ASSERT_NE(numbered->frontier, nullptr);
  const auto frontier = read_frame(numbered->frontier).frontier();
  EXPECT_TRUE(frontier.live());
  const auto cursor = desk_.seals.open_cursor(frontier.cursor());
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->position, numbered->last);
  EXPECT_EQ(cursor->incarnation_random, desk_.incarnation.random);

  const auto refused = desk_.step({send(aki_, chat_, "")});
  EXPECT_EQ(refused->frontier, nullptr);
  EXPECT_EQ(refused->last, numbered->last);
  const auto commits = desk_.store.commit_count();
  const auto offered = desk_.step(aki_.sender, PairOffer{bytes_with<SecretHash>(50)});
  EXPECT_EQ(offered->frontier, nullptr) << "nothing durable";
  EXPECT_EQ(desk_.store.commit_count(), commits);
  const auto repeated = desk_.command(aki_.sender, MarkRead{chat_, Seq{1}, 0});
  EXPECT_TRUE(desk_.answer(desk_.step({repeated}), repeated).has_marked());
}

TEST_F(Sequencing, LastSeenIsWrittenWithoutAPositionOrAnAnswer) {
  desk_.now += std::chrono::minutes{1};
  const auto group = desk_.step({}, DeviceSeen{{aki_.sender.device}});
  EXPECT_TRUE(group->replies.empty());
  EXPECT_EQ(group->frontier, nullptr);
  EXPECT_EQ(desk_.reader->device(aki_.sender.device)->last_seen, desk_.now);
}

TEST_F(Sequencing, NumbersOfUnreadHoldForTheHeadOfTheGroup) {
  const std::vector commands{desk_.command(ben_.sender, MarkRead{chat_, {}, 1}), send(aki_, chat_), send(aki_, chat_)};
  desk_.step({send(aki_, chat_)});
  const auto group = desk_.step(commands);
  const auto marked = desk_.answer(group, commands[0]).marked().head();
  EXPECT_EQ(marked.marker(), 1U);
  EXPECT_EQ(marked.head(), 3U);
  EXPECT_EQ(marked.unread(), 2U);
}

TEST_F(Sequencing, AStaleRevisionIsToldThePresentOne) {
  desk_.step({send(aki_, chat_)});
  EXPECT_EQ(desk_.ask(ben_.sender, MarkUnread{chat_, 1, Seq{1}}).marked().head().rev(), 2U);
  const auto stale = desk_.ask(ben_.sender, MarkUnread{chat_, 1, Seq{1}});
  EXPECT_EQ(stale.error().code(), v1::ERROR_CODE_STALE_REV);
  EXPECT_EQ(stale.error().current_rev(), 2U);
}

TEST_F(Sequencing, ABlockCountsAnew) {
  desk_.step({send(aki_, chat_), send(aki_, chat_)});
  const auto unread_of_ben = [&](const sequencer::GroupPtr& group) {
    for (const auto& item : group->items)
      if (const auto frame = read_frame(item.frame);
          frame.has_head() && frame.head().conversation_id() == chat_.view() && item.member == ben_.sender.member)
        return static_cast<int>(frame.head().unread());
    return -1;
  };
  EXPECT_EQ(unread_of_ben(desk_.step(ben_.sender, TieChange{TieAction::block, "aki"})), 0);
  EXPECT_EQ(unread_of_ben(desk_.step(ben_.sender, TieChange{TieAction::unblock, "aki"})), 2);
}

TEST_F(Sequencing, TiesAndRevocationsAreAnnounced) {
  const auto group = desk_.step({desk_.command(ben_.sender, TieChange{TieAction::ask, "cho"}),
                                 desk_.command(cho_.sender, TieChange{TieAction::accept, "ben"}),
                                 desk_.command(cho_.sender, TieChange{TieAction::end, "ben"}),
                                 desk_.command(ben_.sender, DeviceRevoke{desk_.device(ben_)})});
  std::vector<bool> mutual;
  for (std::size_t i = 0; i < group->ties.size(); ++i) {
    mutual.push_back(group->ties[i].is_mutual);
    if (i > 0) {
      EXPECT_LE(group->ties[i - 1].position, group->ties[i].position);
    }
  }
  EXPECT_EQ(mutual, (std::vector{false, false, true, true, false, false}));
  EXPECT_EQ(group->ties[2].peer_handle, group->ties[2].member == ben_.sender.member ? "cho" : "ben");
  ASSERT_EQ(group->revoked.size(), 1U);
  EXPECT_EQ(group->revoked[0].second, ben_.sender.device);
  const auto direct = desk_.reader->direct_between(ben_.sender.member, cho_.sender.member);
  EXPECT_NE(std::find(group->regrouped.begin(), group->regrouped.end(), direct->id), group->regrouped.end())
      << "typing is shown to nobody there any more";
}

TEST_F(Sequencing, ADeviceIsNotToldWhoElseIsInTheGroup) {
  const auto group = desk_.step(aki_.sender, TieChange{TieAction::ask, "nobody_there"});
  for (const auto& item : group->items)
    if (item.member == aki_.sender.member) {
      const auto person = read_frame(item.frame).batch().registers(0).person();
      EXPECT_EQ(person.handle(), "nobody_there");
      EXPECT_EQ(person.id().size(), 16U) << "as for anybody";
      EXPECT_EQ(person.name(), "");
    }
}

TEST_F(Sequencing, ARepeatedGroupHasTheTitleOfTheBeginning) {
  const auto make = desk_.command(ben_.sender, GroupNew{"picnic", {"aki"}});
  const auto made = desk_.answer(desk_.step({make}), make).group_made();
  PublicId id;
  ASSERT_TRUE(id.assign(made.conversation_id()));
  EXPECT_TRUE(desk_.ask(ben_.sender, GroupLeave{id, ""}).has_ok());
  EXPECT_TRUE(desk_.ask(aki_.sender, GroupTitle{id, "not for ben"}).has_ok());
  const auto again = desk_.answer(desk_.step({make}), make).group_made();
  EXPECT_EQ(again.title(), "picnic");
  EXPECT_EQ(again.conversation_id(), made.conversation_id());
}

TEST_F(Sequencing, WhoLeftIsToldNoNumberAnyMore) {
  const auto room = desk_.group(aki_, {"ben"});
  const auto mark = desk_.command(ben_.sender, MarkUnread{room, 1, Seq{1}});
  EXPECT_TRUE(desk_.answer(desk_.step({mark}), mark).has_marked());
  EXPECT_TRUE(desk_.answer(desk_.step({mark}), mark).has_marked()) << "a repeat";
  const auto read = desk_.command(ben_.sender, MarkRead{room, {}, 2});
  const auto group = desk_.step({read, desk_.command(aki_.sender, GroupRemove{room, "ben"}), send(aki_, room)});
  EXPECT_EQ(desk_.answer(group, read).error().code(), v1::ERROR_CODE_NOT_FOUND) << "removed within the group";
  EXPECT_EQ(desk_.answer(desk_.step({mark}), mark).error().code(), v1::ERROR_CODE_NOT_FOUND) << "and at a repeat";
}

TEST_F(Sequencing, PairingIsAnsweredWhereItIsWaitedFor) {
  auto offer = desk_.command(aki_.sender, PairOffer{bytes_with<SecretHash>(50)});
  offer.reply_to = {0, 31, 1};
  auto present = desk_.command({}, PairPresent{bytes_with<SecretHash>(50), "pc", bytes_with<PublicKey>(51)});
  present.reply_to = {1, 41, 2};
  desk_.step({offer});
  const auto presented = desk_.step({present});
  ASSERT_EQ(presented->replies.size(), 2U);
  EXPECT_EQ(presented->replies[0].to, offer.reply_to);
  EXPECT_EQ(read_frame(presented->replies[0].frame).pair_asked().name(), "pc");
  EXPECT_FALSE(presented->replies[0].is_final);
  EXPECT_EQ(presented->replies[1].to, present.reply_to);
  EXPECT_TRUE(read_frame(presented->replies[1].frame).has_pair_presented());
  EXPECT_FALSE(presented->replies[1].is_final) << "Joined or an error follows";
  const auto decided = desk_.step(aki_.sender, PairDecide{bytes_with<SecretHash>(50), bytes_with<PublicKey>(51), true});
  ASSERT_EQ(decided->replies.size(), 2U);
  EXPECT_EQ(decided->replies[0].to, present.reply_to);
  EXPECT_TRUE(decided->replies[0].is_final);
  EXPECT_EQ(read_frame(decided->replies[0].frame).joined().device_name(), "pc");
  EXPECT_EQ(read_frame(decided->items.back().frame).notice().kind(), v1::NOTICE_KIND_DEVICE_ADDED);
}

}  // namespace
}  // namespace enishi::test
