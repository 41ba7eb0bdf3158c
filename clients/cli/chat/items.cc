#include "cli/chat/items.h"

#include <algorithm>
#include <optional>

#include "cli/show/slots.h"
#include "cpp/store/message_view.h"
#include "cpp/view/chats.h"
#include "cpp/view/fates.h"
#include "cpp/view/windows.h"

namespace enishi::cli {
namespace {

// A picture is drawn many times a second: of a group's log so much is read for the marks of what is far above.
constexpr std::size_t kLogLookedInto = 5000;

Item::Kind kind_of(client::SlotView::Kind kind) {
  switch (kind) {
    case client::SlotView::Kind::message:
      return Item::Kind::message;
    case client::SlotView::Kind::system:
    case client::SlotView::Kind::change:
      return Item::Kind::system;
    case client::SlotView::Kind::skipped:
      return Item::Kind::skipped;
    case client::SlotView::Kind::hole:
      break;
  }
  return Item::Kind::hole;
}

/// A message as it is now, with what was done to it; of a change, what it does.
std::string text_shown(const client::SlotView& slot) {
  const auto& event = slot.event;
  if (slot.kind == client::SlotView::Kind::change) {
    const auto what = event.kind() == v1::EVENT_KIND_REACTED ? " " + event.body() : "";
    return change_of(event) + " message " + std::to_string(event.target_seq()) + what;
  }
  if (slot.hidden) return "(deleted on your devices)";
  if (client::is_deleted(event)) return "(deleted)";
  auto text = text_of(event);
  if (!event.forwarded_from().empty()) text = "(from @" + event.forwarded_from() + ") " + text;
  if (!event.state().edits().empty()) text += " (edited)";
  if (event.state().pinned_seq() != 0) text += " (pinned)";
  for (const auto& reaction : event.state().reactions())
    text += "\n" + reaction.emoji() + " " + std::to_string(reaction.handles_size());
  return text;
}

/// One tick: it is in the log; two: it was delivered. In a group with the number of people.
std::string mark_of(const client::Fate& fate, bool in_group) {
  const auto count = [in_group](const std::vector<std::string>& handles) {
    return in_group ? " " + std::to_string(handles.size()) : std::string();
  };
  switch (fate.state()) {
    case client::Fate::State::sent:
      return "✓";
    case client::Fate::State::delivered:
      return "✓✓" + count(fate.delivered_to);
    case client::Fate::State::read:
      return "✓✓ read" + count(fate.read_by);
  }
  return {};
}

class Reader {
 public:
  Reader(client::Replica& replica, const client::ConversationView& view, People& people)
      : replica_(replica), view_(view), people_(people) {}

  Item item_of(const client::SlotView& slot) {
    Item item;
    item.kind = kind_of(slot.kind);
    item.key = slot.slots.first;
    item.slots = slot.slots;
    if (item.kind == Item::Kind::skipped || item.kind == Item::Kind::hole) return item;
    const auto& event = slot.event;
    item.author = people_.label_of(event.author());
    item.mine = people_.is_self(event.author());
    item.at_ms = event.at_ms();
    item.text = text_shown(slot);
    if (event.reply_to() != 0) item.quote = quote_of(event.reply_to());
    return item;
  }

  Item item_of(const client::OutboxEntry& entry) {
    Item item;
    item.kind = Item::Kind::outgoing;
    item.key = kOutgoing + entry.number;
    item.author = people_.label_of(people_.self());
    item.mine = true;
    const bool committed = entry.state == client::SendState::committed;
    item.at_ms = (committed ? entry.at : entry.queued_at).time_since_epoch().count();
    item.text = entry.body;
    if (entry.reply_to != 0) item.quote = quote_of(entry.reply_to);
    if (entry.state == client::SendState::rejected)
      item.fate = entry.text.empty() ? core::text_of(static_cast<core::Errc>(entry.code)) : entry.text;
    return item;
  }

 private:
  /// "ben: the first line of it"; its number where it is not here.
  std::string quote_of(std::uint64_t seq) {
    const auto found = replica_.events(view_.id, seq, seq, 1, false);
    if (!found || found->empty()) return "message " + std::to_string(seq);
    const auto text = client::is_deleted(found->front()) ? "(deleted)" : text_of(found->front());
    return people_.label_of(found->front().author()) + ": " + text.substr(0, text.find('\n'));
  }

  client::Replica& replica_;
  const client::ConversationView& view_;
  People& people_;
};

/// What waits or was refused, and what was sent from here and has not come back by the log yet; in order of sending.
Outcome<std::vector<client::OutboxEntry>> outgoing_of(client::Outbox& outbox, const client::ConversationView& view,
                                                      std::vector<core::ClientId>& sent) {
  auto entries = outbox.pending();
  if (!entries) return profile_failure(entries.error());
  std::erase_if(*entries, [&](const auto& each) { return each.conversation != view.id; });
  std::vector<core::ClientId> unseen;
  for (const auto& id : sent) {
    const auto entry = outbox.find(id);
    if (!entry) return profile_failure(entry.error());
    if (!*entry || (*entry)->state == client::SendState::rejected) continue;
    const bool committed = (*entry)->state == client::SendState::committed;
    if (committed && view.held.contains((*entry)->seq)) continue;
    unseen.push_back(id);
    if (committed && (*entry)->conversation == view.id) entries->push_back(**entry);
  }
  sent = std::move(unseen);
  std::ranges::sort(*entries, {}, &client::OutboxEntry::number);
  return *std::move(entries);
}

}  // namespace

Outcome<Stretch> read_stretch(client::Replica& replica, client::Outbox& outbox, const client::ConversationView& view,
                              People& people, std::vector<core::ClientId>& sent, std::uint64_t seq,
                              std::uint64_t before, std::uint64_t after) {
  const auto visible = client::visible_of(view);
  const auto range = client::window_around(visible, std::min(seq, view.head + 1), before, after);
  Stretch stretch;
  stretch.to_end = visible.empty() || range.last >= visible.last();
  stretch.from_start = visible.empty() || range.first <= visible.ranges().front().first;
  Reader reader(replica, view, people);
  if (range.first <= range.last) {
    const auto events = replica.events(view.id, range.first, range.last, range.size(), false);
    if (!events) return profile_failure(events.error());
    for (const auto& event : *events)
      for (const auto& person : event.people()) people.learn(person);
    const auto marks = replica.marks(view.id, *events);
    if (!marks) return profile_failure(marks.error());
    const auto fates = client::fates_of(replica, view, range.first, kLogLookedInto);
    if (!fates) return profile_failure(fates.error());
    for (const auto& slot : client::slots_of(view, *events, range.first, range.last, *marks)) {
      auto item = reader.item_of(slot);
      const bool has_fate = item.mine && item.kind == Item::Kind::message && view.kind != v1::CONVERSATION_KIND_SELF;
      if (has_fate && !client::is_deleted(slot.event))
        item.mark = mark_of(fates->of(slot.slots.first), view.kind == v1::CONVERSATION_KIND_GROUP);
      stretch.items.push_back(std::move(item));
    }
  }
  if (!stretch.to_end) return stretch;
  const auto outgoing = outgoing_of(outbox, view, sent);
  if (!outgoing) return outgoing.error();
  for (const auto& entry : *outgoing) stretch.items.push_back(reader.item_of(entry));
  return stretch;
}

}  // namespace enishi::cli
