// One loop's part of the daemon: whose sessions are here, where each stands in the log, and what it is told next.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/limits.h"
#include "delivery/outlet.h"
#include "delivery/ports.h"
#include "sequencer/messages.h"

namespace enishi::auth {
class Seals;
}

namespace enishi::delivery {

/// Names a seat (a session at this loop); never reused while the daemon runs. 0 names none.
using SeatId = std::uint64_t;

/// Numbers of config/enishid.toml that delivery keeps.
struct FloorLimits {
  core::Limits core;
  std::size_t frame_bytes_max = 64 * 1024;
  std::size_t early_frame_bytes_max = 4 * 1024;  ///< before Welcome
  std::size_t requests_in_flight_max = 64;
  std::size_t outbox_signal_bytes = 256 * 1024;                    ///< above it signals are dropped
  std::size_t outbox_durable_bytes = 1024 * 1024;                  ///< above it the session lags
  std::chrono::milliseconds stall_time{std::chrono::seconds{60}};  ///< no progress: closed, to resume
  std::chrono::milliseconds proof_time{
      std::chrono::seconds{10}};  ///< from the upgrade to Welcome (a newcomer who waits for his pairing: pairing_time)
  std::chrono::milliseconds ping_active{std::chrono::seconds{25}};
  std::chrono::milliseconds ping_background{std::chrono::minutes{4}};
  std::chrono::milliseconds lease_grace{std::chrono::seconds{45}};
  std::size_t gap_events = 200;  ///< K: conversations further behind are gapped
  std::size_t catch_up_chunk_bytes = 256 * 1024;
  std::uint32_t requests_per_second = 50;  ///< per session, sustained; 0: no limit
  std::uint32_t requests_burst = 200;
};

struct FloorOptions {
  std::uint32_t loop = 0;   ///< which of the loops this is
  std::uint32_t loops = 1;  ///< how many there are: the home of a member is id % loops
  FloorLimits limits;
  std::vector<std::string>
      origins;  ///< allowed in Prove, e.g. "http://127.0.0.1:8470"; "loopback" allows any loopback name
  core::Incarnation incarnation;
  std::vector<core::Incarnation> incarnations;  ///< all, ascending
};

/// Sans I/O: everything comes in by calls and goes out through Outlet and Ports, so that the property harness runs
/// several floors in one thread and virtual time. Owner: one loop; no locks.
class Floor {
 public:
  Floor(FloorOptions options, Ports& ports, const auth::Seals& seals);
  ~Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  /// A peer finished the upgrade. Sends Challenge. `outlet` must live until on_closed.
  [[nodiscard]] SeatId open(Outlet& outlet);
  /// One binary WebSocket message, at most frame_bytes_max.
  void on_message(SeatId seat, std::string_view payload);
  /// Its outbox ran empty.
  void on_drained(SeatId seat);
  /// Its outbox made progress (some bytes were taken by the kernel).
  void on_progress(SeatId seat);
  /// The connection is gone; `said_goodbye` when the peer closed it in order. The seat does not exist afterwards;
  /// unknown seats are ignored.
  void on_closed(SeatId seat, bool said_goodbye = false);
  /// False while requests_in_flight_max of its requests wait, or over outbox_durable_bytes do for the peer: stop
  /// reading, resume_reading() follows.
  [[nodiscard]] bool may_read(SeatId seat) const noexcept;

  void on_group(const sequencer::Group& group);
  void on_answer(Answer&& answer);
  void on_letter(Letter&& letter);
  /// Deadlines, heartbeats, leases. Call about four times a second.
  void on_tick();
  /// Tells every session to come back later, each after another delay in [0, spread].
  void go_away(std::chrono::milliseconds spread);

  [[nodiscard]] std::size_t seats() const noexcept;
  [[nodiscard]] core::Position delivered() const noexcept;  ///< last of the newest group delivered

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enishi::delivery
