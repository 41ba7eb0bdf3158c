#include "transport/admin_listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>
#include <vector>

#include "runtime/loop_thread.h"
#include "transport/admin/unix_path.h"
#include "transport/http/head.h"

namespace enishi::transport {

namespace {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Stream = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;

// For a whole request and, once more, for taking the answer.
constexpr std::chrono::seconds kRequestTime{10};
// Operators are few; the rest waits in the backlog.
constexpr std::size_t kConnectionsMax = 64;

auto into(boost::system::error_code& error) { return asio::redirect_error(asio::use_awaitable_t<Executor>{}, error); }

AdminResponse refused(unsigned status, std::string why) {
  return {status, "text/plain; charset=utf-8", std::move(why)};
}

}  // namespace

class AdminListener::Impl {
 public:
  explicit Impl(Handler handler) : handler_(std::move(handler)) {}

  core::Result<void> listen_unix(const std::string& directory, const std::string& name) {
    auto address = unix_address(directory, name);
    if (!address) return core::Errc::store_unsuitable;
    const char* path = address->address.sun_path;
    if (::unlink(path) != 0 && errno != ENOENT) return core::Errc::store_unsuitable;
    OwnedFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd.get() < 0) return core::Errc::store_unsuitable;
    // Of the socket before it is bound: the file is made with these permissions, never with wider ones.
    if (::fchmod(fd.get(), 0600) != 0) return core::Errc::store_unsuitable;
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address->address), sizeof(address->address)) != 0)
      return core::Errc::store_unsuitable;
    unix_path_ = directory + "/" + name;
    unix_ = std::move(*address);
    if (::chmod(unix_.address.sun_path, 0600) != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
      return core::Errc::store_unsuitable;
    doors_.push_back(std::make_unique<Door>(std::move(fd), loop_.executor(), false));
    return {};
  }

  core::Result<std::uint16_t> listen_loopback(const std::string& address, std::uint16_t port) {
    boost::system::error_code error;
    const auto numeric = asio::ip::make_address(address, error);
    if (error) return core::Errc::bad_configuration;
    if (!numeric.is_loopback()) return core::Errc::address_not_allowed;
    const asio::ip::tcp::endpoint endpoint(numeric, port);
    OwnedFd fd(::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd.get() < 0) return core::Errc::address_not_allowed;
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(fd.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
        ::listen(fd.get(), SOMAXCONN) != 0)
      return errno == EADDRINUSE ? core::Errc::address_in_use : core::Errc::address_not_allowed;
    asio::ip::tcp::endpoint local = endpoint;
    socklen_t size = static_cast<socklen_t>(local.capacity());
    if (::getsockname(fd.get(), local.data(), &size) != 0) return core::Errc::address_not_allowed;
    doors_.push_back(std::make_unique<Door>(std::move(fd), loop_.executor(), true));
    return local.port();
  }

  void start() {
    for (auto& door : doors_) asio::co_spawn(loop_.executor(), accept_all(*door), asio::detached);
    loop_.start();
  }

  void stop() {
    loop_.stop();
    loop_.join();
    if (!std::exchange(unix_path_, {}).empty()) ::unlink(unix_.address.sun_path);
  }

 private:
  struct Door {
    Door(OwnedFd fd, Executor executor, bool tcp) : listening(std::move(fd)), waiting(executor), is_tcp(tcp) {
      waiting.assign(asio::generic::stream_protocol(is_tcp ? AF_INET : AF_UNIX, 0), listening.get());
      static_cast<void>(listening.release());
    }
    OwnedFd listening;  // until the next line of the constructor: closed if that throws
    Stream waiting;     // the listening socket, to wait on
    bool is_tcp;
  };

  Awaitable<void> accept_all(Door& door) {
    Timer pause(loop_.executor());
    for (;;) {
      boost::system::error_code error;
      co_await door.waiting.async_wait(Stream::wait_read, into(error));
      if (error) co_return;
      OwnedFd fd(connections_ < kConnectionsMax
                     ? ::accept4(door.waiting.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)
                     : -1);
      if (fd.get() < 0) {  // none there, or none to be had just now: in no hurry either way
        pause.expires_after(std::chrono::milliseconds{100});
        co_await pause.async_wait(into(error));
        continue;
      }
      auto stream = std::make_shared<Stream>(loop_.executor());
      stream->assign(asio::generic::stream_protocol(door.is_tcp ? AF_INET : AF_UNIX, 0), fd.get(), error);
      if (error) continue;
      static_cast<void>(fd.release());
      asio::co_spawn(loop_.executor(), serve(std::move(stream), door.is_tcp), asio::detached);
    }
  }

  Awaitable<void> serve(std::shared_ptr<Stream> stream, bool is_tcp) {
    ++connections_;
    const std::shared_ptr<void> at_end(nullptr, [this](void*) { --connections_; });
    Timer deadline(loop_.executor());
    const auto allow = [&deadline, &stream] {
      deadline.expires_after(kRequestTime);
      deadline.async_wait([stream](const boost::system::error_code& error) {
        boost::system::error_code ignored;
        if (!error) stream->close(ignored);
      });
    };
    allow();
    http::RequestReader reader({.body_bytes_max = kAdminBodyBytesMax});
    auto state = http::RequestReader::State::unfinished;
    boost::system::error_code error;
    std::vector<char> chunk(4096);
    while (state == http::RequestReader::State::unfinished) {
      const std::size_t got = co_await stream->async_read_some(asio::buffer(chunk), into(error));
      if (error) co_return;
      state = reader.feed({chunk.data(), got});
    }
    bool is_head = false;
    const AdminResponse response = state == http::RequestReader::State::refused
                                       ? refused(reader.status(), "bad request\n")
                                       : respond(reader.take_request(), is_tcp, is_head);
    allow();  // the handler's time is not the peer's
    const std::string text = http::plain_response(response.status, response.body, is_head, response.content_type);
    co_await asio::async_write(*stream, asio::buffer(text), into(error));
    if (error) co_return;
    stream->shutdown(Stream::shutdown_send, error);
    while (!error) co_await stream->async_read_some(asio::buffer(chunk), into(error));  // so that no reset overtakes it
  }

  AdminResponse respond(http::Request request, bool is_tcp, bool& is_head) {
    if (is_tcp) {
      if (request.count("Host") != 1 || !http::is_loopback_host(request.field("Host")))
        return refused(403, "this port answers to loopback names only\n");
      if (request.has("Origin")) return refused(403, "this port does not answer pages\n");
    }
    is_head = request.method == "HEAD";
    if (is_head) request.method = "GET";
    if (request.method != "GET" && request.method != "POST") return refused(405, "method not allowed\n");
    try {
      return handler_({std::move(request.method), std::move(request.target), std::move(request.body), is_tcp});
    } catch (const std::exception&) {
      return refused(500, "internal error\n");  // what() may hold what must not be shown
    }
  }

  Handler handler_;
  std::size_t connections_ = 0;  // before the loop, with which the last coroutines end
  runtime::LoopThread loop_{"admin"};
  std::vector<std::unique_ptr<Door>> doors_;
  std::string unix_path_;
  UnixAddress unix_;
};

AdminListener::AdminListener(Handler handler) : impl_(std::make_unique<Impl>(std::move(handler))) {}
AdminListener::~AdminListener() { stop(); }
core::Result<void> AdminListener::listen_unix(const std::string& directory, const std::string& name) {
  return impl_->listen_unix(directory, name);
}
core::Result<std::uint16_t> AdminListener::listen_loopback(const std::string& address, std::uint16_t port) {
  return impl_->listen_loopback(address, port);
}
void AdminListener::start() { impl_->start(); }
void AdminListener::stop() { impl_->stop(); }

}  // namespace enishi::transport
