// The unread numbers in O(log n), from running counts that each event carries.
#pragma once

#include <cstdint>
#include <span>

#include "core/lookup.h"

namespace enishi::core {

struct Numbers {
  std::uint64_t unread = 0;
  std::uint64_t mentions = 0;  ///< of these, those that mention the viewer
  friend bool operator==(const Numbers&, const Numbers&) = default;
};

/// Unread messages of `viewer` behind `marker`, and how many mention him: the same numbers as core/unread.h counts slot
/// by slot (tests hold the two together), from ranks: at most 2 + 2 * (1 + blocked) index searches for each interval,
/// and one step for each deleted, hidden or mentioning message behind the marker. `end` is the log's end they hold for.
[[nodiscard]] Numbers numbers_by_rank(const Lookup& lookup, const Membership& membership, MemberId viewer,
                                      std::span<const MemberId> blocked, Seq marker, const LogEnd& end);

}  // namespace enishi::core
