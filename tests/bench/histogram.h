// Latencies, counted in buckets whose width grows with the value.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enishi::bench {

/// Counts nanoseconds. Each power of two is cut into 64 equal buckets, so a quantile is told at most 1.6 % too low.
/// Values from about 18 minutes on share the last bucket.
class Histogram {
 public:
  Histogram() : buckets_(static_cast<std::size_t>(kPowers) << kBits) {}

  void add(std::uint64_t ns) noexcept {
    ++buckets_[std::min(index_of(ns), buckets_.size() - 1)];
    ++count_;
    most_ = std::max(most_, ns);
  }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t most() const noexcept { return most_; }
  /// The value below which the part `share` (0 to 1) of all lies; 0 when there are none.
  [[nodiscard]] std::uint64_t at(double share) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t passed = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      passed += buckets_[i];
      if (passed > wanted) return least_of(i);
    }
    return most_;
  }

 private:
  static constexpr unsigned kBits = 6;
  static constexpr unsigned kPowers = 36;

  // Below 2^(kBits+1) a bucket is one nanosecond; above, the leading one bit and the kBits after it choose it.
  static std::size_t index_of(std::uint64_t ns) noexcept {
    const auto width = static_cast<unsigned>(std::bit_width(ns));
    if (width <= kBits + 1) return static_cast<std::size_t>(ns);
    const unsigned shift = width - kBits - 1;
    return (static_cast<std::size_t>(shift) << kBits) + static_cast<std::size_t>(ns >> shift);
  }
  static std::uint64_t least_of(std::size_t index) noexcept {
    if (index < (std::size_t{2} << kBits)) return index;
    const std::size_t shift = (index >> kBits) - 1;
    return static_cast<std::uint64_t>(index - (shift << kBits)) << shift;
  }

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0, most_ = 0;
};

}  // namespace enishi::bench
