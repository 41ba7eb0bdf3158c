// A real socket on loopback, and a server that is written out by hand: upgrade, one binary frame each way, a close
// code.
#include "cpp/connection.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "cpp/secrets.h"

namespace enishi::client {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using std::chrono::seconds;

/// Answers each frame by nothing; sends one at opening.
class Echo final : public Driven {
 public:
  void on_open(Instant) override {
    ++opened;
    frames.emplace_back("hello");
    connect.reset();
  }
  void on_frame(std::string_view bytes, Instant) override { heard.emplace_back(bytes); }
  void on_close(std::uint16_t code, Instant) override {
    codes.push_back(code);
    wants = false;
  }
  void tick(Instant) override { ++ticks; }
  std::vector<std::string> take_frames() override { return std::exchange(frames, {}); }
  bool wants_close() const override { return wants; }
  std::optional<Instant> connect_at() const override { return connect; }
  std::optional<Instant> wakeup_at() const override { return std::nullopt; }

  int opened = 0;
  int ticks = 0;
  bool wants = false;
  std::optional<Instant> connect = Instant{0};
  std::vector<std::string> frames, heard;
  std::vector<std::uint16_t> codes;
};

/// Accepts one connection in a thread and plays `scene` after the upgrade.
class Server {
 public:
  explicit Server(std::function<void(tcp::socket&)> scene, std::string subprotocol = "enishi.v1")
      : thread_([this, scene = std::move(scene), subprotocol = std::move(subprotocol)] {
          tcp::socket socket(io_);
          acceptor_.accept(socket);
          upgrade(socket, subprotocol);
          scene(socket);
        }) {}
  ~Server() { thread_.join(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  [[nodiscard]] Origin origin() const { return {false, "127.0.0.1", acceptor_.local_endpoint().port()}; }
  std::string request;

  /// Payload of one short masked frame (RFC 6455 section 5.2); its first byte in `opcode`.
  static std::string read_frame(tcp::socket& socket, std::uint8_t& opcode) {
    std::array<std::uint8_t, 6> head{};
    asio::read(socket, asio::buffer(head));
    opcode = head[0];
    std::string payload(head[1] & 0x7FU, '\0');
    asio::read(socket, asio::buffer(payload));
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ head[2 + i % 4]);
    return payload;
  }

 private:
  void upgrade(tcp::socket& socket, const std::string& subprotocol) {
    asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n");
    const std::string name = "Sec-WebSocket-Key: ";
    const auto at = request.find(name);
    ASSERT_NE(at, std::string::npos);
    const auto key = request.substr(at + name.size(), request.find('\r', at) - at - name.size());
    std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    answer += "Sec-WebSocket-Accept: " + accept_of(key) + "\r\nSec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n";
    asio::write(socket, asio::buffer(answer));
  }
  static std::string accept_of(const std::string& key);

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::thread thread_;
};

// RFC 6455 section 4.2.2: base64 of SHA-1 over key and a fixed text. SHA-1 of RFC 3174, for one short message.
std::string Server::accept_of(const std::string& key) {
  std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const std::uint64_t bits = text.size() * 8;
  text.push_back('\x80');
  while (text.size() % 64 != 56) text.push_back('\0');
  for (int i = 7; i >= 0; --i) text.push_back(static_cast<char>(bits >> (8 * i)));
  std::array<std::uint32_t, 5> h{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  const auto turn = [](std::uint32_t x, int n) { return (x << n) | (x >> (32 - n)); };
  for (std::size_t block = 0; block < text.size(); block += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 64; ++i)
      w.at(i / 4) = (w.at(i / 4) << 8U) | static_cast<unsigned char>(text[block + i]);
    for (std::size_t i = 16; i < 80; ++i) w.at(i) = turn(w.at(i - 3) ^ w.at(i - 8) ^ w.at(i - 14) ^ w.at(i - 16), 1);
    auto [a, b, c, d, e] = h;
    for (std::size_t i = 0; i < 80; ++i) {
      const std::uint32_t f = i < 20   ? (b & c) | (~b & d)
                              : i < 40 ? b ^ c ^ d
                              : i < 60 ? (b & c) | (b & d) | (c & d)
                                       : b ^ c ^ d;
      const std::uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      const std::uint32_t next = turn(a, 5) + f + e + k + w.at(i);
      e = d, d = c, c = turn(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  std::string hash;
  for (const auto word : h)
    for (int i = 3; i >= 0; --i) hash.push_back(static_cast<char>(word >> (8 * i)));
  auto base64 = to_base64url(hash);
  for (auto& c : base64) c = c == '-' ? '+' : c == '_' ? '/' : c;
  return base64 + "=";
}

TEST(Connection, CarriesBinaryFramesAndTheCloseCode) {
  std::string got;
  std::uint8_t opcode = 0;
  asio::io_context io;
  Echo machine;
  Server server([&](tcp::socket& socket) {
    got = Server::read_frame(socket, opcode);
    asio::write(socket, asio::buffer(std::string("\x82\x03"
                                                 "abc",
                                                 5)));
    asio::write(socket, asio::buffer(std::string("\x88\x02\x10\xCC", 4)));  // 0x10CC: 4300, GOING_AWAY
    std::uint8_t ignored = 0;
    Server::read_frame(socket, ignored);
  });
  Connection connection(io, server.origin(), machine);
  connection.start();
  EXPECT_TRUE(connection.run_until([&] { return !machine.codes.empty(); }, seconds{20}));
  EXPECT_EQ(machine.opened, 1);
  EXPECT_EQ(machine.heard, std::vector<std::string>{"abc"});
  EXPECT_EQ(machine.codes, std::vector<std::uint16_t>{4300});
  EXPECT_EQ(got, "hello");
  EXPECT_EQ(opcode, 0x82) << "final, binary";
  EXPECT_TRUE(server.request.starts_with("GET /v1/connect HTTP/1.1\r\n"));
  EXPECT_NE(server.request.find("Sec-WebSocket-Protocol: enishi.v1\r\n"), std::string::npos);
}

TEST(Connection, AMachineThatWantsToCloseIsClosedPolitely) {
  std::uint8_t opcode = 0;
  asio::io_context io;
  Echo machine;
  Server server([&](tcp::socket& socket) {
    Server::read_frame(socket, opcode);
    const auto reason = Server::read_frame(socket, opcode);
    asio::write(socket, asio::buffer(std::string("\x88\x02", 2) + reason));
  });
  Connection connection(io, server.origin(), machine);
  connection.start();
  EXPECT_TRUE(connection.run_until([&] { return machine.opened == 1; }, seconds{20}));
  machine.wants = true;
  connection.poke();
  EXPECT_TRUE(connection.run_until([&] { return !machine.codes.empty(); }, seconds{20}));
  EXPECT_EQ(machine.codes, std::vector<std::uint16_t>{1000});
  EXPECT_EQ(opcode, 0x88);
}

TEST(Connection, AnotherProtocolIsNotSpoken) {
  asio::io_context io;
  Echo machine;
  Server server([](tcp::socket&) {}, "other");
  Connection connection(io, server.origin(), machine);
  connection.start();
  EXPECT_TRUE(connection.run_until([&] { return !machine.codes.empty(); }, seconds{20}));
  EXPECT_EQ(machine.codes, std::vector<std::uint16_t>{4501});
  EXPECT_EQ(machine.opened, 0);
}

TEST(Connection, NobodyThereIsALostConnection) {
  asio::io_context io;
  std::uint16_t port = 0;
  {
    // A port that was free a moment ago.
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    port = acceptor.local_endpoint().port();
  }
  Echo machine;
  Connection connection(io, {false, "127.0.0.1", port}, machine);
  connection.start();
  EXPECT_TRUE(connection.run_until([&] { return machine.codes.size() >= 2; }, seconds{20}))
      << "it dials again when told";
  EXPECT_EQ(machine.codes.front(), 1006);
  EXPECT_GE(connection.failed_dials(), 2U);
}

TEST(Connection, TlsIsNotDialledYet) {
  asio::io_context io;
  Echo machine;
  Connection connection(io, {true, "127.0.0.1", 443}, machine);
  connection.start();
  EXPECT_TRUE(connection.run_until([&] { return !machine.codes.empty(); }, seconds{20}));
  EXPECT_EQ(machine.codes.front(), 1006);
}

TEST(Connection, RunUntilGivesUpAtItsDeadline) {
  asio::io_context io;
  Echo machine;
  machine.connect.reset();
  Connection connection(io, {false, "127.0.0.1", 1}, machine);
  connection.start();
  EXPECT_FALSE(connection.run_until([] { return false; }, std::chrono::milliseconds{5}));
}

}  // namespace
}  // namespace enishi::client
