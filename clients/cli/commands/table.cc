// The table of commands, and the words for states.
#include "cli/commands.h"
#include "cli/commands/words.h"

namespace enishi::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"join", run_join},
      {"pair", run_pair},
      {"recover", run_recover},
      {"devices", run_devices},
      {"revoke", run_revoke},
      {"recovery-codes", run_recovery_codes},
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
      {"group new", run_group_new},
      {"group add", run_group_add},
      {"group remove", run_group_remove},
      {"group leave", run_group_leave},
      {"group title", run_group_title},
      {"list", run_list},
      {"send", run_send},
      {"read", run_read},
      {"mark", run_mark},
      {"mute", run_flag},
      {"unmute", run_flag},
      {"pin", run_flag},
      {"unpin", run_flag},
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

const char* name_of(v1::TieState state) {
  switch (state) {
    case v1::TIE_STATE_ASKED_OUT:
      return "asked_out";
    case v1::TIE_STATE_ASKED_IN:
      return "asked_in";
    case v1::TIE_STATE_MUTUAL:
      return "mutual";
    case v1::TIE_STATE_ENDED:
      return "ended";
    case v1::TIE_STATE_BLOCKED:
      return "blocked";
    default:
      return "none";
  }
}

const char* name_of(v1::PresenceState state) {
  switch (state) {
    case v1::PRESENCE_STATE_ACTIVE:
      return "active";
    case v1::PRESENCE_STATE_IDLE:
      return "idle";
    case v1::PRESENCE_STATE_BACKGROUND:
      return "background";
    case v1::PRESENCE_STATE_OFFLINE:
      return "offline";
    default:
      return "unknown";
  }
}

const char* name_of(v1::ConversationKind kind) {
  switch (kind) {
    case v1::CONVERSATION_KIND_DIRECT:
      return "direct";
    case v1::CONVERSATION_KIND_GROUP:
      return "group";
    case v1::CONVERSATION_KIND_SELF:
      return "self";
    default:
      return "unknown";
  }
}

const char* name_of(client::happening::Change change) {
  using client::happening::Change;
  switch (change) {
    case Change::added:
      return "added";
    case Change::removed:
      return "removed";
    case Change::left:
      return "left";
    case Change::joined:
      return "joined";
  }
  return "joined";
}

}  // namespace enishi::cli
