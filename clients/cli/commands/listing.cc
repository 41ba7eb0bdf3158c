// list.
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/slots.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cli/show/words.h"
#include "cpp/store/message_view.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kChatColumns = 28, kTextColumns = 60;

/// The newest event; seq 0 where there is none.
Record last_of(const client::ConversationView& view) {
  const auto event = view.last.value_or(v1::Event{});
  Record last;
  last.add("seq", event.seq()).add("author", event.author()).add("text", text_of(event));
  last.add("at", time_value(event.at_ms()));
  return last;
}

std::string title_of(const client::ConversationView& view) {
  return view.kind == v1::CONVERSATION_KIND_DIRECT ? view.peer.name() : view.title;
}

/// What can be typed as CHAT: never cut where it is an id; the title that several groups share stands behind it.
std::string chat_cell(const client::ConversationView& view, const std::string& chat) {
  if (chat != client::to_hex(view.id.view())) return cut_to(safe_line(chat), kChatColumns);
  const auto title = title_of(view);
  return chat + (title.empty() ? "" : "  " + cut_to(safe_line("#" + title), kChatColumns));
}

void print_row(Context& context, const client::ConversationView& view, const std::string& chat) {
  const auto last = last_of(view);
  Record record;
  record.add("id", client::to_hex(view.id.view())).add("chat", chat).add("kind", name_of(view.kind));
  record.add("title", title_of(view)).add("head", view.head).add("marker", view.marker).add("rev", view.rev);
  record.add("unread", view.unread).add("mentions", view.mentions).add("muted", view.muted).add("pinned", view.pinned);
  record.add("last", last);
  std::string said;
  if (view.last) {
    const auto text = client::is_deleted(*view.last) ? "deleted this message" : text_of(*view.last);
    const bool message = view.last->kind() == v1::EVENT_KIND_MESSAGE && !client::is_deleted(*view.last);
    said = safe_line(view.last->author()) + (message ? ": " : " ") + safe_line(text);
  }
  std::string flags;
  if (view.pinned) flags += "pinned ";
  if (view.muted) flags += "muted";
  std::string unread = view.unread == 0 ? "" : std::to_string(view.unread);
  if (view.mentions != 0) unread += " @" + std::to_string(view.mentions);
  context.printer.row(record, {unread, chat_cell(view, chat), local_time(view.last ? view.last->at_ms() : 0),
                               cut_to(said, kTextColumns), flags});
}

}  // namespace

Outcome<void> run_list(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto arrived = visit.arrive();
  // Not reachable: what is stored is shown all the same.
  if (!arrived && arrived.error().exit != Exit::unreachable) return arrived.error();
  const auto views = profile->replica().conversations();
  if (!views) return profile_failure(views.error());
  for (const auto& view : *views) print_row(context, view, client::chat_name(view, *views));
  context.printer.end_table({"UNREAD", "CHAT", "LAST", "", ""});
  return arrived;
}

}  // namespace enishi::cli
