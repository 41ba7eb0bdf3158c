#include "cli/chat/people.h"

#include <algorithm>

namespace enishi::cli {

void People::learn(const v1::Person& person) {
  if (person.name().empty() || person.handle().empty()) return;
  auto& name = names_[person.handle()];
  if (name == person.name()) return;
  if (!name.empty()) --bearers_[name];
  name = person.name();
  ++bearers_[name];
}

std::string People::label_of(const std::string& handle) const {
  if (is_self(handle)) return "you";
  const auto name = names_.find(handle);
  if (name == names_.end() || name->second == "you") return handle;
  return bearers_.at(name->second) == 1 ? name->second : handle;
}

std::string People::full_name_of(const std::string& handle) const {
  const auto name = names_.find(handle);
  return (name == names_.end() ? "" : name->second + " ") + "@" + handle;
}

void People::forget_presence() {
  presence_.clear();
  typing_.clear();
}

v1::PresenceState People::presence_of(const std::string& handle) const {
  const auto state = presence_.find(handle);
  return state == presence_.end() ? v1::PRESENCE_STATE_UNKNOWN : state->second;
}

void People::set_typing(const core::PublicId& conversation, const std::string& handle, client::Instant now) {
  if (!is_self(handle)) typing_[conversation][handle] = now + kTypingShown;
}

void People::stops_typing(const core::PublicId& conversation, const std::string& handle) {
  if (const auto at = typing_.find(conversation); at != typing_.end()) at->second.erase(handle);
}

std::vector<std::string> People::typists(const core::PublicId& conversation, client::Instant now) const {
  std::vector<std::string> handles;
  const auto at = typing_.find(conversation);
  if (at == typing_.end()) return handles;
  for (const auto& [handle, until] : at->second)
    if (until > now) handles.push_back(handle);
  return handles;
}

std::optional<client::Instant> People::typing_until(client::Instant now) {
  std::optional<client::Instant> next;
  for (auto& [conversation, handles] : typing_) {
    std::erase_if(handles, [now](const auto& each) { return each.second <= now; });
    for (const auto& [handle, until] : handles) next = next ? std::min(*next, until) : until;
  }
  std::erase_if(typing_, [](const auto& each) { return each.second.empty(); });
  return next;
}

}  // namespace enishi::cli
