// edit, delete, react, star, forward; pin and unpin of a message.
#include "cli/commands/sending.h"
#include "cli/session/chat_visit.h"
#include "cli/show/slots.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

/// Asks, and prints which message and which entry of the log it made (0: it was so already).
Outcome<void> ask_change(Context& context, ChatVisit& at, const v1::ClientFrame& frame, const std::string& said) {
  const auto answer = at.visit.ask(frame);
  if (!answer) return answer.error();
  const auto& sent = answer->sent();
  const auto chat = at.chat();
  Record record;
  record.add("chat", chat).add("seq", *context.options.seq).add("change_seq", sent.seq());
  record.add("client_id", client::to_hex(frame.client_id())).add("duplicate", sent.duplicate());
  const auto unchanged = sent.seq() == 0 ? "  (was so already)" : "";
  context.printer.print(record, safe_line(chat) + "  " + std::to_string(*context.options.seq) + " " + said + unchanged);
  return {};
}

Outcome<void> set_flag(Context& context, v1::RegisterKind kind, bool on, const char* field, const std::string& said) {
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto answer = at.visit.ask(client::requests::set_message_flag(at.view.id, *context.options.seq, kind, on));
  if (!answer) return answer.error();
  const auto chat = at.chat();
  Record record;
  record.add("chat", chat).add("seq", *context.options.seq).add(field, on);
  context.printer.print(record, safe_line(chat) + "  " + std::to_string(*context.options.seq) + " " + said);
  return {};
}

}  // namespace

Outcome<void> run_edit(Context& context) {
  const auto body = body_of(context.options.text);
  if (const auto good = check_body(body); !good) return good.error();
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto id = at.visit.machine().new_client_id();
  return ask_change(context, at, client::requests::edit(id, at.view.id, *context.options.seq, body), "edited");
}

Outcome<void> run_delete(Context& context) {
  const auto& options = context.options;
  if (options.for_me)
    return set_flag(context, v1::REGISTER_KIND_HIDE, !options.off, "hidden",
                    options.off ? "is back on your devices" : "deleted on your devices");
  if (options.off) return usage_failure("--off goes with --for-me: what is deleted for everyone is gone");
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto id = at.visit.machine().new_client_id();
  return ask_change(context, at, client::requests::delete_message(id, at.view.id, *options.seq),
                    "deleted for everyone");
}

Outcome<void> run_react(Context& context) {
  const auto& options = context.options;
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto id = at.visit.machine().new_client_id();
  const auto frame = client::requests::react(id, at.view.id, *options.seq, options.emoji, !options.off);
  return ask_change(context, at, frame, safe_line(options.emoji) + (options.off ? " taken away" : ""));
}

Outcome<void> run_star(Context& context) {
  const bool on = !context.options.off;
  return set_flag(context, v1::REGISTER_KIND_STAR, on, "starred", on ? "starred" : "no longer starred");
}

Outcome<void> run_starred(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto arrived = visit.arrive();
  if (!arrived && arrived.error().exit != Exit::unreachable) return arrived.error();
  const auto stars = profile->replica().registers(v1::REGISTER_KIND_STAR);
  if (!stars) return profile_failure(stars.error());
  ChatNames names(*profile);
  for (const auto& star : *stars) {
    const auto id = client::id_of(star.conversation_id());
    const auto seq = star.message_seq();
    auto view = profile->replica().conversation(id);
    if (!view) continue;  // left since
    if (arrived && !view->held.contains(seq)) {
      if (const auto page = visit.ask(client::requests::fetch(id, seq, seq, 1)); !page) return page.error();
      view = profile->replica().conversation(id);
    }
    const auto events = profile->replica().events(id, seq, seq, 1, false);
    if (!view) continue;  // left meanwhile
    if (!events) return profile_failure(events.error());
    const auto marks = profile->replica().marks(id, *events);
    if (!marks) return profile_failure(marks.error());
    for (const auto& slot : client::slots_of(*view, *events, seq, seq, *marks)) {
      Record record;
      add_slot(record, names.of(id), slot);
      context.printer.print(record, safe_line(names.of(id)) + "  " + line_of(slot));
    }
  }
  return arrived;
}

Outcome<void> run_pin_message(Context& context) {
  const bool on = context.options.command == "pin";
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto id = at.visit.machine().new_client_id();
  return ask_change(context, at, client::requests::pin_message(id, at.view.id, *context.options.seq, on),
                    on ? "pinned for all" : "no longer pinned");
}

Outcome<void> run_forward(Context& context) {
  const auto& options = context.options;
  if (const auto good = check_chat(options.to); !good) return good.error();
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto to = find_chat(at.profile, options.to);
  if (!to) return to.error();
  const auto id = at.visit.machine().new_client_id();
  const auto answer = at.visit.ask(client::requests::forward(id, to->id, at.view.id, *options.seq));
  if (!answer) return answer.error();
  const auto& sent = answer->sent();
  const auto chat = name_of_chat(at.profile, to->id);
  Record record;
  record.add("chat", chat).add("seq", sent.seq()).add("client_id", client::to_hex(id.view()));
  record.add("at", time_value(sent.at_ms())).add("state", "committed").add("duplicate", sent.duplicate());
  context.printer.print(record, safe_line(chat) + "  " + std::to_string(sent.seq()));
  return {};
}

}  // namespace enishi::cli
