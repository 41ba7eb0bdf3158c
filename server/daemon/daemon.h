// A running daemon: everything opened, started and wired, and stopped again in the right order.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/configuration.h"
#include "daemon/data_directory.h"

namespace enishi::daemon {

/// Owner: one thread, the main one. No signals, no standard streams: those are main's.
class Daemon {
 public:
  /// Told on the sequencer thread when the store has failed: nothing more is committed or acknowledged. Should end the
  /// process at once.
  using StoreFailed = std::function<void()>;

  /// Opens nothing yet.
  Daemon(Settings settings, DataDirectory directory, StoreFailed store_failed);
  /// Stops.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Opens keys and store, binds the listeners, commits the incarnation of this start, starts all threads. Returns the
  /// origin that devices dial: the first public_url, else http(s)://ADDR:PORT with the real port. Throws Failure:
  /// address_not_allowed, address_in_use, bad_configuration, and those of open_foundation; nothing runs afterwards.
  [[nodiscard]] std::string start();
  /// Reads certificate and key again, for connections made from now on. Those that are bad, or have expired, are
  /// logged, and what was there stays. Without [tls] there is nothing to read.
  void reload();
  /// /readyz says 503, no new connections, GoAway to every session, what was taken in is committed and answered,
  /// sessions are closed. Returns when all threads have ended, in a few seconds. May be called twice.
  void stop();

  /// Where it listens, once started: ADDR:PORT.
  [[nodiscard]] const std::string& address() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enishi::daemon
