#include "house/text.h"

#include <algorithm>
#include <cctype>

namespace enishi::house {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Walks the text once; `out_` starts as a copy and loses what is blanked.
class Stripper {
 public:
  Stripper(std::string_view source, Preprocessor preprocessor)
      : in_(source), out_(source), preprocessor_(preprocessor) {}

  std::string run() {
    while (at_ < in_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = in_[at_];
    if (c == '\n') {
      line_is_blank_ = true;
      ++at_;
    } else if (c == '#' && line_is_blank_ && preprocessor_ == Preprocessor::blank) {
      blank_until(end_of_directive());
    } else if (in_.substr(at_, 2) == "//") {
      blank_until(std::min(in_.find('\n', at_), in_.size()));
    } else if (in_.substr(at_, 2) == "/*") {
      const auto end = in_.find("*/", at_ + 2);
      blank_until(end == std::string_view::npos ? in_.size() : end + 2);
    } else if (c == '"') {
      string();
    } else if (c == '\'' && (at_ == 0 || !is_word(in_[at_ - 1]))) {  // after a digit it separates thousands
      quoted('\'');
    } else {
      if (std::isspace(static_cast<unsigned char>(c)) == 0) line_is_blank_ = false;
      ++at_;
    }
  }

  void string() {
    if (at_ > 0 && in_[at_ - 1] == 'R') {
      const auto open = in_.find('(', at_);
      if (open == std::string_view::npos) return blank_until(in_.size());
      const auto close = ")" + std::string(in_.substr(at_ + 1, open - at_ - 1)) + "\"";
      const auto end = in_.find(close, open);
      blank_until(end == std::string_view::npos ? in_.size() : end + close.size());
      return;
    }
    // The name in an include stays readable; so does what extern "C" says.
    quoted('"');
  }

  void quoted(char quote) {
    auto end = at_ + 1;
    while (end < in_.size() && in_[end] != quote && in_[end] != '\n') end += in_[end] == '\\' ? 2 : 1;
    line_is_blank_ = false;
    ++at_;
    blank_until(std::min(end, in_.size()));
    if (at_ < in_.size() && in_[at_] == quote) ++at_;
  }

  std::size_t end_of_directive() const {
    auto end = at_;
    do {
      end = std::min(in_.find('\n', end + 1), in_.size());
    } while (end < in_.size() && in_[end - 1] == '\\');
    return end;
  }

  void blank_until(std::size_t end) {
    for (; at_ < end; ++at_) {
      if (in_[at_] != '\n') out_[at_] = ' ';
    }
  }

  std::string_view in_;
  std::string out_;
  Preprocessor preprocessor_;
  std::size_t at_ = 0;
  bool line_is_blank_ = true;
};

}  // namespace

std::string bare_code(std::string_view source, Preprocessor preprocessor) {
  return Stripper(source, preprocessor).run();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

int line_at(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, at), '\n'));
}

}  // namespace enishi::house
