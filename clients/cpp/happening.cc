#include "cpp/happening.h"

namespace enishi::client {

const char* name_of(SessionState state) noexcept {
  switch (state) {
    case SessionState::closed:
      return "closed";
    case SessionState::connecting:
      return "connecting";
    case SessionState::proving:
      return "proving";
    case SessionState::welcome:
      return "welcome";
    case SessionState::catching_up:
      return "catching_up";
    case SessionState::live:
      return "live";
    case SessionState::lagging:
      return "lagging";
    case SessionState::checking:
      return "checking";
    case SessionState::draining:
      return "draining";
    case SessionState::stopped:
      return "stopped";
  }
  return "stopped";
}

}  // namespace enishi::client
