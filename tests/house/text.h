// C++ text without what only looks like code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace enishi::house {

/// `source` with comments, literals and (if asked) preprocessor lines blanked out. Same length and same line breaks, so
/// that places in the result are places in the source. Quotes of literals stay, their content does not.
enum class Preprocessor { keep, blank };
[[nodiscard]] std::string bare_code(std::string_view source, Preprocessor preprocessor);

/// `text` cut at line breaks, without them.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// Line of the place `at`, from 1.
[[nodiscard]] int line_at(std::string_view text, std::size_t at);

}  // namespace enishi::house
