#include "daemon/process.h"

#include <fcntl.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <initializer_list>

namespace enishi::daemon {
namespace {

sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void harden_process() {
  // A stream that the caller closed would else be given to the next file: "ready" would land in the data directory. The
  // least free number is given, so in this order each takes its own; writing there is an error.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) == -1) (void)open("/dev/null", O_RDONLY);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // the leak checker attaches to its own process
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  std::signal(SIGPIPE, SIG_IGN);
}

void block_signals() {
  const sigset_t set = our_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signal next_signal(std::chrono::milliseconds wait) {
  const sigset_t set = our_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
  const timespec time{seconds.count(), static_cast<long>(std::chrono::nanoseconds(wait - seconds).count())};
  const int signal = sigtimedwait(&set, nullptr, &time);
  if (signal <= 0) return Signal::none;
  return signal == SIGHUP ? Signal::reload : Signal::stop;
}

void set_up_log(const Settings& settings) {
  constexpr std::size_t kFileBytes = 10 * 1024 * 1024;
  constexpr std::size_t kOldFiles = 5;
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  try {
    if (!settings.log_file.empty())
      sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(settings.log_file, kFileBytes, kOldFiles));
  } catch (const spdlog::spdlog_ex&) {
    throw Failure{core::Errc::bad_configuration, "log.file: " + settings.log_file + " cannot be written"};
  }
  auto log = std::make_shared<spdlog::logger>("enishid", sinks.begin(), sinks.end());
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  log->set_level(spdlog::level::from_str(settings.log_level));
  log->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(log));
}

std::uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t open_descriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error))
    ++count;
  return count;
}

}  // namespace enishi::daemon
