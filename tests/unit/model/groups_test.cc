// Groups, intervals, unread by counting. D1..D15: tests/model/DECISIONS.md.
#include <random>

#include "unit/model/scene.h"

namespace enishi::model {
namespace {

TEST(ModelGroup, CreatedIsSeqOne_D4) {
  Scene s{"aki", "ben", "cho"};
  EXPECT_EQ(s.group("ben", {"aki", "cho"}).error, "NOT_FOUND");  // ben and cho are not tied
  EXPECT_EQ(s.group("ben", {"ghost"}).error, "NOT_FOUND");
  const Command make{
      .what = "group_new", .client_id = "x", .conversation = "g", .text = "club", .list = {"cho", "aki"}};
  EXPECT_EQ(s.by("aki", make), (Answer{.conversation = "g", .seq = 1}));
  Command again = make;
  again.conversation = "g2";
  EXPECT_EQ(s.by("aki", again), (Answer{.conversation = "g", .seq = 1, .duplicate = true}));
  const View::Chat chat = s.model.view("cho").chats.at("g");
  EXPECT_EQ(chat.slots.at(1), (Slot{"CREATED", "aki", "phone", "x", "", 0, {"aki", "cho"}}));
  EXPECT_EQ(chat.head, head_of(1, 1, 1, 0));
  EXPECT_EQ(chat.intervals, (std::vector<Interval>{{1, 0}}));
  EXPECT_EQ(chat.title, "club");
  EXPECT_EQ(s.model.conversations["g"].owner, "aki");
  EXPECT_FALSE(s.model.conversations.contains("g2"));
}

TEST(ModelGroup, LimitOfMembers) {
  Scene s{"aki", "ben", "cho", "dan"};
  s.model.group_members_max = 2;
  EXPECT_EQ(s.group("aki", {"ben", "cho"}).error, "LIMIT_REACHED");
  EXPECT_EQ(s.group("aki", {"ben", "ben", "aki"}).error, "");
  EXPECT_EQ(s.change("aki", "add", "cho").error, "LIMIT_REACHED");
  s.change("ben", "leave");
  EXPECT_EQ(s.change("aki", "add", "cho").error, "");
}

TEST(ModelGroup, EachRefusalByName_D12) {
  Scene s{"aki", "ben", "cho"};
  s.group("aki", {"ben"});
  EXPECT_EQ(s.change("cho", "title").error, "NOT_FOUND");
  EXPECT_EQ(s.change("cho", "leave").error, "NOT_FOUND");
  EXPECT_EQ(s.change("cho", "remove", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.change("ben", "add", "cho").error, "NOT_FOUND");  // not tied
  EXPECT_EQ(s.change("aki", "add", "aki").error, "NOT_FOUND");
  EXPECT_EQ(s.change("aki", "add", "ben").error, "ALREADY_MEMBER");
  EXPECT_EQ(s.change("ben", "remove", "ghost").error, "NOT_OWNER");
  EXPECT_EQ(s.change("ben", "remove", "ben").error, "NOT_OWNER");
  EXPECT_EQ(s.change("aki", "remove", "aki").error, "BAD_REQUEST");
  EXPECT_EQ(s.change("aki", "remove", "cho").error, "NOT_FOUND");
  for (const std::string& id : {Model::self_id("aki"), Model::direct_id("aki", "ben")}) {
    EXPECT_EQ(s.by("aki", {.what = "add", .conversation = id, .handle = "cho"}).error, "NOT_FOUND");
    EXPECT_EQ(s.by("aki", {.what = "leave", .conversation = id}).error, "NOT_FOUND");
    EXPECT_EQ(s.by("aki", {.what = "title", .conversation = id, .text = "t"}).error, "NOT_FOUND");
  }
  EXPECT_EQ(s.model.head("aki", "g").head, 1u);
}

TEST(ModelGroup, AddedSeesFromThere_D4) {
  Scene s{"aki", "ben", "cho"};
  s.group("aki", {"ben"});
  s.send("aki", "g", "two");
  s.send("ben", "g", "three");
  EXPECT_EQ(s.change("aki", "add", "cho"), Answer{.seq = 4});
  EXPECT_EQ(s.model.head("cho", "g"), head_of(4, 4, 1, 0));
  EXPECT_EQ(s.send("aki", "g", "five").seq, 5u);
  EXPECT_EQ(s.seen("cho", "g"), "4 5");
  EXPECT_EQ(s.unread("cho", "g"), 1u);
  EXPECT_EQ(s.unread("ben", "g"), 2u);  // two and five
  EXPECT_EQ(s.send("cho", "g", "x", 3).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.send("cho", "g", "six", 4).seq, 6u);  // any kind may be answered
  EXPECT_EQ(s.mark_unread("cho", "g", 3, 1).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.mark_unread("cho", "g", 4, 1).head, head_of(6, 3, 2, 1));
  EXPECT_EQ(s.read("cho", "g", 2, 2).head, head_of(6, 3, 2, 1));
}

TEST(ModelGroup, ComingBackRestores_D5) {
  Scene s{"aki", "ben", "cho"};
  s.group("aki", {"ben", "cho"});
  s.send("aki", "g", "two");
  s.by("ben", {.what = "mute", .conversation = "g", .on = true});
  const Command kept{.what = "send", .client_id = "x", .conversation = "g", .text = "three"};
  EXPECT_EQ(s.by("ben", kept).seq, 3u);
  EXPECT_EQ(s.change("aki", "remove", "ben"), Answer{.seq = 4});
  EXPECT_EQ(s.seen("ben", "g"), "none");
  EXPECT_EQ(s.model.head("ben", "g"), Head{});
  EXPECT_EQ(s.send("ben", "g", "x").error, "NOT_FOUND");
  EXPECT_EQ(s.read("ben", "g", 0).error, "NOT_FOUND");
  EXPECT_EQ(s.by("ben", kept), (Answer{.seq = 3, .duplicate = true}));  // D1
  s.send("cho", "g", "five");
  s.send("cho", "g", "six");
  EXPECT_EQ(s.change("aki", "add", "ben"), Answer{.seq = 7});
  s.send("cho", "g", "eight");
  EXPECT_EQ(s.seen("ben", "g"), "1 2 3 4 7 8");
  EXPECT_EQ(s.model.head("ben", "g"), head_of(8, 7, 2, 1));
  EXPECT_TRUE(s.model.view("ben").chats.at("g").muted);
  EXPECT_EQ(s.model.view("ben").chats.at("g").intervals, (std::vector<Interval>{{1, 4}, {7, 0}}));
  EXPECT_EQ(s.send("ben", "g", "x", 5).error, "SEQ_BEYOND_LOG");         // in the absence
  EXPECT_EQ(s.mark_unread("ben", "g", 1, 2).head, head_of(8, 0, 3, 2));  // two and eight
  EXPECT_EQ(s.mark_unread("ben", "g", 5, 3).head, head_of(8, 4, 4, 1));
}

TEST(ModelGroup, OwnerLeaves_D8) {
  Scene s{"aki", "ben", "cho", "dan"};
  s.group("aki", {"dan", "cho"});
  s.change("aki", "add", "ben");
  EXPECT_EQ(s.change("aki", "leave", "aki").error, "NOT_FOUND");
  EXPECT_EQ(s.change("aki", "leave", "ghost").error, "NOT_FOUND");
  EXPECT_EQ(s.change("aki", "leave", "ben"), Answer{.seq = 3});
  EXPECT_EQ(s.model.view("dan").chats.at("g").slots.at(3).people, (std::set<std::string>{"ben"}));
  EXPECT_EQ(s.change("ben", "leave").seq, 4u);
  EXPECT_EQ(s.model.conversations["g"].owner, "dan");  // named before cho
  s.change("cho", "leave", "ghost");                   // ignored: she is not the owner
  EXPECT_EQ(s.model.conversations["g"].log.back().people, std::set<std::string>{});
  s.change("dan", "leave");
  EXPECT_EQ(s.model.conversations["g"].owner, "");
  EXPECT_EQ(s.model.conversations["g"].log.back().people, std::set<std::string>{});
  EXPECT_EQ(s.change("aki", "add", "ben").error, "NOT_FOUND");
}

TEST(ModelGroup, LongestIsByThePresentInterval_D8) {
  Scene s{"aki", "ben", "cho"};
  s.group("aki", {"ben", "cho"});
  s.change("ben", "leave");
  s.change("aki", "add", "ben");
  s.change("aki", "leave");
  EXPECT_EQ(s.model.conversations["g"].owner, "cho");
  EXPECT_EQ(s.by("ben", {.what = "title", .conversation = "g", .text = "new"}), Answer{.seq = 5});
  EXPECT_EQ(s.model.view("cho").chats.at("g").title, "new");
  EXPECT_EQ(s.model.view("cho").chats.at("g").slots.at(5).body, "new");
  EXPECT_EQ(s.by("ben", {.what = "title", .conversation = "g", .text = "new"}).seq, 6u);  // D4
}

TEST(ModelUnread, CountsByHand_D15) {
  Scene s{"aki", "ben", "cho"};
  s.group("aki", {"ben", "cho"});
  s.send("ben", "g", "two");
  s.send("cho", "g", "three");
  s.send("aki", "g", "four");
  s.by("ben", {.what = "title", .conversation = "g", .text = "new"});
  s.send("ben", "g", "six");
  EXPECT_EQ(s.unread("aki", "g"), 3u);  // two, three, six
  s.tie("aki", "block", "ben");
  EXPECT_EQ(s.unread("aki", "g"), 1u);
  EXPECT_EQ(s.seen("aki", "g"), "1 2 3 4 5 6");
  EXPECT_EQ(s.unread("ben", "g"), 2u);
  s.tie("aki", "unblock", "ben");
  EXPECT_EQ(s.unread("aki", "g"), 3u);
  s.read("aki", "g", 2);
  EXPECT_EQ(s.unread("aki", "g"), 2u);
  s.tie("cho", "block", "aki");
  EXPECT_EQ(s.unread("cho", "g"), 2u);  // two, six; she is not tied to ben either way
}

// Whether all who see a slot see the same of it, but for their own stars and hides.
bool is_one_for_all(const Model& model, const std::vector<std::string>& all) {
  std::map<std::pair<std::string, Seq>, Slot> first;
  for (const std::string& one : all) {
    for (const auto& [id, chat] : model.view(one).chats) {
      for (const auto& [seq, slot] : chat.slots) {
        Slot plain = slot;
        plain.starred = plain.hidden = false;
        if (first.try_emplace({id, seq}, plain).first->second != plain) return false;
      }
    }
  }
  return true;
}

// Whatever is done, ties stay symmetric, logs grow by one event at most, messages are the same for all who see them,
// and refusals change nothing.
TEST(ModelProperty, InvariantsHoldOnRandomScenes) {
  const std::vector<std::string> all{"aki", "ben", "cho", "dan"};
  const std::vector<std::string> whats{"ask",    "accept", "decline", "end",         "block",       "unblock", "add",
                                       "remove", "send",   "read",    "title",       "mark_unread", "leave",   "pin",
                                       "edit",   "delete", "react",   "pin_message", "forward",     "star",    "hide"};
  for (unsigned seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
    Scene s{"aki", "ben", "cho", "dan"};
    s.group("aki", {"ben", "cho", "dan"});
    for (int step = 0; step < 200; ++step) {
      const std::string me = pick(all), chat = random() % 2 == 0 ? "g" : Model::direct_id("aki", pick(all));
      const View before = s.model.view(me);
      const Head old = s.model.head(me, "g");
      const Answer answer = s.by(me, {.what = pick(whats),
                                      .conversation = chat,
                                      .from = "g",
                                      .handle = pick(all),
                                      .text = random() % 2 == 0 ? "t" : "u",
                                      .list = {pick(all)},
                                      .seq = random() % 6,
                                      .rev = random() % 3,
                                      .on = random() % 2 == 0});
      ASSERT_TRUE(answer.error.empty() || before == s.model.view(me)) << diff(before, s.model.view(me));
      const Head now = s.model.head(me, "g");
      const bool fell = now.rev < old.rev || (now.rev == old.rev && now.marker < old.marker);
      ASSERT_FALSE(now.rev != 0 && fell);
      ASSERT_TRUE(now.rev == 0 || old.rev == 0 || now.head == old.head || now.head == old.head + 1);
      ASSERT_TRUE(is_one_for_all(s.model, all));
      for (const std::string& one : all) {
        ASSERT_LE(s.unread(one, "g"), s.model.head(one, "g").head);
        ASSERT_LE(s.model.head(one, "g").mentions, s.unread(one, "g"));
        for (const std::string& other : all) {
          const Name mine = s.model.ties[{one, other}], theirs = s.model.ties[{other, one}];
          ASSERT_EQ(mine == "MUTUAL", theirs == "MUTUAL");
          ASSERT_TRUE(mine != "ASKED_IN" || theirs == "ASKED_OUT");
          ASSERT_FALSE(mine == "MUTUAL" && s.model.blocks.contains({one, other}));
        }
      }
    }
  }
}

}  // namespace
}  // namespace enishi::model
