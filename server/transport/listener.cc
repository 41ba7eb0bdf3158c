#include "transport/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

namespace enishi::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Accepted in one go, so that a flood does not keep loop 0 from its sessions.
constexpr int kAcceptsPerTurn = 64;
// The kernel cuts it to net.core.somaxconn.
constexpr int kBacklog = 4096;

asio::ip::address address_of(const sockaddr_storage& peer) {
  if (peer.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &peer, sizeof(v4));
    return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &peer, sizeof(v6));
  asio::ip::address_v6::bytes_type bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return plain_address(asio::ip::address_v6(bytes));
}

}  // namespace

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) ::close(fd_);
}

bool Admission::admit(const asio::ip::address& address, Pass& pass) {
  std::string key = keys_.key_of(address);
  if (per_address_max_ != 0 && !key.empty()) {
    const std::lock_guard lock(mutex_);
    auto& count = by_address_[key];
    if (count >= per_address_max_) return false;
    ++count;
  }
  count_.fetch_add(1, std::memory_order_relaxed);
  pass = Pass(*this, std::move(key));
  return true;
}

bool Admission::move(Pass& pass, const asio::ip::address& address) {
  Pass moved;
  if (!admit(address, moved)) return false;
  pass = std::move(moved);  // and what it was before gives its place back
  return true;
}

void Admission::leave(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (per_address_max_ != 0 && !key.empty()) {
    const auto found = by_address_.find(key);
    if (--found->second == 0) by_address_.erase(found);
  }
  count_.fetch_sub(1, std::memory_order_relaxed);
  if (waiting_) std::exchange(waiting_, nullptr)();
}

void Admission::when_room(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  if (has_room())
    call();
  else
    waiting_ = std::move(call);
}

void Admission::forget() {
  const std::lock_guard lock(mutex_);
  waiting_ = nullptr;
}

Listener::Listener(Executor executor, Admission& admission, LoopCounters& counters, HandOver hand_over)
    : executor_(executor), admission_(admission), counters_(counters), hand_over_(std::move(hand_over)) {}

core::Result<std::uint16_t> Listener::listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(address, error);
  if (error) return core::Errc::bad_configuration;
  const tcp::endpoint endpoint(numeric, port);
  auto door = std::make_unique<Door>(Door{Acceptor(executor_), false, numeric.is_v6()});
  auto& acceptor = door->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) acceptor.non_blocking(true, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error == asio::error::address_in_use) return core::Errc::address_in_use;
  if (error) return core::Errc::address_not_allowed;
  const auto local = acceptor.local_endpoint(error);
  if (error) return core::Errc::address_not_allowed;
  doors_.push_back(std::move(door));
  return local.port();
}

void Listener::start() {
  is_open_ = true;
  for (auto& door : doors_) wait(*door);
}

void Listener::wait(Door& door) {
  if (!is_open_ || door.waits) return;
  door.waits = true;
  door.acceptor.async_wait(Acceptor::wait_read, [this, &door](const boost::system::error_code& error) {
    door.waits = false;
    if (!error && is_open_) accept_some(door);
  });
}

void Listener::accept_some(Door& door) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    if (!admission_.has_room()) {
      if (std::exchange(awaits_room_, true)) return;
      return admission_.when_room([this] {
        asio::post(executor_, [this] {
          awaits_room_ = false;
          for (auto& one : doors_) wait(*one);
        });
      });
    }
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    OwnedFd socket(::accept4(door.acceptor.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        add(counters_.accepts_put_off);
        lacks_descriptors_ = true;  // the tick tries again: until then nothing wakes us for what we cannot take
        return;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) break;
      continue;  // the peer was gone already
    }
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    Arrival arrival{std::move(socket), {}, door.is_ipv6, address_of(peer), tls_};
    if (admission_.admit(arrival.peer, arrival.pass)) hand_over_(std::move(arrival));
  }
  wait(door);
}

void Listener::on_tick() {
  if (!std::exchange(lacks_descriptors_, false)) return;
  for (auto& door : doors_) wait(*door);
}

void Listener::close() {
  is_open_ = false;
  admission_.forget();
  boost::system::error_code ignored;
  for (auto& door : doors_) door->acceptor.close(ignored);
}

}  // namespace enishi::transport
