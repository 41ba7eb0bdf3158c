// The benchmark runs through and gives results; what they are decides nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/process.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

TEST(BenchSmoke, EveryMeasureGivesAResult) {
  const TempDir directory;
  const auto out = directory / "smoke.json";
  const auto done = run_command({program("tests/enishi_bench"), "--smoke", "--out", out}, {}, std::chrono::seconds{90});
  ASSERT_EQ(done.exit, 0) << done.out << done.err;
  const auto json = nlohmann::json::parse(std::ifstream(out));
  EXPECT_EQ(json.at("ending"), "complete");
  EXPECT_GT(json.at("machine").at("cores"), 0);
  std::size_t measured = 0;
  for (const auto& row : json.at("rows")) {
    EXPECT_TRUE(row.at("value").is_number()) << row.dump();
    EXPECT_NE(done.out.find(row.at("name").get<std::string>()), std::string::npos) << "not in the table";
    ++measured;
  }
  // 2 of the machine, 1 of setting up, 3 of idle sessions, 2 of reconnecting, 4 of rooms, 4 of latency, 2 of
  // throughput, 3 of resuming, 3 of starting, 2 of the baton.
  EXPECT_EQ(measured, 26U);
}

TEST(BenchSmoke, WrongUsageIsSaid) {
  const auto done = run_command({program("tests/enishi_bench"), "--only", "everything"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_FALSE(done.err.empty());
}

}  // namespace
}  // namespace enishi::test
