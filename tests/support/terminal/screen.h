// What a terminal would show of the bytes that our renderer writes: no more of ECMA-48 than that.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::test {

/// A grid of cells, a cursor, and modes. What it does not understand is kept in complaints(). Owner: one thread.
class Screen {
 public:
  Screen(std::size_t rows, std::size_t columns) { resize(rows, columns); }
  /// As when a window changes its size: cleared, for the program draws anew.
  void resize(std::size_t rows, std::size_t columns);
  void feed(std::string_view bytes);

  /// One row, without trailing spaces.
  [[nodiscard]] std::string row(std::size_t at) const;
  /// All rows, each with "\n".
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::size_t rows() const noexcept { return cells_.size(); }
  [[nodiscard]] std::size_t cursor_row() const noexcept { return row_; }
  [[nodiscard]] std::size_t cursor_column() const noexcept { return column_; }
  /// A private mode ("?1049" is 1049) that is set now.
  [[nodiscard]] bool mode(int number) const { return modes_.contains(number); }
  [[nodiscard]] const std::string& complaints() const noexcept { return complaints_; }

 private:
  bool take();
  void command(const std::string& parameters, char final);
  void put(std::string_view character, std::size_t columns);

  std::vector<std::vector<std::string>> cells_;  // of a wide character the second cell is empty
  std::size_t columns_ = 0, row_ = 0, column_ = 0;
  std::set<int> modes_{7, 25};  // as terminals begin: line wrap, a visible cursor
  std::string rest_, complaints_;
};

}  // namespace enishi::test
