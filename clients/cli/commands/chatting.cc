// chat.
#include <algorithm>

#include "cli/chat/chat.h"
#include "cli/screen/terminal.h"
#include "cli/session/chats.h"

namespace enishi::cli {
namespace {

/// The conversation to open. What is not held may be new: then the daemon is asked first.
Outcome<std::optional<core::PublicId>> find_first(Visit& visit, Profile& profile, const std::string& chat) {
  if (chat.empty()) return std::optional<core::PublicId>{};
  auto found = find_chat(profile, chat);
  if (!found && found.error().code == core::name_of(core::Errc::not_found)) {
    if (const auto arrived = visit.arrive(); !arrived) return arrived.error();
    found = find_chat(profile, chat);
  }
  if (!found) return found.error();
  return std::optional(found->id);
}

/// An exception goes on only after the stack is unwound to here: the terminal is itself again by then.
Outcome<void> on_the_screen(Context& context, Profile& profile, Visit& visit, std::optional<core::PublicId> first) {
  try {
    Terminal terminal;
    Chat chat(context, profile, visit, terminal);
    return chat.run(first);
  } catch (...) {
    throw;
  }
}

}  // namespace

Outcome<void> run_chat(Context& context) {
  if (context.options.json) return usage_failure("chat is a screen: --json has no place in it; use `watch` and `send`");
  if (const auto there = Terminal::check(); !there) return there.error();
  if (const auto good = check_chat(context.options.chat); !good) return good.error();
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile, true);
  const auto first = find_first(visit, *profile, context.options.chat);
  if (!first) return first.error();
  if (const auto done = on_the_screen(context, *profile, visit, *first); !done) return done.error();
  const auto left = visit.machine().outbox().pending();
  if (!left) return profile_failure(left.error());
  const auto queued = std::ranges::count(*left, client::SendState::queued, &client::OutboxEntry::state);
  if (queued > 0)
    context.printer.note(std::to_string(queued) + (queued == 1 ? " message is" : " messages are") +
                         " queued and will go out with the next command that connects");
  return {};
}

}  // namespace enishi::cli
