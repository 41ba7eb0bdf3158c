#include "cli/chat/session_line.h"

#include "cli/show/times.h"

namespace enishi::cli {
namespace {

using client::SessionState;

std::string count_of(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

void SessionLine::on_state(const client::happening::State& state, std::int64_t wall_ms) {
  const bool was_up = state_.state != SessionState::closed;
  state_ = state;
  // An open socket is not yet a session: until it is welcome we are as offline as before.
  if (state.state == SessionState::closed && was_up && offline_since_ms_ == 0) offline_since_ms_ = wall_ms;
  if (state.state >= SessionState::welcome && state.state <= SessionState::checking) offline_since_ms_ = 0;
}

bool SessionLine::on_failed_dials(unsigned count, std::int64_t wall_ms) {
  if (count == 0 || offline_since_ms_ != 0) return false;
  offline_since_ms_ = wall_ms;
  return true;
}

std::string SessionLine::text(std::size_t waiting, bool narrow) const {
  const auto queued =
      waiting == 0 ? std::string() : ", " + std::to_string(waiting) + (narrow ? " unsent" : " waiting to be sent");
  switch (state_.state) {
    case SessionState::closed:
    case SessionState::connecting:
    case SessionState::proving:
      if (offline_since_ms_ != 0) return "offline since " + local_clock(offline_since_ms_) + queued;
      return "connecting" + queued;
    case SessionState::welcome:
    case SessionState::catching_up:
    case SessionState::lagging:
      if (state_.total == 0) return "catching up" + queued;
      return "catching up " + std::to_string(state_.done) + " of " + std::to_string(state_.total) + queued;
    case SessionState::live:
      if (state_.missing > 0 && narrow) return "loading " + std::to_string(state_.missing) + " older";
      if (state_.missing > 0) return "connected, loading " + count_of(state_.missing, "older message");
      return "connected";
    case SessionState::checking:
      return "checking the connection" + queued;
    case SessionState::draining:
      return "the server restarts" + queued;
    case SessionState::stopped:
      break;
  }
  return "ended";
}

}  // namespace enishi::cli
