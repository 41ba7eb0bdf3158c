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
#include "transport/site/site.h"

namespace enishi::transport {

struct DoorOptions {
  http::HeadLimits head;
  std::chrono::milliseconds head_time{std::chrono::seconds{10}};
  std::chrono::milliseconds answer_time{std::chrono::minutes{1}};  ///< for a whole answer; see Doors
  std::vector<std::string> origins;                                ///< as delivery::FloorOptions::origins
  std::function<bool()> is_ready;                                  ///< what /readyz says
  std::function<bool()> takes_sessions;                            ///< false: refused with TOO_MANY_SESSIONS
  Admission* admission = nullptr;                                  ///< knows the trusted proxies; outlives the doors
  std::string authority;  ///< PEM of the local certificate authority that phones may fetch; empty: none
};

/// The journeys that have not ended at a loop: TLS where it is spoken, request head, then a file of the web client, GET
/// /healthz, /readyz, or the upgrade at /v1/connect. Refusals that a browser must understand come after the upgrade, as
/// a close code.
///
/// A connection that got a file stays for further requests; every other answer ends it. Each journey holds a place of
/// the threshold, so its time is bounded: `head_time` for a head, as long without progress and `answer_time` in all for
/// an answer, a few seconds between requests (less when places are short), a hundred requests within two minutes. The
/// next request is read when the answer before it is written: one head and 16 KiB are all the memory it takes. Owner:
/// its loop.
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
  /// What is served from now on; null: no web client.
  void use(std::shared_ptr<const Site> site) { site_ = std::move(site); }
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
  Awaitable<bool> read_head(Journey& journey, http::RequestReader& reader, std::string_view begun);
  Awaitable<void> upgrade(std::unique_ptr<Journey> journey, const http::Request& request, std::string unread);
  Awaitable<void> say(Journey& journey, std::string text);
  Awaitable<bool> send_all(Journey& journey, std::string_view bytes);
  Awaitable<bool> send_file(Journey& journey, std::string head, std::string_view body);
  Awaitable<void> linger(Journey& journey);
  Awaitable<void> refuse_upgrade(Journey& journey, const http::Upgrade& upgrade, core::Errc code);
  [[nodiscard]] std::string plain(unsigned status, std::string_view body, bool is_head = false,
                                  std::string_view type = "text/plain; charset=utf-8",
                                  std::string_view extra = {}) const;
  [[nodiscard]] std::string refusal(unsigned status) const;
  [[nodiscard]] std::string answer(const Journey& journey, const http::Request& request) const;
  [[nodiscard]] const SiteFile* file_for(const Journey& journey, const http::Request& request) const;
  [[nodiscard]] bool counts_for(Journey& journey, const http::Request& request) const;
  [[nodiscard]] std::string why_not_plain(const Journey& journey, const http::Request& request) const;

  Executor executor_;
  const DoorOptions options_;
  const std::string fields_;  // browser_fields()
  std::shared_ptr<const Site> site_;
  Sessions& sessions_;
  LoopCounters& counters_;
  const runtime::Clock& clock_;
  Gone gone_;
  std::unique_ptr<Open> open_;
};

}  // namespace enishi::transport
