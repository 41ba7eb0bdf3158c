// The unread number in O(log n), from running counts that each event carries.
#pragma once

#include <cstdint>
#include <span>

#include "core/lookup.h"

namespace enishi::core {

/// Unread messages of `viewer` behind `marker`: the same number as core/unread.h counts slot by slot (tests hold the two
/// together), from ranks: at most 2 + 2 * (1 + blocked) index searches for each interval. `end` is the log's end it holds for.
[[nodiscard]] std::uint64_t unread_by_rank(const Lookup& lookup, const Membership& membership, MemberId viewer,
                                           std::span<const MemberId> blocked, Seq marker, const LogEnd& end);

}  // namespace enishi::core
