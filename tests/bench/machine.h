// What the kernel tells of the machine, of processes and of time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace enishi::bench {

/// The machine that a result belongs to.
struct Machine {
  std::string cpu, kernel, system;
  unsigned cores = 0;
  std::uint64_t memory_bytes = 0;
};
[[nodiscard]] Machine this_machine();
/// Short hash of the source tree's commit, "+" behind it when files differ from it; "unknown" without git.
[[nodiscard]] std::string source_commit(const std::string& source);

/// Binds the calling thread, and the processes it starts from now on, to one core. False: the kernel refused.
bool pin_to(int core);
/// Binds to any core again.
bool unpin();
/// Raises the limit of open descriptors to what is allowed; returns it.
std::uint64_t raise_descriptor_limit();

/// Steady nanoseconds.
[[nodiscard]] inline std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

/// CPU seconds (user and system) that a process has used in all its threads, ended ones too. Nanosecond resolution.
[[nodiscard]] double cpu_seconds(pid_t process);
/// The same for each present thread, by its name; threads of one name are summed.
[[nodiscard]] std::map<std::string, double> cpu_by_thread(pid_t process);
/// Milliseconds that the disk takes for a flush (fdatasync) of 8 KiB appended to a file in `directory`: sorted, 200 of
/// them. Empty: no file can be written there.
[[nodiscard]] std::vector<double> flush_times(const std::string& directory);
/// Processes that ran or waited to, over the last minute.
[[nodiscard]] double load_average();
/// Proportional set size in bytes: user memory, shared pages divided among their users. 0: it cannot be read.
[[nodiscard]] std::uint64_t pss_bytes(pid_t process);

}  // namespace enishi::bench
