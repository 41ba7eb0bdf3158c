// What a terminal sends, as keys. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::cli {

enum class KeyKind : std::uint8_t {
  text,   ///< typed; valid UTF-8 without control characters
  paste,  ///< between the brackets of a paste; newlines are "\n"; may hold tabs
  enter,
  line_break,  ///< Alt-Enter, Ctrl-J
  escape,
  backspace,
  erase,  ///< Delete
  left,
  right,
  up,
  down,
  home,
  end,
  page_up,
  page_down,
  word_left,
  word_right,
  kill_to_end,
  kill_to_start,
  kill_word,
  list,       ///< Ctrl-O
  interrupt,  ///< Ctrl-C
  end_of_input,
  suspend,
  redraw,
  focus_gained,
  focus_lost,
};

struct Key {
  KeyKind kind = KeyKind::text;
  std::string text;  ///< of text and paste
  friend bool operator==(const Key&, const Key&) = default;
};

/// Bytes to keys, however they are split. Bytes that are no UTF-8 and sequences that mean nothing here are dropped.
/// Memory: a paste is kept until its end, at most kPasteMax bytes of it.
class KeyDecoder {
 public:
  static constexpr std::size_t kPasteMax = 256 * 1024;

  [[nodiscard]] std::vector<Key> feed(std::string_view bytes);
  /// True while a lone ESC waits for what may follow it; the caller gives it some time, then calls expire().
  [[nodiscard]] bool waits() const noexcept { return !pasting_ && !rest_.empty() && rest_.front() == '\x1b'; }
  /// Nothing followed: what waits is the key Escape.
  [[nodiscard]] std::vector<Key> expire();

 private:
  /// Takes one key off the rest; false: it is unfinished. `keys` may get nothing.
  bool take(std::vector<Key>& keys);
  bool take_escape(std::vector<Key>& keys);
  bool take_paste(std::vector<Key>& keys);

  std::string rest_;
  std::string pasted_;
  bool pasting_ = false;
};

}  // namespace enishi::cli
