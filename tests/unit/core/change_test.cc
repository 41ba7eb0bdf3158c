// Messages that live: what is decided, and what it leaves in the numbers.
#include <gtest/gtest.h>

#include "core/derived/rank.h"
#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

class Changes : public testing::Test {
 protected:
  Sent done(const Person& who, CommandBody body) { return as<Sent>(world_.run(who.sender, std::move(body))); }
  Errc refusal(const Person& who, CommandBody body) { return errc(world_.run(who.sender, std::move(body))); }
  Numbers numbers(const Person& of, Seq marker = {}) {
    auto& live = *world_.state->conversation(world_.number_of(of, group_));
    const auto& membership = *world_.state->membership(of.sender.member, group_);
    return numbers_by_rank(world_.state->lookup(), membership, of.sender.member, {}, marker, live.end);
  }
  Seq say(const Person& who, const std::string& text, std::vector<std::string> mentions = {}, bool all = false) {
    return done(who, Send{group_, text, {}, {std::move(mentions), all}}).seq;
  }
  std::optional<Event> event(Seq seq) { return world_.state->lookup().event(world_.number_of(aki_, group_), seq); }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const Person cho_ = world_.join("cho");
  const PublicId group_ = world_.group(aki_, {"ben", "cho"});
};

TEST_F(Changes, AnEditIsAnEventThatNamesItsMessage) {
  const auto seq = say(aki_, "one", {"ben", "nobody_here", "ben"});
  EXPECT_EQ(event(seq)->people, std::vector{ben_.sender.member}) << "whoever is not here is passed over";
  const auto edited = done(aki_, Edit{group_, seq, "two", {{"cho"}, false}});
  const auto& change = world_.change.events.at(0);
  EXPECT_EQ(change.seq, edited.seq);
  EXPECT_EQ(change.kind, EventKind::edited);
  EXPECT_EQ(change.target, seq);
  EXPECT_EQ(change.target_author, aki_.sender.member);
  EXPECT_EQ(change.former_people, std::vector{ben_.sender.member});
  EXPECT_EQ(change.people, std::vector{cho_.sender.member});
  EXPECT_FALSE(change.is_countable());
  EXPECT_EQ(event(seq)->body, "one") << "the earlier text stays to be seen";
}

TEST_F(Changes, TheSameTextAgainIsNoChange) {
  const auto seq = say(aki_, "one", {"ben", "cho"});
  EXPECT_EQ(done(aki_, Edit{group_, seq, "one", {{"cho", "ben"}, false}}).seq, Seq{});
  EXPECT_TRUE(world_.change.events.empty());
  EXPECT_EQ(done(aki_, Edit{group_, seq, "one", {{"ben"}, false}}).seq, Seq{3}) << "other mentions are a change";
}

TEST_F(Changes, WhoMayChangeWhat) {
  const auto seq = say(aki_, "one");
  EXPECT_EQ(refusal(ben_, Edit{group_, seq, "mine", {}}), Errc::not_author);
  EXPECT_EQ(refusal(ben_, Delete{group_, seq}), Errc::not_author);
  EXPECT_EQ(refusal(aki_, Edit{group_, Seq{1}, "the first line of the group", {}}), Errc::bad_request);
  EXPECT_EQ(refusal(aki_, Edit{group_, Seq{9}, "x", {}}), Errc::seq_beyond_log);
  EXPECT_EQ(refusal(aki_, Edit{group_, Seq{}, "x", {}}), Errc::seq_beyond_log);
  EXPECT_EQ(refusal(aki_, Edit{group_, seq, "", {}}), Errc::body_empty);
  EXPECT_EQ(refusal(aki_, Edit{group_, seq, "\xFF", {}}), Errc::not_utf8);
  EXPECT_EQ(refusal(aki_, React{group_, seq, "two words", true}), Errc::bad_request);
  EXPECT_EQ(refusal(aki_, React{group_, seq, std::string(33, 'x'), true}), Errc::bad_request);
  EXPECT_EQ(refusal(aki_, SetMessageFlag{group_, seq, RegisterKind::mute, true}), Errc::bad_request);
  const auto stranger = world_.join("dai");
  EXPECT_EQ(refusal(stranger, React{group_, seq, "+", true}), Errc::not_found);
  EXPECT_EQ(refusal(stranger, Delete{group_, seq}), Errc::not_found);
  done(aki_, Delete{group_, seq});
  EXPECT_EQ(refusal(aki_, Edit{group_, seq, "back", {}}), Errc::message_deleted);
  EXPECT_EQ(refusal(ben_, React{group_, seq, "+", true}), Errc::message_deleted);
  EXPECT_EQ(refusal(ben_, PinMessage{group_, seq, true}), Errc::message_deleted);
  EXPECT_EQ(refusal(ben_, Forward{world_.self(ben_), group_, seq}), Errc::message_deleted);
  EXPECT_EQ(done(aki_, Delete{group_, seq}).seq, Seq{}) << "deleted already";
}

TEST_F(Changes, DeletionDestroysEveryTextAndItsDigest) {
  const ClientId first = world_.fresh_client_id(), second = world_.fresh_client_id();
  const auto seq = as<Sent>(world_.run(aki_.sender, Send{group_, "secret", {}, {{"ben"}, true}}, first, 7)).seq;
  const auto edit = as<Sent>(world_.run(aki_.sender, Edit{group_, seq, "secret too", {}}, second, 8)).seq;
  EXPECT_EQ(errc(world_.run(aki_.sender, Send{group_, "other", {}}, first, 9)), Errc::client_id_reused);
  done(aki_, Delete{group_, seq});
  for (const auto each : {seq, edit}) {
    EXPECT_TRUE(event(each)->destroyed);
    EXPECT_EQ(event(each)->body, "");
    EXPECT_TRUE(event(each)->people.empty());
  }
  world_.forget();
  EXPECT_EQ(as<Sent>(world_.run(aki_.sender, Send{group_, "other", {}}, first, 9)).seq, seq) << "the original answer";
  EXPECT_EQ(as<Sent>(world_.run(aki_.sender, Edit{group_, seq, "other", {}}, second, 9)).seq, edit);
  const InviteMake invite{bytes_with<SecretHash>(77), 1, std::chrono::hours{1}, "", false};
  EXPECT_EQ(errc(world_.run(aki_.sender, invite, first, 9)), Errc::client_id_reused) << "no text, so no old answer";
}

TEST_F(Changes, AGroupOfCommandsSeesWhatItStagedItself) {
  const auto send = as<Sent>(world_.stage(aki_.sender, Send{group_, "one", {}}));
  const auto edit = as<Sent>(world_.stage(aki_.sender, Edit{group_, send.seq, "two", {}}));
  EXPECT_EQ(edit.seq, Seq{3});
  EXPECT_EQ(as<Sent>(world_.stage(ben_.sender, React{group_, send.seq, "+", true})).seq, Seq{4});
  EXPECT_EQ(as<Sent>(world_.stage(ben_.sender, React{group_, send.seq, "+", true})).seq, Seq{}) << "it is there";
  EXPECT_EQ(as<Sent>(world_.stage(aki_.sender, Delete{group_, send.seq})).seq, Seq{5});
  EXPECT_EQ(errc(world_.stage(cho_.sender, React{group_, send.seq, "+", true})), Errc::message_deleted);
  world_.commit();
  EXPECT_EQ(event(Seq{2})->body, "");
  EXPECT_EQ(event(Seq{3})->body, "");
}

TEST_F(Changes, UnreadFollowsDeletionsHidesAndMentions) {
  const auto one = say(aki_, "one", {"ben"});
  const auto two = say(aki_, "two", {}, true);
  say(ben_, "mine", {"ben"}, true);
  EXPECT_EQ(numbers(ben_), (Numbers{2, 2}));
  EXPECT_EQ(numbers(cho_), (Numbers{3, 2}));
  done(aki_, Edit{group_, one, "one for cho", {{"cho"}, false}});
  EXPECT_EQ(numbers(ben_), (Numbers{2, 1}));
  EXPECT_EQ(numbers(cho_), (Numbers{3, 3}));
  done(aki_, Edit{group_, one, "one for all", {{"cho"}, true}});
  EXPECT_EQ(numbers(cho_), (Numbers{3, 3})) << "named twice, counted once";
  EXPECT_EQ(errc(world_.run(cho_.sender, SetMessageFlag{group_, one, RegisterKind::hide, true})), Errc{});
  EXPECT_EQ(world_.change.recount.size(), 1U) << "its devices are told the number";
  EXPECT_EQ(numbers(cho_), (Numbers{2, 2}));
  EXPECT_EQ(numbers(ben_), (Numbers{2, 2}));
  done(aki_, Delete{group_, two});
  EXPECT_EQ(numbers(ben_), (Numbers{1, 1}));
  EXPECT_EQ(numbers(cho_), (Numbers{1, 1}));
  EXPECT_EQ(numbers(ben_, one), (Numbers{0, 0})) << "what lies before the marker was not counted";
  EXPECT_EQ(errc(world_.run(cho_.sender, SetMessageFlag{group_, one, RegisterKind::hide, false})), Errc{});
  EXPECT_EQ(numbers(cho_), (Numbers{2, 2})) << "it is back";
}

TEST_F(Changes, AForwardKeepsItsFirstAuthorAndIsNotEdited) {
  const auto seq = say(aki_, "one", {"ben"});
  done(aki_, Edit{group_, seq, "uno", {}});
  const auto self = world_.self(ben_);
  done(ben_, Forward{self, group_, seq});
  const auto copy = world_.change.events.at(0);
  EXPECT_EQ(copy.body, "uno");
  EXPECT_EQ(copy.origin, aki_.sender.member);
  EXPECT_TRUE(copy.people.empty());
  done(ben_, Forward{group_, self, copy.seq});
  EXPECT_EQ(world_.change.events.at(0).origin, aki_.sender.member);
  EXPECT_EQ(refusal(ben_, Edit{group_, world_.change.events.at(0).seq, "in his mouth", {}}), Errc::bad_request);
}

TEST_F(Changes, AnEndedTieTakesOnlyDeletions) {
  const auto chat = world_.direct(aki_, ben_);
  const auto seq = world_.send(aki_, chat);
  EXPECT_EQ(errc(world_.run(aki_.sender, TieChange{TieAction::end, "ben"})), Errc{});
  EXPECT_EQ(refusal(aki_, Edit{chat, seq, "x", {}}), Errc::not_tied);
  EXPECT_EQ(refusal(ben_, React{chat, seq, "+", true}), Errc::not_tied);
  EXPECT_EQ(refusal(ben_, PinMessage{chat, seq, true}), Errc::not_tied);
  EXPECT_EQ(errc(world_.run(ben_.sender, SetMessageFlag{chat, seq, RegisterKind::star, true})), Errc{});
  EXPECT_EQ(errc(world_.run(aki_.sender, Delete{chat, seq})), Errc{});
}

TEST(ChangeLimits, HoldForEachKind) {
  Limits few;
  few.edits_max = 2;
  few.emoji_max = 2;
  few.reactions_max = 3;
  few.changes_max = 8;
  few.mentions_max = 1;
  World world(few);
  const auto aki = world.join("aki");
  const auto ben = world.join("ben");
  const auto chat = world.direct(aki, ben);
  const auto seq = world.send(aki, chat);
  const auto run = [&](const Person& who, CommandBody body) { return errc(world.run(who.sender, std::move(body))); };
  EXPECT_EQ(run(aki, Send{chat, "x", {}, {{"aki", "ben"}, false}}), Errc::limit_reached);
  EXPECT_EQ(run(aki, Edit{chat, seq, "1", {}}), Errc{});
  EXPECT_EQ(run(aki, Edit{chat, seq, "2", {}}), Errc{});
  EXPECT_EQ(run(aki, Edit{chat, seq, "3", {}}), Errc::limit_reached);
  EXPECT_EQ(run(aki, React{chat, seq, "a", true}), Errc{});
  EXPECT_EQ(run(aki, React{chat, seq, "b", true}), Errc{});
  EXPECT_EQ(run(aki, React{chat, seq, "c", true}), Errc::limit_reached) << "a third emoji";
  EXPECT_EQ(run(ben, React{chat, seq, "a", true}), Errc{});
  EXPECT_EQ(run(ben, React{chat, seq, "b", true}), Errc::limit_reached) << "a fourth reaction";
  EXPECT_EQ(run(aki, React{chat, seq, "a", false}), Errc{});
  EXPECT_EQ(run(ben, React{chat, seq, "b", true}), Errc{}) << "there is room again";
  EXPECT_EQ(run(aki, PinMessage{chat, seq, true}), Errc{});
  EXPECT_EQ(run(aki, PinMessage{chat, seq, false}), Errc{}) << "taking away is never limited";
  EXPECT_EQ(run(aki, PinMessage{chat, seq, true}), Errc::limit_reached) << "eight changes and more";
  EXPECT_EQ(run(aki, Delete{chat, seq}), Errc{});
  const auto other = world.send(aki, chat);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(run(ben, React{chat, other, "a", i % 2 == 0}), Errc{});
  EXPECT_EQ(run(ben, React{chat, other, "a", true}), Errc::limit_reached);
  EXPECT_EQ(run(aki, Edit{chat, other, "1", {}}), Errc{}) << "nobody uses up the author's edits";
}

}  // namespace
}  // namespace enishi::test
