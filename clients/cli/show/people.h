// What people show of themselves, as JSON and in tables.
#pragma once

#include <cstdint>
#include <string>

#include "cli/show/printer.h"
#include "enishi/v1/member.pb.h"

namespace enishi::cli {

/// name, hue (0: none chosen), picture (32 hex digits, null for none).
void add_shown(Record& record, const v1::Person& person);
/// Empty for none.
[[nodiscard]] std::string hue_cell(std::uint32_t hue);

}  // namespace enishi::cli
