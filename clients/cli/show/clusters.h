// Grapheme clusters: what is one character to a reader. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::cli {

/// One code point of a text.
struct Point {
  std::int32_t value = -1;  ///< -1: a byte that is not UTF-8
  std::string_view bytes;
};
/// Takes the first one off a text that is not empty.
[[nodiscard]] Point take_point(std::string_view& text);

/// One character to a reader, and its columns on a terminal; `bytes` points into the text.
struct Cluster {
  std::string_view bytes;
  std::size_t columns = 0;
};
/// Extended grapheme clusters (UAX 29), in order; together they are the text. Emoji and East Asian wide characters take
/// two columns, combining ones none of their own. A byte that is not UTF-8 is a cluster of one column.
[[nodiscard]] std::vector<Cluster> clusters_of(std::string_view text);

}  // namespace enishi::cli
