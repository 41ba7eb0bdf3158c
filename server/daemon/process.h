// This process as the system sees it: limits, signals, memory, log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "daemon/configuration.h"

namespace enishi::daemon {

/// Takes the numbers of standard streams that are closed, raises RLIMIT_NOFILE to its hard limit, ignores SIGPIPE, and
/// sees to it that no core dump and no debugger of the same user gets at keys and secrets. Called before anything
/// secret is read.
void harden_process();

enum class Signal : std::uint8_t {
  none,    ///< none came
  stop,    ///< SIGTERM or SIGINT
  reload,  ///< SIGHUP
};
/// Blocks these signals in this and all later threads, so that next_signal() is the one place that sees them.
void block_signals();
/// Waits for one at most so long. Main thread.
[[nodiscard]] Signal next_signal(std::chrono::milliseconds wait);

/// Logs go to standard error, and to the file where one is configured. Throws Failure{bad_configuration} when the file
/// cannot be opened.
void set_up_log(const Settings& settings);

/// Resident memory of this process in bytes; 0 when unknown.
[[nodiscard]] std::uint64_t resident_bytes();
/// Open descriptors of this process; 0 when unknown.
[[nodiscard]] std::uint64_t open_descriptors();

}  // namespace enishi::daemon
