// Pages of a conversation: which slots to show, by count and by place. Pure.
#pragma once

#include "cpp/store/range_set.h"
#include "cpp/store/replica.h"

namespace enishi::client {

/// Slots that are for this member, up to the head.
[[nodiscard]] RangeSet visible_of(const ConversationView& view);

/// The range that ends with `last`, inclusive, and holds the `limit` newest visible slots up to it; empty
/// (first > last) without any.
[[nodiscard]] Range newest_until(const RangeSet& visible, std::uint64_t last, std::uint64_t limit);
/// As newest_until, but begins with `first` and holds the oldest from there on.
[[nodiscard]] Range oldest_from(const RangeSet& visible, std::uint64_t first, std::uint64_t limit);
/// The range with up to `before` visible slots before `seq`, and up to `after` from it on; empty without any.
[[nodiscard]] Range window_around(const RangeSet& visible, std::uint64_t seq, std::uint64_t before,
                                  std::uint64_t after);

}  // namespace enishi::client
