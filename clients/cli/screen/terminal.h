// The terminal of an interactive screen: raw input, the alternate screen, and the way back.
#pragma once

#include <string_view>

#include "cli/failure.h"
#include "cli/screen/frame.h"

namespace enishi::cli {

/// Holds the terminal behind standard input and output while it lives; everything is as before when it is gone, also
/// after an exception that is caught somewhere, or an abort. One at a time in a process. Owner: main.
class Terminal {
 public:
  /// Errors: NO_TERMINAL (exit 2) unless both standard input and output are one.
  [[nodiscard]] static Outcome<void> check();

  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Raw, alternate screen, bracketed paste, focus reports. Again: what another program changed meanwhile is set anew.
  void enter();
  /// As it was before enter().
  void leave();
  [[nodiscard]] Size size() const;
  /// False: the terminal is gone.
  bool write(std::string_view bytes);
};

}  // namespace enishi::cli
