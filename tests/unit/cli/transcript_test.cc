// A conversation as lines, and what of them is shown.
#include "cli/chat/transcript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace enishi::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kNoon = 1'767'355'200'000;  // 2026-01-02 12:00 UTC, a Friday
constexpr std::int64_t kMinute = 60'000;

class Transcript : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
    look_.columns = 40;
    look_.author_columns = 5;
    look_.connected = true;
  }
  static Item message(std::uint64_t seq, const std::string& author, const std::string& text,
                      std::int64_t at_ms = kNoon) {
    Item item;
    item.key = seq;
    item.slots = {seq, seq};
    item.author = author;
    item.mine = author == "you";
    item.at_ms = at_ms;
    item.text = text;
    return item;
  }
  static Item other(Item::Kind kind, std::uint64_t first, std::uint64_t last) {
    Item item;
    item.kind = kind;
    item.key = first;
    item.slots = {first, last};
    return item;
  }
  std::vector<std::string> texts(const std::vector<Item>& items) const {
    std::vector<std::string> texts;
    for (const auto& line : lay_out(items, look_)) {
      EXPECT_LE(line.row.columns(), look_.columns) << line.row.text();
      texts.push_back(line.row.text());
    }
    return texts;
  }
  Look look_;
};

TEST_F(Transcript, SaysDayTimeAndAuthorWhereTheyChange) {
  EXPECT_THAT(texts({message(1, "ben", "one"), message(2, "ben", "two", kNoon + kMinute),
                     message(3, "you", "three", kNoon + 2 * kMinute), message(4, "you", "four", kNoon + 20 * kMinute),
                     message(5, "you", "five", kNoon + 24 * 60 * kMinute)}),
              ElementsAre(HasSubstr("─ Fri 2 Jan 2026 ─"), "12:00 ben    one", "12:01        two", "12:02 you    three",
                          "12:20 you    four", HasSubstr("─ Sat 3 Jan 2026 ─"), "12:00 you    five"));
}

TEST_F(Transcript, AMarkStandsBehindTheTextOrBelowIt) {
  auto mine = message(1, "you", "one");
  mine.mark = "✓✓ read";
  auto longer = message(2, "you", "it was the best of times, it");
  longer.mark = "✓";
  EXPECT_THAT(texts({mine, longer}), ElementsAre(HasSubstr("2026"), "12:00 you    one  ✓✓ read",
                                                 "12:00        it was the best of times,", "             it  ✓"));
  longer.text = std::string(26, 'x');
  EXPECT_THAT(texts({longer}),
              ElementsAre(HasSubstr("2026"), "12:00 you    " + std::string(26, 'x'), "             ✓"));
}

TEST_F(Transcript, WrapsUnderTheTextByWidth) {
  EXPECT_THAT(texts({message(1, "山本ベン太郎", "駅前の喫茶店でお茶を飲みましょう。はい")}),
              ElementsAre(HasSubstr("2026"), "12:00 山本…  駅前の喫茶店でお茶を飲みま", "             しょう。はい"));
  look_.author_columns = 0;
  EXPECT_THAT(texts({message(1, "you", "a\nb")}), ElementsAre(HasSubstr("2026"), "12:00 a", "      b"));
}

TEST_F(Transcript, ANarrowScreenStacks) {
  look_.columns = 20;
  look_.stacked = true;
  EXPECT_THAT(texts({message(1, "山本ベン", "駅前の喫茶店でお茶を"), message(2, "山本ベン", "はい")}),
              ElementsAre(HasSubstr("2026"), "山本ベン  12:00", "  駅前の喫茶店でお茶", "  を", "  はい"));
}

TEST_F(Transcript, TheNewBeginsWithTheFirstOfOthersBehindTheMarker) {
  look_.shows_new = true;
  look_.new_after = 1;
  const auto lines = lay_out(
      {message(1, "ben", "old"), message(2, "you", "mine"), message(3, "ben", "x"), message(4, "ben", "y")}, look_);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_TRUE(lines[3].rule);
  EXPECT_THAT(lines[3].row.text(), HasSubstr("─ new ─"));
  EXPECT_EQ(lines[3].key, 3U);
  EXPECT_EQ(lines[4].slots, (client::Range{3, 3})) << "only an item's last line says that it was shown";
  EXPECT_EQ(lines[3].slots, (client::Range{0, 0}));
  look_.shows_new = false;
  EXPECT_THAT(texts({message(2, "ben", "x")}), ElementsAre(HasSubstr("2026"), "12:00 ben    x"));
}

TEST_F(Transcript, WhatIsNotHereIsSaid) {
  using Kind = Item::Kind;
  EXPECT_THAT(texts({other(Kind::hole, 1, 16)}), ElementsAre(HasSubstr("loading 16 messages")));
  look_.connected = false;
  EXPECT_THAT(texts({other(Kind::hole, 1, 1), other(Kind::skipped, 2, 13)}),
              ElementsAre(HasSubstr("1 message not here yet"), HasSubstr("not in the group for 12 messages")));
  EXPECT_TRUE(lay_out({other(Kind::hole, 1, 16)}, look_).back().hole);
}

TEST_F(Transcript, OwnMessagesOnTheirWay) {
  auto waits = message(0, "you", "later");
  waits.kind = Item::Kind::outgoing;
  waits.key = kOutgoing + 1;
  waits.slots = {0, 0};
  EXPECT_THAT(texts({waits}), ElementsAre(HasSubstr("2026"), " ...  you    later"));
  look_.connected = false;
  EXPECT_THAT(texts({waits}), ElementsAre(HasSubstr("2026"), " ...  you    later", "             waiting to be sent"));
  waits.fate = "you are not\x1b[2J tied";
  EXPECT_THAT(texts({waits}).back(), HasSubstr("refused: you are no"));
}

TEST_F(Transcript, NothingOfOthersReachesTheTerminalRaw) {
  auto evil = message(1, "b\x1b[2Jn\n", "x\x1b]0;y\x07\u009b");
  evil.quote = "q\x1b[2J\r";
  auto system = message(2, "c\x1bn", "changed the title to \x1b[2J");
  system.kind = Item::Kind::system;
  for (const bool stacked : {false, true}) {
    look_.stacked = stacked;
    for (const auto& text : texts({evil, system})) {
      EXPECT_EQ(text.find_first_of("\x1b\x07\r\n"), std::string::npos) << text;
      EXPECT_EQ(text.find("\u009b"), std::string::npos) << text;
    }
  }
}

TEST_F(Transcript, NumbersStandInPlaceOfTimes) {
  look_.numbers = true;
  look_.from_start = true;
  EXPECT_THAT(texts({message(12, "ben", "x")}),
              ElementsAre(HasSubstr("the beginning"), HasSubstr("2026"), "#12   ben    x"));
}

class Scrolling : public Transcript {
 protected:
  /// 20 messages of one line each; with the day's line, 21 lines.
  void SetUp() override {
    Transcript::SetUp();
    add(20);
  }
  void add(std::uint64_t count) {
    for (; count > 0; --count) items_.push_back(message(items_.size() + 1, "ben", std::to_string(items_.size() + 1)));
  }
  std::pair<std::size_t, std::size_t> place(bool to_end = true) {
    const auto shown = scroll_.place(lay_out(items_, look_), 5, to_end);
    return {shown.first, shown.end};
  }
  using Lines = std::pair<std::size_t, std::size_t>;
  std::vector<Item> items_;
  Scroll scroll_;
};

TEST_F(Scrolling, FollowsTheNewest) {
  EXPECT_EQ(place(), (Lines{16, 21}));
  add(2);
  EXPECT_EQ(place(), (Lines{18, 23}));
  EXPECT_TRUE(scroll_.follows());
}

TEST_F(Scrolling, StaysWhereItWasPut) {
  (void)place();
  scroll_.move(-3);
  EXPECT_EQ(place(), (Lines{13, 18}));
  add(5);
  EXPECT_EQ(place(), (Lines{13, 18})) << "what comes below moves nothing";
  EXPECT_EQ(scroll_.key(), 17U);
  scroll_.move(-100);
  EXPECT_EQ(place(), (Lines{0, 5}));
  scroll_.move(100);
  EXPECT_EQ(place(), (Lines{21, 26}));
  EXPECT_TRUE(scroll_.follows());
}

TEST_F(Scrolling, TheEndOfAStretchIsNotTheNewest) {
  scroll_.move(-1);
  (void)place();
  scroll_.move(1);
  EXPECT_EQ(place(false), (Lines{16, 21}));
  EXPECT_FALSE(scroll_.follows());
}

TEST_F(Scrolling, OpensWhereTheNewBegins) {
  look_.shows_new = true;
  look_.new_after = 9;
  scroll_.to_new();
  // The day, 9 messages, the rule, 11 messages: two lines stay above the rule.
  EXPECT_EQ(place(), (Lines{8, 13}));
  EXPECT_FALSE(scroll_.follows());
  look_.new_after = 19;
  scroll_.to_new();
  EXPECT_EQ(place(), (Lines{17, 22})) << "what is new fits";
  EXPECT_TRUE(scroll_.follows());
}

TEST_F(Scrolling, AMessageAtTheUpperEdge) {
  scroll_.to_top(4, 0);
  EXPECT_EQ(scroll_.key(), 4U);
  EXPECT_EQ(place(), (Lines{4, 9})) << "the day and three messages are above";
  EXPECT_FALSE(scroll_.follows());
  add(3);
  EXPECT_EQ(place(), (Lines{4, 9}));
  scroll_.to_top(22, 0);
  EXPECT_EQ(place(), (Lines{19, 24})) << "no empty lines below the newest";
  EXPECT_TRUE(scroll_.follows());
  scroll_.to_top(99, 0);
  EXPECT_EQ(place(), (Lines{19, 24})) << "past the end";
}

TEST_F(Scrolling, PartOfAMessageAboveTheUpperEdge) {
  items_[3].text = "1\n2\n3\n4";
  scroll_.to_top(4, 500);
  EXPECT_EQ(place(), (Lines{6, 11}));
}

TEST_F(Scrolling, WhatIsNotHereKeepsItsPlaceUntilItIs) {
  const auto whole = items_;
  Item hole;
  hole.kind = Item::Kind::hole;
  hole.key = 3;
  hole.slots = {3, 10};
  items_.erase(items_.begin() + 2, items_.begin() + 10);
  items_.insert(items_.begin() + 2, hole);
  scroll_.to_top(7, 0);
  EXPECT_EQ(place(), (Lines{3, 8})) << "the hole that it is in";
  items_ = whole;
  EXPECT_EQ(place(), (Lines{7, 12})) << "then it";
}

TEST_F(Scrolling, AFewLinesAreNoPage) {
  items_.clear();
  add(1);
  EXPECT_EQ(place(), (Lines{0, 2}));
  scroll_.move(-5);
  EXPECT_EQ(place(), (Lines{0, 2}));
  EXPECT_TRUE(scroll_.follows());
  items_.clear();
  EXPECT_EQ(place(), (Lines{0, 0}));
}

}  // namespace
}  // namespace enishi::cli
