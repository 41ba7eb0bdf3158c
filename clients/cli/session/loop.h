// The event loop of a command: sockets, signals, one line from the terminal.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace boost::asio {
class io_context;
}

namespace enishi::cli {

/// Owns the io_context. Owner: main.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  [[nodiscard]] boost::asio::io_context& io() noexcept;
  /// From here on SIGINT and SIGTERM do not end the process: they make interrupted() true, which wakes the loop.
  void catch_signals();
  [[nodiscard]] bool interrupted() const noexcept;
  /// Waits, while the loop runs, for one line of the terminal behind standard input; nullopt at its end. One at a time.
  void read_line(std::function<void(std::optional<std::string>)> done);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace enishi::cli
