// One connected peer after the upgrade, and all of them at a loop.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delivery/floor.h"
#include "delivery/outlet.h"
#include "runtime/clock.h"
#include "transport/counters.h"
#include "transport/framer.h"
#include "transport/listener.h"
#include "transport/outbox.h"
#include "transport/threshold/guesses.h"
#include "transport/tls/stream.h"

namespace enishi::transport {

/// With the concrete executor: no type erasure in each socket.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Sessions;

/// A residence, hence callbacks: while it idles it holds one wait for readability, and no buffer, timer or coroutine
/// frame. Reads into the buffer of its loop, one bounded read per wake-up (under TLS: whole records up to that bound),
/// and keeps only the rest of a frame that is not whole. Reads nothing while Floor::may_read says no. Owner: Sessions;
/// runs on its loop.
class Session final : public delivery::Outlet {
 public:
  /// `tls`: null for a plain socket.
  Session(Sessions& sessions, Socket socket, std::unique_ptr<TlsStream> tls);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // delivery::Outlet
  void push(const wire::Frame& frame) override;
  [[nodiscard]] std::size_t queued_bytes() const noexcept override { return outbox_.queued_bytes(); }
  void drop_unsent() override;
  void close(core::Errc code) override;
  void ping() override;
  [[nodiscard]] bool take_heard() override;
  void resume_reading() override;
  [[nodiscard]] std::chrono::milliseconds try_secret() override;
  void take_try_back() override;
  void vouched_for() override;
  void proven() override;

 private:
  friend class Sessions;
  enum class State : std::uint8_t {
    open,
    closing,  ///< a close frame is queued or sent; reads on, for the peer's
    dead,     ///< the socket is closed; to be deleted when no wait is pending
  };

  void begin(std::string_view unread);
  void wait_read(Socket::wait_type readiness = Socket::wait_read);
  Outbox::Flushed flush_outbox();
  [[nodiscard]] Step receive(std::span<char> into);
  void on_readable(const boost::system::error_code& error);
  void process(std::span<char> bytes);
  void take(const Incoming& incoming);
  void read_rest();
  void flush();
  void write();
  void on_drained();
  void start_closing(std::uint16_t code, std::chrono::milliseconds time);
  void leave();
  void die();
  void mark_dirty();
  void delete_if_unused();
  void move_to_leaving();

  Sessions& sessions_;
  std::list<Session>::iterator self_;  // where it stands in a list of sessions_
  Socket socket_;
  std::unique_ptr<TlsStream> tls_;  // goes before its socket
  delivery::SeatId seat_ = 0;       // 0: the floor does not know it (any more)
  Framer framer_;
  Outbox outbox_;
  std::uint32_t deadline_ms_ = 0;  // of the close handshake, since the start of Sessions
  State state_ = State::open;
  bool waits_read_ : 1 = false;
  bool waits_write_ : 1 = false;
  bool is_dirty_ : 1 = false;
  bool is_paused_ : 1 = false;  // rest() may hold whole frames, the floor wants none
  bool resumes_ : 1 = false;
  bool is_blocked_ : 1 = false;    // an early write in this turn filled the kernel's buffer
  bool owes_drained_ : 1 = false;  // an early write took everything; the floor does not know yet
  bool peer_closed_ : 1 = false;   // in order: its close frame came
  bool was_heard_ : 1 = false;
};

/// All sessions of a loop, their shared read buffer, and the list of those with something to write: each is flushed
/// once at the end of the loop turn. Owner: its loop.
class Sessions {
 public:
  using Executor = boost::asio::io_context::executor_type;

  /// `floor`, `counters` and `clock` outlive this; nothing here runs after the context has stopped.
  Sessions(Executor executor, FramerLimits limits, delivery::Floor& floor, LoopCounters& counters,
           const runtime::Clock& clock);
  /// Closes the sockets; tells the floor nothing.
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  /// The socket becomes a session: non-blocking, upgraded. `head` is written before anything else (the 101 response);
  /// `unread` came after the request and is read first. `pass` is kept until the floor says that the device is proven.
  /// `tls`: its handshake is done; null: plain.
  void adopt(Socket socket, std::string head, std::string_view unread, Admission::Pass pass = {},
             std::unique_ptr<TlsStream> tls = nullptr);
  /// Strangers' tries of secrets are counted there; it outlives this. Before the first session; none: not counted.
  void count_guesses(Guesses& guesses) noexcept { guesses_ = &guesses; }
  /// Ends sessions whose close handshake takes too long. About four times a second.
  void on_tick();
  /// Closes all with a code, after what is queued; those that take longer than `time` are cut.
  void close_all(core::Errc code, std::chrono::milliseconds time);
  /// At the very end: nobody is held back any more.
  void give_places_back() { strangers_.clear(); }
  /// Not yet gone, those that close included.
  [[nodiscard]] std::size_t size() const noexcept { return open_.size() + leaving_.size(); }
  /// Called when a session is gone.
  void on_gone(std::function<void()> call) { gone_ = std::move(call); }
  /// The loop's read buffer; whoever uses it is done with it when it returns to the loop.
  [[nodiscard]] std::span<char> buffer() noexcept { return buffer_; }

 private:
  friend class Session;
  void flush();
  [[nodiscard]] std::uint32_t now_ms() const;

  Executor executor_;
  const FramerLimits limits_;
  delivery::Floor& floor_;
  LoopCounters& counters_;
  const runtime::Clock& clock_;
  const std::chrono::steady_clock::time_point started_;
  std::vector<char> buffer_;
  std::vector<char> record_;  // frames joined for TLS; empty while there is none. buffer_ may hold what is being read
  std::vector<Session*> dirty_;
  std::vector<Session*> flushing_;
  bool flush_is_posted_ = false;
  Guesses* guesses_ = nullptr;
  /// Places on the threshold, and the addresses' keys, of those that have proven nothing yet: a proven session is none
  /// the larger for it.
  std::unordered_map<const Session*, Admission::Pass> strangers_;
  std::list<Session> open_;
  std::list<Session> leaving_;  // closing or dead
  std::function<void()> gone_;
};

}  // namespace enishi::transport
