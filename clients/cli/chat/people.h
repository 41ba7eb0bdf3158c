// Who is who: names, presence, who types. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "cpp/driven.h"
#include "enishi/v1/member.pb.h"
#include "enishi/v1/presence.pb.h"

namespace enishi::cli {

/// What is known of people while the screen is open. All texts are as others wrote them: not safe to print.
class People {
 public:
  /// How long a typing signal is shown (presence.proto, Typing).
  static constexpr client::Instant kTypingShown{6000};

  explicit People(std::string self) : self_(std::move(self)) {}
  void learn(const v1::Person& person);
  [[nodiscard]] bool is_self(const std::string& handle) const { return handle == self_; }
  [[nodiscard]] const std::string& self() const noexcept { return self_; }
  /// "you"; the display name, where it is known and nobody else has it; else the handle.
  [[nodiscard]] std::string label_of(const std::string& handle) const;
  /// "Ben @ben": the handle always, for it alone cannot be another's.
  [[nodiscard]] std::string full_name_of(const std::string& handle) const;

  void set_presence(const std::string& handle, v1::PresenceState state) { presence_[handle] = state; }
  /// Not connected: nothing is known of anybody.
  void forget_presence();
  [[nodiscard]] v1::PresenceState presence_of(const std::string& handle) const;

  void set_typing(const core::PublicId& conversation, const std::string& handle, client::Instant now);
  /// His message came.
  void stops_typing(const core::PublicId& conversation, const std::string& handle);
  [[nodiscard]] std::vector<std::string> typists(const core::PublicId& conversation, client::Instant now) const;
  /// When the next one is no longer shown; forgets those that are over.
  [[nodiscard]] std::optional<client::Instant> typing_until(client::Instant now);

 private:
  const std::string self_;
  std::map<std::string, std::string> names_;
  std::map<std::string, int> bearers_;  // of a name
  std::map<std::string, v1::PresenceState> presence_;
  std::map<core::PublicId, std::map<std::string, client::Instant>> typing_;  // until when
};

}  // namespace enishi::cli
