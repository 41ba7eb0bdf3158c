// What every part of a simulated world has in hand: chance, time, trace, and how this world is.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "auth/seals.h"
#include "core/entropy.h"
#include "property/world/schedule.h"
#include "support/seeds.h"

namespace enishi::property {

using test::Rng;

/// Event loops of a daemon.
inline constexpr std::uint32_t kFloors = 3;

/// What happened, in order: the last lines for people, and a hash of all for the test that a seed repeats itself.
class Trace {
 public:
  void say(std::string line);
  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  [[nodiscard]] std::string tail() const;

 private:
  static constexpr std::size_t kKept = 40;
  /// ENISHI_TRACE=1: all lines go to the standard error as well.
  const bool is_loud_ = test::environment_number("ENISHI_TRACE", 0) != 0;
  std::deque<std::string> lines_;
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;  // FNV-1a
};

/// Bytes from a seed, for ids and keys; apart from the choices of the world, so that these stay when ids change.
class SeededEntropy final : public core::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : rng_(seed) {}
  void fill(void* bytes, std::size_t size) override;

 private:
  Rng rng_;
};

/// How a world is: drawn from its seed, so that single faults occur as well as mixes of them. Chances are per mille.
struct Settings {
  std::size_t gap_events = 5;
  std::size_t newest_page = 3;
  std::size_t chunk_bytes = 256 * 1024;
  std::size_t page_bytes = 56 * 1024;
  std::size_t outbox_durable_bytes = 1024 * 1024;
  std::size_t requests_in_flight_max = 64;
  std::size_t inbox_commands_max = 8192;
  std::uint32_t requests_per_second = 0;
  std::size_t text_bytes = 3000;     ///< of long messages, at most
  std::uint32_t texts_per_long = 9;  ///< one of so many is long
  Instant mailbox_delay{5};          ///< at most, from the sequencer to a floor
  Instant reader_delay{5};           ///< at most, each way
  Instant link_delay{20};            ///< at most, for a frame
  std::uint64_t slow_floor = 0;      ///< a group reaches a floor late
  std::uint64_t failing_commit = 0;
  std::uint64_t failing_read = 0;
  std::uint64_t cutting = 0;  ///< a connection is cut when something is on its way on it
  [[nodiscard]] static Settings draw(Rng& rng);
};

/// One for each world.
struct Context {
  explicit Context(std::uint64_t seed);

  [[nodiscard]] bool chance(std::uint64_t per_mille) { return test::pick(rng, 1000) < per_mille; }
  [[nodiscard]] std::uint64_t pick(std::uint64_t bound) { return test::pick(rng, bound); }
  /// 0 to `most`; short ones are likelier.
  [[nodiscard]] Instant delay(Instant most);
  [[nodiscard]] Instant now() const noexcept { return schedule.now(); }
  [[nodiscard]] core::WallTime wall_now() const;

  Rng rng;
  SeededEntropy entropy;
  Settings settings;
  Schedule schedule;
  Trace trace;
  Instant wall_skew{0};  ///< how far the wall clock jumped
  auth::Seals seals;
  std::string origin = "http://127.0.0.1:8470";
};

/// Lower-case hex.
[[nodiscard]] std::string hex(std::string_view bytes);
/// Throws Broken unless `holds`.
inline void expect(bool holds, const char* what) {
  if (!holds) throw Broken{what};
}

}  // namespace enishi::property
