// A record in words, field by field: records are compared by it, and a difference is readable.
#pragma once

#include <string>
#include <vector>

#include "core/change.h"
#include "core/lookup.h"
#include "core/records.h"

namespace enishi::test {

std::string describe(const core::Member& row);
std::string describe(const core::Device& row);
std::string describe(const core::Invitation& row);
std::string describe(const core::RecoveryCode& row);
std::string describe(const core::Conversation& row);
std::string describe(const core::Interval& row);
std::string describe(const core::Membership& row);
std::string describe(const core::Event& row);
std::string describe(const core::Register& row);
std::string describe(const core::RequestRecord& row);
std::string describe(const core::Incarnation& row);
std::string describe(const core::LogEnd& row);
std::string describe(const core::Counters& row);

/// "none" for nullopt.
template <class Row>
std::string describe(const std::optional<Row>& row) {
  return row ? describe(*row) : "none";
}

/// One line a row.
template <class Row>
std::string describe(const std::vector<Row>& rows) {
  std::string all;
  for (const auto& row : rows) all += describe(row) + "\n";
  return all;
}

}  // namespace enishi::test
