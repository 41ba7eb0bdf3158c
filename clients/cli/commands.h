// The commands of the contract. Read this file to know the command line.
#pragma once

#include <string_view>
#include <vector>

#include "cli/failure.h"
#include "cli/options.h"
#include "cli/show/printer.h"
#include "cpp/secrets.h"

namespace enishi::cli {

/// What every command gets. Lives as long as the command.
struct Context {
  const Options& options;
  Printer& printer;
  client::SystemEntropy entropy;
};

/// Runs one command to its end: prints its results and returns nothing, or why it failed (printed by the caller).
using Handler = Outcome<void> (*)(Context&);

/// commands/joining.cc, commands/pairing.cc: a profile comes into being
Outcome<void> run_join(Context& context);
Outcome<void> run_recover(Context& context);
Outcome<void> run_pair(Context& context);
/// commands/devices.cc
Outcome<void> run_devices(Context& context);
Outcome<void> run_revoke(Context& context);
Outcome<void> run_recovery_codes(Context& context);
/// commands/invitations.cc
Outcome<void> run_invite(Context& context);
Outcome<void> run_invites(Context& context);
Outcome<void> run_uninvite(Context& context);
/// commands/ties.cc: all of `tie ...` are one; options.command tells which
Outcome<void> run_tie(Context& context);
Outcome<void> run_ties(Context& context);
/// commands/people/
Outcome<void> run_profile(Context& context);
Outcome<void> run_picture(Context& context);
Outcome<void> run_members(Context& context);
Outcome<void> run_receipts(Context& context);
/// commands/groups.cc
Outcome<void> run_group_new(Context& context);
Outcome<void> run_group_add(Context& context);
Outcome<void> run_group_remove(Context& context);
Outcome<void> run_group_leave(Context& context);
Outcome<void> run_group_title(Context& context);
/// commands/listing.cc, sending.cc, reading.cc, marking.cc: conversations
Outcome<void> run_list(Context& context);
Outcome<void> run_send(Context& context);
Outcome<void> run_read(Context& context);
Outcome<void> run_mark(Context& context);
Outcome<void> run_flag(Context& context);
/// commands/drafting.cc
Outcome<void> run_draft(Context& context);
Outcome<void> run_drafts(Context& context);
/// commands/changing.cc: messages that live
Outcome<void> run_edit(Context& context);
Outcome<void> run_delete(Context& context);
Outcome<void> run_react(Context& context);
Outcome<void> run_star(Context& context);
Outcome<void> run_starred(Context& context);
Outcome<void> run_pin_message(Context& context);
Outcome<void> run_forward(Context& context);
/// commands/watching.cc
Outcome<void> run_watch(Context& context);
/// commands/presence.cc
Outcome<void> run_presence(Context& context);
Outcome<void> run_mode(Context& context);
Outcome<void> run_typing(Context& context);
/// baton/baton.cc
Outcome<void> run_baton(Context& context);
/// commands/status.cc
Outcome<void> run_status(Context& context);
/// doctor/doctor.cc: a place seen from outside
Outcome<void> run_doctor(Context& context);
/// commands/chatting.cc
Outcome<void> run_chat(Context& context);

struct Command {
  std::string_view name;
  Handler run;
};
/// One for each name of help.h's grammar.
[[nodiscard]] const std::vector<Command>& commands();

}  // namespace enishi::cli
