#include "cpp/store/range_set.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

namespace enishi::client {
namespace {

TEST(RangeSet, TouchingRangesJoin) {
  RangeSet set;
  set.add(1, 3);
  set.add(7, 9);
  set.add(4, 6);
  EXPECT_EQ(set.ranges(), (std::vector<Range>{{1, 9}}));
  EXPECT_TRUE(set.contains(1, 9));
  EXPECT_FALSE(set.contains(10));
  EXPECT_FALSE(set.contains(0));
}

TEST(RangeSet, HolesAreWhatIsNotIn) {
  RangeSet set;
  set.add(3, 4);
  set.add(8);
  EXPECT_EQ(set.holes(1, 10), (std::vector<Range>{{1, 2}, {5, 7}, {9, 10}}));
  EXPECT_EQ(set.holes(3, 4), std::vector<Range>{});
  EXPECT_EQ(RangeSet{}.holes(2, 2), (std::vector<Range>{{2, 2}}));
}

TEST(RangeSet, TheEndsOfTheNumbersAreSafe) {
  RangeSet set;
  set.add(0, 2);
  set.add(UINT64_MAX - 1, UINT64_MAX);
  set.add(5, 4);
  EXPECT_EQ(set.ranges(), (std::vector<Range>{{1, 2}, {UINT64_MAX - 1, UINT64_MAX}}));
  set.add(UINT64_MAX, UINT64_MAX);
  EXPECT_EQ(set.last(), UINT64_MAX);
}

TEST(RangeSet, RefusesTextThatItDidNotWrite) {
  for (const char* text : {"x", "1", "1-", "2-1", "0-3", "1-2,3-4", "5-6 1-2", "1-2 ", "-1-2"})
    EXPECT_FALSE(RangeSet::parse(text)) << text;
  EXPECT_EQ(RangeSet::parse(""), RangeSet{});
}

// Against a set of numbers, too simple to be wrong.
TEST(RangeSetProperty, AgreesWithANaiveSet) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    RangeSet set;
    std::set<std::uint64_t> naive;
    for (int step = 0; step < 60; ++step) {
      const auto first = 1 + random() % 40;
      const auto last = first + random() % 8;
      if (random() % 3 != 0) {
        set.add(first, last);
        for (auto seq = first; seq <= last; ++seq) naive.insert(seq);
      } else {
        set.remove(first, last);
        for (auto seq = first; seq <= last; ++seq) naive.erase(seq);
      }
      ASSERT_EQ(set.count(), naive.size());
      ASSERT_EQ(set.last(), naive.empty() ? 0 : *naive.rbegin());
      for (std::uint64_t seq = 0; seq <= 50; ++seq) ASSERT_EQ(set.contains(seq), naive.contains(seq)) << seq;
      std::set<std::uint64_t> holes;
      for (const auto& hole : set.holes(first, last + 5))
        for (auto seq = hole.first; seq <= hole.last; ++seq) ASSERT_TRUE(holes.insert(seq).second);
      for (auto seq = first; seq <= last + 5; ++seq) ASSERT_NE(holes.contains(seq), naive.contains(seq)) << seq;
      ASSERT_EQ(set.contains(first, last + 5), holes.empty());
      const auto ranges = set.ranges();
      for (std::size_t i = 1; i < ranges.size(); ++i) ASSERT_GT(ranges[i].first, ranges[i - 1].last + 1);
      ASSERT_EQ(RangeSet::parse(set.text()), set);
    }
  }
}

/// The rule in its plainest form; what the library says is held against the same cases where it says it.
std::uint64_t through(const nlohmann::json& each) {
  RangeSet held;
  for (const auto& range : each.at("held")) held.add(range.at(0), range.at(1));
  for (const auto& debt : each.at("debts"))
    EXPECT_FALSE(held.contains(debt.at(0), debt.at(1))) << "owed, and held all the same";
  std::uint64_t last = 0;
  for (const auto& stay : each.at("intervals")) {
    const std::uint64_t first = std::max<std::uint64_t>(1, stay.at(0));
    const std::uint64_t left = stay.at(1);
    for (auto seq = first; left == 0 || seq <= left; ++seq) {
      if (!held.contains(seq, seq)) return last;
      last = seq;
    }
  }
  return last;
}

/// tests/vectors/receipts.json
TEST(Stored, VectorsHold) {
  const char* source = std::getenv("ENISHI_SOURCE");
  ASSERT_NE(source, nullptr) << "run by ctest";
  std::ifstream file(std::string(source) + "/tests/vectors/receipts.json");
  const auto vectors = nlohmann::json::parse(file);
  ASSERT_GE(vectors.at("cases").size(), 12U);
  for (const auto& each : vectors.at("cases")) {
    const auto name = each.at("name").get<std::string>();
    const std::uint64_t reported = each.at("reported");
    EXPECT_EQ(through(each), each.at("through").get<std::uint64_t>()) << name;
    EXPECT_EQ(through(each) > reported, each.at("says").get<bool>()) << name;
  }
}

}  // namespace
}  // namespace enishi::client
