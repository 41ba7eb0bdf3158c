#include "cli/show/slots.h"

#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cpp/store/message_view.h"

namespace enishi::cli {
namespace {

using Kind = client::SlotView::Kind;

constexpr std::size_t kTextIndent = 4;

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::message:
      return "message";
    case Kind::system:
      return "system";
    case Kind::skipped:
      return "skipped";
    case Kind::hole:
      return "hole";
    case Kind::change:
      return "change";
  }
  return "hole";
}

std::string people_of(const v1::Event& event) {
  std::string people;
  for (const auto& person : event.people()) people += (people.empty() ? "@" : ", @") + person.handle();
  return people;
}

std::string range_text(const client::Range& range) {
  const auto first = std::to_string(range.first);
  return range.first == range.last ? first : first + "-" + std::to_string(range.last);
}

}  // namespace

std::string text_of(const v1::Event& event) {
  switch (event.kind()) {
    case v1::EVENT_KIND_MESSAGE:
      return client::text_of_message(event);
    case v1::EVENT_KIND_EDITED:
      return event.body();
    case v1::EVENT_KIND_REACTED:
      return event.body();
    case v1::EVENT_KIND_CREATED:
      return "made the group with " + people_of(event);
    case v1::EVENT_KIND_ADDED:
      return "added " + people_of(event);
    case v1::EVENT_KIND_REMOVED:
      return "removed " + people_of(event);
    case v1::EVENT_KIND_LEFT:
      return event.people().empty() ? "left" : "left; the owner is " + people_of(event);
    case v1::EVENT_KIND_TITLED:
      return "changed the title to " + event.body();
    default:
      return {};
  }
}

client::SlotView slot_of(const v1::Event& event) {
  client::SlotView slot;
  slot.kind = client::slot_kind(event);
  slot.slots = {event.seq(), event.seq()};
  slot.event = event;
  return slot;
}

std::string change_of(const v1::Event& event) {
  switch (event.kind()) {
    case v1::EVENT_KIND_EDITED:
      return "edited";
    case v1::EVENT_KIND_DELETED:
      return "deleted";
    case v1::EVENT_KIND_REACTED:
      return event.on() ? "reacted" : "unreacted";
    case v1::EVENT_KIND_PINNED:
      return event.on() ? "pinned" : "unpinned";
    default:
      return {};
  }
}

void add_slot(Record& record, const std::string& chat, const client::SlotView& slot) {
  const auto& event = slot.event;
  record.add("chat", chat).add("seq", slot.slots.first).add("kind", name_of(slot.kind)).add("to", slot.slots.last);
  record.add("author", event.author()).add("device", event.device_name());
  record.add("client_id", client::to_hex(event.client_id())).add("at", time_value(event.at_ms()));
  record.add("reply_to", event.reply_to()).add("text", slot.hidden ? std::string() : text_of(event));
  const auto& state = event.state();
  const auto& edits = state.edits();
  record.add("edited_at", time_value(edits.empty() ? 0 : edits.rbegin()->at_ms()));
  std::vector<Record> versions;
  for (const auto& each : slot.versions)
    versions.emplace_back().add("at", time_value(each.at_ms)).add("text", each.text);
  record.add("versions", versions).add("deleted", slot.hidden || client::is_deleted(event));
  std::vector<Record> reactions;
  for (const auto& each : state.reactions())
    reactions.emplace_back()
        .add("emoji", each.emoji())
        .add("by", std::vector<std::string>(each.handles().begin(), each.handles().end()));
  record.add("reactions", reactions).add("pinned", state.pinned_seq() != 0).add("starred", slot.starred);
  record.add("forwarded_from", event.forwarded_from()).add("hidden", slot.hidden);
  record.add("change", change_of(event)).add("target", event.target_seq());
}

void add_fate(Record& record, const client::Fate& fate) {
  record.add("state", client::name_of(fate.state()));
  record.add("delivered_to", fate.delivered_to).add("read_by", fate.read_by);
}

std::string text_of(const client::Fate& fate, bool in_group) {
  if (!in_group || fate.delivered_to.empty()) return client::name_of(fate.state());
  const auto list = [](const char* what, const std::vector<std::string>& handles) {
    std::string text;
    for (const auto& handle : handles) text += (text.empty() ? what : ", ") + safe_line(handle);
    return text;
  };
  auto text = list("delivered to ", fate.delivered_to);
  if (!fate.read_by.empty()) text += "; " + list("read by ", fate.read_by);
  return text;
}

std::string line_of(const client::SlotView& slot, const std::string& fate) {
  if (slot.kind == Kind::skipped) return range_text(slot.slots) + "  (not for you: you were not in the group)";
  if (slot.kind == Kind::hole) return range_text(slot.slots) + "  (not here yet: read again when the daemon is there)";
  const auto& event = slot.event;
  auto line = range_text(slot.slots) + "  " + local_time(event.at_ms()) + "  " + safe_line(event.author());
  if (slot.kind == Kind::system) return line + " " + safe_line(text_of(event));
  if (slot.kind == Kind::change) {
    const auto text = text_of(event);
    return line + " " + change_of(event) + " " + std::to_string(event.target_seq()) +
           (text.empty() ? "" : ": " + safe_lines(text, kTextIndent));
  }
  if (event.reply_to() != 0) line += " (to " + std::to_string(event.reply_to()) + ")";
  if (!event.forwarded_from().empty()) line += " (forwarded from " + safe_line(event.forwarded_from()) + ")";
  if (client::is_deleted(event)) return line + " deleted this message";
  if (slot.hidden) return line + ": (deleted on your devices)";
  line += ": " + safe_lines(text_of(event), kTextIndent);
  if (!event.state().edits().empty()) line += " (edited)";
  if (event.state().pinned_seq() != 0) line += " (pinned)";
  if (slot.starred) line += " (starred)";
  if (!fate.empty()) line += " (" + fate + ")";
  for (const auto& each : event.state().reactions()) {
    line += "\n" + std::string(kTextIndent, ' ') + safe_line(each.emoji());
    for (const auto& handle : each.handles()) line += " " + safe_line(handle);
  }
  return line;
}

}  // namespace enishi::cli
