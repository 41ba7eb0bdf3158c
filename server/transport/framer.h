// RFC 6455, server side: bytes of a client in, messages out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace enishi::transport {

/// Close codes that the framer itself gives. Those of RFC 6455 section 7.4.1 where they fit; a size is told with our
/// own code (4000 + ErrorCode), as a page can act on that.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  protocol_error = 1002,
  unsupported_data = 1003,  ///< a text message
  invalid_payload = 1007,   ///< a close reason that is not UTF-8
  policy_violation = 1008,  ///< control frames faster than allowed
  no_status = 1005,         ///< never sent: the peer's close frame had no code
  frame_too_large = 4502,
};

struct FramerLimits {
  std::size_t message_bytes_max = 64 * 1024;     ///< payload of a message, all its fragments together
  std::uint32_t fragments_max = 32;              ///< frames of one message
  std::uint32_t control_frames_per_second = 10;  ///< ping, pong, close
};

/// One parsed thing. `payload` points into the bytes given to feed() or into the framer; good until the next call.
struct Incoming {
  enum class Kind : std::uint8_t {
    message,  ///< a whole binary message
    ping,     ///< to be answered with a pong of the same payload
    close,    ///< the peer closes; `code` is 1005 when it gave none. Nothing follows
  };
  Kind kind = Kind::message;
  std::string_view payload;
  std::uint16_t code = 0;
};

/// Sans I/O. Holds nothing while no frame is unfinished. Between feed() and keep_rest() the bytes must stay where they
/// are. Owner: its session.
class Framer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Bytes of the frame that has begun and is not whole yet; the caller puts them before what it reads next.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_ ? std::string_view(*rest_) : std::string_view(); }
  /// Gives `bytes` = rest() and then what was read. They are unmasked in place. Then next() until it has nothing.
  void feed(std::span<char> bytes, Time now) noexcept;
  /// The next thing, or nullopt: all whole frames are out, or there is a fault. The limits must not shrink in between.
  [[nodiscard]] std::optional<Incoming> next(const FramerLimits& limits);
  /// Copies what next() has not consumed. After it the bytes given to feed() are not needed any more.
  void keep_rest();
  /// Why nothing can be read any more.
  [[nodiscard]] std::optional<CloseCode> fault() const noexcept;
  /// Heap bytes held; for tests.
  [[nodiscard]] std::size_t held_bytes() const noexcept;

 private:
  struct Header;
  struct Unfinished {
    std::string bytes;
    std::uint32_t frames = 0;
  };

  std::optional<Header> read_header(const FramerLimits& limits);
  bool count_control(const FramerLimits& limits);
  std::optional<Incoming> take_control(const Header& header, std::string_view payload);
  std::optional<Incoming> take_data(const Header& header, std::string_view payload, const FramerLimits& limits);
  std::optional<Incoming> fail(CloseCode code) noexcept;

  std::span<char> bytes_;  // not consumed yet
  std::unique_ptr<std::string> rest_;
  std::unique_ptr<Unfinished> message_;  // a fragmented message that has begun
  std::uint32_t second_ = 0;             // of the last control frame
  std::uint16_t controls_ = 0;           // in that second
  std::uint16_t fault_ = 0;
  std::uint32_t now_ = 0;   // seconds
  bool was_reset_ = false;  // message_ was handed out and is to be dropped
  bool closed_ = false;
};

/// True for a code that a peer may put into a close frame (RFC 6455 section 7.4).
[[nodiscard]] bool is_close_code(std::uint16_t code) noexcept;
/// A whole pong frame. `payload` at most 125 bytes.
[[nodiscard]] std::string pong_frame(std::string_view payload);
/// A whole ping frame, empty.
[[nodiscard]] std::string ping_frame();
/// A whole close frame, without a reason. 1005 gives one without a code.
[[nodiscard]] std::string close_frame(std::uint16_t code);

}  // namespace enishi::transport
