// Time, injected.
#pragma once

#include <chrono>

#include "core/ids.h"

namespace enishi::runtime {

/// Steady time for deadlines, wall time for show and stated expiries. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::chrono::steady_clock::time_point now() const = 0;
  [[nodiscard]] virtual core::WallTime wall_now() const = 0;
};

/// The system's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::steady_clock::time_point now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] core::WallTime wall_now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// Stands still until it is moved. For tests in one thread.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::steady_clock::time_point now() const override { return now_; }
  [[nodiscard]] core::WallTime wall_now() const override { return wall_; }
  void advance(std::chrono::milliseconds by) {
    now_ += by;
    wall_ += by;
  }
  /// The wall clock jumps, as clocks do; steady time does not.
  void jump(std::chrono::milliseconds by) { wall_ += by; }

 private:
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1}};
  core::WallTime wall_{std::chrono::hours{24 * 365 * 50}};
};

}  // namespace enishi::runtime
