// enishi_bench: measures the daemon that was built beside it. ./dev bench runs it.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "bench/measures.h"

namespace enishi::bench {
namespace {

constexpr int kDone = 0, kFailed = 1, kUsage = 2, kCutShort = 130;

struct Options {
  bool quick = false, smoke = false;
  std::string out, floor;
  std::vector<std::string> only;
};

Effort effort_of(const Options& options) {
  Effort effort;
  if (options.smoke) {
    effort.crowd = effort.reconnects = 20;
    effort.idle_low = 10;
    effort.idle_high = 30;
    effort.rooms = {2, 10};
    effort.windows = {1};
    effort.repeats = effort.resumes = effort.starts = 1;
    effort.warm_s = 0.01;
    effort.window_s = effort.durable_s = 0.05;
    effort.latency_s = 0.2;
    effort.latency_rate = 500;
    effort.behind_conversations = 5;
    effort.behind_each = 4;
    effort.log_messages = 2000;
    effort.batons = 5;
  } else if (!options.quick) {
    effort.repeats = 5;
    effort.window_s = 2;
    effort.durable_s = 4;
    effort.latency_s = 30;
    effort.resumes = 21;
    effort.starts = 5;
    effort.batons = 2000;
  }
  return effort;
}

/// Where the program itself stands is where the daemon of the same build is; ./dev and ctest say it themselves.
void fill_environment() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  setenv("ENISHI_BIN", self.parent_path().c_str(), 0);
  setenv("ENISHI_SOURCE", std::filesystem::current_path().c_str(), 0);
}

/// The floor server to compare with: the one that is named, or the one that the peers' bench was built to.
std::string floor_of(const Options& options) {
  if (options.floor == "none") return {};
  if (!options.floor.empty()) return options.floor;
  const auto usual = test::source_file("build/peers/floor_server");
  return !options.smoke && access(usual.c_str(), X_OK) == 0 ? usual : "";
}

/// Removes the data directory when it goes.
struct Scratch {
  explicit Scratch(const std::string& out)
      : path(std::filesystem::absolute(std::filesystem::path(out).parent_path() /
                                       ("data-" + std::to_string(getpid())))) {
    std::filesystem::create_directories(path.parent_path());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path path;
};

/// What else the machine does, by which the figures are to be read.
void probe_machine(Report& report, const std::string& directory) {
  const char* group = "The machine meanwhile";
  if (const auto times = flush_times(directory); !times.empty()) {
    auto row = median_row(group, "flush of 8 KiB to its disk, median", "ms", times);
    row.low = times.front();
    row.high = times[times.size() * 99 / 100];
    row.note = "up to p99";
    report.add(std::move(row));
  }
  Row load{group, "load average at the beginning", "processes", load_average()};
  load.low = load.high = load.value;
  report.add(std::move(load));
}

/// The measures in their order; one that fails is a row that says why, and the next one is tried.
class Run {
 public:
  Run(Bench& bench, const Options& options) : bench_(bench), options_(options) {}

  void all() {
    populate(bench_);
    // Idle sessions first: they get the tickets and cursors that reconnecting needs.
    measure("idle", [this] { measure_idle(bench_); });
    measure("reconnect", [this] { measure_reconnect(bench_); });
    const bool needs_rooms = wanted("fan_out") || wanted("latency") || wanted("durable");
    if (needs_rooms && attempt("rooms", [this] { rooms_ = furnish(bench_); })) {
      measure("fan_out", [this] { measure_fan_out(bench_, rooms_); });
      measure("latency", [this] { measure_latency(bench_, rooms_); });
      if (is_furnished_) measure("durable", [this] { measure_durable(bench_); });
      recover();
    }
    measure("resume", [this] { measure_resume(bench_); });
    measure("start", [this] { measure_start(bench_); });
    measure("baton", [this] { measure_baton(bench_); });
  }
  [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }

 private:
  [[nodiscard]] bool wanted(const std::string& name) const {
    return options_.only.empty() || std::find(options_.only.begin(), options_.only.end(), name) != options_.only.end();
  }
  void measure(const std::string& name, const std::function<void()>& what) {
    if (wanted(name)) (void)attempt(name, what);
  }
  bool attempt(const std::string& name, const std::function<void()>& what) {
    try {
      what();
      return true;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      has_failed_ = true;
      is_furnished_ = false;
      bench_.progress.say(name + " failed: " + error.what());
      Row row{"Not measured", name, ""};
      row.is_measured = false;
      row.note = error.what();
      bench_.report.add(std::move(row));
      recover();
      return false;
    }
  }
  /// Nobody connected, and a daemon that runs.
  void recover() {
    bench_.swarm->drop_all();
    // One that ended by itself has no memory.
    if (!bench_.daemon->is_running() || pss_bytes(bench_.daemon->pid()) == 0) bench_.start_daemon();
    bench_.settle(0.2);
  }

  Bench& bench_;
  const Options& options_;
  std::vector<Rooms> rooms_;
  bool has_failed_ = false, is_furnished_ = true;
};

int run(const Options& options, const std::string& arguments) {
  const bool has_two_cores = this_machine().cores >= 2 && pin_to(1);
  if (raise_descriptor_limit() < 5000)
    std::fprintf(stderr, "the limit of open descriptors is low; sessions may be refused\n");
  Scratch scratch(options.out);
  Report report(options.out, this_machine(), source_commit(test::source_file(".")), arguments);
  const auto floor = floor_of(options);
  report.set_note(has_two_cores ? "server on core 0, load on core 1; one network thread, rate limits off"
                                : "server and load share one core; one network thread, rate limits off");
  report.set_note("CPU and bytes hold on a busy machine; rates, latencies and start times only on a quiet one");
  if (floor.empty())
    report.set_note(
        "no floor server: its columns are left out (build the peers' bench to build/peers, or --floor PATH)");
  const auto began = now_ns();
  int status = kDone;
  std::string ending = "complete";
  {
    Progress progress(options.smoke ? 4 : options.quick ? 120 : 400);
    Bench bench{effort_of(options), floor, scratch.path.string(), report, progress, has_two_cores};
    Run all(bench, options);
    try {
      probe_machine(report, scratch.path.parent_path().string());
      all.all();
      if (all.has_failed()) status = kFailed;
    } catch (const Interrupted&) {
      ending = "cut short by the person at the keyboard";
      status = kCutShort;
    } catch (const std::exception& error) {
      ending = std::string("failed: ") + error.what();
      status = kFailed;
    }
  }
  report.set_ending(ending);
  std::printf("%s\n%s after %.0f s; %s\n", report.table().c_str(), ending.c_str(),
              1e-9 * static_cast<double>(now_ns() - began), options.out.c_str());
  return status;
}

int command_line(int argc, char** argv) {
  CLI::App app{"Measures the enishid that was built beside this program, on loopback, with data that is removed again",
               "./dev bench"};
  Options options;
  app.add_flag("--quick", options.quick, "Under three minutes");
  app.add_flag("--smoke", options.smoke, "Some seconds, to see that everything runs; the figures mean nothing")
      ->excludes("--quick");
  app.add_option("--floor", options.floor,
                 "The floor server of the peers' bench, or none; default build/peers/floor_server where it is there");
  app.add_option("--out", options.out, "JSON file; default build/bench/quick.json, full.json or smoke.json");
  app.add_option("--only", options.only, "Only these: idle, reconnect, fan_out, latency, durable, resume, start, baton")
      ->delimiter(',')
      ->check(CLI::IsMember({"idle", "reconnect", "fan_out", "latency", "durable", "resume", "start", "baton"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (options.out.empty())
    options.out = std::string("build/bench/") + (options.smoke ? "smoke" : options.quick ? "quick" : "full") + ".json";
  std::string arguments;
  for (int i = 1; i < argc; ++i) arguments += (i > 1 ? " " : "") + std::string(argv[i]);
  fill_environment();
  watch_for_interrupt();
  return run(options, arguments);
}

}  // namespace
}  // namespace enishi::bench

int main(int argc, char** argv) {
  try {
    return enishi::bench::command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "enishi_bench: %s\n", error.what());
    return enishi::bench::kFailed;
  }
}
