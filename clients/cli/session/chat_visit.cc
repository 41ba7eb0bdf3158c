#include "cli/session/chat_visit.h"

namespace enishi::cli {

Outcome<std::unique_ptr<ChatVisit>> visit_chat(Context& context, FindChat find) {
  const auto& chat = context.options.chat;
  if (const auto good = check_chat(chat); !good) return good.error();
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  auto at = std::make_unique<ChatVisit>(context, *std::move(profile));
  if (const auto arrived = at->visit.arrive(); !arrived) return arrived.error();
  auto view = find(at->profile, chat);
  if (!view) return view.error();
  at->view = *std::move(view);
  return at;
}

}  // namespace enishi::cli
