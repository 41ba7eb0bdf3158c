// The line that a person writes on: a text and a caret. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/screen/keys.h"

namespace enishi::cli {

/// Invariant: the text is UTF-8, at most kBytesMax; the caret stands between two grapheme clusters of it.
class Composer {
 public:
  /// More than any message may have, so that a text that is too long can still be shortened here.
  static constexpr std::size_t kBytesMax = 64 * 1024;

  /// Does what a key says, if it is one of editing. `columns`: of the lines as shown, for up and down. False: the key
  /// is not for the composer, or up and down found no line there.
  bool press(const Key& key, std::size_t columns);
  void clear();
  void set(std::string text);
  /// `caret` in code points; one inside of a cluster moves to its end.
  void set(std::string text, std::size_t caret);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// Offset of the caret in bytes.
  [[nodiscard]] std::size_t caret() const noexcept { return caret_; }

 private:
  [[nodiscard]] std::size_t cluster_before() const;
  [[nodiscard]] std::size_t cluster_after() const;
  [[nodiscard]] std::size_t word_before() const;
  [[nodiscard]] std::size_t word_after() const;
  [[nodiscard]] std::size_t line_start() const;
  [[nodiscard]] std::size_t line_end() const;
  void insert(std::string_view text);
  void erase(std::size_t from, std::size_t to);
  bool move_line(int by, std::size_t columns);

  std::string text_;
  std::size_t caret_ = 0;
};

}  // namespace enishi::cli
