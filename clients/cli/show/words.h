// Words for states, as the contract has them.
#pragma once

#include "cpp/happening.h"
#include "enishi/v1/conversation.pb.h"
#include "enishi/v1/presence.pb.h"
#include "enishi/v1/tie.pb.h"

namespace enishi::cli {

/// asked_out, asked_in, mutual, ended, blocked; "none" where nothing is left.
[[nodiscard]] const char* name_of(v1::TieState state);
/// active, idle, background, offline, unknown.
[[nodiscard]] const char* name_of(v1::PresenceState state);
/// direct, group, self.
[[nodiscard]] const char* name_of(v1::ConversationKind kind);
/// added, removed, left, joined.
[[nodiscard]] const char* name_of(client::happening::Change change);

}  // namespace enishi::cli
