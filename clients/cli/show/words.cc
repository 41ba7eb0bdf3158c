#include "cli/show/words.h"

namespace enishi::cli {

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
