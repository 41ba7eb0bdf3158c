// When a device tells what it holds.
#include "cpp/session/stored_reports.h"

#include <gtest/gtest.h>

#include "unit/client/scene.h"

namespace enishi::client {
namespace {

using scene::id;

struct Reports : testing::Test {
  /// The next report's seq; 0: none may go now.
  std::uint64_t next(Instant now) {
    const auto report = reports.take(now);
    if (report) last = *report;
    return report ? report->through : 0;
  }
  StoredReports reports;
  StoredReports::Report last;
};

TEST_F(Reports, TheFirstGoesAtOnceAndTheNextAfterAWhile) {
  reports.want(id(1), 3);
  EXPECT_TRUE(reports.is_busy(Instant{0}));
  EXPECT_EQ(next(Instant{0}), 3U);
  reports.want(id(1), 4);
  EXPECT_EQ(next(Instant{5'000}), 0U) << "one at a time";
  EXPECT_FALSE(reports.wakeup_at());
  reports.on_answered(id(1));
  EXPECT_EQ(reports.wakeup_at(), Instant{2'000});
  EXPECT_FALSE(reports.is_busy(Instant{1'999}));
  reports.want(id(1), 9);
  reports.want(id(1), 7);
  EXPECT_EQ(next(Instant{1'999}), 0U);
  EXPECT_EQ(next(Instant{2'000}), 9U) << "what came meanwhile, in one";
  reports.on_answered(id(1));
  EXPECT_FALSE(reports.wakeup_at());
  EXPECT_FALSE(reports.is_busy(Instant{9'000}));
}

TEST_F(Reports, EachConversationHasItsOwnTimeAndFewAreUnderWay) {
  for (std::uint8_t i = 1; i <= 6; ++i) reports.want(id(i), i);
  for (std::uint64_t i = 1; i <= StoredReports::kUnderWayMax; ++i) EXPECT_EQ(next(Instant{0}), i);
  EXPECT_EQ(next(Instant{0}), 0U);
  EXPECT_FALSE(reports.wakeup_at()) << "an answer makes room, no time does";
  reports.on_answered(id(2));
  EXPECT_EQ(next(Instant{0}), 5U);
  reports.on_answered(id(2));
  EXPECT_EQ(next(Instant{0}), 0U) << "a second answer makes no second room";
}

TEST_F(Reports, PutOffItGoesOutAtTheTimeThatWasNamed) {
  reports.want(id(1), 3);
  EXPECT_EQ(next(Instant{0}), 3U);
  reports.on_put_off(last, Instant{7'000});
  EXPECT_EQ(reports.wakeup_at(), Instant{7'000});
  EXPECT_EQ(next(Instant{6'999}), 0U);
  EXPECT_EQ(next(Instant{7'000}), 3U);
}

TEST_F(Reports, ALostConnectionForgetsWhatWasUnderWayAndKeepsTheTime) {
  reports.want(id(1), 3);
  EXPECT_EQ(next(Instant{0}), 3U);
  reports.on_disconnected();
  EXPECT_FALSE(reports.wakeup_at());
  reports.want(id(1), 3);
  EXPECT_EQ(next(Instant{100}), 0U) << "also over connections two seconds lie between two";
  EXPECT_EQ(next(Instant{2'000}), 3U);
}

}  // namespace
}  // namespace enishi::client
