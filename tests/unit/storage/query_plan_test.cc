// How SQLite carries each statement out: searches, not scans.
#include <gtest/gtest.h>

#include <map>

#include "storage/sqlite/queries.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using storage::Query;

class QueryPlan : public testing::Test {
 protected:
  QueryPlan() : store_(std::move(storage::open_sqlite({.directory = directory_.path()}).value())) {}

  std::string plan_of(Query query) {
    std::string all;
    for (const auto& line : storage::plan_of(connection_, query)) all += line + "\n";
    return all;
  }

  TempDir directory_;
  std::unique_ptr<storage::Store> store_;
  storage::Connection connection_{(directory_.path() / storage::kSqliteFile).string(), storage::Access::read, ""};
};

TEST_F(QueryPlan, NothingIsScannedAndNothingSorted) {
  // Both run once a start. A scan for the owner ends at the first member who joined, which is the first row.
  const std::map<Query, std::string> allowed = {{Query::counters, "SCAN member"},
                                                {Query::incarnations, "SCAN incarnation"}};
  for (std::size_t at = 0; at < storage::kQueryCount; ++at) {
    const auto query = static_cast<Query>(at);
    for (const auto& line : storage::plan_of(connection_, query)) {
      if (line == "SCAN CONSTANT ROW") continue;  // a SELECT without FROM
      if (const auto found = allowed.find(query); found != allowed.end() && line == found->second) continue;
      EXPECT_NE(line.rfind("SCAN", 0), 0U) << storage::query_of(query).name << ": " << line;
      EXPECT_EQ(line.find("TEMP B-TREE"), std::string::npos) << storage::query_of(query).name << ": " << line;
    }
  }
}

TEST_F(QueryPlan, CountingIsOneSearchOfAnIndex) {
  EXPECT_EQ(plan_of(Query::rank_at), "SEARCH event USING INDEX event_by_seq (conversation=? AND seq<?)\n");
  EXPECT_EQ(plan_of(Query::author_rank_at),
            "SEARCH event USING COVERING INDEX event_by_author (conversation=? AND author=? AND seq<?)\n");
  EXPECT_EQ(plan_of(Query::deleted), "SEARCH deleted_message USING PRIMARY KEY (conversation=? AND seq>? AND seq<?)\n");
  EXPECT_EQ(plan_of(Query::mentions),
            "SEARCH mention USING PRIMARY KEY (conversation=? AND member=? AND seq>? AND seq<?)\n");
  EXPECT_EQ(plan_of(Query::registers_in),
            "SEARCH register USING PRIMARY KEY (member=? AND kind=? AND object>? AND object<?)\n");
  EXPECT_EQ(plan_of(Query::log_end), "SEARCH event USING INDEX event_by_seq (conversation=?)\n");
  EXPECT_EQ(plan_of(Query::newest_rseq), "SEARCH register USING COVERING INDEX register_by_rseq (member=?)\n");
  EXPECT_EQ(plan_of(Query::membership_count), "SEARCH interval USING COVERING INDEX interval_by_number (member=?)\n");
}

TEST_F(QueryPlan, WhoMaySeeIsAskedOfTheAskersOwnRowsOnly) {
  EXPECT_EQ(plan_of(Query::membership_by_public), "SEARCH interval USING PRIMARY KEY (member=? AND public_id=?)\n");
  EXPECT_EQ(plan_of(Query::open_intervals), "SEARCH interval USING INDEX interval_open (conversation=?)\n");
}

}  // namespace
}  // namespace enishi::test
