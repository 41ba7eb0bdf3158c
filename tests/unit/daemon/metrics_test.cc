#include "daemon/metrics.h"

#include <gtest/gtest.h>

#include <numeric>

namespace enishi::daemon {
namespace {

/// Answers each commit with what it was given.
class ObedientWriter final : public storage::Writer {
 public:
  core::Result<void> commit(const core::Batch&) override {
    if (answer) return *answer;
    return {};
  }
  core::Result<void> begin_incarnation(const core::Incarnation& incarnation) override {
    begun = incarnation.number;
    return {};
  }
  void idle() override { ++idled; }
  std::optional<core::Errc> answer;
  std::uint64_t begun = 0;
  int idled = 0;
};

TEST(MeasuredWriter, CountsGroupsAndTheirTime) {
  ObedientWriter writer;
  CommitCounters counters;
  MeasuredWriter measured(writer, counters);
  core::Batch batch;
  batch.changes.resize(3);
  ASSERT_TRUE(measured.commit(batch));
  ASSERT_TRUE(measured.commit(batch));
  EXPECT_EQ(counters.groups, 2U);
  EXPECT_EQ(counters.commands, 6U);
  EXPECT_EQ(std::accumulate(counters.buckets.begin(), counters.buckets.end(), std::uint64_t{0}), 2U);
  EXPECT_GT(counters.nanoseconds, 0U);
}

TEST(MeasuredWriter, HandsRefusalsThrough) {
  ObedientWriter writer;
  CommitCounters counters;
  MeasuredWriter measured(writer, counters);
  writer.answer = core::Errc::store_full;
  const auto done = measured.commit({});
  ASSERT_FALSE(done);
  EXPECT_EQ(core::errc_of(done.error()), core::Errc::store_full);
  EXPECT_EQ(counters.refused, 1U);
  EXPECT_EQ(counters.groups, 0U);
}

TEST(MeasuredWriter, HandsTheRestThrough) {
  ObedientWriter writer;
  CommitCounters counters;
  MeasuredWriter measured(writer, counters);
  ASSERT_TRUE(measured.begin_incarnation({7, 8, core::Position{9}}));
  measured.idle();
  EXPECT_EQ(writer.begun, 7U);
  EXPECT_EQ(writer.idled, 1);
}

}  // namespace
}  // namespace enishi::daemon
