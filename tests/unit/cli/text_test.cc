// Nothing in the text of another may command a terminal.
#include "cli/show/text.h"

#include <gtest/gtest.h>

#include "cli/show/qr.h"

namespace enishi::cli {
namespace {

TEST(SafeLine, WritesControlCharactersOut) {
  EXPECT_EQ(safe_line("plain"), "plain");
  EXPECT_EQ(safe_line("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(safe_line(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(safe_line("a\nb\tc\rd\x7f"), "a\\nb\\tc\\rd\\x7f");
  EXPECT_EQ(safe_line("\u009b31m"), "\\u{9b}31m");  // C1: a CSI of its own
  EXPECT_EQ(safe_line("a\u2028b"), "a\\u{2028}b");
}

TEST(SafeLine, WritesBytesThatAreNotUtf8Out) {
  EXPECT_EQ(safe_line("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(safe_line("\xe3\x81"), "\\xe3\\x81");
}

TEST(SafeLine, KeepsPeoplesScripts) {
  EXPECT_EQ(safe_line("日本語 ñ 👍🏽"), "日本語 ñ 👍🏽");
  EXPECT_EQ(safe_line("👨‍👩‍👧"), "👨‍👩‍👧") << "the joiner is no control";
}

TEST(SafeLine, RightToLeftStandsInAnIsolate) {
  EXPECT_EQ(safe_line("שלום"), "\u2068שלום\u2069");
  EXPECT_EQ(safe_line("مرحبا!"), "\u2068مرحبا!\u2069");
}

TEST(SafeLine, OverridesAreWrittenOutAndIsolatesAreClosed) {
  EXPECT_EQ(safe_line("a\u202eb"), "a\\u{202e}b");
  EXPECT_EQ(safe_line("\u2067x"), "\u2068\u2067x\u2069\u2069");
  EXPECT_EQ(safe_line("x\u2069"), "x\\u{2069}") << "it would close an isolate of ours";
}

TEST(SafeLines, KeepsLinesAndIndents) { EXPECT_EQ(safe_lines("a\nb\x1b\n\tc", 2), "a\n  b\\x1b\n      c"); }

TEST(WithoutControls, IsTheLastWall) {
  EXPECT_EQ(without_controls("a\x1b\x9b\n"), "a\\x1b\\x9b\n");
  EXPECT_EQ(without_controls("\u2068ש\u2069"), "\u2068ש\u2069");
}

TEST(Width, CountsColumns) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("日本語"), 6U);
  EXPECT_EQ(width_of("ｶﾅ"), 2U) << "half-width";
  EXPECT_EQ(width_of("e\u0301"), 1U) << "a combining accent";
  EXPECT_EQ(width_of("👍🏽"), 2U);
  EXPECT_EQ(width_of("👨‍👩‍👧"), 2U);
  EXPECT_EQ(width_of("🇯🇵"), 2U);
  EXPECT_EQ(width_of("\u2068ש\u2069"), 1U);
}

TEST(Cut, IsBetweenCharactersAndClosesIsolates) {
  EXPECT_EQ(cut_to("abc", 3), "abc");
  EXPECT_EQ(cut_to("abcd", 3), "ab…");
  EXPECT_EQ(cut_to("日本語", 5), "日本…");
  EXPECT_EQ(cut_to("日本語", 4), "日…");
  EXPECT_EQ(cut_to("👍🏽👍🏽", 3), "👍🏽…");
  EXPECT_EQ(cut_to("\u2068שלום\u2069", 3), "\u2068של…\u2069");
  EXPECT_EQ(cut_to("abc", 0), "");
}

TEST(Columns, AlignWideCharacters) {
  EXPECT_EQ(columns_of({{"日本", "x"}, {"a", "y"}, {"", ""}}), "日本  x\na     y\n\n");
  EXPECT_EQ(columns_of({}), "");
}

TEST(Qr, IsASquareOfHalfBlocks) {
  const auto picture = qr_code("http://127.0.0.1:8470/#p=AAAAAAAAAAAAAAAAAAAAAA");
  ASSERT_FALSE(picture.empty());
  const auto first = picture.substr(0, picture.find('\n'));
  EXPECT_EQ(picture.find_first_not_of("█▀▄ \n"), std::string::npos);
  EXPECT_EQ(width_of(first) % 2, 1U) << "odd modules and a quiet zone on both sides";
  EXPECT_EQ(qr_code(std::string(10'000, 'x')), "");
}

}  // namespace
}  // namespace enishi::cli
