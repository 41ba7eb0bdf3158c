// Texts as lines: widths, breaks, what must not reach a terminal.
#include "cli/show/wrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/show/text.h"

namespace enishi::cli {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> lines_of(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (const auto& line : wrap(text, columns)) {
    EXPECT_EQ(line.columns, width_of(line.safe)) << line.safe;
    EXPECT_LE(line.columns, columns) << line.safe;
    lines.push_back(line.safe);
  }
  return lines;
}

TEST(Wrap, BreaksBetweenWords) {
  EXPECT_THAT(lines_of("", 10), ElementsAre(""));
  EXPECT_THAT(lines_of("one two three", 20), ElementsAre("one two three"));
  EXPECT_THAT(lines_of("one two three", 8), ElementsAre("one two", "three")) << "the space hangs out";
  EXPECT_THAT(lines_of("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(lines_of("one\n\ntwo\n", 8), ElementsAre("one", "", "two", ""));
  EXPECT_THAT(lines_of("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
}

TEST(Wrap, JapaneseBreaksAnywhereButNotBeforeClosingMarks) {
  EXPECT_THAT(lines_of("お茶を飲む", 4), ElementsAre("お茶", "を飲", "む"));
  EXPECT_THAT(lines_of("お茶を飲む", 5), ElementsAre("お茶", "を飲", "む")) << "half a character does not fit";
  EXPECT_THAT(lines_of("そうです。", 8), ElementsAre("そうで", "す。"));
  EXPECT_THAT(lines_of("あ「はい」", 4), ElementsAre("あ", "「は", "い」"));
  EXPECT_THAT(lines_of("きょう", 2), ElementsAre("き", "ょ", "う")) << "too narrow for good manners";
  EXPECT_THAT(lines_of("日本go日本", 6), ElementsAre("日本go", "日本"));
}

TEST(Wrap, NeverCutsAGraphemeCluster) {
  const std::string family = "👨‍👩‍👧";
  EXPECT_THAT(lines_of(family + family, 3), ElementsAre(family, family));
  const std::string accent = "e\u0301";
  EXPECT_THAT(lines_of(accent + accent + accent, 2), ElementsAre(accent + accent, accent));
}

TEST(Wrap, WhatCommandsATerminalIsWrittenOut) {
  EXPECT_THAT(lines_of("a\x1b[2Jb", 20), ElementsAre("a\\x1b[2Jb"));
  EXPECT_THAT(lines_of("a\tb", 20), ElementsAre("a    b"));
  EXPECT_THAT(lines_of("\xff", 20), ElementsAre("\\xff"));
  EXPECT_THAT(lines_of("a\u202eb", 20), ElementsAre("a\\u{202e}b"));
  // Isolates that would be torn by a break are left out; each line stands in one of its own.
  EXPECT_THAT(lines_of("\u2067שלום\u2069", 20), ElementsAre("\u2068שלום\u2069"));
}

TEST(Wrap, EveryLineKnowsItsBytes) {
  const std::string text = "one two\nお茶 three";
  for (std::size_t columns = 2; columns < 20; ++columns) {
    std::size_t before = 0;
    for (const auto& line : wrap(text, columns)) {
      EXPECT_GE(line.begin, before);
      EXPECT_LE(line.begin - before, 1U) << "at most a space or a newline is between";
      EXPECT_EQ(text.substr(line.begin, line.end - line.begin), line.safe);
      before = line.end;
    }
    EXPECT_EQ(before, text.size());
  }
}

TEST(Wrap, OffsetsAndPlacesAreEachOthersReverse) {
  const std::string text = "お茶 two three\nfour";
  const auto lines = wrap(text, 8);
  EXPECT_EQ(place_of(text, lines, 0), (Place{0, 0}));
  EXPECT_EQ(place_of(text, lines, 3), (Place{0, 2}));
  EXPECT_EQ(place_of(text, lines, 6), (Place{0, 4}));
  EXPECT_EQ(place_of(text, lines, text.size()), (Place{lines.size() - 1, 4}));
  EXPECT_EQ(offset_at(text, lines[0], 2), 3U);
  EXPECT_EQ(offset_at(text, lines[0], 3), 3U) << "inside of a wide character is before it";
  EXPECT_EQ(offset_at(text, lines[0], 99), lines[0].end);
}

}  // namespace
}  // namespace enishi::cli
