// When this device tells what it holds (proto Stored). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "core/ids.h"
#include "cpp/driven.h"

namespace enishi::client {

/// One report of a conversation is under way at a time, and at least kBetween lies between two: what is held meanwhile
/// goes out with the next. Few are under way over all conversations, so that a person's own requests are not held up
/// behind hundreds of them. Owner: one machine.
class StoredReports {
 public:
  static constexpr Instant kBetween{2'000};
  static constexpr std::size_t kUnderWayMax = 4;

  struct Report {
    core::PublicId conversation;
    std::uint64_t through = 0;
  };

  /// Everything through here is held, and somebody is to know it.
  void want(const core::PublicId& conversation, std::uint64_t through);
  /// The next that may go out now; it is under way from here on. Call until there is none.
  [[nodiscard]] std::optional<Report> take(Instant now);
  void on_answered(const core::PublicId& conversation);
  /// The server said later: `through` goes out again then, or what is held by then.
  void on_put_off(const Report& report, Instant until);
  /// What was under way may be lost, and what was wanted is found again in the store. Times stay.
  void on_disconnected();
  /// When the next goes out by time alone; nullopt: none waits for its time.
  [[nodiscard]] std::optional<Instant> wakeup_at() const;
  /// One is under way, or could be: not those that wait for their time.
  [[nodiscard]] bool is_busy(Instant now) const;

 private:
  struct Entry {
    std::uint64_t wanted = 0;  // 0: nothing
    bool under_way = false;
    Instant not_before{0};
  };
  std::map<core::PublicId, Entry> entries_;
  std::size_t under_way_ = 0;
};

}  // namespace enishi::client
