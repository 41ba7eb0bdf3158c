// Groups: succession, leaving and coming back.
#include <gtest/gtest.h>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

class Groups : public testing::Test {
 protected:
  Groups() { world_.tie(ben_, cho_); }
  Errc run(const Person& who, CommandBody body) { return errc(world_.run(who.sender, std::move(body))); }
  LiveConversation& live() { return *world_.state->conversation(world_.number_of(aki_, group_)); }
  const Membership& membership_of(const Person& who) { return *world_.state->membership(who.sender.member, group_); }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const Person cho_ = world_.join("cho");
  const PublicId group_ = world_.group(aki_, {"ben", "cho"});
};

TEST_F(Groups, BeginWithTheirMembersAtTheFirstEvent) {
  EXPECT_EQ(live().end.head, Seq{1});
  EXPECT_EQ(live().open.size(), 3U);
  EXPECT_EQ(live().row.owner, aki_.sender.member);
  for (const auto& who : {aki_, ben_, cho_}) {
    EXPECT_EQ(world_.marker_of(who, group_).seq, Seq{1});
    EXPECT_EQ(membership_of(who).intervals.front().joined, Seq{1});
  }
  EXPECT_EQ(world_.send(cho_, group_), Seq{2});
  EXPECT_EQ(world_.change.audience->size(), 3U);
}

TEST_F(Groups, AreMadeOfTies) {
  EXPECT_EQ(run(aki_, GroupNew{"", {"ben"}}), Errc::bad_name);
  EXPECT_EQ(run(aki_, GroupNew{std::string(129, 'x'), {"ben"}}), Errc::bad_name);
  EXPECT_EQ(run(aki_, GroupNew{"t", {"ben", "nobody"}}), Errc::not_found);
  const auto twice = world_.group(aki_, {"ben", "ben"});
  EXPECT_EQ(world_.state->conversation(world_.number_of(aki_, twice))->open.size(), 2U) << "named twice, in it once";
}

TEST_F(Groups, GrowToTheirLimit) {
  Limits limits;
  limits.group_members_max = 2;
  World world(limits);
  const auto aki = world.join("aki");
  world.join("ben");
  world.join("cho");
  EXPECT_EQ(errc(world.run(aki.sender, GroupNew{"t", {"ben", "cho"}})), Errc::limit_reached);
  const auto group = world.group(aki, {"ben"});
  EXPECT_EQ(errc(world.run(aki.sender, GroupAdd{group, "ben"})), Errc::already_member);
  EXPECT_EQ(errc(world.run(aki.sender, GroupAdd{group, "cho"})), Errc::limit_reached);
}

TEST_F(Groups, OnlyTheOwnerRemovesAndNotHimself) {
  EXPECT_EQ(run(ben_, GroupRemove{group_, "cho"}), Errc::not_owner);
  EXPECT_EQ(run(aki_, GroupRemove{group_, "aki"}), Errc::bad_request);
  EXPECT_EQ(run(aki_, GroupRemove{group_, "nobody"}), Errc::not_found);
  EXPECT_EQ(run(aki_, GroupRemove{group_, "cho"}), Errc{});
  EXPECT_EQ(world_.change.audience->size(), 2U) << "the others are told";
  EXPECT_EQ(run(aki_, GroupRemove{group_, "cho"}), Errc::not_found);
  EXPECT_EQ(run(cho_, Send{group_, "x", {}}), Errc::not_found) << "at once";
  EXPECT_EQ(run(cho_, MarkRead{group_, {}, 1}), Errc::not_found);
}

TEST_F(Groups, ALeavingOwnerNamesASuccessor) {
  EXPECT_EQ(run(aki_, GroupLeave{group_, "nobody"}), Errc::not_found);
  EXPECT_EQ(run(aki_, GroupLeave{group_, "aki"}), Errc::not_found);
  EXPECT_EQ(run(aki_, GroupLeave{group_, "cho"}), Errc{});
  const auto& conversation = *world_.state->conversation(world_.number_of(ben_, group_));
  EXPECT_EQ(conversation.row.owner, cho_.sender.member);
  world_.forget();
  EXPECT_EQ(run(cho_, GroupRemove{group_, "ben"}), Errc{});
}

TEST_F(Groups, ElseTheLongestMemberSucceeds) {
  // Cho leaves and comes back: now ben is the longest.
  EXPECT_EQ(run(ben_, GroupLeave{group_, "nobody is asked"}), Errc{}) << "a successor means nothing to who is no owner";
  EXPECT_EQ(run(aki_, GroupAdd{group_, "ben"}), Errc{});
  EXPECT_EQ(run(aki_, GroupLeave{group_, ""}), Errc{});
  EXPECT_EQ(world_.change.events.at(0).people, std::vector{cho_.sender.member});
  EXPECT_EQ(world_.state->conversation(world_.number_of(cho_, group_))->row.owner, cho_.sender.member);
}

TEST_F(Groups, TheLastOneLeavesAnEmptyGroup) {
  EXPECT_EQ(run(aki_, GroupLeave{group_, ""}), Errc{});
  EXPECT_EQ(run(ben_, GroupLeave{group_, ""}), Errc{});
  EXPECT_EQ(run(cho_, GroupLeave{group_, ""}), Errc{});
  EXPECT_TRUE(world_.change.audience->empty());
  EXPECT_FALSE(world_.change.conversations.at(0).owner);
}

TEST_F(Groups, ComingBackOpensANewIntervalAndRevision) {
  world_.send(aki_, group_);  // 2
  EXPECT_TRUE(world_.run(ben_.sender, MarkRead{group_, {}, 1}));
  EXPECT_EQ(run(aki_, GroupRemove{group_, "ben"}), Errc{});  // 3
  world_.send(aki_, group_);                                 // 4
  world_.forget();
  EXPECT_EQ(run(aki_, GroupAdd{group_, "ben"}), Errc{});  // 5
  const auto& intervals = membership_of(ben_).intervals;
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_EQ(intervals[0].joined, Seq{1});
  EXPECT_EQ(intervals[0].left, Seq{3}) << "he sees that he was removed, and the earlier again";
  EXPECT_EQ(intervals[1].joined, Seq{5});
  EXPECT_FALSE(intervals[1].left);
  EXPECT_FALSE(membership_of(ben_).covers(Seq{4}));
  EXPECT_EQ(world_.marker_of(ben_, group_).rev, 2U);
  EXPECT_EQ(world_.marker_of(ben_, group_).seq, Seq{5});
  EXPECT_EQ(run(ben_, Send{group_, "answer", Seq{4}}), Errc::seq_beyond_log) << "he never saw it";
  EXPECT_EQ(run(ben_, Send{group_, "answer", Seq{2}}), Errc{});
}

TEST_F(Groups, AnyMemberGivesATitleAndAddsHisTies) {
  EXPECT_EQ(run(cho_, GroupTitle{group_, "\xE8\x8A\xB1\xE8\xA6\x8B"}), Errc{});
  EXPECT_EQ(live().row.title, "\xE8\x8A\xB1\xE8\xA6\x8B");
  EXPECT_EQ(run(cho_, GroupTitle{group_, "a\tb"}), Errc::bad_name);
  const auto dai = world_.join("dai");  // tied with aki only
  EXPECT_EQ(run(cho_, GroupAdd{group_, "dai"}), Errc::not_found);
  EXPECT_EQ(run(aki_, GroupAdd{group_, "dai"}), Errc{});
  EXPECT_EQ(world_.marker_of(dai, group_).seq, Seq{3});
}

TEST_F(Groups, OfHundredsAreNamedByEventsThatFitAFrame) {
  std::vector<std::string> handles;
  for (int i = 0; i < 700; ++i) {
    handles.push_back("m" + std::to_string(i));
    world_.join(handles.back());
  }
  const auto group = world_.group(aki_, handles);
  const auto& events = world_.change.events;
  ASSERT_EQ(events.size(), 4U);
  std::vector<MemberId> named;
  for (const auto& event : events) {
    EXPECT_EQ(event.kind, event.seq == Seq{1} ? EventKind::created : EventKind::added);
    EXPECT_EQ(event.position, events[0].position) << "one command";
    EXPECT_LE(event.people.size(), kEventPeopleMax);
    named.insert(named.end(), event.people.begin(), event.people.end());
  }
  EXPECT_EQ(named.size(), 701U);
  EXPECT_EQ(named.front(), aki_.sender.member);
  const auto last = *world_.state->member_by_handle("m699");
  EXPECT_EQ(named.back(), last.id);
  EXPECT_EQ(world_.state->membership(last.id, group)->intervals.front().joined, Seq{1})
      << "a member from the first event on";
  EXPECT_EQ(world_.send(aki_, group), Seq{5});
  // Who was named last is the longest member once all before him have left, also as read from the store.
  world_.forget();
  auto& live = *world_.state->conversation(world_.number_of(aki_, group));
  EXPECT_EQ(world_.state->longest_member(live, aki_.sender.member), named[1]);
  std::erase_if(live.open,
                [&](const Interval& interval) { return interval.member != last.id && interval.member != named[500]; });
  EXPECT_EQ(world_.state->longest_member(live, MemberId{}), named[500]) << "in the order named, over all the events";
}

TEST_F(Groups, TakeSomebodyBackFiveHundredTimes) {
  for (std::size_t times = 1; times < kIntervalsMax; ++times) {
    ASSERT_EQ(run(aki_, GroupRemove{group_, "cho"}), Errc{});
    ASSERT_EQ(run(aki_, GroupAdd{group_, "cho"}), Errc{});
  }
  ASSERT_EQ(run(aki_, GroupRemove{group_, "cho"}), Errc{});
  EXPECT_EQ(membership_of(cho_).intervals.size(), kIntervalsMax);
  EXPECT_EQ(run(aki_, GroupAdd{group_, "cho"}), Errc::limit_reached);
}

}  // namespace
}  // namespace enishi::test
