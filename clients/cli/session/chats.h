// Words of the command line that name conversations, people and things.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/failure.h"
#include "cli/session/profile.h"
#include "cpp/view/chats.h"

namespace enishi::cli {

/// The form of CHAT, as far as it can be judged here. Errors: BAD_HANDLE.
[[nodiscard]] Outcome<void> check_chat(std::string_view chat);
/// The conversation behind CHAT among those held. Errors: BAD_HANDLE, NOT_FOUND, AMBIGUOUS, STORE_*.
[[nodiscard]] Outcome<client::ConversationView> find_chat(Profile& profile, std::string_view chat);
/// How a conversation is called, usable as CHAT; its id in hex when it is not held.
[[nodiscard]] std::string name_of_chat(Profile& profile, const core::PublicId& id);

/// Names of conversations by id, kept until told that they changed: for commands that print many lines.
class ChatNames {
 public:
  explicit ChatNames(Profile& profile) : profile_(&profile) {}
  [[nodiscard]] const std::string& of(const core::PublicId& id);
  void forget() { names_.clear(); }

 private:
  Profile* profile_;
  std::map<core::PublicId, std::string> names_;
};

/// Whom a queued or refused message is for, usable as CHAT.
[[nodiscard]] std::string receiver_of(ChatNames& names, const client::OutboxEntry& entry);
/// Why it was refused.
[[nodiscard]] std::string reason_of(const client::OutboxEntry& entry);

/// The handle in HANDLE, which may begin with "@" and hold capitals. Errors: BAD_HANDLE.
[[nodiscard]] Outcome<std::string> handle_of(std::string_view typed);
/// Errors: BAD_NAME, with `what` in its text.
[[nodiscard]] Outcome<void> check_name(std::string_view name, std::size_t bytes_max, const char* what);
/// 16 bytes of 32 hex digits. Errors: NOT_FOUND: what is no id names nothing.
[[nodiscard]] Outcome<core::PublicId> id_of_hex(std::string_view typed);

}  // namespace enishi::cli
