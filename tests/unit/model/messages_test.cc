// Messages that live: edits, deletion, reactions, pins, forwards, stars, mentions. D16..D23: tests/model/DECISIONS.md.
#include "unit/model/scene.h"

namespace enishi::model {
namespace {

const std::string kDirect = Model::direct_id("aki", "ben");
using People = std::set<std::string>;

TEST(ModelMessage, EachLeavesItsEventAndWhatItMade) {
  Talk s{"aki", "ben"};
  s.say("aki", "one", {});
  EXPECT_EQ(s.edit("aki", 2, "uno", {"ben"}), Answer{.seq = 3});
  EXPECT_EQ(s.act("ben", "react", 2, "+"), Answer{.seq = 4});
  EXPECT_EQ(s.act("ben", "pin_message", 2), Answer{.seq = 5});
  Slot event = s.slot("ben", 3);
  EXPECT_EQ(event.kind + event.author + event.body, "EDITEDakiuno");
  EXPECT_EQ(event.people, People{"ben"});
  EXPECT_EQ(event.target, 2u);
  event = s.slot("aki", 4);
  EXPECT_EQ(event.kind + event.author + event.body, "REACTEDben+");
  EXPECT_TRUE(event.on);
  EXPECT_EQ(s.slot("aki", 5).kind, "PINNED");
  EXPECT_EQ(s.slot("aki", 5).target, 2u);
  EXPECT_TRUE(s.slot("aki", 5).on);
  EXPECT_EQ(s.counts("ben"), "1/1");  // changes never count
  const Slot message = s.slot("ben", 2);
  EXPECT_EQ(message.kind + message.body, "MESSAGEuno");
  EXPECT_EQ(message.people, People{"ben"});
  EXPECT_EQ(message.edits, 1u);
  EXPECT_TRUE(message.pinned);
  EXPECT_EQ(message.reactions, (std::vector<Reaction>{{"+", {"ben"}}}));
  s.act("ben", "pin_message", 2, "", false);
  EXPECT_FALSE(s.slot("aki", 2).pinned);
  EXPECT_FALSE(s.slot("aki", 6).on);
}

TEST(ModelMessage, OrderOfRefusals_D16) {
  Talk s{"aki", "ben", "cho"};
  s.model.body_bytes_max = 4;
  s.say("aki", "two", {});
  s.act("aki", "edit", 2, "deux");
  const View before = s.model.view("ben");
  for (const std::string what : {"edit", "delete", "react", "pin_message", "star", "hide"}) {
    SCOPED_TRACE(what);
    EXPECT_EQ(s.by("ben", {.what = what, .conversation = "none", .seq = 0}).error, "NOT_FOUND");
    EXPECT_EQ(s.act("ben", what, 0, "x").error, "SEQ_BEYOND_LOG");
    EXPECT_EQ(s.act("ben", what, 4, "x").error, "SEQ_BEYOND_LOG");
    EXPECT_EQ(s.act("ben", what, 1, "x").error, "BAD_REQUEST");
    EXPECT_EQ(s.act("ben", what, 3, "x").error, "BAD_REQUEST");  // a change is no message
  }
  for (const std::string what : {"edit", "delete"}) EXPECT_EQ(s.act("ben", what, 2).error, "NOT_AUTHOR");
  EXPECT_EQ(diff(before, s.model.view("ben")), "");
  EXPECT_EQ(s.act("aki", "edit", 2, "").error, "BODY_EMPTY");
  EXPECT_EQ(s.act("aki", "edit", 2, "large").error, "BODY_TOO_LARGE");
  s.act("aki", "delete", 2);
  EXPECT_EQ(s.act("aki", "edit", 2, "").error, "MESSAGE_DELETED");
  EXPECT_EQ(s.act("ben", "edit", 2, "").error, "NOT_AUTHOR");
  EXPECT_EQ(s.act("ben", "react", 2, "+", false).error, "MESSAGE_DELETED");
  EXPECT_EQ(s.act("ben", "pin_message", 2, "", false).error, "MESSAGE_DELETED");
  s.change("ben", "leave");
  EXPECT_EQ(s.act("ben", "edit", 2, "").error, "NOT_FOUND");
}

TEST(ModelMessage, NotVisibleIsBeyond_D16) {
  Talk s{"aki", "ben", "cho"};
  s.change("aki", "remove", "cho");
  s.say("ben", "three", {});
  s.change("aki", "add", "cho");
  EXPECT_EQ(s.act("cho", "react", 3, "+").error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.act("cho", "star", 3).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.forward("cho", Model::self_id("cho"), "g", 3).error, "SEQ_BEYOND_LOG");
}

TEST(ModelMessage, AnEndedTieTakesDeletionsAndFlagsOnly_D16) {
  Talk s{"aki", "ben"};
  s.send("aki", kDirect, "one");
  s.tie("ben", "end", "aki");
  const auto ask = [&](const std::string& what, Seq seq) {
    return s.by("aki", {.what = what, .conversation = kDirect, .text = "+", .seq = seq, .on = true});
  };
  for (const std::string what : {"edit", "react", "pin_message"}) EXPECT_EQ(ask(what, 9).error, "NOT_TIED");
  EXPECT_EQ(s.forward("aki", kDirect, "none", 1).error, "NOT_TIED");  // where to comes first
  EXPECT_EQ(s.forward("aki", "none", kDirect, 1).error, "NOT_FOUND");
  EXPECT_EQ(s.forward("aki", Model::self_id("aki"), kDirect, 1), Answer{.seq = 1});
  EXPECT_EQ(s.by("aki", {.what = "star", .conversation = kDirect, .seq = 1, .on = true}), Answer{});
  EXPECT_EQ(s.by("aki", {.what = "delete", .conversation = kDirect, .seq = 1}), Answer{.seq = 2});
  EXPECT_TRUE(s.slot("ben", 1, kDirect).deleted);
  EXPECT_EQ(s.unread("ben", kDirect), 0u);
  EXPECT_EQ(s.slot("aki", 1, Model::self_id("aki")).body, "one");  // D19
}

TEST(ModelMessage, AlreadySoIsSeqZero_D18) {
  Talk s{"aki", "ben", "cho"};
  s.say("aki", "two", {"ben"});
  EXPECT_EQ(s.edit("aki", 2, "two", {"ben", "ben", "ghost"}), Answer{});
  EXPECT_EQ(s.act("ben", "react", 2, "+", false), Answer{});
  EXPECT_EQ(s.act("ben", "pin_message", 2, "", false), Answer{});
  EXPECT_EQ(s.model.head("aki", "g").head, 2u);
  EXPECT_EQ(s.act("ben", "react", 2, "+").seq, 3u);
  EXPECT_EQ(s.act("ben", "react", 2, "+"), Answer{});
  EXPECT_EQ(s.edit("aki", 2, "two", {"cho"}).seq, 4u);  // the same words to another
  EXPECT_EQ(s.counts("ben") + " " + s.counts("cho"), "1/0 1/1");
  s.change("aki", "remove", "cho");
  EXPECT_EQ(s.edit("aki", 2, "two", {"cho"}).seq, 6u);  // nobody is mentioned any more
  EXPECT_EQ(s.act("aki", "delete", 2).seq, 7u);
  EXPECT_EQ(s.act("aki", "delete", 2), Answer{});
}

TEST(ModelMessage, RepeatGetsTheOriginalAnswer_D18) {
  Talk s{"aki", "ben"};
  s.say("aki", "two", {});
  Command react{.what = "react", .client_id = "x", .conversation = "g", .text = "+", .seq = 2, .on = true};
  EXPECT_EQ(s.by("ben", react), Answer{.seq = 3});
  s.act("ben", "react", 2, "+", false);
  EXPECT_EQ(s.by("ben", react), (Answer{.seq = 3, .duplicate = true}));
  EXPECT_EQ(s.slot("ben", 2).reactions, std::vector<Reaction>{});
  Command none = react;
  none.client_id = "y";
  none.on = false;
  EXPECT_EQ(s.by("ben", none), Answer{});
  s.act("ben", "react", 2, "+");
  EXPECT_EQ(s.by("ben", none), Answer{.duplicate = true});  // what changed nothing is remembered too
  none.on = true;
  EXPECT_EQ(s.by("ben", none).error, "CLIENT_ID_REUSED");
  Command send{.what = "send", .client_id = "z", .conversation = "g", .text = "t", .list = {"aki"}};
  EXPECT_EQ(s.by("ben", send).seq, 6u);
  send.list = {};
  EXPECT_EQ(s.by("ben", send).error, "CLIENT_ID_REUSED");  // mentions are content
}

TEST(ModelMessage, ATombstoneForgets_D19) {
  Talk s{"aki", "ben"};
  Command send{.what = "send", .client_id = "s", .conversation = "g", .text = "two", .list = {"ben"}, .seq = 1};
  Command edit{.what = "edit", .client_id = "e", .conversation = "g", .text = "deux", .list = {"ben"}, .seq = 2};
  s.by("aki", send);
  Command same{.what = "edit", .client_id = "n", .conversation = "g", .text = "two", .list = {"ben"}, .seq = 2};
  EXPECT_EQ(s.by("aki", same), Answer{});
  edit.mentions_all = true;
  s.by("aki", edit);
  Command react{.what = "react", .client_id = "r", .conversation = "g", .text = "+", .seq = 2, .on = true};
  s.by("aki", react);
  s.act("ben", "pin_message", 2);
  Command gone{.what = "delete", .client_id = "d", .conversation = "g", .seq = 2};
  EXPECT_EQ(s.by("aki", gone), Answer{.seq = 6});
  Slot left{"MESSAGE", "aki", "phone", "s", "", 1, {}};
  left.deleted = true;
  EXPECT_EQ(s.slot("ben", 2), left);
  EXPECT_EQ(s.slot("ben", 3).body, "");
  EXPECT_EQ(s.slot("ben", 3).people, People{});
  EXPECT_FALSE(s.slot("ben", 3).mentions_all);
  EXPECT_EQ(s.slot("ben", 4).body, "+");
  EXPECT_EQ(s.slot("ben", 6).kind, "DELETED");
  EXPECT_EQ(s.slot("ben", 6).target, 2u);
  for (Command* forgotten : {&send, &edit, &same}) forgotten->text = "other";
  EXPECT_EQ(s.by("aki", send), (Answer{.seq = 2, .duplicate = true}));
  EXPECT_EQ(s.by("aki", edit), (Answer{.seq = 3, .duplicate = true}));
  EXPECT_EQ(s.by("aki", same), Answer{.duplicate = true});
  react.text = "-";
  gone.seq = 1;
  EXPECT_EQ(s.by("aki", react).error, "CLIENT_ID_REUSED");
  EXPECT_EQ(s.by("aki", gone).error, "CLIENT_ID_REUSED");
  s.by("aki", {.what = "send", .client_id = "k", .conversation = "g", .text = "kept"});
  EXPECT_EQ(s.by("aki", {.what = "send", .client_id = "k", .conversation = "g", .text = "x"}).error,
            "CLIENT_ID_REUSED");
}

TEST(ModelMessage, Limits_D20) {
  Talk s{"aki", "ben", "cho"};
  s.model.edits_max = 2;
  s.model.emoji_max = 2;
  s.model.reactions_max = 3;
  s.model.changes_max = 9;
  s.say("aki", "two", {});
  EXPECT_EQ(s.act("aki", "edit", 2, "b").seq, 3u);
  EXPECT_EQ(s.act("aki", "edit", 2, "c").seq, 4u);
  EXPECT_EQ(s.act("aki", "edit", 2, "d").error, "LIMIT_REACHED");
  EXPECT_EQ(s.act("aki", "edit", 2, "c"), Answer{});  // already so
  EXPECT_EQ(s.act("aki", "react", 2, "1").seq, 5u);
  EXPECT_EQ(s.act("ben", "react", 2, "2").seq, 6u);
  EXPECT_EQ(s.act("cho", "react", 2, "3").error, "LIMIT_REACHED");
  EXPECT_EQ(s.act("cho", "react", 2, "2").seq, 7u);
  EXPECT_EQ(s.act("ben", "react", 2, "1").error, "LIMIT_REACHED");
  EXPECT_EQ(s.act("aki", "react", 2, "1", false).seq, 8u);
  EXPECT_EQ(s.act("ben", "react", 2, "3").seq, 9u);  // there is room again
  EXPECT_EQ(s.slot("ben", 2).reactions, (std::vector<Reaction>{{"2", {"ben", "cho"}}, {"3", {"ben"}}}));
  EXPECT_EQ(s.act("cho", "pin_message", 2).seq, 10u);
  EXPECT_EQ(s.act("ben", "react", 2, "3", false).seq, 11u);  // the ninth change
  EXPECT_EQ(s.act("aki", "react", 2, "2").error, "LIMIT_REACHED");
  EXPECT_EQ(s.act("cho", "pin_message", 2, "", false).seq, 12u);  // taking away is free
  EXPECT_EQ(s.act("cho", "pin_message", 2).error, "LIMIT_REACHED");
  s.model.edits_max = 3;
  EXPECT_EQ(s.act("aki", "edit", 2, "d").seq, 13u);  // nobody uses up the author's edits
  EXPECT_EQ(s.act("aki", "edit", 2, "e").error, "LIMIT_REACHED");
  EXPECT_EQ(s.act("aki", "star", 2), Answer{});
  EXPECT_EQ(s.act("aki", "delete", 2).seq, 14u);
}

TEST(ModelMentions, CountTheOnesOfNow_D17) {
  Talk s{"aki", "ben", "cho"};
  s.model.mentions_max = 2;
  EXPECT_EQ(s.say("aki", "x", {"g1", "g2", "g3"}).error, "LIMIT_REACHED");
  s.say("aki", "two", {"ben", "ghost"});
  EXPECT_EQ(s.edit("aki", 2, "x", {"ben", "cho", "ben"}).error, "LIMIT_REACHED");
  EXPECT_EQ(s.slot("cho", 2).people, People{"ben"});
  s.say("aki", "three", {}, true);
  s.say("cho", "four", {"cho", "aki"});
  EXPECT_EQ(s.counts("aki") + " " + s.counts("ben") + " " + s.counts("cho"), "1/1 3/2 2/1");
  s.edit("aki", 3, "all no more", {"cho"});
  EXPECT_EQ(s.counts("ben") + " " + s.counts("cho"), "3/1 2/1");
  s.edit("aki", 2, "nobody", {});
  EXPECT_EQ(s.counts("ben"), "3/0");
  s.edit("cho", 4, "ben", {"ben"});
  EXPECT_EQ(s.counts("ben") + " " + s.counts("aki"), "3/1 1/0");
  s.tie("ben", "block", "cho");
  EXPECT_EQ(s.counts("ben"), "2/0");
  s.tie("ben", "unblock", "cho");
  s.act("ben", "hide", 4);
  EXPECT_EQ(s.counts("ben"), "2/0");
  s.act("ben", "hide", 4, "", false);
  s.read("ben", "g", 0);
  EXPECT_EQ(s.counts("ben"), "0/0");
  EXPECT_EQ(s.mark_unread("ben", "g", 3, 1).head, head_of(7, 2, 2, 2, 1));
  s.act("cho", "delete", 4);
  EXPECT_EQ(s.counts("ben"), "1/0");
}

TEST(ModelForward, FirstAuthorIsKept_D21) {
  Talk s{"aki", "ben"};
  s.say("aki", "two", {"ben"});
  s.edit("aki", 2, "deux", {"ben"});
  EXPECT_EQ(s.forward("ben", "none", "g", 2).error, "NOT_FOUND");
  EXPECT_EQ(s.forward("ben", kDirect, "none", 2).error, "NOT_FOUND");
  EXPECT_EQ(s.forward("ben", kDirect, "g", 0).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.forward("ben", kDirect, "g", 3).error, "BAD_REQUEST");
  EXPECT_EQ(s.forward("ben", kDirect, "g", 2), Answer{.seq = 1});
  Slot copy{"MESSAGE", "ben", "phone", s.slot("aki", 1, kDirect).client_id, "deux", 0, {}};
  copy.forwarded_from = "aki";
  EXPECT_EQ(s.slot("aki", 1, kDirect), copy);
  EXPECT_EQ(s.unread("aki", kDirect), 1u);
  EXPECT_EQ(s.forward("aki", "g", kDirect, 1), Answer{.seq = 4});
  EXPECT_EQ(s.slot("ben", 4).forwarded_from + s.slot("ben", 4).author, "akiaki");
  Command again{.what = "forward", .client_id = "f", .conversation = "g", .from = "g", .seq = 4};
  EXPECT_EQ(s.by("ben", again).seq, 5u);
  again.seq = 2;
  EXPECT_EQ(s.by("ben", again).error, "CLIENT_ID_REUSED");
  EXPECT_EQ(s.act("ben", "edit", 5, "trois").error, "BAD_REQUEST");  // another one's words
  EXPECT_EQ(s.slot("aki", 5).forwarded_from, "aki");
  s.act("ben", "delete", 5);
  EXPECT_EQ(s.slot("aki", 5).forwarded_from, "");
  EXPECT_EQ(s.by("ben", again), (Answer{.seq = 5, .duplicate = true}));
  EXPECT_EQ(s.forward("ben", kDirect, "g", 5).error, "MESSAGE_DELETED");
  EXPECT_EQ(s.slot("aki", 1, kDirect).body, "deux");
}

TEST(ModelFlag, StarsAndHidesAreOnesOwnAndStay_D22) {
  Talk s{"aki", "ben", "cho"};
  s.say("aki", "two", {});
  EXPECT_EQ(s.act("ben", "star", 2), Answer{});
  EXPECT_EQ(s.act("ben", "star", 2), Answer{});
  s.act("ben", "hide", 2);
  EXPECT_TRUE(s.slot("ben", 2).starred && s.slot("ben", 2).hidden);
  EXPECT_FALSE(s.slot("cho", 2).starred || s.slot("cho", 2).hidden);
  s.change("aki", "remove", "ben");
  EXPECT_EQ(s.act("ben", "star", 2).error, "NOT_FOUND");
  s.act("aki", "edit", 2, "deux");
  s.act("cho", "react", 2, "+");
  s.say("aki", "while he is away", {}, true);
  s.change("aki", "add", "ben");
  EXPECT_EQ(s.seen("ben", "g"), "1 2 3 7");
  Slot his = s.slot("ben", 2);  // D23: what happened while he was away is there
  EXPECT_EQ(his.body, "deux");
  EXPECT_TRUE(his.starred && his.hidden);
  s.mark_unread("ben", "g", 1, 2);
  EXPECT_EQ(s.counts("ben"), "0/0");
  s.act("aki", "delete", 2);
  s.act("ben", "hide", 2, "", false);  // a tombstone takes flags
  his = s.slot("ben", 2);
  EXPECT_TRUE(his.deleted && his.starred && !his.hidden);
  EXPECT_EQ(s.counts("ben"), "0/0");
}

TEST(ModelView, EachChangeShowsInALine) {
  Talk s{"aki", "ben"};
  s.say("aki", "two", {"ben"}, true);
  s.forward("ben", "g", "g", 2);
  for (const std::string what : {"star", "hide", "react", "pin_message", "edit", "delete"}) {
    SCOPED_TRACE(what);
    const View before = s.model.view("aki");
    ASSERT_EQ(s.act("aki", what, 2, what == "react" || what == "edit" ? "+" : "").error, "");
    EXPECT_NE(diff(before, s.model.view("aki")).find("slot 2 MESSAGE"), std::string::npos);
  }
}

}  // namespace
}  // namespace enishi::model
