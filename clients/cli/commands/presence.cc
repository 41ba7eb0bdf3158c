// presence, mode, typing.
#include "cli/session/chat_visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cli/show/words.h"
#include "cpp/requests.h"

namespace enishi::cli {

Outcome<void> run_presence(Context& context) {
  std::vector<std::string> handles;
  for (const auto& typed : context.options.handles) {
    auto handle = handle_of(typed);
    if (!handle) return handle.error();
    handles.push_back(*std::move(handle));
  }
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto answer = visit.ask(client::requests::presence_ask(handles));
  if (!answer) return answer.error();
  for (const auto& each : answer->presences().presences()) {
    Record record;
    record.add("handle", each.handle()).add("state", name_of(each.presence()));
    record.add("since", time_value(each.since_ms()));
    context.printer.row(record,
                        {"@" + safe_line(each.handle()), name_of(each.presence()), local_time(each.since_ms())});
  }
  context.printer.end_table({"HANDLE", "IS", "SINCE"});
  return {};
}

Outcome<void> run_mode(Context& context) {
  const auto& word = context.options.mode;
  auto mode = v1::PRESENCE_STATE_BACKGROUND;
  if (word == "active") mode = v1::PRESENCE_STATE_ACTIVE;
  if (word == "idle") mode = v1::PRESENCE_STATE_IDLE;
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto answer = visit.ask(client::requests::set_mode(mode));
  if (!answer) return answer.error();
  Record record;
  record.add("mode", word);
  context.printer.print(record, "This device is " + word + ".");
  return {};
}

Outcome<void> run_typing(Context& context) {
  const auto at = visit_chat(context);
  if (!at) return at.error();
  const auto answer = (*at)->visit.ask(client::requests::typing((*at)->view.id));
  if (!answer) return answer.error();
  Record record;
  record.add("chat", (*at)->chat());
  context.printer.print(record, {});
  return {};
}

}  // namespace enishi::cli
