#include "cli/show/printer.h"

#include <nlohmann/json.hpp>

#include "cli/show/text.h"
#include "cli/show/times.h"

namespace enishi::cli {
namespace {

/// nlohmann escapes C0 only. What is left that may command a terminal stands inside of strings, where \u means the
/// same: DEL, C1 (UTF-8: C2 80-9F), line separators and bidi controls (E2 80 A8-AE, E2 81 A6-A9).
std::string without_commands(const std::string& json) {
  std::string safe;
  const auto byte = [&](std::size_t at) { return at < json.size() ? static_cast<unsigned char>(json[at]) : 0U; };
  const auto escape = [&](unsigned point) {
    char text[8];
    std::snprintf(text, sizeof text, "\\u%04x", point);
    safe += text;
  };
  for (std::size_t at = 0; at < json.size(); ++at) {
    const unsigned first = byte(at), second = byte(at + 1), third = byte(at + 2);
    if (first == 0x7F) {
      escape(0x7F);
    } else if (first == 0xC2 && second >= 0x80 && second <= 0x9F) {
      escape(second);
      at += 1;
    } else if (first == 0xE2 && ((second == 0x80 && third >= 0xA8 && third <= 0xAE) ||
                                 (second == 0x81 && third >= 0xA6 && third <= 0xA9))) {
      escape(0x2000U + ((second - 0x80U) << 6U) + (third - 0x80U));
      at += 2;
    } else {
      safe.push_back(json[at]);
    }
  }
  return safe;
}

}  // namespace

Value::Value(std::string_view text)
    : json_(without_commands(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))) {}

Value::Value(const Record& object) : json_(object.json()) {}

Value::Value(const std::vector<Record>& array) {
  for (const auto& each : array) json_ += (json_.empty() ? "" : ",") + each.json();
  json_ = "[" + json_ + "]";
}

Record& Record::add(const char* name, const Value& value) {
  if (!fields_.empty()) fields_ += ",";
  fields_ += "\"" + std::string(name) + "\":" + value.json();
  return *this;
}

Value time_value(std::int64_t ms) {
  if (ms == 0) return nullptr;
  return rfc3339(ms);
}

Printer::Printer(bool json, std::FILE* out, std::FILE* err) : json_(json), out_(out), err_(err) {}

void Printer::put(std::FILE* stream, const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if ((std::fflush(stream) != 0 || !written) && stream == out_) lost_ = true;
}

void Printer::print(const Record& record, const std::string& human) {
  if (json_) return put(out_, record.json() + "\n");
  if (!human.empty()) put(out_, without_controls(human) + "\n");
}

void Printer::row(const Record& record, std::vector<std::string> cells) {
  if (json_) return put(out_, record.json() + "\n");
  rows_.push_back(std::move(cells));
}

void Printer::end_table(std::vector<std::string> heads) {
  if (rows_.empty()) return;
  rows_.insert(rows_.begin(), std::move(heads));
  put(out_, without_controls(columns_of(rows_)));
  rows_.clear();
}

void Printer::fail(const Failure& failure) {
  if (json_) {
    Record record;
    record.add("code", failure.code).add("text", failure.text);
    record.add("retry_after_ms", std::uint64_t{failure.retry_after_ms});
    return put(err_, record.json() + "\n");
  }
  put(err_, "enishi: " + failure.code + ": " + safe_line(failure.text) + "\n");
}

void Printer::note(const std::string& line, bool open) { put(err_, without_controls(line) + (open ? "" : "\n")); }

}  // namespace enishi::cli
