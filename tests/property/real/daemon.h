// A daemon of real parts: SQLite file, sequencer thread, loops, readers, listening socket.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <thread>

#include "cpp/secrets.h"
#include "property/real/judge.h"
#include "runtime/clock.h"

namespace enishi::property::real {

/// The system's clocks; the wall clock jumps when told to. Any thread.
class JumpingClock final : public runtime::Clock {
 public:
  [[nodiscard]] std::chrono::steady_clock::time_point now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] core::WallTime wall_now() const override;
  void jump(std::chrono::milliseconds by) { skew_ms_ += by.count(); }
  /// What this thread was told last: for the sequencer's, the time of its present step.
  [[nodiscard]] static core::WallTime last_told();

 private:
  std::atomic<std::int64_t> skew_ms_ = 0;
};

/// Wired as server/daemon does it, with two places in between: the way to the sequencer's inbox, and the writer before
/// the store. There the judge listens, and there the daemon can die as by kill -9: nothing more is written or told, and
/// the next start finds a copy of the files as they lay at that moment. Owner: the test's thread.
class Daemon {
 public:
  enum class Death : std::uint8_t { none, before_commit, after_commit };

  /// `directory` is empty; files are in directories below it.
  Daemon(Context& context, Judge& judge, std::filesystem::path directory);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  void start();
  /// The operator's invitation for one.
  void invite(const client::Secret& secret);
  /// It dies with the next command that is to be committed; none: no more.
  void let_die(Death death) noexcept { death_ = death; }
  /// It has died. Nothing is left of it after bury(), which the sockets of its clients should not live to see.
  [[nodiscard]] bool is_dead() const noexcept;
  void bury();
  /// Ends in order, on a thread of its own; then end_stop().
  void begin_stop();
  [[nodiscard]] bool has_stopped() const noexcept;
  void end_stop();

  /// 0: it does not listen.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Groups that were handed to every loop.
  [[nodiscard]] std::uint64_t groups() const noexcept { return groups_; }
  /// Open at the daemon's end.
  [[nodiscard]] std::size_t sessions() const noexcept;
  /// What was taken in is committed and handed to every loop.
  [[nodiscard]] bool is_idle();
  [[nodiscard]] JumpingClock& clock() noexcept { return clock_; }

 private:
  struct Run;
  class Writer;
  void carry(Run& run);
  [[nodiscard]] std::filesystem::path place() const { return directory_ / std::to_string(copies_); }

  Context& context_;
  Judge& judge_;
  const std::filesystem::path directory_;
  JumpingClock clock_;
  std::uint64_t copies_ = 0;
  std::uint64_t operator_requests_ = 0;
  std::atomic<Death> death_ = Death::none;
  std::atomic<std::uint64_t> groups_ = 0;
  std::unique_ptr<Run> run_;
};

}  // namespace enishi::property::real
