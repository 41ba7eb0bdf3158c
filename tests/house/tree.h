// The source tree as the checkers see it: paths and texts.
#pragma once

#include <string>
#include <vector>

namespace enishi::house {

/// A file of the tree. `path` is relative to the root, with slashes.
struct SourceFile {
  std::string path;
  std::string text;
};

/// One broken rule. `line` counts from 1; 0 where the whole file or folder is meant.
struct Fault {
  std::string path;
  int line = 0;
  std::string what;
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// All text files of the checked-out tree below `top` (a folder or a file relative to the root, "" for all), by path.
/// Without build/, var/, hidden folders other than .ci, and files that are not text (images, databases).
[[nodiscard]] std::vector<SourceFile> read_tree(const std::string& top);

/// Those of `files` that are C++.
[[nodiscard]] std::vector<SourceFile> cpp_only(const std::vector<SourceFile>& files);

[[nodiscard]] bool is_header(const std::string& path);
/// "server/core/ids.h" -> "server/core".
[[nodiscard]] std::string folder_of(const std::string& path);
[[nodiscard]] bool starts_with(const std::string& text, const std::string& start);

/// One fault a line, as a compiler writes them; empty when there are none.
[[nodiscard]] std::string listed(const std::vector<Fault>& faults);

}  // namespace enishi::house
