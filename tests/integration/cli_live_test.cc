// Messages that live, by the command line: edits, deletion, reactions, pins, stars, forwards, mentions.
#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "integration/cli_people.h"

namespace enishi::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CliLive : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
  }
  Json slot(const std::string& profile, const std::string& chat, std::uint64_t seq) {
    for (auto& each : ok(profile, {"read", chat, "--limit", "1000"}))
      if (each["seq"] == seq) return each;
    ADD_FAILURE() << "no slot " << seq;
    return {};
  }
  Json chat(const std::string& profile, const std::string& name) {
    for (auto& each : ok(profile, {"list"}))
      if (each["chat"] == name) return each;
    ADD_FAILURE() << "no chat " << name;
    return {};
  }
  /// True when a file of the daemon holds these words.
  [[nodiscard]] bool daemon_holds(const std::string& words) const {
    for (const auto& entry : std::filesystem::directory_iterator(daemon_.data())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      if (std::string{std::istreambuf_iterator<char>(stream), {}}.find(words) != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(CliLive, AnEditShowsEveryText) {
  one("aki", {"send", "@ben", "one"});
  EXPECT_EQ(one("aki", {"edit", "@ben", "1", "two"})["change_seq"], 2);
  EXPECT_EQ(one("aki", {"edit", "@ben", "1", "two"})["change_seq"], 0) << "it was so already";
  one("aki", {"edit", "@ben", "1", "-"}, "three\n");
  const auto seen = slot("ben", "@aki", 1);
  EXPECT_EQ(seen["text"], "three");
  EXPECT_FALSE(seen["edited_at"].is_null());
  std::vector<std::string> texts;
  for (const auto& version : seen["versions"]) texts.push_back(version["text"]);
  EXPECT_THAT(texts, ElementsAre("one", "two", "three"));
  EXPECT_EQ(chat("ben", "@aki")["last"]["text"], "three");
  EXPECT_EQ(chat("ben", "@aki")["unread"], 1) << "an edit is no message";
  EXPECT_EQ(slot("ben", "@aki", 2)["kind"], "change");
  EXPECT_EQ(slot("ben", "@aki", 2)["change"], "edited");
  refused("ben", {"edit", "@aki", "1", "mine"}, 1, "NOT_AUTHOR");
  refused("aki", {"edit", "@ben", "2", "x"}, 1, "BAD_REQUEST");
  refused("aki", {"edit", "@ben", "9", "x"}, 1, "SEQ_BEYOND_LOG");
  refused("aki", {"edit", "@ben", "1", ""}, 1, "BODY_EMPTY");
}

TEST_F(CliLive, DeletedForEveryoneIsGoneFromEveryDisk) {
  const std::string words = "words to be forgotten", others = "and these as well";
  one("aki", {"send", "@ben", words});
  one("aki", {"edit", "@ben", "1", others});
  pair("ben", "ben-pc");
  EXPECT_EQ(slot("ben-pc", "@aki", 1)["text"], others);
  refused("ben", {"delete", "@aki", "1"}, 1, "NOT_AUTHOR");
  one("aki", {"delete", "@ben", "1"});
  for (const std::string profile : {"ben", "ben-pc"}) {
    const auto seen = slot(profile, "@aki", 1);
    EXPECT_EQ(seen["deleted"], true);
    EXPECT_EQ(seen["text"], "");
    EXPECT_THAT(seen["versions"], IsEmpty());
    EXPECT_EQ(chat(profile, "@aki")["unread"], 0);
  }
  refused("ben", {"react", "@aki", "1", "+"}, 1, "MESSAGE_DELETED");
  EXPECT_EQ(one("aki", {"delete", "@ben", "1"})["change_seq"], 0);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while ((daemon_holds(words) || daemon_holds(others)) && std::chrono::steady_clock::now() < end) ok("aki", {"status"});
  EXPECT_FALSE(daemon_holds(words) || daemon_holds(others)) << "also without the daemon's end";
}

TEST_F(CliLive, DeletedForMeIsGoneFromMyDevicesOnly) {
  pair("ben", "ben-pc");
  one("aki", {"send", "@ben", "one"});
  EXPECT_EQ(one("ben", {"delete", "@aki", "1", "--for-me"})["hidden"], true);
  EXPECT_EQ(slot("ben-pc", "@aki", 1)["deleted"], true);
  EXPECT_EQ(slot("ben-pc", "@aki", 1)["text"], "");
  EXPECT_EQ(chat("ben-pc", "@aki")["unread"], 0);
  EXPECT_EQ(slot("aki", "@ben", 1)["text"], "one");
  one("ben-pc", {"delete", "@aki", "1", "--for-me", "--off"});
  EXPECT_EQ(slot("ben", "@aki", 1)["text"], "one");
  EXPECT_EQ(chat("ben", "@aki")["unread"], 1);
}

TEST_F(CliLive, ReactionsAreOneForEachMemberAndEmoji) {
  one("aki", {"send", "@ben", "tea?"});
  EXPECT_EQ(one("ben", {"react", "@aki", "1", "🍵"})["change_seq"], 2);
  EXPECT_EQ(one("ben", {"react", "@aki", "1", "🍵"})["change_seq"], 0);
  one("aki", {"react", "@ben", "1", "🍵"});
  one("aki", {"react", "@ben", "1", "👍"});
  const Json both = Json::parse(R"([{"emoji":"🍵","by":["ben","aki"]},{"emoji":"👍","by":["aki"]}])");
  EXPECT_EQ(slot("ben", "@aki", 1)["reactions"], both);
  one("ben", {"react", "@aki", "1", "🍵", "--off"});
  EXPECT_EQ(slot("aki", "@ben", 1)["reactions"],
            Json::parse(R"([{"emoji":"🍵","by":["aki"]},{"emoji":"👍","by":["aki"]}])"));
  EXPECT_EQ(chat("ben", "@aki")["unread"], 1) << "a reaction counts for nobody";
  EXPECT_EQ(chat("aki", "@ben")["unread"], 0);
}

TEST_F(CliLive, MentionsAreCountedApart) {
  join("cho", "aki");
  one("aki", {"group", "new", "tea", "ben", "cho"});
  one("aki", {"send", "#tea", "hello @ben, and @nobody"});
  one("aki", {"send", "#tea", "all of you: @all"});
  one("aki", {"send", "#tea", "mail me at aki@ben"});
  EXPECT_EQ(chat("ben", "#tea")["unread"], 3);
  EXPECT_EQ(chat("ben", "#tea")["mentions"], 2);
  EXPECT_EQ(chat("cho", "#tea")["mentions"], 1);
  one("aki", {"edit", "#tea", "2", "hello @cho"});
  EXPECT_EQ(chat("ben", "#tea")["mentions"], 1);
  EXPECT_EQ(chat("cho", "#tea")["mentions"], 2);
  one("aki", {"delete", "#tea", "3"});
  EXPECT_EQ(chat("ben", "#tea")["mentions"], 0);
  EXPECT_EQ(chat("cho", "#tea")["mentions"], 1);
  EXPECT_EQ(one("cho", {"mark", "#tea"})["unread"], 0);
  EXPECT_EQ(chat("cho", "#tea")["mentions"], 0);
}

TEST_F(CliLive, PinsStarsAndForwards) {
  one("aki", {"send", "@ben", "the address"});
  one("ben", {"pin", "@aki", "1"});
  EXPECT_EQ(slot("aki", "@ben", 1)["pinned"], true);
  EXPECT_EQ(chat("ben", "@aki")["pinned"], false) << "the conversation is another thing";
  one("aki", {"unpin", "@ben", "1"});
  EXPECT_EQ(slot("ben", "@aki", 1)["pinned"], false);
  one("ben", {"star", "@aki", "1"});
  EXPECT_EQ(slot("ben", "@aki", 1)["starred"], true);
  EXPECT_EQ(slot("aki", "@ben", 1)["starred"], false);
  EXPECT_EQ(one("ben", {"starred"})["text"], "the address");
  EXPECT_EQ(one("ben", {"forward", "@aki", "1", "self"})["seq"], 1);
  const auto copy = slot("ben", "self", 1);
  EXPECT_EQ(copy["text"], "the address");
  EXPECT_EQ(copy["forwarded_from"], "aki");
  EXPECT_EQ(copy["author"], "ben");
  refused("ben", {"edit", "self", "1", "another address"}, 1, "BAD_REQUEST");
  one("ben", {"star", "@aki", "1", "--off"});
  EXPECT_THAT(ok("ben", {"starred"}), IsEmpty());
}

TEST_F(CliLive, ADeviceThatSleptThroughItAllEndsEqual) {
  pair("ben", "ben-pc");
  for (int i = 1; i <= 20; ++i) one("aki", {"send", "@ben", "message " + std::to_string(i)});
  one("ben", {"react", "@aki", "10", "+"});
  EXPECT_THAT(ok("ben-pc", {"read", "@aki"}), SizeIs(21));  // then it sleeps
  one("aki", {"edit", "@ben", "3", "third @ben"});
  one("aki", {"delete", "@ben", "5"});
  one("ben", {"react", "@aki", "7", "+"});
  one("ben", {"react", "@aki", "10", "+", "--off"});
  one("ben", {"pin", "@aki", "8"});
  one("ben", {"star", "@aki", "9"});
  // Further behind than a conversation is told exactly.
  for (int i = 0; i < 300; ++i) one("aki", {"send", "@ben", "more"});
  // What it holds already is right at once, whatever else is not here yet.
  const Words old{"read", "@aki", "--before", "12", "--limit", "11"};
  const auto held = ok("ben-pc", old);
  EXPECT_EQ(held, ok("ben", old));
  EXPECT_EQ(held.at(4)["deleted"], true);
  EXPECT_THAT(held.at(9)["reactions"], IsEmpty()) << "put and taken away again";
  EXPECT_GT(one("ben-pc", {"status"})["holes"], 0) << "the test means this";
  const Words all{"read", "@aki", "--limit", "1000"};
  EXPECT_EQ(ok("ben-pc", all), ok("ben", all));
  EXPECT_EQ(chat("ben-pc", "@aki"), chat("ben", "@aki"));
  EXPECT_EQ(chat("ben-pc", "@aki")["unread"], 319);
  EXPECT_EQ(chat("ben-pc", "@aki")["mentions"], 1);
}

TEST_F(CliLive, ADeviceThatSleptThroughAnAbsenceHoldsNothingOfBefore) {
  pair("ben", "ben-pc");
  one("aki", {"group", "new", "walk", "ben"});
  one("aki", {"send", "#walk", "the address"});
  EXPECT_THAT(ok("ben-pc", {"read", "#walk"}), SizeIs(2));  // then it sleeps
  one("aki", {"group", "remove", "#walk", "@ben"});
  one("aki", {"delete", "#walk", "2"});  // the event of it is not for him
  one("aki", {"group", "add", "#walk", "@ben"});
  for (int i = 0; i < 230; ++i) one("aki", {"send", "#walk", "more"});  // further back than a device is told
  const Words old{"read", "#walk", "--before", "3"};
  const auto slots = ok("ben-pc", old);
  ASSERT_EQ(slots.size(), 2U);
  EXPECT_EQ(slots.at(1)["deleted"], true);
  EXPECT_EQ(slots.at(1)["text"], "");
  EXPECT_EQ(slots, ok("ben", old));
}

TEST_F(CliLive, WhatIsHiddenWhileADeviceSleepsCountsThereNeither) {
  for (int i = 0; i < 230; ++i) one("aki", {"send", "@ben", "text"});
  pair("ben", "ben-pc");
  EXPECT_EQ(chat("ben-pc", "@aki")["unread"], 230) << "the daemon's number: not all of them are here";
  one("ben", {"delete", "@aki", "17", "--for-me"});
  EXPECT_EQ(chat("ben-pc", "@aki")["unread"], 229) << "though neither an event nor a marker came";
}

TEST_F(CliLive, WatchTellsChanges) {
  Watching watching(command("ben", {"watch"}));
  watching.next({{"type", "ready"}});
  one("aki", {"send", "@ben", "one"});
  one("aki", {"edit", "@ben", "1", "two"});
  const auto edited = watching.next({{"type", "change"}, {"change", "edited"}});
  EXPECT_EQ(edited["target"], 1);
  EXPECT_EQ(edited["text"], "two");
  one("aki", {"react", "@ben", "1", "+"});
  EXPECT_EQ(watching.next({{"type", "change"}, {"change", "reacted"}})["text"], "+");
  one("aki", {"delete", "@ben", "1"});
  EXPECT_EQ(watching.next({{"type", "change"}, {"change", "deleted"}})["target"], 1);
  EXPECT_EQ(watching.end(), 0);
}

}  // namespace
}  // namespace enishi::test
