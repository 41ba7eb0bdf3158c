#include "core/rank.h"

#include <algorithm>

#include "core/planted.h"

namespace enishi::core {

std::uint64_t unread_by_rank(const Lookup& lookup, const Membership& membership, MemberId viewer,
                             std::span<const MemberId> blocked, Seq marker, const LogEnd& end) {
  if (marker >= end.head) return 0;
  const auto by_author = [&](MemberId author, Seq low, Seq high) {
    return lookup.author_rank_at(membership.conversation, author, high) -
           lookup.author_rank_at(membership.conversation, author, low);
  };
  std::uint64_t total = 0;
  for (const auto& interval : membership.intervals) {
    // (low, high] of this interval lies behind the marker.
    const Seq before{interval.joined.value == 0 ? 0 : interval.joined.value - 1};
    const Seq low = std::max(marker, before);
    const Seq high = interval.left ? std::min(interval.left, end.head) : end.head;
    if (high <= low) continue;
    const auto high_rank = high == end.head ? end.rank : lookup.rank_at(membership.conversation, high);
    const auto countable = high_rank - lookup.rank_at(membership.conversation, low);
    if (countable == 0) continue;
    total += countable;
    if (!ENISHI_PLANT("unread_counts_own")) total -= by_author(viewer, low, high);
    for (const auto author : blocked) total -= by_author(author, low, high);
  }
  return total;
}

}  // namespace enishi::core
