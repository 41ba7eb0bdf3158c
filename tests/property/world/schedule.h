// Virtual time: what happens, and when.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "cpp/driven.h"

namespace enishi::property {

using client::Instant;

/// A promise is broken. Thrown where it shows; ends the world.
struct Broken {
  std::string what;
};

/// Things to do, by (time, order of asking). Time stands still while one is done and jumps to the next. One thread.
class Schedule {
 public:
  using Work = std::function<void()>;

  [[nodiscard]] Instant now() const noexcept { return now_; }
  /// Something that moves data: the world is not quiet before it is done. A time that has passed means now.
  void work_at(Instant at, Work work) { push(at, true, std::move(work)); }
  /// A timer, which a quiet world has as well.
  void timer_at(Instant at, Work work) { push(at, false, std::move(work)); }
  /// Work that is not done yet.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  /// Does everything up to `until`; the time is `until` afterwards.
  void run_until(Instant until);
  /// Does the next thing. False: there is none.
  bool run_next();

 private:
  struct Item {
    Instant at;
    std::uint64_t number;
    bool is_work;
    Work work;
    friend bool operator<(const Item& a, const Item& b) { return std::tie(b.at, b.number) < std::tie(a.at, a.number); }
  };
  void push(Instant at, bool is_work, Work work);

  std::priority_queue<Item> items_;
  Instant now_{0};
  std::uint64_t last_number_ = 0;
  std::size_t waiting_ = 0;
  std::size_t since_move_ = 0;  ///< things done since time stands still
};

}  // namespace enishi::property
