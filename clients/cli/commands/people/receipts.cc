// receipts.
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

void print_switch(Context& context, bool on) {
  Record record;
  record.add("receipts", on);
  context.printer.print(record, on ? "read receipts are on: you give and get them"
                                   : "read receipts are off: you neither give nor get them");
}

Outcome<void> run_switch(Context& context, Visit& visit, Profile& profile) {
  const auto& options = context.options;
  if (options.on || options.off) {
    const auto answer = visit.ask(client::requests::set_receipts(options.on));
    if (!answer) return answer.error();
    print_switch(context, options.on);
    return {};
  }
  const auto arrived = visit.arrive();
  if (!arrived && arrived.error().exit != Exit::unreachable) return arrived.error();
  const auto off = profile.replica().registers(v1::REGISTER_KIND_NO_RECEIPTS);
  if (!off) return profile_failure(off.error());
  print_switch(context, off->empty());
  return arrived;
}

}  // namespace

Outcome<void> run_receipts(Context& context) {
  const auto& chat = context.options.chat;
  if (!chat.empty())
    if (const auto good = check_chat(chat); !good) return good.error();
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  if (chat.empty()) return run_switch(context, visit, *profile);
  auto reached = visit.arrive();
  if (!reached && reached.error().exit != Exit::unreachable) return reached.error();
  const auto view = find_chat(*profile, chat);
  if (!view) return view.error();
  // What the daemon answers is kept; without it, what was kept is shown.
  if (reached)
    if (const auto answer = visit.ask(client::requests::receipts_ask(view->id)); !answer) reached = answer.error();
  if (!reached && reached.error().exit != Exit::unreachable) return reached.error();
  const auto receipts = profile->replica().receipts(view->id);
  if (!receipts) return profile_failure(receipts.error());
  const auto name = name_of_chat(*profile, view->id);
  for (const auto& each : *receipts) {
    Record record;
    record.add("chat", name).add("handle", each.handle).add("delivered", each.delivered).add("read", each.read);
    context.printer.row(record,
                        {"@" + safe_line(each.handle), std::to_string(each.delivered), std::to_string(each.read)});
  }
  context.printer.end_table({"HANDLE", "DELIVERED THROUGH", "READ THROUGH"});
  return reached;
}

}  // namespace enishi::cli
