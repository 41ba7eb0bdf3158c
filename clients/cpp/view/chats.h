// What a person types for a conversation: @handle, "#title", an id of 32 hex digits, or self.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cpp/store/replica.h"

namespace enishi::client {

struct ChatNotFound {};
/// A title that fits several groups.
struct ChatAmbiguous {
  std::vector<core::PublicId> ids;
};
using ChatResolved = std::variant<core::PublicId, ChatNotFound, ChatAmbiguous>;

/// Looks among the conversations held. Titles are compared byte for byte; handles without regard to case.
[[nodiscard]] ChatResolved resolve_chat(std::string_view chat, const std::vector<ConversationView>& conversations);

/// How a conversation is called, usable as CHAT: @handle, #title (the id where two groups share the title), or self.
[[nodiscard]] std::string chat_name(const ConversationView& view, const std::vector<ConversationView>& all);

/// One slot of a conversation as shown.
struct SlotView {
  enum class Kind : std::uint8_t { message, system, skipped, hole, change };
  Kind kind = Kind::message;
  Range slots;                           ///< one seq for message, system and change
  v1::Event event;                       ///< message (with its state), system, change
  bool starred = false, hidden = false;  ///< by this member
  std::vector<Version> versions;         ///< of an edited message: all its texts, oldest first
};
/// The kind of slot that one event is.
[[nodiscard]] SlotView::Kind slot_kind(const v1::Event& event) noexcept;
/// Every slot of [first, last], ascending: events, and what lies between as skipped or hole. Slots before the first
/// interval are left out. `events`: those held of the range, ascending.
[[nodiscard]] std::vector<SlotView> slots_of(const ConversationView& view, const std::vector<v1::Event>& events,
                                             std::uint64_t first, std::uint64_t last, const Marks& marks = {});

}  // namespace enishi::client
