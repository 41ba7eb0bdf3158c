#include "transport/threshold/guesses.h"

#include <algorithm>

namespace enishi::transport {

namespace {

using std::chrono::milliseconds;

constexpr std::chrono::minutes kMinute{1};
constexpr std::chrono::hours kHour{1};

template <class Times, class Time>
void forget_before(Times& times, Time oldest) {
  while (!times.empty() && times.front() <= oldest) times.pop_front();
}

// Rounded up: who waits for so long is not too early.
milliseconds until(std::chrono::steady_clock::time_point then, std::chrono::steady_clock::time_point now) {
  return std::max(milliseconds{1}, std::chrono::ceil<milliseconds>(then - now));
}

}  // namespace

milliseconds Guesses::take(const std::string& key, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (limits_.in_all_and_hour != 0) {
    forget_before(all_, now - kHour);
    const bool is_full = all_.size() >= limits_.in_all_and_hour;
    if (is_full && !is_alarmed_.exchange(true, std::memory_order_relaxed) && alarm_) alarm_();
    if (!is_full) is_alarmed_.store(false, std::memory_order_relaxed);
    if (is_full) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      return until(all_.front() + kHour, now);
    }
  }
  if (limits_.per_address_and_minute != 0 && !key.empty()) {
    make_room(now);
    auto& times = by_address_[key];
    forget_before(times, now - kMinute);
    if (times.size() >= limits_.per_address_and_minute) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      return until(times.front() + kMinute, now);
    }
    times.push_back(now);
  }
  if (limits_.in_all_and_hour != 0) all_.push_back(now);
  return {};
}

void Guesses::give_back(const std::string& key) {
  const std::lock_guard lock(mutex_);
  // Which of several that are under way is given back makes no difference but moments.
  if (!all_.empty()) all_.pop_back();
  const auto found = by_address_.find(key);
  if (found == by_address_.end()) return;
  if (!found->second.empty()) found->second.pop_back();
  if (found->second.empty()) by_address_.erase(found);
}

void Guesses::make_room(Clock::time_point now) {
  if (by_address_.size() < kAddressesMax) return;
  std::erase_if(by_address_,
                [&](const auto& entry) { return entry.second.empty() || entry.second.back() <= now - kMinute; });
  // So many addresses in one minute are one guesser whom no limit by address stops: the one over all does.
  if (by_address_.size() >= kAddressesMax) by_address_.clear();
}

std::size_t Guesses::addresses() const {
  const std::lock_guard lock(mutex_);
  return by_address_.size();
}

}  // namespace enishi::transport
