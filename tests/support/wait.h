// Waiting for what will be true, with a deadline that only a fault reaches.
#pragma once

#include <poll.h>

#include <chrono>

namespace enishi::test {

/// Asks `condition` until it holds. False: it did not within `deadline`. The deadline is generous on purpose: it ends a
/// hanging test and never judges speed.
template <class Condition>
[[nodiscard]] bool wait_until(Condition&& condition, std::chrono::milliseconds deadline = std::chrono::seconds{60}) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    (void)poll(nullptr, 0, 5);  // milliseconds between two looks, not in place of one
  }
  return true;
}

}  // namespace enishi::test
