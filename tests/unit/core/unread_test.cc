#include "core/derived/unread.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace enishi::core {
namespace {

EventKind kind_of(const std::string& name) {
  static const std::map<std::string, EventKind> kinds{{"message", EventKind::message}, {"created", EventKind::created},
                                                      {"added", EventKind::added},     {"removed", EventKind::removed},
                                                      {"left", EventKind::left},       {"titled", EventKind::titled},
                                                      {"edited", EventKind::edited},   {"deleted", EventKind::deleted},
                                                      {"reacted", EventKind::reacted}, {"pinned", EventKind::pinned}};
  return kinds.at(name);
}

TEST(Unread, VectorsHold) {
  const char* source = std::getenv("ENISHI_SOURCE");
  ASSERT_NE(source, nullptr) << "run by ctest";
  std::ifstream file(std::string(source) + "/tests/vectors/unread.json");
  const auto vectors = nlohmann::json::parse(file);
  ASSERT_GE(vectors.at("cases").size(), 17U);
  for (const auto& each : vectors.at("cases")) {
    Viewer<std::string> viewer{each.at("self"), each.at("blocked"), {}};
    for (const auto& interval : each.at("intervals"))
      viewer.intervals.push_back({Seq{interval.at(0).get<std::uint64_t>()}, Seq{interval.at(1).get<std::uint64_t>()}});
    std::vector<Slot<std::string>> slots;
    for (const auto& slot : each.at("slots")) {
      const bool more = slot.size() > 4;
      slots.push_back({Seq{slot.at(0).get<std::uint64_t>()}, kind_of(slot.at(1)), slot.at(2), slot.at(3),
                       more && slot.at(4).get<bool>(), more && slot.at(5).get<bool>()});
    }
    const std::span<const Slot<std::string>> all(slots);
    const Seq marker{each.at("marker").get<std::uint64_t>()};
    EXPECT_EQ(unread(all, viewer, marker), each.at("unread").get<std::uint64_t>()) << each.at("name");
    EXPECT_EQ(unread_mentions(all, viewer, marker), each.value("mentions", std::uint64_t{0})) << each.at("name");
  }
}

TEST(Unread, CountsIsTheRuleWithoutTheMarker) {
  const Viewer<MemberId> viewer{MemberId{1}, {MemberId{3}}, {{Seq{5}, Seq{0}}}};
  EXPECT_TRUE(counts(Slot<MemberId>{Seq{5}, EventKind::message, MemberId{2}}, viewer));
  EXPECT_FALSE(counts(Slot<MemberId>{Seq{4}, EventKind::message, MemberId{2}}, viewer));
  EXPECT_FALSE(counts(Slot<MemberId>{Seq{5}, EventKind::message, MemberId{1}}, viewer));
  EXPECT_FALSE(counts(Slot<MemberId>{Seq{5}, EventKind::message, MemberId{3}}, viewer));
  EXPECT_FALSE(counts(Slot<MemberId>{Seq{5}, EventKind::added, MemberId{2}}, viewer));
  EXPECT_FALSE(counts(Slot<MemberId>{Seq{5}, EventKind::message, MemberId{2}, true}, viewer));
}

}  // namespace
}  // namespace enishi::core
