// How long things may be. Over it: split by noun, not by number.
#pragma once

#include <string>
#include <vector>

#include "house/tree.h"

namespace enishi::house {

constexpr int kHeaderLinesMax = 200;
constexpr int kSourceLinesMax = 500;
constexpr int kFunctionLinesMax = 70;
constexpr int kFolderFilesMax = 20;
/// The reference model as a whole, so that a person can hold it in the head.
constexpr int kModelLinesMax = 780;

/// A function's body with its head. Lambdas belong to the function around them.
struct FunctionSpan {
  std::string head;  ///< on one line, shortened
  int first = 0;     ///< line of the head
  int last = 0;      ///< line of the closing brace, inclusive
  [[nodiscard]] int lines() const { return last - first + 1; }
};

/// The functions of a C++ text, found by counting braces outside comments and literals.
[[nodiscard]] std::vector<FunctionSpan> functions_of(const std::string& source);

[[nodiscard]] int line_count(const std::string& text);

/// Files and functions that are too long.
[[nodiscard]] std::vector<Fault> oversized(const std::vector<SourceFile>& cpp_files);

/// Folders with too many files directly in them.
[[nodiscard]] std::vector<Fault> crowded_folders(const std::vector<SourceFile>& files);

}  // namespace enishi::house
