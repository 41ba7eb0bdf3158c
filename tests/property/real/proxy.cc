#include "property/real/proxy.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace enishi::property::real {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Small, so that a client that reads nothing is felt early.
constexpr int kWindowBytes = 4096;

}  // namespace

/// One connection. Its handlers keep it.
class Proxy::Pipe : public std::enable_shared_from_this<Pipe> {
 public:
  Pipe(tcp::socket client, std::shared_ptr<const Options> options)
      : client_{std::move(client), {}},
        daemon_{tcp::socket(client_.socket.get_executor()), {}},
        options_(std::move(options)) {}

  void open(std::uint16_t port) {
    error_code ignored;  // it only works less well
    daemon_.socket.open(tcp::v4(), ignored);
    daemon_.socket.set_option(asio::socket_base::receive_buffer_size(kWindowBytes), ignored);
    daemon_.socket.async_connect({asio::ip::address_v4::loopback(), port},
                                 [self = shared_from_this()](error_code error) {
                                   if (error) return self->cut();
                                   error_code slow;
                                   self->client_.socket.set_option(tcp::no_delay(true), slow);
                                   self->daemon_.socket.set_option(tcp::no_delay(true), slow);
                                   self->carry(self->client_, self->daemon_);
                                   self->carry(self->daemon_, self->client_);
                                 });
  }

  void cut() {
    error_code ignored;  // gone is gone
    for (auto* end : {&client_, &daemon_}) {
      end->socket.set_option(asio::socket_base::linger(true, 0), ignored);
      end->socket.close(ignored);
    }
  }

  void stall(bool on) {
    stalled_ = on;
    if (!on && std::exchange(waits_, false)) carry(daemon_, client_);
  }
  void go_silent() { silent_ = true; }
  [[nodiscard]] bool is_stalled() const noexcept { return stalled_; }
  [[nodiscard]] bool is_silent() const noexcept { return silent_ && client_.socket.is_open(); }

 private:
  struct End {
    tcp::socket socket;
    std::array<char, 8192> bytes;
    bool ended = false;
  };

  void carry(End& from, End& to) {
    if (&from == &daemon_ && stalled_) {
      waits_ = true;
      return;
    }
    from.socket.async_read_some(asio::buffer(from.bytes),
                                [self = shared_from_this(), &from, &to](error_code error, std::size_t size) {
                                  if (error) return self->on_end(from, to, error);
                                  self->pass(from, to, size);
                                });
  }

  void pass(End& from, End& to, std::size_t size) {
    if (silent_) return carry(from, to);
    const auto passed = options_->cut_within ? options_->cut_within(size) : size + 1;
    asio::async_write(to.socket, asio::buffer(from.bytes.data(), std::min(passed, size)),
                      [self = shared_from_this(), &from, &to, is_cut = passed <= size](error_code error, std::size_t) {
                        if (error || is_cut) return self->cut();
                        self->carry(from, to);
                      });
  }

  void on_end(End& from, End& to, error_code error) {
    from.ended = true;
    if (error != asio::error::eof) return cut();
    error_code ignored;
    to.socket.shutdown(tcp::socket::shutdown_send, ignored);
    if (!to.ended) return;
    client_.socket.close(ignored);
    daemon_.socket.close(ignored);
  }

  End client_, daemon_;
  const std::shared_ptr<const Options> options_;
  bool stalled_ = false, silent_ = false, waits_ = false;
};

/// Takes connections until it is closed.
class Proxy::Door : public std::enable_shared_from_this<Door> {
 public:
  Door(asio::io_context& io, Options options)
      : options_(std::make_shared<const Options>(std::move(options))),
        acceptor_(io, {asio::ip::address_v4::loopback(), 0}) {}

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] const std::shared_ptr<Pipe>& pipe() const noexcept { return pipe_; }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket client) {
      if (error) return;
      self->take(std::move(client));
      self->accept();
    });
  }

  void close() {
    if (pipe_) pipe_->cut();
    pipe_.reset();
    error_code ignored;
    acceptor_.close(ignored);
  }

 private:
  void take(tcp::socket client) {
    const auto port = options_->daemon_port();
    if (port == 0) return;  // and so the socket is closed
    pipe_ = std::make_shared<Pipe>(std::move(client), options_);
    pipe_->open(port);
  }

  const std::shared_ptr<const Options> options_;
  tcp::acceptor acceptor_;
  std::shared_ptr<Pipe> pipe_;
};

Proxy::Proxy(asio::io_context& io, Options options) : door_(std::make_shared<Door>(io, std::move(options))) {
  port_ = door_->port();
  door_->accept();
}
Proxy::~Proxy() { door_->close(); }

void Proxy::cut() {
  if (door_->pipe()) door_->pipe()->cut();
}
void Proxy::stall(bool on) {
  if (door_->pipe()) door_->pipe()->stall(on);
}
void Proxy::go_silent() {
  if (door_->pipe()) door_->pipe()->go_silent();
}
bool Proxy::is_stalled() const noexcept { return door_->pipe() && door_->pipe()->is_stalled(); }
bool Proxy::is_silent() const noexcept { return door_->pipe() && door_->pipe()->is_silent(); }

}  // namespace enishi::property::real
