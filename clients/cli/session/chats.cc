#include "cli/session/chats.h"

#include <algorithm>
#include <variant>

#include "core/text.h"

namespace enishi::cli {
namespace {

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

Failure ambiguous(std::string_view chat, const std::vector<core::PublicId>& ids) {
  std::string text = "several groups are called " + std::string(chat) + "; name one by its id:";
  for (const auto& id : ids) text += " " + client::to_hex(id.view());
  return {"AMBIGUOUS", std::move(text), 0, Exit::refused};
}

}  // namespace

Outcome<void> check_chat(std::string_view chat) {
  if (!chat.starts_with('@')) return {};
  if (const auto handle = handle_of(chat); !handle) return handle.error();
  return {};
}

Outcome<client::ConversationView> find_chat(Profile& profile, std::string_view chat) {
  if (const auto good = check_chat(chat); !good) return good.error();
  auto all = profile.replica().conversations();
  if (!all) return profile_failure(all.error());
  const auto resolved = client::resolve_chat(chat, *all);
  if (const auto* many = std::get_if<client::ChatAmbiguous>(&resolved)) return ambiguous(chat, many->ids);
  if (const auto* id = std::get_if<core::PublicId>(&resolved)) {
    const auto at = std::ranges::find(*all, *id, &client::ConversationView::id);
    if (at != all->end()) return std::move(*at);
  }
  return refusal(core::Errc::not_found);
}

std::string name_of_chat(Profile& profile, const core::PublicId& id) { return ChatNames(profile).of(id); }

const std::string& ChatNames::of(const core::PublicId& id) {
  if (const auto known = names_.find(id); known != names_.end()) return known->second;
  if (const auto all = profile_->replica().conversations())
    for (const auto& view : *all) names_[view.id] = client::chat_name(view, *all);
  return names_.try_emplace(id, client::to_hex(id.view())).first->second;
}

std::string receiver_of(ChatNames& names, const client::OutboxEntry& entry) {
  return entry.conversation.is_zero() ? entry.text : names.of(entry.conversation);
}

std::string reason_of(const client::OutboxEntry& entry) {
  const bool said = !entry.conversation.is_zero() && !entry.text.empty();
  return said ? entry.text : core::text_of(static_cast<core::Errc>(entry.code));
}

Outcome<std::string> handle_of(std::string_view typed) {
  if (typed.starts_with('@')) typed.remove_prefix(1);
  auto handle = lower(typed);
  if (!core::is_handle(handle)) return refusal(core::Errc::bad_handle);
  return handle;
}

Outcome<void> check_name(std::string_view name, std::size_t bytes_max, const char* what) {
  if (core::is_name(name, bytes_max)) return {};
  return refusal(core::Errc::bad_name, std::string(what) + " is 1 to " + std::to_string(bytes_max) +
                                           " bytes of UTF-8 without control characters");
}

Outcome<core::PublicId> id_of_hex(std::string_view typed) {
  const auto bytes = client::from_hex(typed);
  core::PublicId id;
  if (!bytes || !id.assign(*bytes)) return refusal(core::Errc::not_found);
  return id;
}

}  // namespace enishi::cli
