#include "bench/machine.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/process.h"

namespace enishi::bench {
namespace {

/// What stands behind "KEY" and a separator in a file of lines; empty: no such line.
std::string value_in(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const auto at = line.find_first_of(":=");
    if (at == std::string::npos) continue;
    const auto first = line.find_first_not_of(" \t\"", at + 1);
    const auto last = line.find_last_not_of(" \t\"");
    return first == std::string::npos ? "" : line.substr(first, last - first + 1);
  }
  return {};
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.cpu = value_in("/proc/cpuinfo", "model name");
  machine.system = value_in("/etc/os-release", "PRETTY_NAME");
  utsname names{};
  if (uname(&names) == 0) machine.kernel = std::string(names.sysname) + " " + names.release;
  machine.cores = std::thread::hardware_concurrency();
  machine.memory_bytes = std::strtoull(value_in("/proc/meminfo", "MemTotal").c_str(), nullptr, 10) * 1024;
  return machine;
}

std::string source_commit(const std::string& source) {
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"/usr/bin/git", "-C", source});
    return test::run_command(words);
  };
  auto commit = git({"rev-parse", "--short=12", "HEAD"});
  if (commit.exit != 0) return "unknown";
  while (commit.out.ends_with('\n')) commit.out.pop_back();
  return commit.out + (git({"status", "--porcelain"}).out.empty() ? "" : "+");
}

bool pin_to(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

bool unpin() {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (unsigned core = 0; core < std::min<unsigned>(CPU_SETSIZE, 1024); ++core) CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

double cpu_seconds(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::map<std::string, double> cpu_by_thread(pid_t process) {
  std::map<std::string, double> seconds;
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task", error)) {
    std::ifstream name_file(task.path() / "comm"), time_file(task.path() / "schedstat");
    std::string name;
    double ns = 0;
    if (std::getline(name_file, name) && time_file >> ns) seconds[name] += 1e-9 * ns;
  }
  return seconds;
}

std::vector<double> flush_times(const std::string& directory) {
  constexpr int kFlushes = 200;
  const auto file = directory + "/flushed";
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return {};
  const std::string bytes(8192, 'x');
  std::vector<double> times;
  for (int i = 0; i < kFlushes; ++i) {
    const auto begun = now_ns();
    if (write(fd, bytes.data(), bytes.size()) < 0 || fdatasync(fd) != 0) break;
    times.push_back(1e-6 * static_cast<double>(now_ns() - begun));
  }
  close(fd);
  unlink(file.c_str());
  std::sort(times.begin(), times.end());
  return times;
}

double load_average() {
  double average = 0;
  std::ifstream("/proc/loadavg") >> average;
  return average;
}

std::uint64_t pss_bytes(pid_t process) {
  const auto file = "/proc/" + std::to_string(process) + "/smaps_rollup";
  return std::strtoull(value_in(file.c_str(), "Pss:").c_str(), nullptr, 10) * 1024;
}

}  // namespace enishi::bench
