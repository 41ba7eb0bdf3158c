#include "cli/chat/list_screen.h"

#include <algorithm>
#include <utility>

#include "cli/show/text.h"
#include "cli/show/times.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kCountColumns = 5;  // " 999+"
constexpr std::size_t kNameColumnsMax = 26;

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

/// ASCII: the width of round dots depends on the terminal.
std::string mark_of(const ListEntry& entry) {
  if (entry.kind != v1::CONVERSATION_KIND_DIRECT) return " ";
  if (entry.presence == v1::PRESENCE_STATE_ACTIVE) return "*";
  if (entry.presence == v1::PRESENCE_STATE_IDLE || entry.presence == v1::PRESENCE_STATE_BACKGROUND) return "-";
  return " ";
}

std::string when(std::int64_t at_ms, std::int64_t wall_ms) {
  if (at_ms == 0) return {};
  const auto day = local_day(at_ms);
  if (day == local_day(wall_ms)) return local_clock(at_ms);
  // "Thu 26 Nov 2026" without its weekday, and without its year where that is this one.
  const auto date = day.substr(day.find(' ') + 1);
  const auto year = date.rfind(' ');
  return local_day(wall_ms).ends_with(date.substr(year)) ? date.substr(0, year) : date;
}

/// What stands at the right end: flags and time.
std::string corner_of(const ListEntry& entry, std::int64_t wall_ms) {
  std::string corner;
  if (entry.pinned) corner += "pinned  ";
  if (entry.muted) corner += "muted  ";
  return corner + when(entry.at_ms, wall_ms);
}

std::string count_of(const ListEntry& entry) {
  if (entry.unread == 0) return {};
  return entry.unread > 999 ? "999+" : std::to_string(entry.unread);
}

}  // namespace

void ListScreen::set(std::vector<ListEntry> entries) {
  all_ = std::move(entries);
  show();
}

void ListScreen::filter(std::string_view text) {
  auto low = lower(text);
  if (low == filter_) return;
  filter_ = std::move(low);
  show();
  // What is looked for is found at the top.
  if (!shown_.empty()) chosen_ = shown_.front().id;
}

void ListScreen::show() {
  shown_.clear();
  for (const auto& entry : all_)
    if (lower(entry.name).find(filter_) != std::string::npos) shown_.push_back(entry);
  const bool there = chosen_ && std::ranges::find(shown_, *chosen_, &ListEntry::id) != shown_.end();
  if (!there && !shown_.empty()) chosen_ = shown_[std::min(place_, shown_.size() - 1)].id;
}

std::optional<core::PublicId> ListScreen::chosen() const { return shown_.empty() ? std::nullopt : chosen_; }

std::size_t ListScreen::chosen_at() const {
  const auto at = std::ranges::find_if(shown_, [this](const auto& each) { return chosen_ && each.id == *chosen_; });
  return at == shown_.end() ? 0 : static_cast<std::size_t>(at - shown_.begin());
}

bool ListScreen::press(KeyKind key, std::size_t height) {
  const auto page = static_cast<std::ptrdiff_t>(std::max<std::size_t>(height, 2) - 1);
  std::ptrdiff_t by = 0;
  switch (key) {
    case KeyKind::up:
      by = -1;
      break;
    case KeyKind::down:
      by = 1;
      break;
    case KeyKind::page_up:
      by = -page;
      break;
    case KeyKind::page_down:
      by = page;
      break;
    case KeyKind::home:
      by = -static_cast<std::ptrdiff_t>(shown_.size());
      break;
    case KeyKind::end:
      by = static_cast<std::ptrdiff_t>(shown_.size());
      break;
    default:
      return false;
  }
  if (shown_.empty()) return true;
  const auto last = static_cast<std::ptrdiff_t>(shown_.size()) - 1;
  place_ = static_cast<std::size_t>(std::clamp(static_cast<std::ptrdiff_t>(chosen_at()) + by, std::ptrdiff_t{0}, last));
  chosen_ = shown_[place_].id;
  return true;
}

std::vector<Row> ListScreen::draw(Size size, std::size_t height, std::int64_t wall_ms) {
  place_ = chosen_at();
  if (place_ < top_) top_ = place_;
  if (height > 0 && place_ >= top_ + height) top_ = place_ + 1 - height;
  top_ = std::min(top_, shown_.size() - std::min(shown_.size(), height));
  std::vector<Row> rows;
  for (auto at = top_; at < std::min(shown_.size(), top_ + height); ++at)
    rows.push_back(row_of(shown_[at], at == place_, size.columns, wall_ms));
  if (!rows.empty() || height < 2) return rows;
  rows.emplace_back();
  rows.emplace_back(Style::dim, filter_.empty() ? " No conversations yet: `enishi invite` makes a link for a friend."
                                                : " No conversation is called that.");
  return rows;
}

Row ListScreen::row_of(const ListEntry& entry, bool chosen, std::size_t columns, std::int64_t wall_ms) const {
  const auto style = [chosen](Style other) { return chosen ? Style::chosen : other; };
  const auto count = count_of(entry);
  const auto corner = corner_of(entry, wall_ms);
  Row row;
  row.pad_to(kCountColumns - 1 - std::min(count.size(), kCountColumns - 1), style(Style::plain));
  row.add(style(entry.muted ? Style::dim : Style::news), count).pad_to(kCountColumns, style(Style::plain));
  row.add(style(Style::mine), mark_of(entry)).add(style(Style::plain), " ");
  const auto name_columns = std::min(kNameColumnsMax, columns / 2 - std::min(columns / 2, row.columns()));
  const auto begin = row.columns();
  row.add(style(entry.unread > 0 ? Style::strong : Style::plain), cut_to(safe_line(entry.name), name_columns));
  row.pad_to(begin + name_columns + 2, style(Style::plain));
  const auto end = columns - std::min(columns, corner.size() + 3);
  if (row.columns() < end) row.add(style(Style::dim), cut_to(safe_line(entry.preview), end - row.columns()));
  row.pad_to(columns - std::min(columns, corner.size() + 1), style(Style::plain));
  return row.add(style(Style::dim), corner).pad_to(columns, style(Style::plain));
}

}  // namespace enishi::cli
