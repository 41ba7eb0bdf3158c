// A conversation as lines: day by day, author, time, wrapped text, and where the new begins. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/screen/frame.h"
#include "cpp/store/range_set.h"

namespace enishi::cli {

/// One thing to show. Texts are as others wrote them: not safe to print.
struct Item {
  enum class Kind : std::uint8_t { message, system, skipped, hole, outgoing };
  Kind kind = Kind::message;
  std::uint64_t key = 0;  ///< ascending down the screen: the first seq, or kOutgoing + number in the outbox
  client::Range slots;    ///< empty (0, 0) for outgoing ones
  std::string author;     ///< label; empty: nobody
  bool mine = false;
  std::int64_t at_ms = 0;
  std::string text;
  std::string quote;  ///< what it answers, in short; empty: nothing
  std::string mark;   ///< of one's own message: delivered, read; empty: nothing to say
  std::string fate;   ///< outgoing: why it was refused; empty: it waits
};
constexpr std::uint64_t kOutgoing = std::uint64_t{1} << 63U;

/// How it is to look.
struct Look {
  std::size_t columns = 80;
  std::size_t author_columns = 0;  ///< width of the authors' column; 0: there is none
  bool stacked = false;            ///< for narrow screens: author and time stand above the text
  std::uint64_t new_after = 0;     ///< the rule "new" stands before the first message of others behind this seq
  bool shows_new = false;
  bool connected = false;   ///< holes are being loaded; what waits is being sent
  bool numbers = false;     ///< seqs in place of times, for commands that take one
  bool from_start = false;  ///< the first item is the first of all
};

/// One line, and whose it is.
struct Line {
  Row row;
  std::uint64_t key = 0;
  std::size_t part = 0;  ///< of the lines of this item, separators before it among them
  client::Range slots;   ///< on the item's last line: those of the item; else empty (0, 0)
  bool hole = false;     ///< they are not here
  bool rule = false;     ///< where the new begins
};

[[nodiscard]] std::vector<Line> lay_out(const std::vector<Item>& items, const Look& look);

/// What of the lines is on the screen. It follows the newest, or stands on a line and stays there, whatever comes.
class Scroll {
 public:
  [[nodiscard]] bool follows() const noexcept { return mode_ == Mode::follows && moves_ == 0; }
  void follow() { mode_ = Mode::follows, moves_ = 0; }
  /// To the rule "new", a little below the top; follows if the new fits.
  void to_new() { mode_ = Mode::to_new, moves_ = 0; }
  /// To this message, at the upper edge, with so many thousandths of it above; stays there while it is not here yet.
  void to_top(std::uint64_t key, std::uint32_t thousandths) {
    mode_ = Mode::to_top, moves_ = 0, key_ = key, part_ = thousandths;
  }
  [[nodiscard]] bool opens_new() const noexcept { return mode_ == Mode::to_new; }
  /// Lines down (negative: up), taken at the next place().
  void move(std::ptrdiff_t lines) { moves_ += lines; }
  /// Key of the item to load around; nullopt: the newest.
  [[nodiscard]] std::optional<std::uint64_t> key() const;
  [[nodiscard]] std::size_t reach() const { return static_cast<std::size_t>(moves_ < 0 ? -moves_ : moves_); }

  struct Shown {
    std::size_t first = 0, end = 0;  ///< lines [first, end)
  };
  /// `to_end`: the last line is the newest of all.
  Shown place(const std::vector<Line>& lines, std::size_t height, bool to_end);

 private:
  enum class Mode : std::uint8_t { follows, to_new, to_top, stands };
  Mode mode_ = Mode::follows;
  std::ptrdiff_t moves_ = 0;
  [[nodiscard]] std::size_t top_in(const std::vector<Line>& lines) const;

  std::uint64_t key_ = 0;  // of the lowest line on the screen; to_top: of the uppermost
  std::size_t part_ = 0;   // to_top: thousandths
};

}  // namespace enishi::cli
