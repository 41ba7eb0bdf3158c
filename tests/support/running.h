// A command that goes on while the test does something else.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace enishi::test {

/// Runs `argv` with its standard output read line by line; its standard error goes to ours. Ends its process, and only
/// that, at the latest when it goes. Owner: one thread.
class RunningCommand {
 public:
  explicit RunningCommand(const std::vector<std::string>& argv);
  ~RunningCommand();
  RunningCommand(RunningCommand&& other) noexcept;
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  /// The next line of its output, without the newline; waits up to a minute for it. Empty at the end of the output.
  [[nodiscard]] std::string next_line();
  [[nodiscard]] std::string first_line() { return next_line(); }
  /// Sends a signal.
  void signal(int number) const;
  /// Waits for its end; exit code, 128 + signal for a signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::string pending_;
};

[[nodiscard]] inline RunningCommand start_reading(const std::vector<std::string>& argv) { return RunningCommand(argv); }

}  // namespace enishi::test
