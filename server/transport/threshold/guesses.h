// How often strangers may try secrets.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace enishi::transport {

struct GuessLimits {
  std::uint32_t per_address_and_minute = 10;  ///< 0: no limit
  std::uint32_t in_all_and_hour = 1000;       ///< 0: no limit
};

/// Counts secrets (of invitations, pairings, recovery codes) that strangers present, over all loops. A try is taken
/// before the secret is looked at, so that many at once are no way round, and given back when it was known: only wrong
/// ones count in the end. By the steady clock. Any thread.
class Guesses {
 public:
  using Clock = std::chrono::steady_clock;

  /// `alarm` is called when the limit over all begins to refuse, and not again before it had room; under a lock.
  Guesses(GuessLimits limits, std::function<void()> alarm) : limits_(limits), alarm_(std::move(alarm)) {}

  /// 0: a try was taken. Otherwise none was, and the peer waits for so long. `key`: AddressKeys::key_of.
  [[nodiscard]] std::chrono::milliseconds take(const std::string& key, Clock::time_point now);
  void give_back(const std::string& key);

  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }
  /// True while the limit over all refuses (as of the last try).
  [[nodiscard]] bool is_alarmed() const noexcept { return is_alarmed_.load(std::memory_order_relaxed); }
  /// Addresses that are remembered; at most kAddressesMax.
  [[nodiscard]] std::size_t addresses() const;
  static constexpr std::size_t kAddressesMax = 4096;

 private:
  using Times = std::deque<Clock::time_point>;
  void make_room(Clock::time_point now);

  const GuessLimits limits_;
  const std::function<void()> alarm_;
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<bool> is_alarmed_{false};
  mutable std::mutex mutex_;
  Times all_;
  std::unordered_map<std::string, Times> by_address_;
};

}  // namespace enishi::transport
