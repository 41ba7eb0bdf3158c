#include "support/terminal/screen.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace enishi::test {
namespace {

std::size_t size_of(unsigned char first) { return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; }

std::uint32_t point_of(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  std::uint32_t point = bytes.size() == 1 ? first : first & (0x7FU >> bytes.size());
  for (const char c : bytes.substr(1)) point = (point << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  return point;
}

// Of its own, so that a mistake of the renderer's table of widths shows; good for the texts of tests.
std::size_t columns_of(std::uint32_t point) {
  const auto in = [point](std::uint32_t first, std::uint32_t last) { return point >= first && point <= last; };
  if (in(0x300, 0x36F) || in(0x2066, 0x2069) || point == 0x200D || point == 0xFE0F || in(0x1F3FB, 0x1F3FF)) return 0;
  if (in(0x1100, 0x115F) || in(0x2E80, 0xA4CF) || in(0xAC00, 0xD7A3) || in(0xF900, 0xFAFF) || in(0xFE30, 0xFE6F) ||
      in(0xFF00, 0xFF60) || in(0x1F300, 0x1FAFF))
    return 2;
  return 1;
}

}  // namespace

void Screen::resize(std::size_t rows, std::size_t columns) {
  columns_ = columns;
  cells_.assign(rows, std::vector<std::string>(columns, " "));
  row_ = column_ = 0;
}

void Screen::feed(std::string_view bytes) {
  rest_ += bytes;
  while (!rest_.empty() && take()) {
  }
}

bool Screen::take() {
  if (rest_[0] == '\x1b') {
    if (rest_.size() < 2) return false;
    std::size_t end = 2;
    while (rest_[1] == '[' && end < rest_.size() && (rest_[end] < 0x40 || rest_[end] > 0x7E)) ++end;
    if (rest_[1] == '[' && end == rest_.size()) return false;
    if (rest_[1] == '[')
      command(rest_.substr(2, end - 2), rest_[end]);
    else
      complaints_ += "ESC " + rest_.substr(1, 1) + "\n";
    rest_.erase(0, rest_[1] == '[' ? end + 1 : 2);
    return true;
  }
  const auto size = size_of(static_cast<unsigned char>(rest_[0]));
  if (rest_.size() < size) return false;
  const auto character = rest_.substr(0, size);
  rest_.erase(0, size);
  const auto point = point_of(character);
  if (point == '\r') {
    column_ = 0;
  } else if (point == '\n') {
    row_ = std::min(row_ + 1, cells_.size() - 1);
  } else if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
    complaints_ += "control " + std::to_string(point) + "\n";
  } else {
    put(character, columns_of(point));
  }
  return true;
}

void Screen::command(const std::string& parameters, char final) {
  const auto number = [&](std::size_t at) {
    std::size_t from = 0;
    for (; at > 0 && from != std::string::npos; --at) {
      from = parameters.find(';', from);
      if (from != std::string::npos) ++from;
    }
    const int value = from == std::string::npos ? 0 : std::atoi(parameters.c_str() + from);
    return static_cast<std::size_t>(std::max(value, 1)) - 1;
  };
  if (final == 'H') {
    row_ = std::min(number(0), cells_.size() - 1);
    column_ = std::min(number(1), columns_ - 1);
  } else if (final == 'G') {
    column_ = std::min(number(0), columns_ - 1);
  } else if (final == 'K' && parameters.empty()) {
    for (auto at = column_; at < columns_; ++at) cells_[row_][at] = " ";
  } else if (final == 'J' && parameters == "2") {
    for (auto& row : cells_) std::ranges::fill(row, " ");
  } else if ((final == 'h' || final == 'l') && parameters.starts_with('?')) {
    const int mode = std::atoi(parameters.c_str() + 1);
    if (final == 'h')
      modes_.insert(mode);
    else
      modes_.erase(mode);
  } else if (final != 'm') {
    complaints_ += "CSI " + parameters + final + "\n";
  }
}

void Screen::put(std::string_view character, std::size_t columns) {
  if (columns == 0) {
    for (auto at = column_; at > 0; --at)
      if (!cells_[row_][at - 1].empty()) return void(cells_[row_][at - 1] += character);
    return;
  }
  if (column_ + columns > columns_) {
    complaints_ += "past the last column: " + std::string(character) + "\n";
    return;
  }
  cells_[row_][column_] = character;
  if (columns == 2) cells_[row_][column_ + 1].clear();
  column_ += columns;
}

std::string Screen::row(std::size_t at) const {
  std::string text;
  for (const auto& cell : cells_.at(at)) text += cell;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string Screen::text() const {
  std::string text;
  for (std::size_t at = 0; at < cells_.size(); ++at) text += row(at) + "\n";
  return text;
}

}  // namespace enishi::test
