// The table of commands.
#include "cli/commands.h"

namespace enishi::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"join", run_join},
      {"pair", run_pair},
      {"recover", run_recover},
      {"devices", run_devices},
      {"revoke", run_revoke},
      {"recovery-codes", run_recovery_codes},
      {"baton", run_baton},
      {"invite", run_invite},
      {"invites", run_invites},
      {"uninvite", run_uninvite},
      {"tie ask", run_tie},
      {"tie accept", run_tie},
      {"tie decline", run_tie},
      {"tie end", run_tie},
      {"tie block", run_tie},
      {"tie unblock", run_tie},
      {"ties", run_ties},
      {"profile", run_profile},
      {"picture", run_picture},
      {"group new", run_group_new},
      {"group add", run_group_add},
      {"group remove", run_group_remove},
      {"group leave", run_group_leave},
      {"group title", run_group_title},
      {"members", run_members},
      {"list", run_list},
      {"send", run_send},
      {"draft", run_draft},
      {"drafts", run_drafts},
      {"read", run_read},
      {"mark", run_mark},
      {"receipts", run_receipts},
      {"mute", run_flag},
      {"unmute", run_flag},
      {"pin", run_flag},
      {"unpin", run_flag},
      {"edit", run_edit},
      {"delete", run_delete},
      {"react", run_react},
      {"star", run_star},
      {"starred", run_starred},
      {"forward", run_forward},
      {"watch", run_watch},
      {"presence", run_presence},
      {"mode", run_mode},
      {"typing", run_typing},
      {"status", run_status},
      {"doctor", run_doctor},
      {"chat", run_chat},
  };
  return kCommands;
}

}  // namespace enishi::cli
