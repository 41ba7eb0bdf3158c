// From an accepted socket to a session, or to a plain answer.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/clock.h"
#include "transport/counters.h"
#include "transport/http/head.h"
#include "transport/listener.h"
#include "transport/session.h"

namespace enishi::transport {

struct DoorOptions {
  http::HeadLimits head;
  std::chrono::milliseconds head_time{std::chrono::seconds{10}};
  std::vector<std::string> origins;      ///< as delivery::FloorOptions::origins
  std::function<bool()> is_ready;        ///< what /readyz says
  std::function<bool()> takes_sessions;  ///< false: refused with TOO_MANY_SESSIONS
  Admission* admission = nullptr;        ///< knows the trusted proxies; outlives the doors
  std::string authority;                 ///< PEM of the local certificate authority that phones may fetch; empty: none
};

/// The journeys that have not ended at a loop: TLS where it is spoken, request head, then GET /healthz, /readyz, or the
/// upgrade at /v1/connect. Refusals that a browser must understand come after the upgrade, as a close code. One request
/// per connection. Owner: its loop.
class Doors {
 public:
  using Executor = boost::asio::io_context::executor_type;
  /// Called when a socket is gone without becoming a session.
  using Gone = std::function<void()>;

  /// All outlive this; nothing here runs after the context has stopped.
  Doors(Executor executor, DoorOptions options, Sessions& sessions, LoopCounters& counters, const runtime::Clock& clock,
        Gone gone);
  ~Doors();
  Doors(const Doors&) = delete;
  Doors& operator=(const Doors&) = delete;

  /// Starts a journey.
  void open(Arrival&& arrival);
  /// Closes those whose time is over. About four times a second.
  void on_tick();
  /// Closes all.
  void close_all();

 private:
  struct Journey;
  struct Open;
  template <class T>
  using Awaitable = boost::asio::awaitable<T, Executor>;

  Awaitable<void> travel(std::unique_ptr<Journey> journey, std::shared_ptr<const TlsIdentity> identity);
  Awaitable<bool> greet(Journey& journey, std::shared_ptr<const TlsIdentity> identity);
  Awaitable<bool> read_head(Journey& journey, http::RequestReader& reader);
  Awaitable<void> say(Journey& journey, std::string text);
  Awaitable<void> linger(Journey& journey);
  Awaitable<void> refuse_upgrade(Journey& journey, const http::Upgrade& upgrade, core::Errc code);
  [[nodiscard]] std::string answer(const Journey& journey, const http::Request& request) const;
  [[nodiscard]] std::string why_not_plain(const Journey& journey, const http::Request& request) const;

  Executor executor_;
  const DoorOptions options_;
  Sessions& sessions_;
  LoopCounters& counters_;
  const runtime::Clock& clock_;
  Gone gone_;
  std::unique_ptr<Open> open_;
};

}  // namespace enishi::transport
