#include "bench/report.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace enishi::bench {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string padded(std::string text, std::size_t width, bool to_the_right) {
  if (text.size() >= width) return text;
  const std::string space(width - text.size(), ' ');
  return to_the_right ? space + text : text + space;
}

double since(std::uint64_t ns) { return 1e-9 * static_cast<double>(now_ns() - ns); }

std::string minutes(double seconds) {
  std::array<char, 32> text{};
  const int whole = static_cast<int>(std::max(0.0, std::ceil(seconds)));
  std::snprintf(text.data(), text.size(), "%d:%02d", whole / 60, whole % 60);
  return text.data();
}

nlohmann::json json_of(const Row& row) {
  nlohmann::json out{{"group", row.group}, {"name", row.name}, {"unit", row.unit}, {"note", row.note}};
  if (row.is_measured) {
    out["value"] = row.value;
    out["low"] = row.low;
    out["high"] = row.high;
  } else {
    out["value"] = nullptr;
  }
  if (row.floor) out["floor"] = *row.floor;
  for (const auto& [key, value] : row.more) out["more"][key] = value;
  return out;
}

}  // namespace

std::string short_number(double value) {
  std::array<char, 32> text{};
  const double size = std::abs(value);
  const char* unit = "";
  if (size >= 999'500) {
    value /= 1e6;
    unit = " M";
  } else if (size >= 99'950) {
    value /= 1e3;
    unit = " k";
  }
  const double shown = std::abs(value);
  const int digits = shown >= 99.95 || shown == 0 ? 0 : shown >= 9.995 ? 1 : shown >= 0.9995 ? 2 : 3;
  std::snprintf(text.data(), text.size(), "%.*f%s", digits, value, unit);
  return text.data();
}

Row median_row(std::string group, std::string name, std::string unit, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  Row row{std::move(group), std::move(name), std::move(unit)};
  row.value = values[values.size() / 2];
  row.low = values.front();
  row.high = values.back();
  return row;
}

Report::Report(std::string json_file, Machine machine, std::string commit, std::string arguments)
    : json_file_(std::move(json_file)),
      machine_(std::move(machine)),
      commit_(std::move(commit)),
      arguments_(std::move(arguments)) {}

void Report::add(Row row) {
  rows_.push_back(std::move(row));
  write();
}

void Report::set_ending(const std::string& ending) {
  ending_ = ending;
  write();
}

void Report::write() const {
  nlohmann::json out;
  out["machine"] = {{"cpu", machine_.cpu},
                    {"cores", machine_.cores},
                    {"memory_bytes", machine_.memory_bytes},
                    {"kernel", machine_.kernel},
                    {"system", machine_.system}};
  out["commit"] = commit_;
  out["arguments"] = arguments_;
  out["written_at"] = utc_now();
  out["ending"] = ending_;
  out["notes"] = notes_;
  out["rows"] = nlohmann::json::array();
  for (const auto& row : rows_) out["rows"].push_back(json_of(row));
  const auto folder = std::filesystem::path(json_file_).parent_path();
  std::error_code ignored;
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  // Under its name there is always a whole file.
  const auto unfinished = json_file_ + ".unfinished";
  std::ofstream(unfinished) << out.dump(1) << '\n';
  std::filesystem::rename(unfinished, json_file_, ignored);
}

std::string Report::table() const {
  const bool has_floor = std::any_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.floor.has_value(); });
  std::size_t name_width = 0;
  for (const auto& row : rows_) name_width = std::max(name_width, row.name.size());
  std::string out = machine_.cpu + ", " + std::to_string(machine_.cores) + " cores, " +
                    std::to_string(machine_.memory_bytes >> 30U) + " GiB, " + machine_.kernel + ", " + machine_.system +
                    "\ncommit " + commit_ + ", " + utc_now() + "\n";
  for (const auto& note : notes_) out += "note: " + note + "\n";
  std::string group;
  for (const auto& row : rows_) {
    if (row.group != group) out += "\n" + row.group + "\n";
    group = row.group;
    out += "  " + padded(row.name, name_width, false);
    if (row.is_measured) {
      out += padded(short_number(row.value), 10, true) + " " + padded(row.unit, 20, false);
      const bool varies = row.low != row.high;
      out += padded(varies ? "(" + short_number(row.low) + " - " + short_number(row.high) + ")" : "", 22, false);
      if (has_floor && row.floor)
        out +=
            padded("floor " + short_number(*row.floor) + ", " + short_number(row.value / *row.floor) + "x", 24, false);
    } else {
      out += "  not measured: ";
    }
    while (out.ends_with(' ') && row.note.empty()) out.pop_back();
    out += (row.is_measured && !row.note.empty() ? " " : "") + row.note + "\n";
  }
  return out;
}

Progress::Progress(double expected_seconds)
    : is_terminal_(isatty(STDERR_FILENO) == 1),
      started_ns_(now_ns()),
      expected_s_(expected_seconds),
      step_began_ns_(started_ns_) {}

Progress::~Progress() { clear_line(); }

void Progress::begin(const std::string& step, double expected_seconds) {
  done_s_ += step_s_;
  step_s_ = expected_seconds;
  step_ = step;
  step_began_ns_ = now_ns();
  drawn_ns_ = 0;
  const auto left = std::max(expected_s_ - done_s_, expected_seconds);
  if (is_terminal_) return draw("");
  std::fprintf(stderr, "%6.1f s  %s (about %s left)\n", since(started_ns_), step.c_str(), minutes(left).c_str());
}

void Progress::show(const std::string& rate) {
  if (is_terminal_ && now_ns() - drawn_ns_ > 100'000'000) draw(rate);
}

void Progress::say(const std::string& line) {
  clear_line();
  std::fprintf(stderr, "%6.1f s  %s\n", since(started_ns_), line.c_str());
}

void Progress::draw(const std::string& rate) {
  constexpr int kWidth = 24;
  drawn_ns_ = now_ns();
  const double done = done_s_ + std::min(since(step_began_ns_), step_s_);
  const double total = std::max(expected_s_, done + 1e-3);
  const int full = static_cast<int>(kWidth * done / total);
  std::string bar(static_cast<std::size_t>(full), '#');
  bar.resize(kWidth, '.');
  clear_line();
  std::fprintf(stderr, "[%s] %s left  %s  %s", bar.c_str(), minutes(total - done).c_str(), step_.c_str(), rate.c_str());
  std::fflush(stderr);
}

void Progress::clear_line() const {
  if (is_terminal_) std::fputs("\r\033[K", stderr);
}

}  // namespace enishi::bench
