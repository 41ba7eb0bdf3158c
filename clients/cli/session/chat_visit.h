// A command about one conversation: what all of those begin with.
#pragma once

#include <memory>

#include "cli/session/chats.h"
#include "cli/session/visit.h"

namespace enishi::cli {

/// A visit that has arrived, and the conversation that CHAT named when it had. Stays where it is made: the visit holds
/// references to the profile. Owner: main.
struct ChatVisit {
  ChatVisit(Context& context, Profile opened) : profile(std::move(opened)), visit(context, profile) {}
  ChatVisit(const ChatVisit&) = delete;
  ChatVisit& operator=(const ChatVisit&) = delete;

  [[nodiscard]] std::string chat() { return name_of_chat(profile, view.id); }

  Profile profile;
  Visit visit;
  client::ConversationView view;
};

/// How the words of CHAT become a conversation: find_chat, or what narrows it.
using FindChat = Outcome<client::ConversationView> (*)(Profile&, std::string_view);

/// Opens the profile, connects, catches up, and finds `options.chat`. Errors: those of check_chat (before anything is
/// opened), of Profile::open, of Visit::arrive and of `find`.
[[nodiscard]] Outcome<std::unique_ptr<ChatVisit>> visit_chat(Context& context, FindChat find = find_chat);

}  // namespace enishi::cli
