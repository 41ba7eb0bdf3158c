// A TCP proxy before the daemon, that carries bytes until it is told to do worse.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>

namespace enishi::property::real {

/// One client's way; at most its newest connection counts. All in the thread that runs `io`, which outlives it.
class Proxy {
 public:
  struct Options {
    std::function<std::uint16_t()> daemon_port;  ///< asked for each connection; 0: refused
    /// Asked for each piece that was read: how much of it (0 to size) goes on before the connection is cut; nullptr or
    /// a greater number: no cut.
    std::function<std::size_t(std::size_t size)> cut_within;
  };
  Proxy(boost::asio::io_context& io, Options options);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  /// Where it listens, on 127.0.0.1.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Both ends are reset; what is in the kernel on its way is lost.
  void cut();
  /// Reads nothing of the daemon, or (false) goes on.
  void stall(bool on);
  /// Drops everything from now on, both ways; the sockets stay open.
  void go_silent();
  [[nodiscard]] bool is_stalled() const noexcept;
  [[nodiscard]] bool is_silent() const noexcept;

 private:
  class Pipe;
  class Door;
  std::shared_ptr<Door> door_;
  std::uint16_t port_ = 0;
};

}  // namespace enishi::property::real
