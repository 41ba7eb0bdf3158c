#include "cpp/view/chats.h"

#include <algorithm>

#include "cpp/store/message_view.h"

namespace enishi::client {
namespace {

bool is_group_titled(const ConversationView& view, std::string_view title) {
  return view.kind == v1::CONVERSATION_KIND_GROUP && view.title == title;
}

ChatResolved one_of(const std::vector<core::PublicId>& found) {
  if (found.empty()) return ChatNotFound{};
  if (found.size() > 1) return ChatAmbiguous{found};
  return found.front();
}

}  // namespace

ChatResolved resolve_chat(std::string_view chat, const std::vector<ConversationView>& conversations) {
  std::vector<core::PublicId> found;
  const auto collect = [&](const auto& fits) {
    for (const auto& each : conversations)
      if (fits(each)) found.push_back(each.id);
    return one_of(found);
  };
  if (chat == "self")
    return collect([](const ConversationView& each) { return each.kind == v1::CONVERSATION_KIND_SELF; });
  if (chat.starts_with('@')) {
    std::string handle(chat.substr(1));
    std::ranges::transform(handle, handle.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return collect([&](const ConversationView& each) {
      return each.kind == v1::CONVERSATION_KIND_DIRECT && each.peer.handle() == handle;
    });
  }
  if (chat.starts_with('#'))
    return collect([&](const ConversationView& each) { return is_group_titled(each, chat.substr(1)); });
  const auto bytes = from_hex(chat);
  core::PublicId id;
  if (!bytes || !id.assign(*bytes)) return ChatNotFound{};
  return collect([&](const ConversationView& each) { return each.id == id; });
}

std::string chat_name(const ConversationView& view, const std::vector<ConversationView>& all) {
  switch (view.kind) {
    case v1::CONVERSATION_KIND_SELF:
      return "self";
    case v1::CONVERSATION_KIND_DIRECT:
      return "@" + view.peer.handle();
    case v1::CONVERSATION_KIND_GROUP:
      if (std::ranges::count_if(all, [&](const auto& each) { return is_group_titled(each, view.title); }) <= 1)
        return "#" + view.title;
      break;
    default:
      break;
  }
  return to_hex(view.id.view());
}

SlotView::Kind slot_kind(const v1::Event& event) noexcept {
  if (event.kind() == v1::EVENT_KIND_MESSAGE) return SlotView::Kind::message;
  return is_change(event) ? SlotView::Kind::change : SlotView::Kind::system;
}

std::vector<SlotView> slots_of(const ConversationView& view, const std::vector<v1::Event>& events, std::uint64_t first,
                               std::uint64_t last, const Marks& marks) {
  if (view.intervals.empty()) return {};
  first = std::max({first, view.intervals.front().joined.value, std::uint64_t{1}});
  last = std::min(last, view.head);
  if (first > last) return {};
  // What is neither held nor missing is not for this member.
  RangeSet missing;
  for (const auto& range : view.missing) missing.add(range.first, range.last);
  std::vector<SlotView> slots;
  const auto fill = [&](std::uint64_t from, std::uint64_t to) {
    while (from <= to) {
      const bool hole = missing.contains(from);
      std::uint64_t end = to;
      for (const auto& range : missing.ranges()) {
        if (hole && range.first <= from && from <= range.last) end = std::min(to, range.last);
        if (!hole && range.first > from) end = std::min(end, range.first - 1);
      }
      auto& slot = slots.emplace_back();
      slot.kind = hole ? SlotView::Kind::hole : SlotView::Kind::skipped;
      slot.slots = {from, end};
      from = end + 1;
    }
  };
  std::uint64_t next = first;
  for (const auto& event : events) {
    if (event.seq() < next || event.seq() > last) continue;
    fill(next, event.seq() - 1);
    const auto versions = marks.versions.find(event.seq());
    slots.push_back({slot_kind(event),
                     {event.seq(), event.seq()},
                     event,
                     marks.starred.contains(event.seq()),
                     marks.hidden.contains(event.seq()),
                     versions == marks.versions.end() ? std::vector<Version>{} : versions->second});
    next = event.seq() + 1;
  }
  fill(next, last);
  return slots;
}

}  // namespace enishi::client
