#include "cli/screen/composer.h"

#include <algorithm>
#include <utility>

#include "cli/show/clusters.h"
#include "cli/show/wrap.h"

namespace enishi::cli {

void Composer::clear() { set({}); }

void Composer::set(std::string text) {
  text_ = std::move(text);
  caret_ = text_.size();
}

void Composer::set(std::string text, std::size_t caret) {
  text_ = std::move(text);
  caret_ = 0;
  std::size_t points = 0;
  for (const auto& cluster : clusters_of(text_)) {
    if (points >= caret) break;
    for (auto rest = cluster.bytes; !rest.empty(); ++points) static_cast<void>(take_point(rest));
    caret_ += cluster.bytes.size();
  }
}

bool Composer::press(const Key& key, std::size_t columns) {
  switch (key.kind) {
    case KeyKind::text:
    case KeyKind::paste:
      return insert(key.text), true;
    case KeyKind::line_break:
      return insert("\n"), true;
    case KeyKind::backspace:
      return erase(cluster_before(), caret_), true;
    case KeyKind::erase:
      return erase(caret_, cluster_after()), true;
    case KeyKind::left:
      return caret_ = cluster_before(), true;
    case KeyKind::right:
      return caret_ = cluster_after(), true;
    case KeyKind::word_left:
      return caret_ = word_before(), true;
    case KeyKind::word_right:
      return caret_ = word_after(), true;
    case KeyKind::home:
      return caret_ = line_start(), true;
    case KeyKind::end:
      return caret_ = line_end(), true;
    case KeyKind::kill_to_end:
      // At the end of a line, what joins it with the next.
      return erase(caret_, std::max(line_end(), std::min(caret_ + 1, line_end() + 1))), true;
    case KeyKind::kill_to_start:
      return erase(line_start(), caret_), true;
    case KeyKind::kill_word:
      return erase(word_before(), caret_), true;
    case KeyKind::up:
      return move_line(-1, columns);
    case KeyKind::down:
      return move_line(1, columns);
    default:
      return false;
  }
}

// Clusters are taken from the whole text up to there: where one ends may hang on all that stands before (flags).
std::size_t Composer::cluster_before() const {
  const auto clusters = clusters_of(std::string_view(text_).substr(0, caret_));
  return clusters.empty() ? 0 : caret_ - clusters.back().bytes.size();
}

std::size_t Composer::cluster_after() const {
  const auto clusters = clusters_of(std::string_view(text_).substr(caret_));
  return clusters.empty() ? caret_ : caret_ + clusters.front().bytes.size();
}

std::size_t Composer::word_before() const {
  auto at = caret_;
  const auto is_space = [this](std::size_t where) { return text_[where] == ' ' || text_[where] == '\n'; };
  while (at > 0 && is_space(at - 1)) --at;
  while (at > 0 && !is_space(at - 1)) --at;
  return at;
}

std::size_t Composer::word_after() const {
  auto at = caret_;
  const auto is_space = [this](std::size_t where) { return text_[where] == ' ' || text_[where] == '\n'; };
  while (at < text_.size() && is_space(at)) ++at;
  while (at < text_.size() && !is_space(at)) ++at;
  return at;
}

std::size_t Composer::line_start() const {
  const auto newline = caret_ == 0 ? std::string::npos : text_.rfind('\n', caret_ - 1);
  return newline == std::string::npos ? 0 : newline + 1;
}

std::size_t Composer::line_end() const {
  const auto newline = text_.find('\n', caret_);
  return newline == std::string::npos ? text_.size() : newline;
}

void Composer::insert(std::string_view text) {
  const auto room = kBytesMax - std::min(kBytesMax, text_.size());
  std::size_t fits = 0;
  for (const auto& cluster : clusters_of(text)) {
    if (fits + cluster.bytes.size() > room) break;
    fits += cluster.bytes.size();
  }
  text_.insert(caret_, text.substr(0, fits));
  caret_ += fits;
  // What was typed may have joined with what follows (a combining mark before a letter does not, a half flag does).
  std::size_t end = 0;
  for (const auto& cluster : clusters_of(text_)) {
    if (end >= caret_) break;
    end += cluster.bytes.size();
  }
  caret_ = end;
}

void Composer::erase(std::size_t from, std::size_t to) {
  to = std::min(to, text_.size());
  text_.erase(from, to - from);
  caret_ = from;
}

bool Composer::move_line(int by, std::size_t columns) {
  const auto lines = wrap(text_, columns);
  const auto place = place_of(text_, lines, caret_);
  if (by < 0 ? place.line == 0 : place.line + 1 >= lines.size()) return false;
  caret_ = offset_at(text_, lines[by < 0 ? place.line - 1 : place.line + 1], place.column);
  return true;
}

}  // namespace enishi::cli
