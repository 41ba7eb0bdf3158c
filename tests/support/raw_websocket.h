// A WebSocket peer that may break every rule: bytes out, frames in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct ssl_st;

namespace enishi::test {

/// One frame as the server sent it.
struct RawFrame {
  std::uint8_t opcode = 0;
  std::string payload;
  /// Of a close frame; 0 when it has none.
  [[nodiscard]] std::uint16_t close_code() const;
};

/// A blocking TCP connection to a loopback port; each wait ends after half a minute. Owner: one thread.
class RawWebSocket {
 public:
  enum class Over : std::uint8_t { plain, tls };  ///< TLS trusts everybody; SIGPIPE is ignored from then on
  explicit RawWebSocket(std::uint16_t port, Over over = Over::plain);
  ~RawWebSocket();
  RawWebSocket(const RawWebSocket&) = delete;
  RawWebSocket& operator=(const RawWebSocket&) = delete;

  /// Upgrades to /v1/connect. Returns the status code of the answer.
  int upgrade(const std::string& subprotocol = "enishi.v1");
  /// Any bytes. False: the peer is gone.
  bool send_bytes(std::string_view bytes);
  /// A frame with this first byte (FIN, reserved bits, opcode).
  bool send_frame(std::uint8_t first, std::string_view payload, bool masked = true);
  bool send_binary(std::string_view payload) { return send_frame(0x82, payload); }
  /// The next frame; nullopt when the connection is gone.
  [[nodiscard]] std::optional<RawFrame> receive();
  /// Reads until the close frame; its code; 0 when the connection ended without one.
  [[nodiscard]] std::uint16_t receive_close();

 private:
  bool fill(std::size_t bytes);
  int fd_ = -1;
  ssl_st* tls_ = nullptr;
  std::string in_;
};

}  // namespace enishi::test
