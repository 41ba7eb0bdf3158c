// A text of others, or of one's own, as lines of a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::cli {

/// One line on the screen: the bytes [begin, end) of the text, as they are safe to print, and their columns. What
/// stands between two lines (the newline, the space at which a line was broken) belongs to none.
struct WrappedLine {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string safe;
  std::size_t columns = 0;
};

/// At least one line, each at most `columns` wide (at least 2 are taken). Lines break at newlines, then between words,
/// else between grapheme clusters; Japanese breaks anywhere but before closing punctuation and small kana, and after
/// opening brackets. Tabs are four columns; what must not reach a terminal is written out, as safe_line does; isolates
/// are left out, for each line stands in one of its own where it needs it.
[[nodiscard]] std::vector<WrappedLine> wrap(std::string_view text, std::size_t columns);

/// Where the byte `offset` of the text stands: its line, and the columns before it.
struct Place {
  std::size_t line = 0;
  std::size_t column = 0;
  friend bool operator==(const Place&, const Place&) = default;
};
/// `lines` are those of wrap(text). An offset between two lines stands at the end of the former.
[[nodiscard]] Place place_of(std::string_view text, const std::vector<WrappedLine>& lines, std::size_t offset);
/// The offset that is nearest to a place in that line.
[[nodiscard]] std::size_t offset_at(std::string_view text, const WrappedLine& line, std::size_t column);

}  // namespace enishi::cli
