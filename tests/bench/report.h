// What was measured, as a table for people and as JSON for programs, and what is going on meanwhile.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/machine.h"

namespace enishi::bench {

/// One figure. `low` and `high`: least and greatest of the repeats behind it, equal to `value` for a single one.
struct Row {
  std::string group, name, unit;
  double value = 0, low = 0, high = 0;
  std::optional<double> floor{};  ///< the floor server on the same work in the same run, same unit
  std::string note{};             ///< why there is no figure, or what to know about it
  bool is_measured = true;
  std::map<std::string, double> more{};  ///< JSON only
};
/// The median of `values`, with least and greatest. Not empty.
[[nodiscard]] Row median_row(std::string group, std::string name, std::string unit, std::vector<double> values);

/// Collects rows; writes the JSON file anew after each, so that a run cut short keeps what it measured.
class Report {
 public:
  Report(std::string json_file, Machine machine, std::string commit, std::string arguments);

  void add(Row row);
  void set_note(const std::string& note) { notes_.push_back(note); }
  /// Why the run ended early; empty: it is complete.
  void set_ending(const std::string& ending);
  /// The table; the floor's columns only when there are such figures.
  [[nodiscard]] std::string table() const;
  [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }

 private:
  void write() const;

  const std::string json_file_;
  const Machine machine_;
  const std::string commit_, arguments_;
  std::vector<std::string> notes_;
  std::string ending_ = "still running";
  std::vector<Row> rows_;
};

/// On standard error: a bar with rate and remaining time on a terminal, plain lines in a pipe.
class Progress {
 public:
  /// `expected_seconds` of all steps together, for the remaining time.
  explicit Progress(double expected_seconds);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// A step begins that is expected to take so long; the one before it is over.
  void begin(const std::string& step, double expected_seconds);
  /// What the present step does, e.g. "312 k deliveries/s"; drawn at most ten times a second, on a terminal only.
  void show(const std::string& rate);
  /// A line of its own.
  void say(const std::string& line);

 private:
  void draw(const std::string& rate);
  void clear_line() const;

  const bool is_terminal_;
  const std::uint64_t started_ns_;
  double expected_s_, done_s_ = 0, step_s_ = 0;
  std::uint64_t step_began_ns_, drawn_ns_ = 0;
  std::string step_;
};

/// A number with three significant digits and k or M.
[[nodiscard]] std::string short_number(double value);

}  // namespace enishi::bench
