#include "cli/commands/slots.h"

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
  const auto kind = event.kind() == v1::EVENT_KIND_MESSAGE ? Kind::message : Kind::system;
  return {kind, {event.seq(), event.seq()}, event};
}

void add_slot(Record& record, const std::string& chat, const client::SlotView& slot) {
  const auto& event = slot.event;
  record.add("chat", chat).add("seq", slot.slots.first).add("kind", name_of(slot.kind)).add("to", slot.slots.last);
  record.add("author", event.author()).add("device", event.device_name());
  record.add("client_id", client::to_hex(event.client_id())).add("at", time_value(event.at_ms()));
  record.add("reply_to", event.reply_to()).add("text", text_of(event));
}

std::string line_of(const client::SlotView& slot) {
  if (slot.kind == Kind::skipped) return range_text(slot.slots) + "  (not for you: you were not in the group)";
  if (slot.kind == Kind::hole) return range_text(slot.slots) + "  (not here yet: read again when the daemon is there)";
  const auto& event = slot.event;
  auto line = range_text(slot.slots) + "  " + local_time(event.at_ms()) + "  " + safe_line(event.author());
  if (slot.kind == Kind::system) return line + " " + safe_line(text_of(event));
  if (event.reply_to() != 0) line += " (to " + std::to_string(event.reply_to()) + ")";
  return line + ": " + safe_lines(event.body(), kTextIndent);
}

}  // namespace enishi::cli
