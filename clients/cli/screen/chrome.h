// What every screen of `chat` has: a title, a line of state, and at the bottom the line that one writes on. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/screen/composer.h"
#include "cli/screen/frame.h"

namespace enishi::cli {

/// Texts are safe to print.
struct Chrome {
  std::string title, corner;  ///< left and right in the bar on top
  std::string note;           ///< left in the line of state: what just happened; wins over `hint` and the like
  Style note_style = Style::dim;
  std::string state;  ///< right in the line of state: the session
  std::string hint;   ///< in the empty composer
};

/// Too narrow for columns beside a text, and for long words about the state.
[[nodiscard]] inline bool is_narrow(Size size) { return size.columns < 60; }
/// Columns of the composer's text; one more is kept for the caret behind it.
[[nodiscard]] std::size_t composer_columns(Size size);
/// Rows left for what is shown between title and state.
[[nodiscard]] std::size_t body_rows(const Composer& composer, Size size);
/// The whole screen. `body`: as many rows as body_rows says, or fewer; then they stand at the top.
[[nodiscard]] Frame framed(const Chrome& chrome, const std::vector<Row>& body, const Composer& composer, Size size);

}  // namespace enishi::cli
