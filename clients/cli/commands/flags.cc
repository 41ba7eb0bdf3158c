// mute, unmute, pin, unpin.
#include "cli/commands/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cpp/requests.h"

namespace enishi::cli {

Outcome<void> run_flag(Context& context) {
  const auto& options = context.options;
  if (const auto good = check_chat(options.chat); !good) return good.error();
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  if (const auto arrived = visit.arrive(); !arrived) return arrived.error();
  const auto view = find_chat(*profile, options.chat);
  if (!view) return view.error();
  const bool on = !options.command.starts_with("un");
  const bool mute = options.command.ends_with("mute");
  const auto kind = mute ? v1::REGISTER_KIND_MUTE : v1::REGISTER_KIND_PIN;
  const auto answer = visit.ask(client::requests::set_flag(view->id, kind, on));
  if (!answer) return answer.error();
  const auto chat = name_of_chat(*profile, view->id);
  Record record;
  record.add("chat", chat).add("muted", mute ? on : view->muted).add("pinned", mute ? view->pinned : on);
  context.printer.print(record, safe_line(chat) + (on ? " is " : " is no longer ") + (mute ? "muted" : "pinned"));
  return {};
}

}  // namespace enishi::cli
