// Editing by what a reader calls a character.
#include "cli/screen/composer.h"

#include <gtest/gtest.h>

namespace enishi::cli {
namespace {

constexpr std::size_t kColumns = 20;

class ComposerTest : public ::testing::Test {
 protected:
  bool press(KeyKind kind, std::string text = {}) { return composer_.press({kind, std::move(text)}, kColumns); }
  void type(const std::string& text) { press(KeyKind::text, text); }
  /// The text with "|" at the caret.
  [[nodiscard]] std::string state() const {
    auto text = composer_.text();
    return text.insert(composer_.caret(), "|");
  }
  Composer composer_;
};

TEST_F(ComposerTest, WritesAndErasesWholeCharacters) {
  type("お茶e\u0301👨‍👩‍👧");
  press(KeyKind::left);
  EXPECT_EQ(state(), "お茶e\u0301|👨‍👩‍👧");
  press(KeyKind::backspace);
  EXPECT_EQ(state(), "お茶|👨‍👩‍👧");
  press(KeyKind::erase);
  EXPECT_EQ(state(), "お茶|");
  press(KeyKind::home);
  press(KeyKind::backspace);
  EXPECT_EQ(state(), "|お茶");
  press(KeyKind::right);
  type("の");
  EXPECT_EQ(state(), "おの|茶");
  press(KeyKind::end);
  press(KeyKind::right);
  press(KeyKind::erase);
  EXPECT_EQ(state(), "おの茶|");
}

TEST_F(ComposerTest, TheCaretStaysBetweenCharacters) {
  type("🇯");
  type("🇵");
  EXPECT_EQ(state(), "🇯🇵|");
  press(KeyKind::left);
  EXPECT_EQ(state(), "|🇯🇵");
  composer_.set("e");
  type("\u0301");
  press(KeyKind::left);
  EXPECT_EQ(state(), "|e\u0301");
}

TEST_F(ComposerTest, KillsToEndsAndWords) {
  type("one two three");
  press(KeyKind::kill_word);
  EXPECT_EQ(state(), "one two |");
  press(KeyKind::kill_word);
  EXPECT_EQ(state(), "one |");
  type("x");
  press(KeyKind::word_left);
  EXPECT_EQ(state(), "one |x");
  press(KeyKind::kill_to_end);
  EXPECT_EQ(state(), "one |");
  press(KeyKind::kill_to_start);
  EXPECT_EQ(state(), "|");
}

TEST_F(ComposerTest, LinesAreKept) {
  press(KeyKind::paste, "one\ntwo");
  press(KeyKind::line_break);
  type("three");
  EXPECT_EQ(state(), "one\ntwo\nthree|");
  press(KeyKind::home);
  EXPECT_EQ(state(), "one\ntwo\n|three");
  EXPECT_TRUE(press(KeyKind::up));
  EXPECT_EQ(state(), "one\n|two\nthree");
  press(KeyKind::end);
  EXPECT_EQ(state(), "one\ntwo|\nthree");
  press(KeyKind::kill_to_end);
  EXPECT_EQ(state(), "one\ntwo|three") << "at its end, a line is joined with the next";
  EXPECT_TRUE(press(KeyKind::up));
  EXPECT_FALSE(press(KeyKind::up)) << "there is none above";
  EXPECT_TRUE(press(KeyKind::down));
  EXPECT_FALSE(press(KeyKind::down));
  EXPECT_FALSE(press(KeyKind::enter));
  EXPECT_FALSE(press(KeyKind::page_up));
}

TEST_F(ComposerTest, UpAndDownKeepTheColumnOverWideCharacters) {
  press(KeyKind::paste, "abcd\nお茶");
  EXPECT_TRUE(press(KeyKind::up));
  EXPECT_EQ(state(), "abcd|\nお茶");
  press(KeyKind::left);
  EXPECT_TRUE(press(KeyKind::down));
  EXPECT_EQ(state(), "abcd\nお|茶") << "column 3 is inside of the second one";
}

TEST_F(ComposerTest, HasALimit) {
  press(KeyKind::paste, std::string(Composer::kBytesMax - 1, 'a'));
  press(KeyKind::paste, "茶b");
  EXPECT_EQ(composer_.text().size(), Composer::kBytesMax - 1) << "no half characters";
  type("b");
  type("c");
  EXPECT_EQ(composer_.text().size(), Composer::kBytesMax);
}

}  // namespace
}  // namespace enishi::cli
