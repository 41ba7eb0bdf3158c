// What a connection drives: the side of a session that knows the protocol and no socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::client {

/// Milliseconds of a clock that never goes back, from any start. Given by the driver with every call; virtual in tests.
using Instant = std::chrono::milliseconds;

/// A protocol machine without I/O. The driver keeps this loop, in any thread, one call at a time:
///   dial when `connect_at()` has come; `on_open` when the socket speaks enishi.v1, `on_close` when that failed or
///   ended; hand over each binary message with `on_frame`; after every call send `take_frames()` in order and, when
///   `wants_close()`, close the socket and call `on_close`; call `tick` at `wakeup_at()`.
class Driven {
 public:
  virtual ~Driven() = default;
  virtual void on_open(Instant now) = 0;
  /// `bytes`: one binary message. An undecodable one closes the session.
  virtual void on_frame(std::string_view bytes, Instant now) = 0;
  /// `code`: the WebSocket close code, 1006 when the connection broke or was never made.
  virtual void on_close(std::uint16_t code, Instant now) = 0;
  virtual void tick(Instant now) = 0;
  /// Encoded frames to send now, oldest first; empties the queue.
  [[nodiscard]] virtual std::vector<std::string> take_frames() = 0;
  /// True when the driver shall end the present connection.
  [[nodiscard]] virtual bool wants_close() const = 0;
  /// When to dial; nullopt: not (connected, or it gave up).
  [[nodiscard]] virtual std::optional<Instant> connect_at() const = 0;
  /// When `tick` is wanted at the latest; nullopt: at no time.
  [[nodiscard]] virtual std::optional<Instant> wakeup_at() const = 0;
};

}  // namespace enishi::client
