// Many sockets on one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bench/frames.h"

namespace enishi::bench {

/// The person asked for the end (SIGINT, SIGTERM): what is measured so far is kept.
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};
/// Makes every Swarm::step() throw Interrupted once SIGINT or SIGTERM comes.
void watch_for_interrupt();

/// Hears what happens on the sockets, in step().
class Handler {
 public:
  virtual ~Handler() = default;
  /// The upgrade is done.
  virtual void on_open(std::uint32_t session) = 0;
  /// One binary message; the bytes go with the call.
  virtual void on_message(std::uint32_t session, std::string_view payload) = 0;
  /// The server closed it. Not called for what close() ended.
  virtual void on_lost(std::uint32_t session, const std::string& why) = 0;
};

/// WebSocket clients to one loopback port, by numbers from 0: plain text, epoll, no buffer while idle (about 120 bytes
/// each besides the kernel's). Answers pings. Frames are written at the end of a step, together. Owner: one thread.
class Swarm {
 public:
  /// `address` must be 127.0.0.0/8: throws std::invalid_argument otherwise. `sessions_max`: how many numbers there are.
  Swarm(const std::string& address, std::uint16_t port, std::uint32_t sessions_max);
  ~Swarm();
  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;

  void set_handler(Handler* handler) noexcept { handler_ = handler; }
  /// Begins to connect a number that is free. Throws std::runtime_error when the system refuses.
  void connect(std::uint32_t session, std::string_view path, std::string_view subprotocol);
  /// Says goodbye; the number is free once is_free() says so.
  void close(std::uint32_t session);
  /// Frees all numbers at once, without a goodbye.
  void drop_all();
  [[nodiscard]] bool is_free(std::uint32_t session) const { return sessions_[session].fd < 0; }
  /// Sockets that are not free.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Queues a binary message.
  void send(std::uint32_t session, std::string_view payload);
  /// Where to append whole frames; they are sent with the next step.
  std::string& out(std::uint32_t session);
  /// Four bytes to mask the next frame with. Not for secrets: an xorshift generator.
  std::uint32_t next_mask() noexcept;

  /// Writes what is queued, waits at most `wait_ms` for something to happen, handles it, and writes again.
  void step(int wait_ms);

 private:
  enum class State : std::uint8_t { connecting, open, closing };
  struct Session {
    int fd = -1;
    State state = State::connecting;
    bool is_dirty = false, waits_write = false;
    std::string out, rest;
  };

  void on_readable(std::uint32_t number);
  void take(std::uint32_t number, std::string_view bytes);
  std::size_t take_upgrade(std::uint32_t number, std::string_view bytes);
  void take_frame(std::uint32_t number, const Frame& frame);
  void write(std::uint32_t number);
  void write_dirty();
  void free(std::uint32_t number);
  void lose(std::uint32_t number, const std::string& why);

  const std::string address_, host_;
  const std::uint16_t port_;
  Handler* handler_ = nullptr;
  std::vector<Session> sessions_;
  std::vector<std::uint32_t> dirty_;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
  std::uint32_t mask_ = 2463534242U;
  int epoll_ = -1;
};

}  // namespace enishi::bench
