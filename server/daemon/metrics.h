// What the operator's monitoring sees: numbers about the daemon, never about a member.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "sequencer/sequencer_thread.h"
#include "storage/store.h"
#include "transport/loops.h"

namespace enishi::daemon {

/// Written by the sequencer thread, read by anybody; relaxed.
struct CommitCounters {
  /// Upper bounds in seconds, the usual ones around an fsync of flash (0.1 ms to 10 ms) and of a bad day.
  static constexpr std::array<double, 12> kBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                     0.01,   0.025,   0.05,   0.1,   0.5,    2.5};
  using Count = std::atomic<std::uint64_t>;
  Count groups{0};
  Count commands{0};  ///< commands that wrote something
  Count refused{0};   ///< groups that could not be written
  Count nanoseconds{0};
  std::array<Count, kBounds.size() + 1> buckets{};
};

/// A Writer that measures another one. Owner: the sequencer thread; `writer` and `counters` outlive it.
class MeasuredWriter final : public storage::Writer {
 public:
  MeasuredWriter(storage::Writer& writer, CommitCounters& counters) : writer_(writer), counters_(counters) {}
  [[nodiscard]] core::Result<void> commit(const core::Batch& batch) override;
  [[nodiscard]] core::Result<void> begin_incarnation(const core::Incarnation& incarnation) override {
    return writer_.begin_incarnation(incarnation);
  }
  void idle() override { writer_.idle(); }

 private:
  storage::Writer& writer_;
  CommitCounters& counters_;
};

/// Where the numbers come from; all outlive the call.
struct MetricsSources {
  const transport::Loops& loops;
  sequencer::SequencerThread& sequencer;
  const CommitCounters& commits;
  std::string data_directory;  ///< for the sizes of database and write-ahead log
  std::chrono::system_clock::time_point started;
};

/// Prometheus text format 0.0.4. Any thread.
[[nodiscard]] std::string metrics_text(const MetricsSources& sources);
inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";
/// Version of the daemon, as `enishid version` and enishi_build_info say it.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace enishi::daemon
