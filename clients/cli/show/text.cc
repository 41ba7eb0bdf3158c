#include "cli/show/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "cli/show/clusters.h"

namespace enishi::cli {
namespace {

constexpr std::string_view kFirstStrongIsolate = "\u2068";
constexpr std::string_view kPopIsolate = "\u2069";

bool is_control(std::int32_t point) {
  return (point >= 0 && point < 0x20) || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
}

bool is_embedding(std::int32_t point) { return point >= 0x202A && point <= 0x202E; }
bool is_isolate(std::int32_t point) { return point >= 0x2066 && point <= 0x2068; }

bool is_right_to_left(std::int32_t point) {
  const auto direction = utf8proc_get_property(point)->bidi_class;
  return direction == UTF8PROC_BIDI_CLASS_R || direction == UTF8PROC_BIDI_CLASS_AL ||
         direction == UTF8PROC_BIDI_CLASS_AN;
}

std::string written_out(const Point& point) {
  switch (point.value) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  std::array<char, 16> text{};
  if (point.value < 0)
    std::snprintf(text.data(), text.size(), "\\x%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(point.bytes[0])));
  else if (point.value < 0x80)
    std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned>(point.value));
  else
    std::snprintf(text.data(), text.size(), "\\u{%x}", static_cast<unsigned>(point.value));
  return text.data();
}

}  // namespace

std::string safe_line(std::string_view text) {
  std::string safe;
  std::size_t open = 0;
  bool turns = false;
  while (!text.empty()) {
    const auto point = take_point(text);
    const bool closes = point.value == 0x2069;
    if (point.value < 0 || is_control(point.value) || is_embedding(point.value) || (closes && open == 0)) {
      safe += written_out(point);
      continue;
    }
    if (is_isolate(point.value)) ++open;
    if (closes) --open;
    turns = turns || is_isolate(point.value) || is_right_to_left(point.value);
    safe += point.bytes;
  }
  for (; open > 0; --open) safe += kPopIsolate;
  if (!turns) return safe;
  return std::string(kFirstStrongIsolate) + safe + std::string(kPopIsolate);
}

std::string safe_lines(std::string_view text, std::size_t indent) {
  std::string safe;
  while (true) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, end));
    for (auto tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', tab)) line.replace(tab, 1, "    ");
    safe += safe_line(line);
    if (end == std::string_view::npos) return safe;
    safe += "\n" + std::string(indent, ' ');
    text.remove_prefix(end + 1);
  }
}

std::string without_controls(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const auto point = take_point(text);
    if (point.value != '\n' && (point.value < 0 || is_control(point.value)))
      safe += written_out(point);
    else
      safe += point.bytes;
  }
  return safe;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const auto& cluster : clusters_of(text)) width += cluster.columns;
  return width;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::string cut;
  std::size_t width = 0;
  std::size_t open = 0;
  for (const auto& cluster : clusters_of(text)) {
    if (width + cluster.columns > columns - 1) break;
    width += cluster.columns;
    cut += cluster.bytes;
  }
  // What was opened before the cut is closed after it.
  for (std::string_view rest = cut; !rest.empty();) {
    const auto point = take_point(rest);
    if (is_isolate(point.value)) ++open;
    if (point.value == 0x2069 && open > 0) --open;
  }
  cut += "…";
  for (; open > 0; --open) cut += kPopIsolate;
  return cut;
}

std::string columns_of(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace enishi::cli
