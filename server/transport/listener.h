// Where connections come in, and how many may be on the threshold.
#pragma once

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/error.h"
#include "transport/counters.h"
#include "transport/http/forwarded.h"
#include "transport/threshold/address_keys.h"
#include "transport/tls/identity.h"

namespace enishi::transport {

/// A file descriptor that closes itself.
class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) noexcept : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OwnedFd();
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// Counts sockets of strangers: from the accept until the device is proven, in all and by address (AddressKeys). Any
/// thread; outlives every pass.
class Admission {
 public:
  /// The right to be on the threshold; gives its place back when it ends.
  class Pass {
   public:
    Pass() = default;
    Pass(Pass&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)), key_(std::move(other.key_)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Pass() { give_back(); }
    /// Gives the place back before the end; the key stays.
    void give_back() {
      if (auto* const admission = std::exchange(admission_, nullptr)) admission->leave(key_);
    }
    /// AddressKeys::key_of the peer.
    [[nodiscard]] const std::string& key() const noexcept { return key_; }

   private:
    friend class Admission;
    Pass(Admission& admission, std::string key) : admission_(&admission), key_(std::move(key)) {}
    Admission* admission_ = nullptr;
    std::string key_;
  };

  /// `per_address_max` 0: no limit by address. `proxies` speak for many, see move(); `keys` count none of them either.
  Admission(std::size_t sockets_max, std::size_t per_address_max, AddressKeys keys = {}, Networks proxies = {})
      : sockets_max_(sockets_max),
        per_address_max_(per_address_max),
        keys_(std::move(keys)),
        proxies_(std::move(proxies)) {}

  /// Fills `pass`. False: refused for its address. Call only while has_room(), and from one thread.
  [[nodiscard]] bool admit(const boost::asio::ip::address& address, Pass& pass);
  /// Counts a pass for another address from here on: of whom its proxy speaks for. False: refused for that address.
  [[nodiscard]] bool move(Pass& pass, const boost::asio::ip::address& address);
  [[nodiscard]] const Networks& proxies() const noexcept { return proxies_; }
  [[nodiscard]] bool has_room() const noexcept { return count_.load(std::memory_order_relaxed) < sockets_max_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }
  /// `call` is called once, by whoever makes room, if there is none now; at once if there is. It is
  /// called under a lock: it may only post.
  void when_room(std::function<void()> call);
  /// Whoever waited does not any more. When this returns, nothing is being called.
  void forget();

 private:
  void leave(const std::string& key);

  const std::size_t sockets_max_;
  const std::size_t per_address_max_;
  const AddressKeys keys_;
  const Networks proxies_;
  std::atomic<std::size_t> count_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::function<void()> waiting_;
};

/// A socket that was accepted, on its way to its loop.
struct Arrival {
  OwnedFd socket;
  Admission::Pass pass;
  bool is_ipv6 = false;
  boost::asio::ip::address peer;
  std::shared_ptr<const TlsIdentity> tls;  ///< null: plain HTTP
};

/// Accepts, and hands sockets over. Waits in the kernel's backlog what finds no room, and a pause while descriptors are
/// short, instead of spinning. Owner: loop 0; listen() before the loop runs.
class Listener {
 public:
  using Executor = boost::asio::io_context::executor_type;
  using HandOver = std::function<void(Arrival&&)>;

  Listener(Executor executor, Admission& admission, LoopCounters& counters, HandOver hand_over);
  ~Listener() { close(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// See Loops::listen.
  [[nodiscard]] core::Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
  void start();
  /// Connections accepted from here on speak TLS with `identity`; null: plain HTTP.
  void use(std::shared_ptr<const TlsIdentity> identity) { tls_ = std::move(identity); }
  /// Tries again after a shortage of descriptors.
  void on_tick();
  void close();

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
  struct Door {
    Acceptor acceptor;
    bool waits = false;
    bool is_ipv6 = false;
  };

  void wait(Door& door);
  void accept_some(Door& door);

  Executor executor_;
  Admission& admission_;
  LoopCounters& counters_;
  HandOver hand_over_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::shared_ptr<const TlsIdentity> tls_;
  bool is_open_ = false;
  bool lacks_descriptors_ = false;
  bool awaits_room_ = false;
};

}  // namespace enishi::transport
