#include "cpp/connection.h"

// Only this file of the client uses Beast; it is compiled into it whole, so that no program needs another room for it.
#undef BOOST_BEAST_SEPARATE_COMPILATION

#include <boost/asio/compose.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <string>
#include <utility>

namespace enishi::client {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::chrono::seconds kDialPatience{10};
constexpr std::chrono::milliseconds kClosePatience{1000};
constexpr std::size_t kMessageBytesMax = 1024 * 1024;
constexpr std::uint16_t kLost = 1006;
constexpr std::uint16_t kNotOurProtocol = 4501;  // PROTOCOL_VIOLATION
constexpr const char* kSubprotocol = "enishi.v1";

/// What the WebSocket lies on: a TCP socket, with TLS on it or without. One type for both, so that Beast, which costs a
/// compiler more than all the rest, is instantiated once.
class Line {
 public:
  using executor_type = tcp::socket::executor_type;
  explicit Line(asio::io_context& io) : socket_(io) {}
  executor_type get_executor() { return socket_.get_executor(); }
  [[nodiscard]] tcp::socket& socket() noexcept { return socket_; }
  [[nodiscard]] TlsClient* tls() noexcept { return tls_.get(); }
  void secure(const TlsTrust& trust, const std::string& host) {
    tls_ = std::make_unique<TlsClient>(trust, host, socket_.native_handle());
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    // Beast reads into one piece at a time; of several the first is filled.
    asio::mutable_buffer into;
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at)
      if (into.size() == 0) into = *at;
    return asio::async_compose<Token, void(error_code, std::size_t)>(Read{*this, into}, token, socket_);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    // Header and payload come as two pieces; they go out as one.
    return asio::async_compose<Token, void(error_code, std::size_t)>(
        Write{*this, boost::beast::buffers_to_string(buffers)}, token, socket_);
  }

 private:
  using Step = TlsClient::Step;
  struct Read {
    Line& line;
    asio::mutable_buffer into;
    bool has_begun = false;
    template <class Self>
    void operator()(Self& self, error_code error = {}) {
      std::size_t moved = 0;
      const bool is_first = !std::exchange(has_begun, true);
      if (is_first && line.tls_ && line.tls_->has_pending())
        return asio::post(line.socket_.get_executor(), std::move(self));
      const auto step = is_first || error ? Step::wants_read : line.read(into, moved, error);
      line.go_on(self, step, moved, error);
    }
  };
  struct Write {
    Line& line;
    std::string bytes;
    bool has_begun = false;
    template <class Self>
    void operator()(Self& self, error_code error = {}) {
      std::size_t moved = 0;
      const bool is_first = !std::exchange(has_begun, true);
      const auto step = is_first || error ? Step::wants_write : line.write(bytes, moved, error);
      line.go_on(self, step, moved, error);
    }
  };

  /// Waits for what the step wants, or completes. A first step always waits: nothing completes inside of its start.
  template <class Self>
  void go_on(Self& self, Step step, std::size_t moved, error_code error) {
    const bool waits = step == Step::wants_read || step == Step::wants_write;
    if (!error && waits)
      return socket_.async_wait(step == Step::wants_read ? tcp::socket::wait_read : tcp::socket::wait_write,
                                std::move(self));
    if (!error && step == Step::over) error = asio::error::eof;
    if (!error && step == Step::failed) error = asio::error::connection_reset;
    self.complete(error, moved);
  }
  Step read(asio::mutable_buffer into, std::size_t& moved, error_code& error) {
    if (tls_) return tls_->read({static_cast<char*>(into.data()), into.size()}, moved);
    moved = socket_.read_some(asio::buffer(into), error);
    return plain_step(error, Step::wants_read);
  }
  Step write(const std::string& bytes, std::size_t& moved, error_code& error) {
    if (tls_) return tls_->write(bytes, moved);
    moved = socket_.write_some(asio::buffer(bytes), error);
    return plain_step(error, Step::wants_write);
  }
  static Step plain_step(error_code& error, Step wanted) {
    if (error != asio::error::would_block && error != asio::error::try_again) return Step::done;
    error = {};
    return wanted;
  }

  tcp::socket socket_;
  std::unique_ptr<TlsClient> tls_;
};

// Found by Beast through their argument.
void beast_close_socket(Line& line) {
  error_code ignored;
  line.socket().close(ignored);
}
void teardown(boost::beast::role_type, Line& line, error_code& error) {
  if (line.tls() != nullptr) line.tls()->say_goodbye();
  line.socket().shutdown(tcp::socket::shutdown_both, error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, Line& line, Handler&& handler) {
  error_code error;
  teardown(role, line, error);
  asio::post(line.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

}  // namespace

/// The loop of Driven over one socket after the other. Handlers keep it, and the socket that they are for, alive.
class Connection::Driver : public std::enable_shared_from_this<Driver> {
 public:
  Driver(asio::io_context& io, Origin origin, Driven& machine)
      : io_(io), origin_(std::move(origin)), machine_(&machine), timer_(io) {}

  void pump();
  void detach();
  void begin_close();
  [[nodiscard]] bool is_connected() const noexcept { return socket_ != nullptr; }

  asio::io_context& io_;
  bool dials_ = false;
  unsigned failed_dials_ = 0;
  TlsTrouble trouble_ = TlsTrouble::none;
  std::string trouble_text_;
  unsigned declined_status_ = 0;

 private:
  struct Socket {
    explicit Socket(asio::io_context& io) : stream(io), resolver(io), patience(io) {}
    websocket::stream<Line, false> stream;
    tcp::resolver resolver;
    asio::steady_timer patience;  // until the upgrade
    websocket::response_type response;
    boost::beast::flat_buffer buffer;
    std::deque<std::string> writing;
    bool open = false;
    bool closing = false;
  };
  using SocketPtr = std::shared_ptr<Socket>;

  void dial();
  void connect(const SocketPtr& socket, const tcp::resolver::results_type& endpoints);
  void secure(const SocketPtr& socket);
  void upgrade(const SocketPtr& socket);
  void drop(const SocketPtr& socket);
  void read(const SocketPtr& socket);
  void write(const SocketPtr& socket);
  void send(const SocketPtr& socket);
  void ended(const SocketPtr& socket, std::uint16_t code);
  void set_timer();
  /// A handler of this socket may still speak: it is the present one, and nobody has detached us.
  [[nodiscard]] bool is_current(const SocketPtr& socket) const noexcept { return machine_ && socket == socket_; }

  Origin origin_;
  Driven* machine_;
  asio::steady_timer timer_;
  std::unique_ptr<TlsTrust> trust_;  // of an https origin
  SocketPtr socket_;
  bool pumping_ = false;
};

void Connection::Driver::pump() {
  // The machine's listener may poke us out of a handler that ends in pump() anyhow.
  if (machine_ == nullptr || std::exchange(pumping_, true)) return;
  const auto at = machine_->connect_at();
  if (!socket_ && dials_ && at && *at <= Connection::now()) dial();
  if (socket_ && socket_->open) send(socket_);
  pumping_ = false;
  set_timer();
}

void Connection::Driver::set_timer() {
  auto at = socket_ ? machine_->wakeup_at() : (dials_ ? machine_->connect_at() : std::nullopt);
  if (!at) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(asio::steady_timer::time_point(*at));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->machine_ == nullptr) return;
    self->machine_->tick(Connection::now());
    self->pump();
  });
}

void Connection::Driver::dial() {
  socket_ = std::make_shared<Socket>(io_);
  if (origin_.secure && !trust_) trust_ = std::make_unique<TlsTrust>();
  socket_->patience.expires_after(kDialPatience);
  socket_->patience.async_wait([self = shared_from_this(), socket = socket_](error_code error) {
    if (!error && self->is_current(socket) && !socket->open) self->ended(socket, kLost);
  });
  error_code no_address;
  const auto address = asio::ip::make_address(origin_.host, no_address);
  // A number needs no resolver, and no thread of one.
  std::vector<tcp::endpoint> known;
  if (!no_address) known.emplace_back(address, origin_.port);
  for (const auto& loopback : origin_.loopback()) known.emplace_back(asio::ip::make_address(loopback), origin_.port);
  if (!known.empty())
    return connect(socket_, tcp::resolver::results_type::create(known.begin(), known.end(), origin_.host,
                                                                std::to_string(origin_.port)));
  socket_->resolver.async_resolve(
      origin_.host, std::to_string(origin_.port),
      [self = shared_from_this(), socket = socket_](error_code error, const tcp::resolver::results_type& endpoints) {
        if (!self->is_current(socket)) return;
        if (error) return self->ended(socket, kLost);
        self->connect(socket, endpoints);
      });
}

void Connection::Driver::connect(const SocketPtr& socket, const tcp::resolver::results_type& endpoints) {
  asio::async_connect(socket->stream.next_layer().socket(), endpoints,
                      [self = shared_from_this(), socket](error_code error, const tcp::endpoint&) {
                        if (!self->is_current(socket)) return;
                        auto& line = socket->stream.next_layer();
                        error_code ignored;  // only slower without it
                        line.socket().set_option(tcp::no_delay(true), ignored);
                        if (!error) line.socket().non_blocking(true, error);
                        if (error) return self->ended(socket, kLost);
                        if (!self->origin_.secure) return self->upgrade(socket);
                        line.secure(*self->trust_, self->origin_.host);
                        self->secure(socket);
                      });
}

void Connection::Driver::secure(const SocketPtr& socket) {
  auto& line = socket->stream.next_layer();
  const auto step = line.tls()->handshake();
  if (step == TlsClient::Step::done) return upgrade(socket);
  if (step == TlsClient::Step::over || step == TlsClient::Step::failed) {
    trouble_ = line.tls()->trouble();
    trouble_text_ = line.tls()->trouble_text();
    return ended(socket, kLost);
  }
  const auto readiness = step == TlsClient::Step::wants_read ? tcp::socket::wait_read : tcp::socket::wait_write;
  line.socket().async_wait(readiness, [self = shared_from_this(), socket](error_code error) {
    if (!self->is_current(socket)) return;
    if (error) return self->ended(socket, kLost);
    self->secure(socket);
  });
}

void Connection::Driver::upgrade(const SocketPtr& socket) {
  auto& stream = socket->stream;
  // The protocol has its own heartbeat; Beast's idle limit would only fight it.
  stream.set_option(websocket::stream_base::timeout{kDialPatience, websocket::stream_base::none(), false});
  stream.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
    request.set(boost::beast::http::field::sec_websocket_protocol, kSubprotocol);
  }));
  stream.read_message_max(kMessageBytesMax);
  stream.binary(true);
  const auto authority = origin_.text().substr(origin_.text().find("//") + 2);
  stream.async_handshake(socket->response, authority, "/v1/connect",
                         [self = shared_from_this(), socket](error_code error) {
                           if (!self->is_current(socket)) return;
                           const bool is_declined = error == websocket::error::upgrade_declined;
                           self->declined_status_ = is_declined ? socket->response.result_int() : 0;
                           if (error) return self->ended(socket, kLost);
                           if (socket->response[boost::beast::http::field::sec_websocket_protocol] != kSubprotocol)
                             return self->ended(socket, kNotOurProtocol);
                           socket->open = true;
                           socket->patience.cancel();
                           self->failed_dials_ = 0;
                           self->trouble_ = TlsTrouble::none;
                           self->trouble_text_.clear();
                           self->machine_->on_open(Connection::now());
                           self->read(socket);
                           self->pump();
                         });
}

void Connection::Driver::read(const SocketPtr& socket) {
  socket->stream.async_read(socket->buffer, [self = shared_from_this(), socket](error_code error, std::size_t) {
    if (!self->is_current(socket)) return;
    if (error) {
      const bool told =
          error == websocket::error::closed && socket->stream.reason().code != websocket::close_code::none;
      return self->ended(socket, told ? socket->stream.reason().code : kLost);
    }
    if (!socket->stream.got_binary()) return self->ended(socket, kNotOurProtocol);
    const auto bytes = socket->buffer.cdata();
    self->machine_->on_frame({static_cast<const char*>(bytes.data()), bytes.size()}, Connection::now());
    socket->buffer.clear();
    self->read(socket);
    self->pump();
  });
}

void Connection::Driver::send(const SocketPtr& socket) {
  const bool idle = socket->writing.empty();
  for (auto& frame : machine_->take_frames()) socket->writing.push_back(std::move(frame));
  if (idle && !socket->closing) write(socket);
  if (machine_->wants_close()) begin_close();
}

void Connection::Driver::write(const SocketPtr& socket) {
  if (socket->writing.empty()) return;
  const auto bytes = asio::buffer(socket->writing.front());
  socket->stream.async_write(bytes, [self = shared_from_this(), socket](error_code error, std::size_t) {
    if (!self->is_current(socket)) return;
    if (error) return self->ended(socket, kLost);
    socket->writing.pop_front();
    if (!socket->closing) self->write(socket);
    self->pump();
  });
}

void Connection::Driver::begin_close() {
  const auto socket = socket_;
  if (!socket || std::exchange(socket->closing, true)) return;
  if (!socket->open) return ended(socket, kLost);
  // The peer's close frame ends the pending read, or the patience does.
  socket->stream.set_option(websocket::stream_base::timeout{kClosePatience, websocket::stream_base::none(), false});
  socket->stream.async_close(websocket::close_code::normal, [self = shared_from_this(), socket](error_code error) {
    if (!self->is_current(socket)) return;
    self->ended(socket, error ? kLost : static_cast<std::uint16_t>(websocket::close_code::normal));
  });
}

void Connection::Driver::ended(const SocketPtr& socket, std::uint16_t code) {
  if (!is_current(socket)) return;
  socket_.reset();
  if (!socket->open) ++failed_dials_;
  drop(socket);
  machine_->on_close(code, Connection::now());
  pump();
}

void Connection::Driver::drop(const SocketPtr& socket) {
  error_code ignored;  // it is gone either way
  socket->resolver.cancel();
  socket->patience.cancel();
  socket->stream.next_layer().socket().close(ignored);
}

void Connection::Driver::detach() {
  machine_ = nullptr;
  timer_.cancel();
  if (!socket_) return;
  drop(socket_);
  socket_.reset();
}

Connection::Connection(boost::asio::io_context& io, Origin origin, Driven& machine)
    : driver_(std::make_shared<Driver>(io, std::move(origin), machine)) {}

Connection::~Connection() { driver_->detach(); }

void Connection::start() {
  driver_->dials_ = true;
  driver_->pump();
}

void Connection::poke() { driver_->pump(); }

void Connection::shut_down() {
  driver_->dials_ = false;
  driver_->pump();
  driver_->begin_close();
  run_until([this] { return !driver_->is_connected(); }, kClosePatience);
}

bool Connection::run_until(const std::function<bool()>& done, std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  driver_->pump();
  while (!done()) {
    if (driver_->io_.stopped()) driver_->io_.restart();
    if (driver_->io_.run_one_until(until) == 0 && std::chrono::steady_clock::now() >= until) return done();
  }
  return true;
}

unsigned Connection::failed_dials() const noexcept { return driver_->failed_dials_; }
unsigned Connection::declined_status() const noexcept { return driver_->declined_status_; }
TlsTrouble Connection::trouble() const noexcept { return driver_->trouble_; }
const std::string& Connection::trouble_text() const noexcept { return driver_->trouble_text_; }

Instant Connection::now() {
  return std::chrono::duration_cast<Instant>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace enishi::client
