#include "cpp/store/range_set.h"

#include <algorithm>
#include <charconv>

namespace enishi::client {

void RangeSet::add(std::uint64_t first, std::uint64_t last) {
  first = std::max<std::uint64_t>(first, 1);
  if (first > last) return;
  auto at = ranges_.upper_bound(first);
  if (at != ranges_.begin()) {
    const auto before = std::prev(at);
    // Touching ranges join, too: hence the - 1 (first is 1 at least).
    if (before->second >= first - 1) {
      first = before->first;
      last = std::max(last, before->second);
      at = ranges_.erase(before);
    }
  }
  while (at != ranges_.end() && (last == UINT64_MAX || at->first <= last + 1)) {
    last = std::max(last, at->second);
    at = ranges_.erase(at);
  }
  ranges_.emplace_hint(at, first, last);
}

void RangeSet::add(const RangeSet& other) {
  for (const auto& [first, last] : other.ranges_) add(first, last);
}

void RangeSet::remove(std::uint64_t first, std::uint64_t last) {
  if (first > last) return;
  auto at = ranges_.upper_bound(first);
  if (at != ranges_.begin()) --at;
  while (at != ranges_.end() && at->first <= last) {
    const auto [from, to] = *at;
    if (to < first) {
      ++at;
      continue;
    }
    at = ranges_.erase(at);
    if (from < first) ranges_.emplace(from, first - 1);
    if (to > last) {
      ranges_.emplace(last + 1, to);
      break;
    }
  }
}

void RangeSet::remove(const RangeSet& other) {
  for (const auto& [first, last] : other.ranges_) remove(first, last);
}

bool RangeSet::contains(std::uint64_t seq) const { return seq != 0 && contains(seq, seq); }

bool RangeSet::contains(std::uint64_t first, std::uint64_t last) const {
  first = std::max<std::uint64_t>(first, 1);
  if (first > last) return true;
  const auto at = ranges_.upper_bound(first);
  return at != ranges_.begin() && std::prev(at)->second >= last;
}

std::vector<Range> RangeSet::holes(std::uint64_t first, std::uint64_t last) const {
  std::vector<Range> holes;
  first = std::max<std::uint64_t>(first, 1);
  auto at = ranges_.upper_bound(first);
  if (at != ranges_.begin() && std::prev(at)->second >= first) --at;
  for (; at != ranges_.end() && first <= last && at->first <= last; ++at) {
    if (at->first > first) holes.push_back({first, at->first - 1});
    if (at->second >= last) return holes;
    first = at->second + 1;
  }
  if (first <= last) holes.push_back({first, last});
  return holes;
}

std::vector<Range> RangeSet::ranges() const {
  std::vector<Range> all;
  all.reserve(ranges_.size());
  for (const auto& [first, last] : ranges_) all.push_back({first, last});
  return all;
}

std::uint64_t RangeSet::count() const {
  std::uint64_t count = 0;
  for (const auto& [first, last] : ranges_) count += last - first + 1;
  return count;
}

std::string RangeSet::text() const {
  std::string text;
  for (const auto& [first, last] : ranges_) {
    if (!text.empty()) text.push_back(' ');
    text += std::to_string(first) + "-" + std::to_string(last);
  }
  return text;
}

std::optional<RangeSet> RangeSet::parse(std::string_view text) {
  RangeSet set;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at != end) {
    Range range;
    auto read = std::from_chars(at, end, range.first);
    if (read.ec != std::errc{} || read.ptr == end || *read.ptr != '-') return std::nullopt;
    read = std::from_chars(read.ptr + 1, end, range.last);
    if (read.ec != std::errc{} || range.first == 0 || range.first > range.last) return std::nullopt;
    if (range.first <= set.last()) return std::nullopt;
    set.add(range.first, range.last);
    at = read.ptr;
    if (at != end && (*at++ != ' ' || at == end)) return std::nullopt;
  }
  return set;
}

}  // namespace enishi::client
