// The one place that writes to standard output and standard error.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cli/failure.h"

namespace enishi::cli {

class Record;

/// One value of a JSON object, encoded. Texts are UTF-8.
class Value {
 public:
  Value(std::nullptr_t) : json_("null") {}
  template <std::same_as<bool> Flag>
  Value(Flag value) : json_(value ? "true" : "false") {}
  Value(std::uint64_t value) : json_(std::to_string(value)) {}
  Value(std::string_view text);
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const Record& object);
  Value(const std::vector<Record>& array);
  [[nodiscard]] const std::string& json() const noexcept { return json_; }

 private:
  std::string json_;
};

/// One object of --json: fields in the order of adding, snake_case, each once.
class Record {
 public:
  Record& add(const char* name, const Value& value);
  /// One line without the newline. Control characters and bidi controls inside of texts are escaped (\u001b): they
  /// parse to the same text, and do nothing to a terminal.
  [[nodiscard]] std::string json() const { return "{" + fields_ + "}"; }

 private:
  std::string fields_;
};

/// A time as JSON shows it: RFC 3339, null for 0 (unknown, none). `ms`: since 1970-01-01 UTC.
[[nodiscard]] Value time_value(std::int64_t ms);

/// Prints results and failures. Every line is flushed at once. Owner: main.
class Printer {
 public:
  /// Does not own the streams.
  Printer(bool json, std::FILE* out, std::FILE* err);
  [[nodiscard]] bool is_json() const noexcept { return json_; }
  /// A result: with --json the object, else `human` (one or more lines without the last newline; nothing when empty).
  void print(const Record& record, const std::string& human);
  /// A result that is a row of a table; with --json printed at once, else kept for end_table().
  void row(const Record& record, std::vector<std::string> cells);
  /// Prints the rows under `heads`, if there are any.
  void end_table(std::vector<std::string> heads);
  /// A page for people, as it stands (help), whatever --json says.
  void text(const std::string& page) { put(out_, page); }
  /// One line on standard error.
  void fail(const Failure& failure);
  /// Progress or a prompt on standard error, as a line (or, `open`, without its end).
  void note(const std::string& line, bool open = false);
  /// A result could not be written (a full disk, a closed stream).
  [[nodiscard]] bool has_lost() const noexcept { return lost_; }

 private:
  void put(std::FILE* stream, const std::string& text);

  bool json_;
  std::FILE* out_;
  std::FILE* err_;
  bool lost_ = false;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace enishi::cli
