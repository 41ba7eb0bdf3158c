#include "cli/screen/chrome.h"

#include <algorithm>

#include "cli/show/text.h"
#include "cli/show/wrap.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kPrompt = 2;       // "> "
constexpr std::size_t kFixedRows = 2;    // title and state
constexpr std::size_t kComposerMax = 8;  // rows: what one writes about stays in sight

std::size_t composer_rows(std::size_t lines, Size size) {
  return std::clamp<std::size_t>(lines, 1, std::clamp<std::size_t>(size.rows / 3, 1, kComposerMax));
}

Row state_row(const Chrome& chrome, std::size_t columns) {
  // One column is left free: a full line would read as one with what follows.
  const auto state = cut_to(chrome.state, columns - 1);
  const auto used = width_of(state);
  const auto room = columns - used > 4 ? columns - used - 4 : 0;
  Row row;
  if (room > 0) row.add(Style::plain, " ").add(chrome.note_style, cut_to(chrome.note, room));
  return row.pad_to(columns - used - 1).add(Style::dim, state);
}

}  // namespace

std::size_t composer_columns(Size size) { return std::max<std::size_t>(size.columns, kPrompt + 3) - kPrompt - 1; }

std::size_t body_rows(const Composer& composer, Size size) {
  const auto rows = composer_rows(wrap(composer.text(), composer_columns(size)).size(), size);
  return size.rows > rows + kFixedRows ? size.rows - rows - kFixedRows : 0;
}

Frame framed(const Chrome& chrome, const std::vector<Row>& body, const Composer& composer, Size size) {
  const auto lines = wrap(composer.text(), composer_columns(size));
  const auto place = place_of(composer.text(), lines, composer.caret());
  const auto rows = composer_rows(lines.size(), size);
  // The caret's line is always in sight, and as much before it as there is.
  const auto first = place.line + 1 > rows ? place.line + 1 - rows : 0;
  Frame frame;
  frame.rows.push_back(bar(Style::bar, " " + chrome.title, chrome.corner, size.columns));
  frame.rows.insert(frame.rows.end(), body.begin(), body.end());
  const auto height = body_rows(composer, size);
  frame.rows.resize(1 + height);
  frame.rows.push_back(state_row(chrome, size.columns));
  const auto top = frame.rows.size();
  for (std::size_t at = first; at < std::min(first + rows, lines.size()); ++at) {
    Row row(Style::strong, at == 0 ? "> " : "  ");
    if (composer.empty())
      row.add(Style::dim, cut_to(chrome.hint, composer_columns(size)));
    else
      row.add(Style::plain, lines[at].safe);
    frame.rows.push_back(std::move(row));
  }
  Caret caret{top + place.line - first, kPrompt + std::min(place.column, composer_columns(size))};
  // A screen too low for all of it keeps its lower end.
  if (frame.rows.size() > size.rows) {
    const auto over = frame.rows.size() - size.rows;
    frame.rows.erase(frame.rows.begin(), frame.rows.begin() + static_cast<std::ptrdiff_t>(over));
    caret.row -= std::min(caret.row, over);
  }
  frame.caret = caret;
  return frame;
}

}  // namespace enishi::cli
