// Pictures, and the bytes between two of them.
#include "cli/screen/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/screen/chrome.h"

namespace enishi::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Size kSize{4, 20};

Frame frame_of(const std::vector<std::string>& texts) {
  Frame frame;
  for (const auto& text : texts) frame.rows.emplace_back(Style::plain, text);
  return frame;
}

TEST(Painter, DrawsOnlyWhatDiffers) {
  Painter painter(true);
  EXPECT_THAT(painter.paint(frame_of({"one", "two"}), kSize), HasSubstr("\x1b[2J"));
  const auto bytes = painter.paint(frame_of({"one", "three"}), kSize);
  EXPECT_THAT(bytes, Not(HasSubstr("one")));
  EXPECT_THAT(bytes, HasSubstr("\x1b[2;1Hthree\x1b[K"));
  EXPECT_THAT(bytes, Not(HasSubstr("\x1b[2J")));
  EXPECT_THAT(painter.paint(frame_of({"one"}), kSize), HasSubstr("\x1b[2;1H\x1b[K"));
  EXPECT_THAT(painter.paint(frame_of({"one"}), {4, 30}), HasSubstr("one")) << "another size is drawn anew";
  painter.forget();
  EXPECT_THAT(painter.paint(frame_of({"one"}), {4, 30}), HasSubstr("one"));
}

TEST(Painter, NeverWritesPastTheLineNorErasesItsLastColumn) {
  Painter painter(true);
  const auto full = painter.paint(frame_of({std::string(20, 'x')}), kSize);
  EXPECT_THAT(full, HasSubstr(std::string(20, 'x')));
  EXPECT_THAT(full, Not(HasSubstr("x\x1b[K")));
  EXPECT_THAT(painter.paint(frame_of({std::string(30, 'y')}), kSize), HasSubstr(std::string(19, 'y') + "…"));
}

TEST(Painter, IsTheLastWall) {
  Painter painter(true);
  EXPECT_THAT(painter.paint(frame_of({"a\x1b]0;x\x07"}), kSize), HasSubstr("a\\x1b]0;x\\x07"));
}

TEST(Painter, HidesTheCaretWithoutAPlace) {
  Painter painter(false);
  auto frame = frame_of({"a"});
  EXPECT_THAT(painter.paint(frame, kSize), Not(HasSubstr("\x1b[?25h")));
  frame.caret = Caret{2, 4};
  EXPECT_THAT(painter.paint(frame, kSize), HasSubstr("\x1b[3;5H\x1b[?25h"));
}

TEST(Bar, TheLeftGivesWayToTheRight) {
  EXPECT_EQ(bar(Style::bar, "left", "right", 20).text(), "left          right");
  EXPECT_EQ(bar(Style::bar, "お茶を飲みましょう", "right", 20).text(), "お茶を飲みま… right");
  EXPECT_EQ(bar(Style::bar, "left", "right", 20).columns(), 20U);
  EXPECT_EQ(bar(Style::bar, "a long left one", "a long right one", 20).text(), "a long left one");
}

class ChromeTest : public ::testing::Test {
 protected:
  std::vector<std::string> texts(Size size, const std::vector<Row>& body = {}) {
    frame_ = framed(chrome_, body, composer_, size);
    std::vector<std::string> texts;
    for (const auto& row : frame_.rows) {
      EXPECT_LE(row.columns(), size.columns) << row.text();
      texts.push_back(row.text());
    }
    return texts;
  }
  Chrome chrome_{"title", "corner", "note", Style::dim, "state", "hint"};
  Composer composer_;
  Frame frame_;
};

TEST_F(ChromeTest, PutsTheCaretBehindWideCharacters) {
  composer_.set("お茶");
  EXPECT_THAT(texts({6, 30}, {Row(Style::plain, "body")}),
              ::testing::ElementsAre(" title                 corner", "body", "", "", " note                   state",
                                     "> お茶"));
  EXPECT_EQ(frame_.caret, (Caret{5, 6}));
}

TEST_F(ChromeTest, TheComposerGrowsAndKeepsTheCaretInSight) {
  composer_.set("1\n2\n3\n4\n5");
  const Size size{12, 30};
  EXPECT_EQ(body_rows(composer_, size), 6U);
  const auto shown = texts(size);
  EXPECT_EQ(shown.back(), "  5");
  EXPECT_EQ(shown[8], "  2");
  EXPECT_EQ(frame_.caret, (Caret{11, 3}));
  while (composer_.caret() > 0) composer_.press({KeyKind::left, {}}, 27);
  EXPECT_EQ(texts(size)[8], "> 1");
  EXPECT_EQ(frame_.caret, (Caret{8, 2}));
}

TEST_F(ChromeTest, ALineThatIsFullLeavesRoomForTheCaret) {
  const Size size{6, 12};
  composer_.set(std::string(9, 'x'));
  EXPECT_EQ(texts(size).back(), "> " + std::string(9, 'x'));
  EXPECT_EQ(frame_.caret, (Caret{5, 11}));
}

TEST_F(ChromeTest, AnySizeIsDrawn) {
  composer_.set("お茶を飲みましょう\nはい");
  for (std::size_t rows = 1; rows < 8; ++rows)
    for (std::size_t columns = 1; columns < 12; ++columns) {
      const Size size{rows, columns};
      frame_ = framed(chrome_, std::vector<Row>(body_rows(composer_, size)), composer_, size);
      EXPECT_EQ(frame_.rows.size(), std::max<std::size_t>(rows, 1)) << rows << "x" << columns;
      ASSERT_TRUE(frame_.caret);
      EXPECT_LT(frame_.caret->row, rows);
      (void)Painter(true).paint(frame_, size);
    }
}

}  // namespace
}  // namespace enishi::cli
