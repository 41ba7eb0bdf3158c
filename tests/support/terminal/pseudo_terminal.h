// A command on a terminal of its own.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/terminal/screen.h"

namespace enishi::test {

/// Runs `argv` in a session of its own whose controlling terminal is a pseudo-terminal of this size. Ends its process,
/// and only that, at the latest when it goes. Owner: one thread.
class PseudoTerminal {
 public:
  PseudoTerminal(const std::vector<std::string>& argv, std::size_t rows, std::size_t columns);
  ~PseudoTerminal();
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  void type(std::string_view bytes);
  void resize(std::size_t rows, std::size_t columns);
  /// Reads what the command writes until the screen is as asked for. False: it ended, or a minute passed; then the test
  /// should print screen().text().
  [[nodiscard]] bool wait_for(const std::function<bool(const Screen&)>& condition);
  /// A text is somewhere on the screen.
  [[nodiscard]] bool shows(std::string_view text);
  void signal(int number) const;
  /// Reads to its end; exit code, 128 + signal for a signal.
  int wait();
  /// True while it is stopped (SIGSTOP); waits for that.
  [[nodiscard]] bool wait_until_stopped() const;

  [[nodiscard]] const Screen& screen() const noexcept { return screen_; }
  /// Settings of the terminal, as the command left them.
  [[nodiscard]] termios settings() const;

 private:
  /// False: nothing more will come.
  bool read_some();

  pid_t pid_ = -1;
  int master_ = -1, slave_ = -1;  // the slave stays open, so that its settings can be read after the end
  Screen screen_;
};

}  // namespace enishi::test
