// tie ask|accept|decline|end|block|unblock, ties.
#include <map>

#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/people.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cli/show/words.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

v1::TieAction action_of(std::string_view word) {
  if (word == "ask") return v1::TIE_ACTION_ASK;
  if (word == "accept") return v1::TIE_ACTION_ACCEPT;
  if (word == "decline") return v1::TIE_ACTION_DECLINE;
  if (word == "end") return v1::TIE_ACTION_END;
  if (word == "block") return v1::TIE_ACTION_BLOCK;
  return v1::TIE_ACTION_UNBLOCK;
}

struct TieRow {
  v1::Person person;
  v1::TieState state = v1::TIE_STATE_UNSPECIFIED;
  std::int64_t since_ms = 0;
};

/// The union of ties and blocks, by handle: a block hides what the tie is.
Outcome<std::map<std::string, TieRow>> ties_of(Profile& profile) {
  std::map<std::string, TieRow> rows;
  const auto ties = profile.replica().registers(v1::REGISTER_KIND_TIE);
  if (!ties) return profile_failure(ties.error());
  for (const auto& each : *ties) rows[each.person().handle()] = {each.person(), each.tie(), each.since_ms()};
  const auto blocks = profile.replica().registers(v1::REGISTER_KIND_BLOCK);
  if (!blocks) return profile_failure(blocks.error());
  for (const auto& each : *blocks) {
    auto& row = rows[each.person().handle()];
    if (row.person.name().empty()) row.person = each.person();
    row.state = v1::TIE_STATE_BLOCKED;
    if (each.since_ms() != 0) row.since_ms = each.since_ms();
  }
  return rows;
}

}  // namespace

Outcome<void> run_tie(Context& context) {
  const auto& options = context.options;
  const auto handle = handle_of(options.handle);
  if (!handle) return handle.error();
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto action = action_of(std::string_view(options.command).substr(std::string_view("tie ").size()));
  const auto answer = visit.ask(client::requests::tie(visit.machine().new_client_id(), action, *handle));
  if (!answer) return answer.error();
  const auto& changed = answer->tie_changed();
  Record record;
  record.add("handle", changed.handle()).add("state", name_of(changed.state()));
  context.printer.print(record, "@" + changed.handle() + ": " + name_of(changed.state()));
  return {};
}

Outcome<void> run_ties(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  if (const auto arrived = visit.arrive(); !arrived) return arrived.error();
  const auto rows = ties_of(*profile);
  if (!rows) return rows.error();
  for (const auto& [handle, row] : *rows) {
    Record record;
    record.add("handle", handle);
    add_shown(record, row.person);
    record.add("state", name_of(row.state)).add("since", time_value(row.since_ms));
    context.printer.row(record, {"@" + handle, safe_line(row.person.name()), hue_cell(row.person.hue()),
                                 name_of(row.state), local_time(row.since_ms)});
  }
  context.printer.end_table({"HANDLE", "NAME", "HUE", "TIE", "SINCE"});
  return {};
}

}  // namespace enishi::cli
