#include "cli/chat/transcript.h"

#include <algorithm>
#include <utility>

#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cli/show/wrap.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kTimeColumns = 6;  // "14:02 "
constexpr std::size_t kRuleColumns = 60;
constexpr std::size_t kStackedIndent = 2;
constexpr std::int64_t kSameBreathMs = 5 * 60'000;  // then the author is said again

Row centered(Style style, const std::string& text, std::size_t columns) {
  const auto shown = cut_to(text, columns - std::min<std::size_t>(columns, 2));
  const auto used = width_of(shown);
  return Row(Style::plain, std::string(columns > used ? (columns - used) / 2 : 0, ' ')).add(style, shown);
}

/// A text in the middle of a line that is as long for every text.
Row ruled(Style style, const std::string& text, std::size_t columns) {
  const auto length = std::min(kRuleColumns, columns - std::min<std::size_t>(columns, 2));
  const auto used = width_of(text) + 2;
  if (used + 4 > length) return centered(style, text, columns);
  const auto left = (length - used) / 2;
  std::string line;
  for (std::size_t at = 0; at < length - used; ++at) line += at == left ? " " + text + " ─" : "─";
  return Row(Style::plain, std::string((columns - length) / 2, ' ')).add(style, line);
}

std::string plural(std::uint64_t count) { return count == 1 ? "1 message" : std::to_string(count) + " messages"; }

class Layout {
 public:
  explicit Layout(const Look& look) : look_(look) {
    gutter_ = kTimeColumns + (look.author_columns == 0 ? 0 : look.author_columns + 2);
    if (look.stacked) gutter_ = kStackedIndent;
  }

  std::vector<Line> of(const std::vector<Item>& items) {
    if (look_.from_start && !items.empty())
      begin(items.front()), put(centered(Style::dim, "the beginning", look_.columns));
    for (const auto& item : items) add(item);
    return std::move(lines_);
  }

 private:
  void begin(const Item& item) {
    if (item.key != key_ || lines_.empty()) part_ = 0;
    key_ = item.key;
  }
  void put(Row row) { lines_.push_back({std::move(row), key_, part_++, {}, false, false}); }

  void add(const Item& item) {
    begin(item);
    separate(item);
    if (item.kind == Item::Kind::skipped || item.kind == Item::Kind::hole) {
      gap(item);
      before_ = nullptr;
    } else if (item.kind == Item::Kind::system) {
      sentence(item);
      before_ = nullptr;
    } else {
      message(item);
      before_ = &item;
    }
    lines_.back().slots = item.slots;
    lines_.back().hole = item.kind == Item::Kind::hole;
  }

  void separate(const Item& item) {
    if (item.at_ms != 0) {
      auto day = local_day(item.at_ms);
      if (day != day_) {
        put(ruled(Style::dim, day, look_.columns));
        before_ = nullptr;
      }
      day_ = std::move(day);
    }
    const bool is_new = item.kind == Item::Kind::message && !item.mine && item.slots.last > look_.new_after;
    if (!look_.shows_new || ruled_ || !is_new) return;
    ruled_ = true;
    put(ruled(Style::news, "new", look_.columns));
    lines_.back().rule = true;
    before_ = nullptr;
  }

  void gap(const Item& item) {
    const auto count = plural(item.slots.size());
    std::string text = "not in the group for " + count;
    if (item.kind == Item::Kind::hole) text = look_.connected ? "loading " + count : count + " not here yet";
    put(centered(Style::dim, text, look_.columns));
  }

  void sentence(const Item& item) {
    const auto room = look_.columns > kTimeColumns ? look_.columns - kTimeColumns : 1;
    bool first = true;
    for (const auto& line : wrap(item.author + " " + item.text, room)) {
      Row row(Style::dim, first ? time_of(item) : std::string(kTimeColumns, ' '));
      put(row.add(Style::dim, line.safe));
      first = false;
    }
  }

  void message(const Item& item) {
    const bool outgoing = item.kind == Item::Kind::outgoing;
    const bool goes_on = before_ != nullptr && before_->author == item.author && before_->mine == item.mine &&
                         item.at_ms - before_->at_ms < kSameBreathMs;
    const auto head_style = item.mine ? Style::mine : Style::theirs;
    const auto time = outgoing && !look_.numbers ? " ...  " : time_of(item);
    Row head;
    if (look_.stacked) {
      if (!goes_on || look_.numbers) {
        const auto name = cut_to(safe_line(item.author), look_.columns - std::min(look_.columns, kTimeColumns + 1));
        put(Row(head_style, name).add(Style::plain, name.empty() ? "" : "  ").add(Style::dim, time));
      }
    } else {
      head.add(Style::dim, time);
      if (look_.author_columns > 0 && !goes_on)
        head.add(head_style, cut_to(safe_line(item.author), look_.author_columns));
    }
    head.pad_to(gutter_);
    // Too narrow for a column of authors: the text keeps some room at least.
    const auto room = look_.columns > gutter_ + 1 ? look_.columns - gutter_ : 2;
    const auto next = [&](Style style, const std::string& text) {
      put(std::exchange(head, Row(Style::plain, std::string(gutter_, ' '))).add(style, text));
    };
    if (!item.quote.empty()) next(Style::dim, cut_to("↳ " + safe_line(item.quote), room));
    const auto lines = wrap(item.text, room);
    const bool has_room = !lines.empty() && width_of(lines.back().safe) + 2 + width_of(item.mark) <= room;
    for (const auto& line : lines) {
      next(outgoing ? Style::dim : Style::plain, line.safe);
      if (&line == &lines.back() && has_room && !item.mark.empty()) lines_.back().row.add(Style::dim, "  " + item.mark);
    }
    if (!has_room && !item.mark.empty()) next(Style::dim, cut_to(item.mark, room));
    if (outgoing && !item.fate.empty()) next(Style::alert, cut_to("refused: " + safe_line(item.fate), room));
    if (outgoing && item.fate.empty() && !look_.connected) next(Style::news, cut_to("waiting to be sent", room));
  }

  std::string time_of(const Item& item) const {
    if (!look_.numbers) return local_clock(item.at_ms) + " ";
    const auto number = item.kind == Item::Kind::outgoing ? "" : "#" + std::to_string(item.slots.first);
    return number + std::string(kTimeColumns - std::min(kTimeColumns - 1, number.size()), ' ');
  }

  const Look& look_;
  std::size_t gutter_ = 0;
  std::vector<Line> lines_;
  std::string day_;
  const Item* before_ = nullptr;  // the message right above, if the next may go on from it
  bool ruled_ = false;
  std::uint64_t key_ = 0;
  std::size_t part_ = 0;
};

}  // namespace

std::vector<Line> lay_out(const std::vector<Item>& items, const Look& look) { return Layout(look).of(items); }

std::optional<std::uint64_t> Scroll::key() const {
  if (mode_ == Mode::stands || mode_ == Mode::to_top) return key_;
  return std::nullopt;
}

std::size_t Scroll::top_in(const std::vector<Line>& lines) const {
  const auto after = std::ranges::find_if(lines, [this](const Line& line) { return line.key > key_; });
  if (after == lines.begin()) return 0;
  const auto key = std::prev(after)->key;
  const auto first = std::ranges::find(lines, key, &Line::key);
  const auto height = static_cast<std::size_t>(after - first);
  // Of what is not here, the height says nothing.
  const auto above = std::prev(after)->hole ? 0 : part_ * height / 1000;
  return static_cast<std::size_t>(first - lines.begin()) + above;
}

Scroll::Shown Scroll::place(const std::vector<Line>& lines, std::size_t height, bool to_end) {
  auto end = lines.size();
  bool waits = false;  // for what belongs at the upper edge
  if (mode_ == Mode::to_new) {
    const auto rule = std::ranges::find_if(lines, &Line::rule);
    // Two lines of what was read before stay above it.
    const auto at = static_cast<std::size_t>(rule - lines.begin());
    if (rule != lines.end() && height > 3) end = std::min(end, std::max(at, std::size_t{2}) - 2 + height);
  } else if (mode_ == Mode::to_top) {
    const auto top = top_in(lines);
    end = std::min(end, top + height);
    waits = moves_ == 0 && top < lines.size() && lines[top].hole;
  } else if (mode_ == Mode::stands) {
    const auto below = std::ranges::find_if(
        lines, [this](const Line& line) { return line.key > key_ || (line.key == key_ && line.part > part_); });
    end = static_cast<std::size_t>(below - lines.begin());
  }
  const auto most = static_cast<std::ptrdiff_t>(lines.size());
  const auto least = std::min(most, static_cast<std::ptrdiff_t>(height));
  end = static_cast<std::size_t>(std::clamp(static_cast<std::ptrdiff_t>(end) + moves_, least, most));
  moves_ = 0;
  if (waits) {
    // Loaded, it takes this place.
  } else if (end == lines.size() && to_end) {
    mode_ = Mode::follows;
  } else if (end > 0) {
    mode_ = Mode::stands;
    key_ = lines[end - 1].key;
    part_ = lines[end - 1].part;
  }
  return {end - std::min(end, height), end};
}

}  // namespace enishi::cli
