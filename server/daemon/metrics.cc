#include "daemon/metrics.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "daemon/process.h"
#include "storage/sqlite/sqlite_store.h"

namespace enishi::daemon {
namespace {

using transport::LoopCounters;

std::uint64_t read(const std::atomic<std::uint64_t>& count) { return count.load(std::memory_order_relaxed); }

/// Shortest form that tells the value; "C" locale, as the format wants it.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// Writes families of the text format.
class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_ += "# HELP enishi_" + std::string(name) + " " + std::string(help) + "\n";
    text_ += "# TYPE enishi_" + std::string(name) + " " + std::string(type) + "\n";
  }
  void sample(std::string_view name_and_labels, const std::string& value) {
    text_ += "enishi_" + std::string(name_and_labels) + " " + value + "\n";
  }
  void single(std::string_view name, std::string_view type, std::string_view help, const std::string& value) {
    family(name, type, help);
    sample(name, value);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

struct LoopFamily {
  const char* name;
  const char* type;
  const char* help;
  LoopCounters::Count LoopCounters::*count;
};
constexpr LoopFamily kLoopFamilies[] = {
    {"sessions", "gauge", "Sessions that are open", &LoopCounters::sessions},
    {"sessions_opened_total", "counter", "Upgrades that became sessions", &LoopCounters::sessions_opened},
    {"sessions_closed_by_peer_total", "counter", "Sessions that the peer ended",
     &LoopCounters::sessions_closed_by_peer},
    {"sessions_closed_by_us_total", "counter", "Sessions that the daemon ended", &LoopCounters::sessions_closed_by_us},
    {"handshakes_refused_total", "counter", "Requests and upgrades that came to nothing",
     &LoopCounters::handshakes_refused},
    {"files_sent_total", "counter", "Requests for files of the web client that were answered",
     &LoopCounters::files_sent},
    {"handshakes_late_total", "counter", "Connections without a whole request in time", &LoopCounters::handshakes_late},
    {"frames_in_total", "counter", "Messages received", &LoopCounters::frames_in},
    {"frames_out_total", "counter", "Messages sent", &LoopCounters::frames_out},
    {"bytes_in_total", "counter", "Bytes received", &LoopCounters::bytes_in},
    {"bytes_out_total", "counter", "Bytes sent", &LoopCounters::bytes_out},
    {"writes_total", "counter", "Gathering writes", &LoopCounters::writes},
    {"faults_total", "counter", "Sessions ended for a violation", &LoopCounters::faults},
    {"loop_turns_total", "counter", "Flushes of waiting sessions", &LoopCounters::turns},
    {"letters_dropped_total", "counter", "Signals dropped between loops", &LoopCounters::letters_dropped},
    {"queries_refused_total", "counter", "Questions refused for a full queue", &LoopCounters::queries_refused},
    {"commands_refused_total", "counter", "Commands refused for a full inbox", &LoopCounters::commands_refused},
};

void write_loops(Page& page, const transport::Loops& loops) {
  const auto all = loops.counters();
  for (const auto& family : kLoopFamilies) {
    page.family(family.name, family.type, family.help);
    for (std::size_t i = 0; i < all.size(); ++i)
      page.sample(std::string(family.name) + "{loop=\"" + std::to_string(i) + "\"}",
                  std::to_string(read(all[i]->*family.count)));
  }
  page.single("handshakes", "gauge", "Connections that have proven nothing yet", std::to_string(loops.handshakes()));
  page.single("secret_tries_refused_total", "counter",
              "Secrets of strangers that were not looked at for too many tries",
              std::to_string(loops.guesses().refused()));
  page.single("secret_tries_alarm", "gauge", "1 while the hourly limit of unknown secrets refuses everybody",
              loops.guesses().is_alarmed() ? "1" : "0");
  page.single("queries_waiting", "gauge", "Questions that wait for a reader", std::to_string(loops.queries_waiting()));
}

void write_commits(Page& page, const CommitCounters& commits) {
  page.single("groups_total", "counter", "Groups committed", std::to_string(read(commits.groups)));
  page.single("commands_total", "counter", "Commands committed", std::to_string(read(commits.commands)));
  page.single("groups_refused_total", "counter", "Groups that could not be written",
              std::to_string(read(commits.refused)));
  page.family("commit_seconds", "histogram", "Time of one commit, flush included");
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < CommitCounters::kBounds.size(); ++i) {
    below += read(commits.buckets[i]);
    page.sample("commit_seconds_bucket{le=\"" + number(CommitCounters::kBounds[i]) + "\"}", std::to_string(below));
  }
  below += read(commits.buckets.back());
  page.sample("commit_seconds_bucket{le=\"+Inf\"}", std::to_string(below));
  page.sample("commit_seconds_sum", number(static_cast<double>(read(commits.nanoseconds)) / 1e9));
  page.sample("commit_seconds_count", std::to_string(below));
}

std::string file_bytes(const std::string& path) {
  struct stat found {};
  return std::to_string(stat(path.c_str(), &found) == 0 ? found.st_size : 0);
}

}  // namespace

core::Result<void> MeasuredWriter::commit(const core::Batch& batch) {
  const auto begin = std::chrono::steady_clock::now();
  const auto done = writer_.commit(batch);
  const auto took = std::chrono::steady_clock::now() - begin;
  if (!done) {
    counters_.refused.fetch_add(1, std::memory_order_relaxed);
    return done;
  }
  const double seconds = std::chrono::duration<double>(took).count();
  const auto* bound = std::lower_bound(CommitCounters::kBounds.begin(), CommitCounters::kBounds.end(), seconds);
  counters_.buckets[static_cast<std::size_t>(bound - CommitCounters::kBounds.begin())].fetch_add(
      1, std::memory_order_relaxed);
  counters_.nanoseconds.fetch_add(static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()),
                                  std::memory_order_relaxed);
  counters_.groups.fetch_add(1, std::memory_order_relaxed);
  counters_.commands.fetch_add(batch.changes.size(), std::memory_order_relaxed);
  return done;
}

std::string metrics_text(const MetricsSources& sources) {
  Page page;
  page.family("build_info", "gauge", "Constant 1, labelled with the version");
  page.sample("build_info{version=\"" + std::string(kVersion) + "\"}", "1");
  write_loops(page, sources.loops);
  page.single("sequencer_inbox", "gauge", "Commands that wait to be decided",
              std::to_string(sources.sequencer.inbox().size()));
  write_commits(page, sources.commits);
  const auto database = sources.data_directory + "/" + storage::kSqliteFile;
  page.single("database_bytes", "gauge", "Size of the database file", file_bytes(database));
  page.single("wal_bytes", "gauge", "Size of the write-ahead log", file_bytes(database + "-wal"));
  page.single("resident_bytes", "gauge", "Resident memory of the process", std::to_string(resident_bytes()));
  page.single("open_descriptors", "gauge", "Open file descriptors of the process", std::to_string(open_descriptors()));
  const auto since = std::chrono::duration_cast<std::chrono::seconds>(sources.started.time_since_epoch()).count();
  page.single("start_time_seconds", "gauge", "When the daemon started, seconds since 1970", std::to_string(since));
  return page.take();
}

}  // namespace enishi::daemon
