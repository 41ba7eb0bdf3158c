// Texts of others on a terminal: nothing in them may command it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::cli {

/// One line, safe to print. Control characters (C0, DEL, C1) and line separators are written out as \n, \x1b, \u{9b};
/// bytes that are not UTF-8 as \xff. Bidi embeddings and overrides are written out, too; isolates are kept where they
/// are closed, and closed where they are not. A text with right-to-left characters stands in an isolate of its own, so
/// that it does not turn what is printed beside it.
[[nodiscard]] std::string safe_line(std::string_view text);
/// As safe_line, but line by line: newlines stay, every further line begins with `indent` spaces. Tabs become spaces.
[[nodiscard]] std::string safe_lines(std::string_view text, std::size_t indent);
/// The last wall: control characters that are still in a composed line are written out; "\n" stays.
[[nodiscard]] std::string without_controls(std::string_view text);

/// Columns on a terminal: East Asian wide characters and emoji take two, combining ones none. `text` is UTF-8 without
/// control characters.
[[nodiscard]] std::size_t width_of(std::string_view text);
/// At most `columns` wide, cut between grapheme clusters, ending with "…" where something was cut.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t columns);
/// Rows of cells as columns of equal width, two spaces between, no spaces at line ends. Each line ends with "\n".
[[nodiscard]] std::string columns_of(const std::vector<std::vector<std::string>>& rows);

}  // namespace enishi::cli
