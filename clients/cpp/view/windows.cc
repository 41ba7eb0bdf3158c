#include "cpp/view/windows.h"

#include <algorithm>

namespace enishi::client {

RangeSet visible_of(const ConversationView& view) {
  RangeSet visible;
  for (const auto& each : view.intervals)
    visible.add(each.joined.value, each.left ? std::min(each.left.value, view.head) : view.head);
  return visible;
}

Range newest_until(const RangeSet& visible, std::uint64_t last, std::uint64_t limit) {
  const auto ranges = visible.ranges();
  std::uint64_t first = last + 1;
  for (auto at = ranges.rbegin(); at != ranges.rend() && limit > 0; ++at) {
    if (at->first > last) continue;
    const auto end = std::min(at->last, last);
    const auto count = std::min(limit, end - at->first + 1);
    first = end - count + 1;
    limit -= count;
  }
  return {first, last};
}

Range oldest_from(const RangeSet& visible, std::uint64_t first, std::uint64_t limit) {
  std::uint64_t last = first - 1;
  for (const auto& range : visible.ranges()) {
    if (range.last < first || limit == 0) continue;
    const auto begin = std::max(range.first, first);
    const auto count = std::min(limit, range.last - begin + 1);
    last = begin + count - 1;
    limit -= count;
  }
  return {first, last};
}

Range window_around(const RangeSet& visible, std::uint64_t seq, std::uint64_t before, std::uint64_t after) {
  seq = std::max<std::uint64_t>(seq, 1);
  const auto older = newest_until(visible, seq - 1, before);
  const auto newer = oldest_from(visible, seq, after);
  return {older.first, newer.last};
}

}  // namespace enishi::client
