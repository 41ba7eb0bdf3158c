// What the screen says about the session, honestly and in few words. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "cpp/happening.h"

namespace enishi::cli {

/// Follows a session's states.
class SessionLine {
 public:
  /// Told with each happening::State. `wall_ms`: now.
  void on_state(const client::happening::State& state, std::int64_t wall_ms);
  /// How often dialling failed since the last open socket. True when that is news.
  bool on_failed_dials(unsigned count, std::int64_t wall_ms);
  /// "connected"; "catching up 120 of 400"; "offline since 14:02, 2 waiting to be sent". `waiting`: in the outbox.
  /// `narrow`: in fewer words.
  [[nodiscard]] std::string text(std::size_t waiting, bool narrow = false) const;
  [[nodiscard]] bool is_live() const noexcept { return state_.state == client::SessionState::live; }
  /// Not connected, and it is known that this is so.
  [[nodiscard]] bool is_offline() const noexcept { return offline_since_ms_ != 0; }

 private:
  client::happening::State state_{client::SessionState::closed, 0, 0, 0};
  std::int64_t offline_since_ms_ = 0;  // 0: not offline, or not known yet
};

}  // namespace enishi::cli
