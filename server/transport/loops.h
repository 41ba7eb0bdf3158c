// All event loops of the daemon, the listener, and the reader threads: what stands between the sockets and delivery.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/error.h"
#include "delivery/floor.h"
#include "delivery/query.h"
#include "runtime/clock.h"
#include "runtime/mailbox.h"
#include "transport/counters.h"
#include "transport/site/site.h"
#include "transport/threshold/guesses.h"
#include "transport/tls/identity.h"

namespace enishi::transport {

struct LoopsOptions {
  std::uint32_t loops = 1;       ///< event loops, one thread each; 1 or more
  delivery::FloorOptions floor;  ///< of every loop; `loop` and `loops` in it are set here
  std::chrono::milliseconds head_time{std::chrono::seconds{10}};   ///< from accept to a whole request head
  std::chrono::milliseconds answer_time{std::chrono::minutes{1}};  ///< as DoorOptions::answer_time
  std::size_t head_bytes_max = 8 * 1024;
  std::size_t head_fields_max = 64;
  std::size_t handshakes_max = 1024;  ///< sockets that have proven nothing yet; more wait in the kernel's backlog
  std::size_t handshakes_per_address_max = 64;  ///< more are closed at once; 0: no limit
  GuessLimits guesses;                          ///< wrong secrets of strangers
  std::function<void()> on_guess_alarm;         ///< the limit of guesses over all was reached; any loop's thread
  bool per_address_on_loopback = false;         ///< limits by address hold for loopback addresses too
  std::vector<std::string> proxies;             ///< their addresses and networks; their X-Forwarded-For is believed
  std::size_t sessions_max = 100'000;           ///< more are refused with TOO_MANY_SESSIONS
  std::size_t mailbox_items_max = 65'536;       ///< of each loop
  std::size_t queries_max = 8'192;              ///< waiting for a reader
  std::shared_ptr<const TlsIdentity> tls;       ///< null: plain HTTP; see use()
  std::string authority;                        ///< as DoorOptions::authority
  std::shared_ptr<const Site> site;             ///< the web client; null: none; see use()
};

/// Owns the loops. Construction starts no thread. Owner: the daemon's main thread, except where said.
class Loops {
 public:
  /// Answers one query on a reader thread; each thread has one of its own (and, inside it, its own storage::Reader).
  /// Throws nothing.
  using Answerer = std::function<delivery::Answer(const delivery::Query&)>;

  /// One reader thread for each of `readers` (1 or more). `seals`, `clock` and `sequencer_inbox` outlive this.
  Loops(LoopsOptions options, const auth::Seals& seals, const runtime::Clock& clock,
        runtime::Mailbox<core::Command>& sequencer_inbox, std::vector<Answerer> readers);
  /// Stops.
  ~Loops();
  Loops(const Loops&) = delete;
  Loops& operator=(const Loops&) = delete;

  /// Binds a TCP listener, before start(); may be called for several addresses. `address` is numeric (IPv4 or IPv6).
  /// Returns the port, which matters for 0. Errors: address_in_use, address_not_allowed (cannot be bound for another
  /// reason), bad_configuration (not an address). Connections wait in the backlog until start().
  [[nodiscard]] core::Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
  /// Starts the threads.
  void start();
  /// Connections accepted from now on get this identity; those that are there keep theirs. Any thread, once started.
  void use(std::shared_ptr<const TlsIdentity> identity);
  /// The web client that is served from now on. Any thread, once started.
  void use(const std::shared_ptr<const Site>& site);
  /// What /readyz says: 200 or 503. False until set. Any thread.
  void set_ready(bool ready) noexcept;

  /// Hands a group to every loop, in order. Called by one thread (the sequencer's). Waits while a loop's mailbox is
  /// full: a loop that cannot keep up slows the sequencer, and never loses a group.
  void publish(const sequencer::GroupPtr& group);

  /// First half of stopping: no new connections, readyz 503, GoAway to every session. Answers and groups still go out:
  /// stop the sequencer after this. Waits until each loop has told the sequencer what it had to.
  void drain(std::chrono::milliseconds spread);
  /// Second half: what is in the mailboxes is handled, every session is closed with GOING_AWAY after what is queued for
  /// it (at most `grace`), then the threads end. Waits for all of it. May be called twice.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{2});

  /// One per loop, in order; live numbers. Any thread; valid while this lives.
  [[nodiscard]] std::vector<const LoopCounters*> counters() const;
  /// Sum over loops of the sessions that are open. Any thread.
  [[nodiscard]] std::size_t sessions() const noexcept;
  /// Sockets that have proven nothing yet. Any thread.
  [[nodiscard]] std::size_t handshakes() const noexcept;
  /// Queries that wait for a reader. Any thread.
  [[nodiscard]] std::size_t queries_waiting() const;
  /// What became of strangers' tries of secrets. Any thread.
  [[nodiscard]] const Guesses& guesses() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enishi::transport
