// The other end of a socket: blocking, with a deadline that only a fault ever meets.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "unit/transport/client_frames.h"

namespace enishi::transport::testing {

inline constexpr int kPatienceMs = 30'000;

/// One server frame as it came.
struct ServerMessage {
  int opcode = 0;
  std::string payload;
  /// Of a close frame; 0 without one.
  [[nodiscard]] int code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
  }
};

class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}
  Peer(Peer&& other) noexcept : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)) {}
  Peer& operator=(Peer&&) = delete;
  ~Peer() { close(); }

  static Peer connect(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return Peer(fd);
  }
  /// Connected and upgraded.
  static Peer upgraded(std::uint16_t port, const std::string& more_fields = {}) {
    Peer peer = connect(port);
    peer.send(upgrade_request(more_fields));
    EXPECT_NE(peer.read_head().find(" 101 "), std::string::npos);
    return peer;
  }
  static std::string upgrade_request(const std::string& more_fields = {},
                                     const std::string& protocol = "Sec-WebSocket-Protocol: enishi.v1\r\n") {
    return "GET /v1/connect HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
           protocol + more_fields + "\r\n";
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // closed on us: what comes next in the test tells
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void send_message(std::string_view payload) { send(client_frame(payload)); }

  /// Up to and with the empty line; what there is when the connection ends before.
  std::string read_head() {
    for (;;) {
      const auto end = unread_.find("\r\n\r\n");
      if (end != std::string::npos) return take(end + 4);
      if (!read_more()) return take(unread_.size());
    }
  }
  /// nullopt: the connection has ended.
  std::optional<ServerMessage> read_message() {
    const auto at = [this](std::size_t i) { return static_cast<unsigned char>(unread_[i]); };
    for (;;) {
      std::size_t header = 2, size = 0;
      if (unread_.size() >= 2) {
        EXPECT_EQ(at(1) & 0x80, 0);
        size = at(1);
        if (size == 126) header = 4;
        if (size == 127) header = 10;
        if (unread_.size() >= header && header > 2) {
          size = 0;
          for (std::size_t i = 2; i < header; ++i) size = size << 8 | at(i);
        }
        if (unread_.size() >= header && unread_.size() >= header + size) {
          ServerMessage message{at(0) & 0x0F, {}};
          take(header);
          message.payload = take(size);
          return message;
        }
      }
      if (!read_more()) return std::nullopt;
    }
  }
  std::string read_to_end() {
    while (read_more()) {
    }
    return take(unread_.size());
  }
  void stop_sending() { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  std::string take(std::size_t size) {
    std::string taken = unread_.substr(0, size);
    unread_.erase(0, size);
    return taken;
  }
  bool read_more() {
    pollfd one{fd_, POLLIN, 0};
    if (::poll(&one, 1, kPatienceMs) != 1) {
      ADD_FAILURE() << "nothing came";
      return false;
    }
    std::array<char, 16 * 1024> chunk;
    const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (got <= 0) return false;
    unread_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  std::string unread_;
};

/// A binary server frame, as wire::frame_of makes it.
inline std::shared_ptr<const std::string> server_frame(std::string_view payload) {
  std::string frame(1, '\x82');
  if (payload.size() < 126) {
    frame += static_cast<char>(payload.size());
  } else {
    const bool is_long = payload.size() > 0xFFFF;
    frame += static_cast<char>(is_long ? 127 : 126);
    for (int i = is_long ? 7 : 1; i >= 0; --i) frame += static_cast<char>(payload.size() >> (8 * i) & 0xFF);
  }
  return std::make_shared<const std::string>(frame.append(payload));
}

}  // namespace enishi::transport::testing
