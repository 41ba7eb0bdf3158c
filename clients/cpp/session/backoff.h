// When to dial again.
#pragma once

#include <optional>

#include "cpp/driven.h"
#include "cpp/secrets.h"

namespace enishi::client {

/// Full jitter: the n-th wait is uniform in [0, min(cap, base * 2^n)]; so a daemon that comes back meets no herd. Only
/// a session that stayed proven for a minute starts the count again: a daemon that accepts and drops is not hammered.
/// Plain value; owner: the machine that holds it.
class Backoff {
 public:
  static constexpr Instant kBase{500};
  static constexpr Instant kCap{30'000};
  static constexpr Instant kStable{60'000};

  explicit Backoff(Entropy& entropy) : entropy_(&entropy) {}
  /// The session is proven (Welcome came).
  void on_proven(Instant now) { proven_at_ = now; }
  /// GoAway: the next wait is exactly `retry_after`, whatever the count says.
  void on_go_away(Instant retry_after) { told_ = retry_after; }
  /// The connection ended or could not be made. Returns how long to wait.
  [[nodiscard]] Instant on_closed(Instant now);
  /// Attempts since the last stable session.
  [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }

 private:
  Entropy* entropy_;
  std::optional<Instant> proven_at_;
  std::optional<Instant> told_;
  unsigned attempts_ = 0;
};

}  // namespace enishi::client
