#include "cli/chat/talk.h"

#include <algorithm>
#include <utility>

#include "cli/show/text.h"
#include "cli/show/words.h"
#include "cpp/view/windows.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kAuthorColumns = 14;

std::string kib(std::size_t bytes) {
  const auto tenths = bytes * 10 / 1024;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string title_of(const client::ConversationView& view, const People& people) {
  if (view.kind == v1::CONVERSATION_KIND_SELF) return "Notes to self";
  if (view.kind != v1::CONVERSATION_KIND_DIRECT) return "#" + safe_line(view.title);
  const auto state = people.presence_of(view.peer.handle());
  const auto title = safe_line(people.full_name_of(view.peer.handle()));
  return state == v1::PRESENCE_STATE_UNKNOWN ? title : title + "  " + name_of(state);
}

std::string typists_text(const std::vector<std::string>& handles, const People& people) {
  if (handles.empty()) return {};
  if (handles.size() > 2) return std::to_string(handles.size()) + " people are typing";
  const auto first = safe_line(people.label_of(handles[0]));
  if (handles.size() == 1) return first + " is typing";
  return first + " and " + safe_line(people.label_of(handles[1])) + " are typing";
}

}  // namespace

void Talk::set(client::ConversationView view, bool live, bool attentive) {
  if (live && rev_ && *rev_ != view.rev) {
    is_suspended_ = true;
    shown_ = {};
    asked_through_ = 0;
  }
  if (live) rev_ = view.rev;
  if (opening_) {
    shows_new_ = view.unread > 0;
    new_after_ = view.marker;
    place_anew();
    opening_ = !live;
  } else if (!attentive && view.unread > 0 && (!shows_new_ || view.marker > new_after_)) {
    shows_new_ = true;
    new_after_ = view.marker;
  }
  view_ = std::move(view);
}

void Talk::place_anew() {
  if (!at_) return scroll_.to_new();
  if (at_->seq == 0) return scroll_.follow();
  scroll_.to_top(at_->seq, at_->thousandths);
}

Look Talk::look(const Surroundings& around) const {
  Look look;
  look.columns = around.size.columns;
  look.stacked = is_narrow(around.size);
  if (view_.kind == v1::CONVERSATION_KIND_DIRECT)
    look.author_columns =
        std::clamp<std::size_t>(width_of(safe_line(around.people.label_of(view_.peer.handle()))), 3, kAuthorColumns);
  else if (view_.kind != v1::CONVERSATION_KIND_SELF)
    look.author_columns = kAuthorColumns;
  look.shows_new = shows_new_;
  look.new_after = new_after_;
  look.connected = around.live;
  look.numbers = composer_.text().starts_with("/unread") || composer_.text().starts_with("/reply");
  return look;
}

Outcome<Frame> Talk::draw(Surroundings around) {
  height_ = body_rows(composer_, around.size);
  const auto reach = 2 * height_ + scroll_.reach() + 2;
  auto around_seq = scroll_.key().value_or(kOutgoing);
  // The new is opened at its beginning, which may be far above.
  const bool is_far = shows_new_ && scroll_.opens_new();
  if (is_far) around_seq = new_after_ + 1;
  const auto stretch =
      read_stretch(around.replica, around.outbox, view_, around.people, sent_, around_seq, reach, reach);
  if (!stretch) return stretch.error();
  auto looks = look(around);
  looks.from_start = stretch->from_start;
  const auto lines = lay_out(stretch->items, looks);
  const auto shown = scroll_.place(lines, height_, stretch->to_end);
  anchor_ = {};
  if (shown.first < shown.end && lines[shown.first].key < kOutgoing) {
    const auto& top = lines[shown.first];
    const auto same = std::ranges::count(lines, top.key, &Line::key);
    anchor_ = {top.key, static_cast<std::uint32_t>(top.part * 1000 /
                                                   static_cast<std::size_t>(std::max<std::ptrdiff_t>(same, 1)))};
  }
  std::vector<Row> body(height_ - std::min(height_, shown.end - shown.first));
  hole_.reset();
  for (auto at = shown.first; at < shown.end; ++at) {
    const auto& line = lines[at];
    body.push_back(line.row);
    if (line.hole) hole_ = line.slots;
    const bool seen = line.slots.first != 0 && !line.hole;
    if (seen && around.live && around.attentive && !is_suspended_) shown_.add(line.slots.first, line.slots.last);
  }
  dress(around.chrome, around, stretch->to_end ? lines.size() - shown.end : 1);
  return framed(around.chrome, body, composer_, around.size);
}

void Talk::dress(Chrome& chrome, const Surroundings& around, std::size_t below) const {
  chrome.title = title_of(view_, around.people);
  chrome.hint =
      is_narrow(around.size) ? "Esc: list  /help" : "Enter sends, Alt-Enter breaks the line, Esc: list, /help";
  if (!chrome.note.empty()) return;
  const auto bytes = composer_.text().size();
  if (bytes > around.body_bytes_max) {
    chrome.note = kib(bytes) + " of " + kib(around.body_bytes_max) + " KiB: too long to send";
    chrome.note_style = Style::alert;
  } else if (bytes * 10 > around.body_bytes_max * 9) {
    chrome.note = kib(bytes) + " of " + kib(around.body_bytes_max) + " KiB";
    chrome.note_style = Style::news;
  } else if (auto typing = typists_text(around.people.typists(id_, around.now), around.people); !typing.empty()) {
    chrome.note = std::move(typing);
  } else if (below > 0) {
    chrome.note = view_.unread > 0 ? std::to_string(view_.unread) + " unread, PageDown" : "End: the newest";
    chrome.note_style = view_.unread > 0 ? Style::news : Style::dim;
  } else if (view_.unread > 0 && around.live && around.attentive && asked_through_ == 0 && !read_through()) {
    // Passed by on the way to the end, or marked so elsewhere.
    chrome.note = std::to_string(view_.unread) + " unread, /read marks all";
    chrome.note_style = Style::news;
  }
}

void Talk::scroll(std::ptrdiff_t lines) {
  opening_ = false;
  is_suspended_ = false;
  scroll_.move(lines);
}

void Talk::scroll_to_end() {
  opening_ = false;
  is_suspended_ = false;
  scroll_.follow();
}

void Talk::on_sent(const core::ClientId& id) {
  sent_.push_back(id);
  shows_new_ = false;
  scroll_to_end();
}

std::optional<std::uint64_t> Talk::read_through() const {
  if (is_suspended_) return std::nullopt;
  auto unseen = client::visible_of(view_);
  unseen.remove(1, view_.marker);
  unseen.remove(shown_);
  const auto left = unseen.ranges();
  const auto through = left.empty() ? view_.head : left.front().first - 1;
  if (through <= view_.marker || through <= asked_through_) return std::nullopt;
  return through;
}

}  // namespace enishi::cli
