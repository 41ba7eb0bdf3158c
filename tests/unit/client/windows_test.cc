#include "cpp/view/windows.h"

#include <gtest/gtest.h>

namespace enishi::client {
namespace {

/// 3-5 and 9-12 are for this member.
ConversationView view() {
  ConversationView view;
  view.intervals = {{core::Seq{3}, core::Seq{5}}, {core::Seq{9}, core::Seq{0}}};
  view.head = 12;
  return view;
}

TEST(Windows, OnlyWhatIsInTheIntervalsCounts) {
  EXPECT_EQ(visible_of(view()).text(), "3-5 9-12");
  EXPECT_TRUE(visible_of({}).empty());
}

TEST(Windows, CountVisibleSlotsFromTheirEnd) {
  const auto visible = visible_of(view());
  EXPECT_EQ(newest_until(visible, 12, 2), (Range{11, 12}));
  EXPECT_EQ(newest_until(visible, 12, 5), (Range{5, 12}));
  EXPECT_EQ(newest_until(visible, 7, 1), (Range{5, 7}));
  EXPECT_EQ(newest_until(visible, 12, 100), (Range{3, 12}));
  EXPECT_EQ(newest_until(visible, 2, 5), (Range{3, 2})) << "empty";
  EXPECT_EQ(oldest_from(visible, 1, 2), (Range{1, 4}));
  EXPECT_EQ(oldest_from(visible, 4, 3), (Range{4, 9}));
  EXPECT_EQ(oldest_from(visible, 13, 3), (Range{13, 12})) << "empty";
}

TEST(Windows, AroundHasBothSides) {
  const auto visible = visible_of(view());
  EXPECT_EQ(window_around(visible, 9, 1, 2), (Range{5, 10}));
  EXPECT_EQ(window_around(visible, 3, 4, 1), (Range{3, 3}));
  EXPECT_EQ(window_around(visible, 13, 2, 9), (Range{11, 12})) << "past the head: the newest";
  EXPECT_EQ(window_around(visible, 0, 2, 1), (Range{1, 3}));
  EXPECT_GT(window_around({}, 5, 2, 2).first, window_around({}, 5, 2, 2).last);
}

}  // namespace
}  // namespace enishi::client
