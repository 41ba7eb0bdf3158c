// Sets of seqs as ranges: what of a log is held. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::client {

/// Inclusive on both ends; first <= last.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  [[nodiscard]] std::uint64_t size() const noexcept { return last - first + 1; }
  friend auto operator<=>(const Range&, const Range&) = default;
};

/// A set of seqs. Invariant: ranges are ascending, disjoint, and never touch. 0 is in no set: seqs begin at 1.
/// Every operation costs O(log n + ranges touched).
class RangeSet {
 public:
  RangeSet() = default;
  /// The empty range (first > last, or last 0) adds and takes nothing; a first of 0 means 1.
  void add(std::uint64_t first, std::uint64_t last);
  void add(std::uint64_t seq) { add(seq, seq); }
  void add(const RangeSet& other);
  void remove(std::uint64_t first, std::uint64_t last);
  void remove(const RangeSet& other);
  [[nodiscard]] bool contains(std::uint64_t seq) const;
  /// True when every seq of [first, last] is in; the empty range always is.
  [[nodiscard]] bool contains(std::uint64_t first, std::uint64_t last) const;
  /// What of [first, last] is not in, ascending.
  [[nodiscard]] std::vector<Range> holes(std::uint64_t first, std::uint64_t last) const;
  [[nodiscard]] std::vector<Range> ranges() const;
  [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }
  /// How many seqs are in.
  [[nodiscard]] std::uint64_t count() const;
  /// Greatest seq; 0 for the empty set.
  [[nodiscard]] std::uint64_t last() const { return ranges_.empty() ? 0 : ranges_.rbegin()->second; }

  /// "1-5 7-7"; empty for the empty set. The form in which stores keep it.
  [[nodiscard]] std::string text() const;
  /// Reads text(); nullopt for anything else.
  [[nodiscard]] static std::optional<RangeSet> parse(std::string_view text);
  friend bool operator==(const RangeSet&, const RangeSet&) = default;

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  // first -> last
};

}  // namespace enishi::client
