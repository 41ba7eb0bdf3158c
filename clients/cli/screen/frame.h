// What stands on the screen, and the bytes that bring a terminal from one such picture to the next. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::cli {

struct Size {
  std::size_t rows = 24;
  std::size_t columns = 80;
  friend bool operator==(const Size&, const Size&) = default;
};

/// What a piece of text is; how it looks is the painter's affair.
enum class Style : std::uint8_t { plain, dim, strong, bar, chosen, mine, theirs, news, alert };

struct Span {
  Style style = Style::plain;
  std::string text;  ///< safe to print, one line
  friend bool operator==(const Span&, const Span&) = default;
};

/// One line of the screen.
class Row {
 public:
  Row() = default;
  Row(Style style, std::string text) { add(style, std::move(text)); }
  Row& add(Style style, std::string text);
  /// Spaces up to `column`; nothing when the row is wider already.
  Row& pad_to(std::size_t column, Style style = Style::plain);
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] const std::vector<Span>& spans() const noexcept { return spans_; }
  /// Without styles and trailing spaces.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Row&, const Row&) = default;

 private:
  std::vector<Span> spans_;
  std::size_t columns_ = 0;
};

/// A bar over the whole width: `left`, cut where it has to be, and `right` at the other end.
[[nodiscard]] Row bar(Style style, const std::string& left, const std::string& right, std::size_t columns);

struct Caret {
  std::size_t row = 0, column = 0;
  friend bool operator==(const Caret&, const Caret&) = default;
};

/// A whole screen: as many rows as it has, from the top.
struct Frame {
  std::vector<Row> rows;
  std::optional<Caret> caret;  ///< nullopt: hidden
};

/// Knows what the terminal shows, and draws what differs, in one synchronized update. Owner: who owns the terminal.
class Painter {
 public:
  /// `colours`: false draws with bold and reverse only (NO_COLOR).
  explicit Painter(bool colours) : colours_(colours) {}
  /// The bytes to write. Rows past the frame's last are cleared.
  [[nodiscard]] std::string paint(const Frame& frame, Size size);
  /// What the terminal shows is not known any more: the next picture is drawn as a whole.
  void forget() { shown_.clear(); }

 private:
  void put(std::string& bytes, const Row& row, std::size_t columns) const;

  const bool colours_;
  Size size_;
  std::vector<Row> shown_;
};

}  // namespace enishi::cli
