#include "cli/screen/frame.h"

#include <algorithm>
#include <utility>

#include "cli/show/text.h"

namespace enishi::cli {
namespace {

// A terminal that does not know mode 2026 ignores it, and draws as it reads.
constexpr std::string_view kBegin = "\x1b[?2026h\x1b[?25l";
constexpr std::string_view kEnd = "\x1b[?2026l";
constexpr std::string_view kPlain = "\x1b[0m";

std::string_view look_of(Style style, bool colours) {
  switch (style) {
    case Style::plain:
      return {};
    case Style::dim:
      return "\x1b[2m";
    case Style::strong:
      return "\x1b[1m";
    case Style::bar:
    case Style::chosen:
      return "\x1b[7m";
    case Style::mine:
      return colours ? "\x1b[32m" : "\x1b[1m";
    case Style::theirs:
      return colours ? "\x1b[1;36m" : "\x1b[1m";
    case Style::news:
      return colours ? "\x1b[1;33m" : "\x1b[1m";
    case Style::alert:
      return colours ? "\x1b[1;31m" : "\x1b[1m";
  }
  return {};
}

std::string at(std::size_t row, std::size_t column) {
  return "\x1b[" + std::to_string(row + 1) + ";" + std::to_string(column + 1) + "H";
}

}  // namespace

Row& Row::add(Style style, std::string text) {
  if (text.empty()) return *this;
  columns_ += width_of(text);
  if (!spans_.empty() && spans_.back().style == style)
    spans_.back().text += text;
  else
    spans_.push_back({style, std::move(text)});
  return *this;
}

Row& Row::pad_to(std::size_t column, Style style) {
  return columns_ < column ? add(style, std::string(column - columns_, ' ')) : *this;
}

std::string Row::text() const {
  std::string text;
  for (const auto& span : spans_) text += span.text;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

Row bar(Style style, const std::string& left, const std::string& right, std::size_t columns) {
  // What is on the right gives way when both do not fit in a sensible way.
  const auto wanted = width_of(right) + 2;
  const auto shown = wanted <= columns / 2 || wanted + width_of(left) <= columns ? right : std::string();
  const auto room = columns - std::min(columns, shown.empty() ? 0 : width_of(shown) + 2);
  Row row(style, cut_to(left, room));
  if (!shown.empty()) row.pad_to(columns - width_of(shown) - 1, style).add(style, shown);
  return row.pad_to(columns, style);
}

std::string Painter::paint(const Frame& frame, Size size) {
  std::string bytes(kBegin);
  if (size != size_ || shown_.empty()) {
    bytes += std::string(kPlain) + "\x1b[2J";
    shown_.assign(size.rows, Row());
    size_ = size;
  }
  for (std::size_t row = 0; row < size.rows; ++row) {
    const auto& wanted = row < frame.rows.size() ? frame.rows[row] : Row();
    if (wanted == shown_[row]) continue;
    bytes += at(row, 0);
    put(bytes, wanted, size.columns);
    shown_[row] = wanted;
  }
  if (frame.caret && frame.caret->row < size.rows)
    bytes += at(frame.caret->row, std::min(frame.caret->column, size.columns - 1)) + "\x1b[?25h";
  return bytes + std::string(kEnd);
}

void Painter::put(std::string& bytes, const Row& row, std::size_t columns) const {
  std::size_t left = columns;
  for (const auto& span : row.spans()) {
    const auto text = cut_to(span.text, left);
    // Where terminal and table of widths differ (emoji, ambiguous characters), what follows stands right all the same.
    if (left < columns) bytes += "\x1b[" + std::to_string(columns - left + 1) + "G";
    bytes += look_of(span.style, colours_);
    bytes += without_controls(text);
    if (span.style != Style::plain) bytes += kPlain;
    left -= std::min(left, width_of(text));
    if (left == 0) break;
  }
  // In the last column a terminal's cursor stands on what was just printed: nothing is erased there.
  if (left > 0) bytes += "\x1b[K";
}

}  // namespace enishi::cli
