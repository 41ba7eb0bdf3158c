// The measures. Each adds its rows, and throws std::runtime_error where it cannot go on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/people.h"
#include "bench/report.h"
#include "bench/swarm.h"
#include "support/process.h"

namespace enishi::bench {

/// How much is done. Times in seconds.
struct Effort {
  std::uint32_t crowd = 1000;                         ///< sessions in rooms
  std::uint32_t idle_low = 6000, idle_high = 12'000;  ///< above the low one the page caches of the readers are full
  std::vector<std::uint32_t> rooms{2, 10, 100, 1000};
  std::vector<std::uint32_t> windows{1, 16};
  int repeats = 3;  ///< timed windows behind a median
  double warm_s = 0.3, window_s = 0.6;
  double latency_s = 8, durable_s = 1.5;
  std::uint32_t latency_rate = 5000;  ///< messages a second
  std::uint32_t reconnects = 2000;
  std::uint32_t behind_conversations = 200, behind_each = 50;
  int resumes = 9;
  std::uint64_t log_messages = 1'000'000;
  int starts = 3;
  std::size_t batons = 300;
  std::size_t body_bytes = 200;
  [[nodiscard]] std::uint32_t people() const noexcept { return 2 + std::max(crowd, idle_high); }
};

/// Person 0 ties with everybody and makes the rooms; person 1 sleeps while others write to him; the crowd follows.
inline constexpr std::uint32_t kHub = 0, kSleeper = 1, kCrowd = 2;

/// What all measures share.
struct Bench {
  const Effort effort;
  const std::string floor;  ///< path of the floor server; empty: it is left out
  const std::string data;   ///< the daemon's directory; removed at the end
  Report& report;
  Progress& progress;
  const bool has_two_cores;
  std::unique_ptr<test::DaemonProcess> daemon{};
  std::unique_ptr<Swarm> swarm{};
  std::unique_ptr<People> people{};

  /// Starts the daemon (or starts it anew, after kill -9) on core 0, the load stays on core 1. Throws.
  void start_daemon();
  /// True when the client should look for news all the time: it has a core of its own.
  [[nodiscard]] int wait_ms() const noexcept { return has_two_cores ? 0 : 10; }
  [[nodiscard]] double server_cpu() const { return cpu_seconds(daemon->pid()); }
  /// Handles what comes for so long.
  void settle(double seconds);
  /// Handles what comes until the server has nothing left to do: goodbyes are written down, memory is given back.
  void quiesce();
};

/// All members join. Adds a row: accounts made per second.
void populate(Bench& bench);
/// Sessions: user memory of idle ones; reconnecting with ticket and with proof. Nobody is connected before and after.
void measure_idle(Bench& bench);
void measure_reconnect(Bench& bench);

/// The rooms of one size. The crowd is connected from furnish() on, until measure_durable() is over.
struct Rooms {
  std::uint32_t size = 0;
  std::vector<std::string> conversations;  ///< room r holds persons kCrowd + r * size and the next
};
std::vector<Rooms> furnish(Bench& bench);
/// Durable messages and typing signals in every size of room, then latency, then durable throughput.
void measure_fan_out(Bench& bench, const std::vector<Rooms>& rooms);
void measure_latency(Bench& bench, const std::vector<Rooms>& rooms);
void measure_durable(Bench& bench);

/// The log: catching up, and starting with a long one. Nobody is connected before and after.
void measure_resume(Bench& bench);
void measure_start(Bench& bench);

/// Two devices of one member. Last: it takes an account away from somebody. Nobody is connected before and after.
void measure_baton(Bench& bench);

/// The floor server on its own port and core 0, while this lives. Throws std::runtime_error when it does not start.
class Floor {
 public:
  /// `mode`: "send" writes for each message, "batch" joins those of a turn.
  Floor(const std::string& program, const std::string& mode, bool pinned);
  ~Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace enishi::bench
