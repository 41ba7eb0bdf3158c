// The list of conversations. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/screen/frame.h"
#include "cli/screen/keys.h"
#include "core/ids.h"
#include "enishi/v1/conversation.pb.h"
#include "enishi/v1/presence.pb.h"

namespace enishi::cli {

/// One conversation. Texts are as others wrote them: not safe to print.
struct ListEntry {
  core::PublicId id;
  v1::ConversationKind kind = v1::CONVERSATION_KIND_DIRECT;
  std::string name;
  std::string preview;  ///< the newest message, or who types
  std::int64_t at_ms = 0;
  std::uint64_t unread = 0;
  v1::PresenceState presence = v1::PRESENCE_STATE_UNKNOWN;  ///< of the peer of a direct one
  bool muted = false, pinned = false;
};

/// Entries in their order, one of them chosen; the choice stays on its conversation when the order changes.
class ListScreen {
 public:
  void set(std::vector<ListEntry> entries);
  /// Shows only those whose name holds this, whatever the case of ASCII letters; empty shows all.
  void filter(std::string_view text);
  void choose(const core::PublicId& id) { chosen_ = id; }
  /// Moves the choice; false: the key is not for the list.
  bool press(KeyKind key, std::size_t height);
  /// Nullopt: there is none to choose.
  [[nodiscard]] std::optional<core::PublicId> chosen() const;
  /// At most `height` rows. `wall_ms`: now, for what is of today.
  [[nodiscard]] std::vector<Row> draw(Size size, std::size_t height, std::int64_t wall_ms);

 private:
  [[nodiscard]] std::size_t chosen_at() const;
  [[nodiscard]] Row row_of(const ListEntry& entry, bool chosen, std::size_t columns, std::int64_t wall_ms) const;
  void show();

  std::vector<ListEntry> all_, shown_;
  std::string filter_;
  std::optional<core::PublicId> chosen_;
  std::size_t place_ = 0;  // of the choice, for when its conversation goes
  std::size_t top_ = 0;
};

}  // namespace enishi::cli
