// Programs of ours as processes of their own: commands that end, and a daemon that serves.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/temp_dir.h"

namespace enishi::test {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// A binary of this build, e.g. program("enishid"); from ENISHI_BIN, the build directory.
[[nodiscard]] std::string program(const std::string& name);
/// A file of the source tree; from ENISHI_SOURCE.
[[nodiscard]] std::string source_file(const std::string& path);

/// How a command ended.
struct Finished {
  int exit = -1;  ///< exit code; 128 + signal; -1: it was ended at the time limit
  std::string out;
  std::string err;
};
/// Runs `argv` with `input` on its standard input until it ends, at most `limit`. `environment` is added to ours.
[[nodiscard]] Finished run_command(const std::vector<std::string>& argv, const std::string& input = {},
                                   std::chrono::milliseconds limit = std::chrono::seconds{60},
                                   const Environment& environment = {});

/// An enishid on a port of its own. Ends its process, and only that, at the latest when it goes.
class DaemonProcess {
 public:
  struct Options {
    std::vector<std::string> arguments;  ///< after `run --data DIR --listen ADDR:PORT`
    Environment environment;
    std::string data;                    ///< empty: a directory of its own, removed with this
    std::string listen = "127.0.0.1:0";  ///< a restart keeps the port that was found
  };
  DaemonProcess() : DaemonProcess(Options{}) {}
  explicit DaemonProcess(Options options);
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  /// Starts it and waits for "ready ORIGIN". False: it ended before that (see log() and exit_code()), or took over a
  /// minute.
  [[nodiscard]] bool start();
  /// SIGKILL; waits until it is gone.
  void kill9();
  /// SIGTERM; waits; returns the exit code (128 + signal for a signal; -1 after a minute, then it is killed).
  int terminate();
  /// SIGTERM without waiting.
  void ask_to_stop() const;
  /// Any signal.
  void signal(int number) const;
  /// Waits for its end; exit code as terminate().
  int wait_for_end();

  [[nodiscard]] bool is_running() const noexcept { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }
  [[nodiscard]] const std::string& data() const noexcept { return data_; }
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }
  [[nodiscard]] std::uint16_t port() const;
  /// Everything it wrote to standard error, over all starts.
  [[nodiscard]] std::string log() const;
  /// Everything that came after "ready" on standard output is an error of the daemon; this is what came in all.
  [[nodiscard]] const std::string& out() const noexcept { return out_; }
  /// `enishid invite` on its directory; the link. Empty: it failed.
  [[nodiscard]] std::string invite(const std::vector<std::string>& more = {}) const;

 private:
  bool read_ready_line(int from);

  const Options options_;
  TempDir own_;
  std::string data_, listen_, origin_, out_;
  pid_t pid_ = -1;
  int exit_code_ = -1;
  int stdout_ = -1;
};

}  // namespace enishi::test
