// The command line on a real daemon: join, send, read, list, mark, flags, groups, ties.
#include <gmock/gmock.h>

#include "integration/cli_people.h"

namespace enishi::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

class CliChat : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
  }
};

std::vector<std::string> names_of(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

TEST_F(CliChat, JoinTellsWhoOneIsAndTiesTheTwo) {
  const auto joined = join("chie", "ben");
  EXPECT_EQ(joined["handle"], "chie");
  EXPECT_EQ(joined["device"], "phone");
  EXPECT_EQ(joined["inviter"], "ben");
  EXPECT_THAT(joined["device_id"].get<std::string>(), MatchesRegex("[0-9a-f]{32}"));
  const auto tie = one("chie", {"ties"});
  EXPECT_EQ(tie["handle"], "ben");
  EXPECT_EQ(tie["state"], "mutual");
  EXPECT_THAT(tie["since"].get<std::string>(), MatchesRegex("[0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z"));
  EXPECT_THAT(ok("chie", {"read", "@ben"}), IsEmpty());
}

TEST_F(CliChat, AUsedProfileCannotJoin) {
  refused("aki", {"join", daemon_.invite(), "--handle", "aki2", "--device", "pc"}, 4, "PROFILE_IN_USE");
  refused("new", {"join", daemon_.invite(), "--handle", "ben", "--device", "pc"}, 1, "HANDLE_TAKEN");
  // The same profile may try again, since it is nobody's yet.
  EXPECT_EQ(one("new", {"join", daemon_.invite(), "--handle", "dai", "--device", "pc"})["handle"], "dai");
}

TEST_F(CliChat, EveryFieldOfTheContractIsThere) {
  one("aki", {"send", "@ben", "hi"});
  EXPECT_THAT(names_of(one("ben", {"read", "@aki"})),
              ::testing::UnorderedElementsAre("chat", "seq", "kind", "to", "author", "device", "client_id", "at",
                                              "reply_to", "text", "edited_at", "versions", "deleted", "reactions",
                                              "pinned", "starred", "forwarded_from", "hidden", "change", "target"));
  for (const auto& chat : ok("ben", {"list"})) {
    EXPECT_THAT(names_of(chat), ::testing::UnorderedElementsAre("id", "chat", "kind", "title", "head", "marker", "rev",
                                                                "unread", "mentions", "muted", "pinned", "last"));
    EXPECT_THAT(names_of(chat["last"]), ::testing::UnorderedElementsAre("seq", "author", "text", "at"));
  }
  EXPECT_THAT(names_of(one("ben", {"send", "@aki", "x"})),
              ::testing::UnorderedElementsAre("chat", "seq", "client_id", "at", "state", "duplicate"));
  EXPECT_THAT(names_of(one("ben", {"mark", "@aki"})),
              ::testing::UnorderedElementsAre("chat", "rev", "marker", "unread"));
  EXPECT_THAT(names_of(one("ben", {"devices"})),
              ::testing::UnorderedElementsAre("id", "name", "current", "online", "created_at", "last_seen"));
  EXPECT_THAT(names_of(one("ben", {"invite"})),
              ::testing::UnorderedElementsAre("id", "url", "note", "uses", "used", "expires_at", "state"));
  EXPECT_THAT(names_of(one("ben", {"status"})),
              ::testing::IsSupersetOf({"handle", "device", "server", "state", "cursor_age_s", "outbox", "holes"}));
}

TEST_F(CliChat, SendReadListMark) {
  const auto sent = one("aki", {"send", "@ben", "one"});
  EXPECT_EQ(sent["chat"], "@ben");
  EXPECT_EQ(sent["seq"], 1);
  EXPECT_EQ(sent["state"], "committed");
  EXPECT_EQ(sent["duplicate"], false);
  one("aki", {"send", "@ben", "two"});
  one("aki", {"send", "@ben", "three", "--reply", "1"});

  auto chat = ok("ben", {"list"}).at(0);
  EXPECT_EQ(chat["chat"], "@aki");
  EXPECT_EQ(chat["head"], 3);
  EXPECT_EQ(chat["unread"], 3);
  EXPECT_EQ(chat["last"]["text"], "three");
  const auto slots = ok("ben", {"read", "@aki"});
  ASSERT_THAT(slots, SizeIs(3));
  EXPECT_EQ(slots[2]["reply_to"], 1);
  EXPECT_EQ(slots[0]["client_id"], sent["client_id"]);
  EXPECT_EQ(ok("ben", {"list"}).at(0)["unread"], 3) << "reading marks nothing";

  EXPECT_EQ(one("ben", {"mark", "@aki", "2"})["unread"], 1);
  EXPECT_EQ(one("ben", {"mark", "@aki"})["marker"], 3);
  EXPECT_EQ(one("ben", {"mark", "@aki", "1"})["marker"], 3) << "a marker does not fall";
  const auto marked = one("ben", {"mark", "@aki", "--unread-from", "2"});
  EXPECT_EQ(marked["unread"], 2);
  EXPECT_EQ(marked["marker"], 1);
  refused("ben", {"mark", "@aki", "9"}, 1, "SEQ_BEYOND_LOG");
  refused("ben", {"mark", "@aki", "--unread-from", "9"}, 1, "SEQ_BEYOND_LOG");
}

TEST_F(CliChat, RangesOfRead) {
  for (int i = 1; i <= 7; ++i) one("aki", {"send", "@ben", std::to_string(i)});
  const auto range = [this](const Words& more) {
    Words words{"read", "@aki"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<int> seqs;
    for (const auto& slot : ok("ben", words)) seqs.push_back(slot["seq"]);
    return seqs;
  };
  EXPECT_THAT(range({"--limit", "2"}), ElementsAre(6, 7));
  EXPECT_THAT(range({"--limit", "2", "--before", "4"}), ElementsAre(2, 3));
  EXPECT_THAT(range({"--limit", "2", "--after", "4"}), ElementsAre(5, 6));
  EXPECT_THAT(range({"--limit", "3", "--around", "4"}), ElementsAre(3, 4, 5));
  EXPECT_THAT(range({"--limit", "3", "--around", "7"}), ElementsAre(5, 6, 7));
  EXPECT_THAT(range({"--before", "1"}), IsEmpty());
  EXPECT_THAT(range({"--after", "7"}), IsEmpty());
}

TEST_F(CliChat, TextsArriveByteForByte) {
  const std::vector<std::string> texts{"日本語 と 絵文字 👨‍👩‍👧‍👦🏳️‍🌈",
                                       "שלום עולם مرحبا \u202e abc",
                                       "e\u0301 \u00e9",
                                       " leading and trailing ",
                                       "two\nlines\n",
                                       "control \x1b[2J \x07 \x7f \u009b",
                                       "-5 degrees",
                                       "\"quoted\" \\ back"};
  for (const auto& text : texts) one("aki", {"send", "@ben", "-"}, text + "\n");
  EXPECT_EQ(this->texts("ben", "@aki"), texts);
  const auto done = run_command({program("enishi"), "--profile", profiles_ / "ben", "read", "@aki"});
  EXPECT_EQ(done.exit, 0);
  for (const char c : done.out) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  EXPECT_THAT(done.out, HasSubstr("\\x1b[2J"));
  EXPECT_EQ(done.out.find('\x7f'), std::string::npos);
}

TEST_F(CliChat, BadMessagesAreRefusedHere) {
  refused("aki", {"send", "@ben", ""}, 1, "BODY_EMPTY");
  refused("aki", {"send", "@ben", "-"}, 1, "BODY_EMPTY", "\n");
  refused("aki", {"send", "@ben", "-"}, 1, "BODY_TOO_LARGE", std::string(16 * 1024 + 1, 'x'));
  refused("aki", {"send", "@ben", "-"}, 1, "NOT_UTF8", "\xff");
  EXPECT_EQ(one("aki", {"send", "@ben", "-"}, std::string(16 * 1024, 'x') + "\n")["seq"], 1);
  refused("aki", {"send", "@ben", "x", "--reply", "9"}, 1, "SEQ_BEYOND_LOG");
  EXPECT_EQ(one("aki", {"status"})["outbox"], 0) << "what was refused at once is not kept";
}

TEST_F(CliChat, NotTiedAndNotExistingAnswerAlike) {
  join("chie", "ben");
  const auto strange = refused("aki", {"send", "@chie", "x"}, 1, "NOT_FOUND");
  EXPECT_EQ(refused("aki", {"send", "@nobody", "x"}, 1, "NOT_FOUND"), strange);
  EXPECT_EQ(refused("aki", {"send", std::string(32, 'a'), "x"}, 1, "NOT_FOUND"), strange);
  EXPECT_EQ(refused("aki", {"read", "@chie"}, 1, "NOT_FOUND"), refused("aki", {"read", "@nobody"}, 1, "NOT_FOUND"));
  EXPECT_EQ(refused("aki", {"group", "new", "g", "chie"}, 1, "NOT_FOUND"),
            refused("aki", {"group", "new", "g", "nobody"}, 1, "NOT_FOUND"));
}

TEST_F(CliChat, AClientIdIsUsedOnce) {
  const std::string id = "00112233445566778899aabbccddeeff";
  auto first = one("aki", {"send", "@ben", "x", "--client-id", id});
  EXPECT_EQ(first["client_id"], id);
  auto again = one("aki", {"send", "@ben", "x", "--client-id", id});
  EXPECT_EQ(again["duplicate"], true);
  again["duplicate"] = false;
  EXPECT_EQ(again, first);
  refused("aki", {"send", "@ben", "y", "--client-id", id}, 1, "CLIENT_ID_REUSED");
  EXPECT_THAT(texts("ben", "@aki"), ElementsAre("x"));
}

TEST_F(CliChat, FlagsAreOnAllDevices) {
  pair("aki", "aki-pc");
  one("aki", {"mute", "@ben"});
  EXPECT_EQ(one("aki-pc", {"pin", "@ben"})["muted"], true);
  const auto chat = ok("aki", {"list"}).at(0);
  EXPECT_EQ(chat["muted"], true);
  EXPECT_EQ(chat["pinned"], true);
  one("aki-pc", {"unmute", "@ben"});
  EXPECT_EQ(one("aki", {"unpin", "@ben"})["muted"], false);
}

TEST_F(CliChat, TwoGroupsOfOneTitleAreAmbiguous) {
  const auto first = one("aki", {"group", "new", "Walk 散歩", "ben"});
  EXPECT_EQ(one("aki", {"send", "#Walk 散歩", "x"})["chat"], "#Walk 散歩");
  const auto second = one("ben", {"group", "new", "Walk 散歩", "@aki"});
  const auto error = refused("aki", {"send", "#Walk 散歩", "y"}, 1, "AMBIGUOUS");
  EXPECT_THAT(error["text"].get<std::string>(), HasSubstr(first["id"].get<std::string>()));
  EXPECT_THAT(error["text"].get<std::string>(), HasSubstr(second["id"].get<std::string>()));
  EXPECT_EQ(one("aki", {"send", second["id"], "z"})["chat"], second["id"]);
}

TEST_F(CliChat, GroupsAddRemoveLeaveAndTitles) {
  join("chie", "aki");
  one("aki", {"group", "new", "walk", "ben"});
  one("aki", {"group", "add", "#walk", "@chie"});
  one("chie", {"send", "#walk", "hello"});
  refused("ben", {"group", "remove", "#walk", "chie"}, 1, "NOT_OWNER");
  one("aki", {"group", "remove", "#walk", "ben"});
  refused("ben", {"read", "#walk"}, 1, "NOT_FOUND");
  one("chie", {"group", "title", "#walk", "run"});
  one("aki", {"group", "leave", "#run", "--successor", "chie"});
  const auto slots = ok("chie", {"read", "#run"});
  EXPECT_EQ(slots.back()["kind"], "system");
  EXPECT_THAT(slots.back()["text"].get<std::string>(), HasSubstr("chie"));
}

TEST_F(CliChat, TiesEndAndAreBlocked) {
  one("aki", {"send", "@ben", "x"});
  EXPECT_EQ(one("ben", {"tie", "block", "aki"})["state"], "blocked");
  EXPECT_EQ(one("ben", {"ties"})["state"], "blocked");
  EXPECT_EQ(one("aki", {"ties"})["state"], "ended");
  refused("aki", {"send", "@ben", "y"}, 1, "NOT_TIED");
  EXPECT_THAT(texts("aki", "@ben"), ElementsAre("x"));
  EXPECT_EQ(one("ben", {"tie", "unblock", "@aki"})["state"], "ended");
  EXPECT_EQ(one("aki", {"tie", "ask", "ben"})["state"], "asked_out");
  EXPECT_EQ(one("ben", {"ties"})["state"], "asked_in");
  EXPECT_EQ(one("ben", {"tie", "accept", "aki"})["state"], "mutual");
  EXPECT_EQ(one("aki", {"send", "@ben", "z"})["seq"], 2);
}

TEST_F(CliChat, InvitationsAreListedSpentAndTakenBack) {
  const auto made = one("aki", {"invite", "--uses", "2", "--expires", "12h", "--note", "登山"});
  one("chie", {"join", made["url"], "--handle", "chie", "--device", "pc"});
  auto listed = ok("aki", {"invites"}).at(0);
  EXPECT_EQ(listed["id"], made["id"]);
  EXPECT_EQ(listed["note"], "登山");
  EXPECT_EQ(listed["used"], 1);
  EXPECT_EQ(listed["state"], "open");
  EXPECT_EQ(listed["url"], "");
  one("aki", {"uninvite", made["id"]});
  EXPECT_EQ(ok("aki", {"invites"}).at(0)["state"], "revoked");
  refused("dai", {"join", made["url"], "--handle", "dai", "--device", "pc"}, 1, "INVITATION_REVOKED");
  refused("aki", {"uninvite", std::string(32, '0')}, 1, "NOT_FOUND");
}

TEST_F(CliChat, NotesToOneself) {
  EXPECT_EQ(one("aki", {"send", "self", "bread"})["chat"], "self");
  EXPECT_THAT(texts("aki", "self"), ElementsAre("bread"));
  EXPECT_EQ(ok("aki", {"list"}).at(0)["unread"], 0);
}

}  // namespace
}  // namespace enishi::test
