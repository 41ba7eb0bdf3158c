// The event loop of a command: sockets, signals, the terminal.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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
  /// From here on these signals do nothing but call `told`, while the loop runs. Once, and instead of catch_signals.
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> told);
  /// Waits, while the loop runs, for one line of the terminal behind standard input; nullopt at its end. One at a time.
  void read_line(std::function<void(std::optional<std::string>)> done);
  /// From here on `told` gets, while the loop runs, what comes from the terminal behind standard input, as it comes;
  /// empty at its end. Instead of read_line.
  void read_bytes(std::function<void(std::string_view)> told);
  /// What is typed from here on is the next program's.
  void stop_reading();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace enishi::cli
