#include "cli/show/wrap.h"

#include <algorithm>
#include <utility>

#include "cli/show/clusters.h"
#include "cli/show/text.h"

namespace enishi::cli {
namespace {

constexpr std::string_view kTab = "    ";

/// One cluster as it is printed.
struct Cell {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string shown;
  std::size_t columns = 0;
};

bool is_isolate(std::string_view cluster) {
  auto rest = cluster;
  const auto point = take_point(rest).value;
  return rest.empty() && point >= 0x2066 && point <= 0x2069;
}

std::string without_isolates(std::string_view cluster) {
  std::string kept;
  while (!cluster.empty())
    if (const auto point = take_point(cluster); point.value < 0x2066 || point.value > 0x2069) kept += point.bytes;
  return kept;
}

std::vector<Cell> cells_of(std::string_view line, std::size_t begin) {
  std::vector<Cell> cells;
  for (const auto& cluster : clusters_of(line)) {
    Cell cell{begin, begin + cluster.bytes.size(), std::string(cluster.bytes), cluster.columns};
    begin = cell.end;
    const bool plain = cluster.bytes.size() == 1 && cluster.bytes[0] >= ' ' && cluster.bytes[0] < 0x7F;
    if (cluster.bytes == "\t") {
      cell.shown = kTab, cell.columns = kTab.size();
    } else if (is_isolate(cluster.bytes)) {
      cell.shown.clear(), cell.columns = 0;
    } else if (!plain) {
      cell.shown = without_isolates(cluster.bytes);
      cell.columns = width_of(safe_line(cell.shown));
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

// Kinsoku, the least of it: JIS X 4051's closing brackets, commas, marks and small kana do not begin a line, opening
// brackets do not end one.
bool must_not_begin(std::string_view cluster) {
  static constexpr std::u32string_view kNever =
      U"、。，．・：；？！゛゜ヽヾゝゞ々ー）〕］｝〉》」』】’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥!?,.)]}";
  const auto point = take_point(cluster).value;
  return point >= 0 && kNever.find(static_cast<char32_t>(point)) != std::u32string_view::npos;
}

bool must_not_end(std::string_view cluster) {
  static constexpr std::u32string_view kNever = U"（〔［｛〈《「『【‘“([{";
  const auto point = take_point(cluster).value;
  return point >= 0 && kNever.find(static_cast<char32_t>(point)) != std::u32string_view::npos;
}

bool is_space(const Cell& cell) { return cell.shown == " " || cell.shown == kTab; }

/// True where a line may end before `cells[at]`.
bool may_break(const std::vector<Cell>& cells, std::size_t at) {
  const auto& before = cells[at - 1];
  const auto& after = cells[at];
  if (is_space(before)) return true;
  if (is_space(after) || must_not_begin(after.shown) || must_not_end(before.shown)) return false;
  return before.columns == 2 || after.columns == 2;
}

/// Where the line that begins with `first` ends (exclusive), at most `columns` wide.
std::size_t end_of_line(const std::vector<Cell>& cells, std::size_t first, std::size_t columns) {
  std::size_t end = first;
  std::size_t width = 0;
  for (; end < cells.size() && width + cells[end].columns <= columns; ++end) width += cells[end].columns;
  if (end == cells.size()) return end;
  // A space that does not fit hangs out: it is not printed.
  if (is_space(cells[end])) return end;
  for (auto at = end; at > first; --at)
    if (may_break(cells, at)) return is_space(cells[at - 1]) && at - 1 > first ? at - 1 : at;
  return std::max(end, first + 1);
}

WrappedLine line_of(const std::vector<Cell>& cells, std::size_t first, std::size_t end, std::size_t empty_at) {
  WrappedLine line;
  line.begin = first < cells.size() ? cells[first].begin : empty_at;
  line.end = end > first ? cells[end - 1].end : line.begin;
  std::string text;
  for (auto at = first; at < end; ++at) {
    text += cells[at].shown;
    line.columns += cells[at].columns;
  }
  line.safe = safe_line(text);
  return line;
}

}  // namespace

std::vector<WrappedLine> wrap(std::string_view text, std::size_t columns) {
  columns = std::max<std::size_t>(columns, 2);
  std::vector<WrappedLine> lines;
  for (std::size_t begin = 0;;) {
    const auto newline = text.find('\n', begin);
    const auto stop = newline == std::string_view::npos ? text.size() : newline;
    const auto cells = cells_of(text.substr(begin, stop - begin), begin);
    std::size_t first = 0;
    do {
      const auto end = end_of_line(cells, first, columns);
      lines.push_back(line_of(cells, first, end, begin));
      first = end;
      if (first < cells.size() && is_space(cells[first])) ++first;
    } while (first < cells.size());
    if (newline == std::string_view::npos) return lines;
    begin = newline + 1;
  }
}

Place place_of(std::string_view text, const std::vector<WrappedLine>& lines, std::size_t offset) {
  std::size_t at = 0;
  while (at + 1 < lines.size() && lines[at + 1].begin <= offset) ++at;
  const auto& line = lines[at];
  std::size_t column = 0;
  for (const auto& cell : cells_of(text.substr(line.begin, line.end - line.begin), line.begin)) {
    if (cell.end > offset) break;
    column += cell.columns;
  }
  return {at, column};
}

std::size_t offset_at(std::string_view text, const WrappedLine& line, std::size_t column) {
  std::size_t width = 0;
  for (const auto& cell : cells_of(text.substr(line.begin, line.end - line.begin), line.begin)) {
    if (width + cell.columns > column) return cell.begin;
    width += cell.columns;
  }
  return line.end;
}

}  // namespace enishi::cli
