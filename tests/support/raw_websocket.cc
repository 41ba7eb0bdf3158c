#include "support/raw_websocket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace enishi::test {
namespace {

constexpr std::uint8_t kClose = 0x8;

}  // namespace

std::uint16_t RawFrame::close_code() const {
  if (opcode != kClose || payload.size() < 2) return 0;
  return static_cast<std::uint16_t>((static_cast<unsigned char>(payload[0]) << 8U) |
                                    static_cast<unsigned char>(payload[1]));
}

RawWebSocket::RawWebSocket(std::uint16_t port, Over over) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{30, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  if (over == Over::plain) return;
  std::signal(SIGPIPE, SIG_IGN);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  tls_ = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(tls_, fd_);
  if (SSL_connect(tls_) != 1) throw std::runtime_error("no TLS there");
}

RawWebSocket::~RawWebSocket() {
  SSL_free(tls_);
  close(fd_);
}

int RawWebSocket::upgrade(const std::string& subprotocol) {
  std::string head =
      "GET /v1/connect HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  if (!subprotocol.empty()) head += "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
  if (!send_bytes(head + "\r\n")) return 0;
  std::size_t end = std::string::npos;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos)
    if (!fill(in_.size() + 1)) return 0;
  const int status = std::stoi(in_.substr(in_.find(' ') + 1, 3));
  in_.erase(0, end + 4);
  return status;
}

bool RawWebSocket::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                      : send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawWebSocket::send_frame(std::uint8_t first, std::string_view payload, bool masked) {
  std::string frame(1, static_cast<char>(first));
  const auto mask_bit = static_cast<char>(masked ? 0x80 : 0);
  const std::uint64_t size = payload.size();
  const int length_bytes = size <= 125 ? 0 : size <= 0xFFFF ? 2 : 8;
  frame.push_back(static_cast<char>(mask_bit | static_cast<char>(length_bytes == 0   ? size
                                                                 : length_bytes == 2 ? 126
                                                                                     : 127)));
  for (int i = length_bytes - 1; i >= 0; --i) frame.push_back(static_cast<char>((size >> (8 * i)) & 0xFF));
  constexpr std::array<unsigned char, 4> kKey{0x12, 0x34, 0x56, 0x78};
  if (masked) frame.append(reinterpret_cast<const char*>(kKey.data()), kKey.size());
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame.push_back(masked ? static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kKey[i % 4]) : payload[i]);
  return send_bytes(frame);
}

bool RawWebSocket::fill(std::size_t bytes) {
  while (in_.size() < bytes) {
    std::array<char, 65536> buffer{};
    const auto got = tls_ != nullptr ? SSL_read(tls_, buffer.data(), static_cast<int>(buffer.size()))
                                     : recv(fd_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    in_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

std::optional<RawFrame> RawWebSocket::receive() {
  if (!fill(2)) return std::nullopt;
  std::size_t size = static_cast<unsigned char>(in_[1]) & 0x7FU;
  const std::size_t length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (!fill(2 + length_bytes)) return std::nullopt;
  if (length_bytes > 0) size = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) size = (size << 8U) | static_cast<unsigned char>(in_[2 + i]);
  if (!fill(2 + length_bytes + size)) return std::nullopt;
  RawFrame frame{static_cast<std::uint8_t>(in_[0] & 0x0F), in_.substr(2 + length_bytes, size)};
  in_.erase(0, 2 + length_bytes + size);
  return frame;
}

std::uint16_t RawWebSocket::receive_close() {
  while (auto frame = receive())
    if (frame->opcode == kClose) return frame->close_code();
  return 0;
}

}  // namespace enishi::test
