// mark, mute, unmute, pin, unpin.
#include "cli/session/chat_visit.h"
#include "cli/show/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

Outcome<v1::Head> mark_unread(Visit& visit, const client::ConversationView& view, std::uint64_t from) {
  const auto answer =
      visit.ask(client::requests::mark_unread(visit.machine().new_client_id(), view.id, view.rev, from));
  if (!answer) return answer.error();
  return answer->marked().head();
}

/// `through` 0: the server's head at that moment.
Outcome<v1::Head> mark_read(Visit& visit, const client::ConversationView& view, std::uint64_t through) {
  auto answer = visit.ask(client::requests::read(view.id, through, view.rev));
  if (!answer) return answer.error();
  // Another device began a new revision meanwhile, so that this report moved nothing: once more, for that one.
  if (const auto rev = answer->marked().head().rev(); rev != view.rev) {
    answer = visit.ask(client::requests::read(view.id, through, rev));
    if (!answer) return answer.error();
  }
  return answer->marked().head();
}

}  // namespace

Outcome<void> run_mark(Context& context) {
  const auto& options = context.options;
  const auto at = visit_chat(context);
  if (!at) return at.error();
  auto& visit = (*at)->visit;
  const auto& view = (*at)->view;
  const auto head = options.unread_from ? mark_unread(visit, view, *options.unread_from)
                                        : mark_read(visit, view, options.seq.value_or(0));
  if (!head) return head.error();
  const auto chat = (*at)->chat();
  Record record;
  record.add("chat", chat).add("rev", head->rev()).add("marker", head->marker()).add("unread", head->unread());
  context.printer.print(record, safe_line(chat) + "  read through " + std::to_string(head->marker()) + ", " +
                                    std::to_string(head->unread()) + " unread");
  return {};
}

Outcome<void> run_flag(Context& context) {
  const auto at = visit_chat(context);
  if (!at) return at.error();
  auto& view = (*at)->view;
  const bool on = !context.options.command.starts_with("un");
  const bool mute = context.options.command.ends_with("mute");
  const auto kind = mute ? v1::REGISTER_KIND_MUTE : v1::REGISTER_KIND_PIN;
  const auto answer = (*at)->visit.ask(client::requests::set_flag(view.id, kind, on));
  if (!answer) return answer.error();
  const auto chat = (*at)->chat();
  Record record;
  record.add("chat", chat).add("muted", mute ? on : view.muted).add("pinned", mute ? view.pinned : on);
  context.printer.print(record, safe_line(chat) + (on ? " is " : " is no longer ") + (mute ? "muted" : "pinned"));
  return {};
}

}  // namespace enishi::cli
