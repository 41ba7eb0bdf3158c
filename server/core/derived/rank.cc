#include "core/derived/rank.h"

#include <algorithm>
#include <set>

#include "core/planted.h"

namespace enishi::core {
namespace {

/// What of (marker, head] does not count by itself: read once, as lists that are short.
class Behind {
 public:
  Behind(const Lookup& lookup, const Membership& membership, MemberId viewer, std::span<const MemberId> blocked,
         Seq marker, Seq head)
      : lookup_(lookup), membership_(membership), viewer_(viewer), blocked_(blocked) {
    const auto id = membership.conversation;
    for (const auto& mark : lookup.deleted(id, marker, head))
      if (is_others(mark)) gone_.insert(mark.seq);
    const auto hidden =
        lookup.registers_in(viewer, RegisterKind::hide, message_object(id, marker) + 1, message_object(id, head));
    for (const auto& row : hidden) hide(seq_in(row.object));
    for (const auto who : {viewer, MemberId{}})
      for (const auto& mark : lookup.mentions(id, who, marker, head))
        if (is_others(mark) && !gone_.contains(mark.seq)) mentioning_.insert(mark.seq);
  }
  [[nodiscard]] std::uint64_t gone() const noexcept { return gone_.size(); }
  [[nodiscard]] std::uint64_t mentions() const noexcept { return mentioning_.size(); }

 private:
  /// Counts, but for being deleted or hidden.
  [[nodiscard]] bool is_others(const MessageMark& mark) const {
    return mark.author != viewer_ && std::ranges::find(blocked_, mark.author) == blocked_.end() &&
           membership_.covers(mark.seq);
  }
  void hide(Seq seq) {
    const auto event = lookup_.event(membership_.conversation, seq);
    if (event && event->is_countable() && is_others({{}, seq, event->author, {}})) gone_.insert(seq);
  }

  const Lookup& lookup_;
  const Membership& membership_;
  const MemberId viewer_;
  const std::span<const MemberId> blocked_;
  std::set<Seq> gone_, mentioning_;
};

}  // namespace

Numbers numbers_by_rank(const Lookup& lookup, const Membership& membership, MemberId viewer,
                        std::span<const MemberId> blocked, Seq marker, const LogEnd& end) {
  if (marker >= end.head) return {};
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
  if (total == 0) return {};
  const Behind behind(lookup, membership, viewer, blocked, marker, end.head);
  return {total - behind.gone(), behind.mentions()};
}

}  // namespace enishi::core
