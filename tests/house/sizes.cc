#include "house/sizes.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>

#include "house/text.h"

namespace enishi::house {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

/// Whether what stands before a brace makes it a function's body.
bool is_function_head(const std::string& head) {
  static const std::regex kScope(
      R"(^(export\s+|inline\s+|typedef\s+|template\s*<.*>\s*)*(namespace|class|struct|enum|union|extern)\b)");
  if (head.find('(') == std::string::npos || std::regex_search(head, kScope)) return false;
  // "= {", "({" and ", {" begin a value; a function's head ends with ")", a word, a type or a member's name.
  return std::string("=,(<").find(head.back()) == std::string::npos;
}

std::string on_one_line(std::string head) {
  std::ranges::replace(head, '\n', ' ');
  const auto last = std::ranges::unique(head, [](char a, char b) { return a == ' ' && b == ' '; });
  head.erase(last.begin(), last.end());
  return head.substr(0, 60);
}

/// The text between the last brace or semicolon and `brace`, without spaces at its ends; `start` = where it begins.
std::string head_before(const std::string& code, std::size_t after, std::size_t brace, std::size_t& start) {
  start = after;
  while (start < brace && is_space(code[start])) ++start;
  auto end = brace;
  while (end > start && is_space(code[end - 1])) --end;
  auto head = code.substr(start, end - start);
  // An access label or a case is no part of the head.
  static const std::regex kLabel(R"(^(public|private|protected)\s*:\s*)");
  std::smatch match;
  while (std::regex_search(head, match, kLabel)) {
    start += static_cast<std::size_t>(match.length());
    head = match.suffix();
  }
  return head;
}

}  // namespace

std::vector<FunctionSpan> functions_of(const std::string& source) {
  const auto code = bare_code(source, Preprocessor::blank);
  std::vector<FunctionSpan> found;
  int depth = 0;
  int body_depth = -1;  // depth outside the function that we are in; -1: in none
  std::size_t after = 0;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == ';' || c == '{' || c == '}') {
      if (c == '{') {
        std::size_t start = 0;
        if (const auto head = head_before(code, after, at, start);
            body_depth < 0 && !head.empty() && is_function_head(head)) {
          body_depth = depth;
          found.push_back({on_one_line(head), line_at(code, start), 0});
        }
        ++depth;
      } else if (c == '}') {
        --depth;
        if (depth == body_depth) {
          found.back().last = line_at(code, at);
          body_depth = -1;
        }
      }
      after = at + 1;
    }
  }
  return found;
}

int line_count(const std::string& text) { return static_cast<int>(lines_of(text).size()); }

std::vector<Fault> oversized(const std::vector<SourceFile>& cpp_files) {
  std::vector<Fault> faults;
  for (const auto& file : cpp_files) {
    const int lines = line_count(file.text);
    const int limit = is_header(file.path) ? kHeaderLinesMax : kSourceLinesMax;
    if (lines > limit) {
      faults.push_back({file.path, 0, std::to_string(lines) + " lines, at most " + std::to_string(limit)});
    }
    for (const auto& function : functions_of(file.text)) {
      if (function.lines() <= kFunctionLinesMax) continue;
      faults.push_back({file.path, function.first,
                        std::to_string(function.lines()) + " lines, at most " + std::to_string(kFunctionLinesMax) +
                            ": " + function.head});
    }
  }
  return faults;
}

std::vector<Fault> crowded_folders(const std::vector<SourceFile>& files) {
  std::map<std::string, int> counts;
  for (const auto& file : files) ++counts[folder_of(file.path)];
  std::vector<Fault> faults;
  for (const auto& [folder, count] : counts) {
    if (count > kFolderFilesMax) {
      faults.push_back({folder, 0, std::to_string(count) + " files, at most " + std::to_string(kFolderFilesMax)});
    }
  }
  return faults;
}

}  // namespace enishi::house
