// members.
#include "cli/session/chat_visit.h"
#include "cli/show/people.h"
#include "cli/show/text.h"
#include "cpp/requests.h"

namespace enishi::cli {

Outcome<void> run_members(Context& context) {
  const auto place = visit_chat(context);
  if (!place) return place.error();
  auto& at = **place;
  const auto answer = at.visit.ask(client::requests::member_list(at.view.id));
  if (!answer) return answer.error();
  const auto chat = at.chat();
  for (const auto& each : answer->member_views().members()) {
    const auto& person = each.person();
    Record record;
    record.add("chat", chat).add("handle", person.handle());
    add_shown(record, person);
    record.add("owner", each.owner());
    context.printer.row(
        record, {"@" + person.handle(), safe_line(person.name()), hue_cell(person.hue()), each.owner() ? "owner" : ""});
  }
  context.printer.end_table({"HANDLE", "NAME", "HUE", ""});
  return {};
}

}  // namespace enishi::cli
