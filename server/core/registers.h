// The private state of a member, one keyed entry after the other. Plain values.
#pragma once

#include <cstdint>
#include <string>

#include "core/ids.h"

namespace enishi::core {

enum class RegisterKind : std::uint8_t {
  marker = 1,
  draft,
  mute,
  pin,
  tie,
  membership,
  block,
  device,
  star,
  hide,
  stored,        ///< one device holds everything through `seq`
  read_through,  ///< what others may know of the marker
  kept_draft,    ///< a draft that lost; `object` is message_object(conversation, place)
  no_receipts,   ///< of the member himself, object 0
  profile        ///< his name, hue or picture changed, object 0
};
/// Drafts that lost and are kept for one conversation.
inline constexpr std::uint64_t kKeptDraftsMax = 5;

/// The `object` of a register about one message. Conversations and seqs are dense, so four billion of each are enough.
[[nodiscard]] constexpr std::uint64_t message_object(ConversationId conversation, Seq seq) noexcept {
  return conversation.value << 32 | seq.value;
}
[[nodiscard]] constexpr ConversationId conversation_in(std::uint64_t object) noexcept { return {object >> 32}; }
[[nodiscard]] constexpr Seq seq_in(std::uint64_t object) noexcept { return {object & 0xFFFF'FFFFU}; }
enum class TieState : std::uint8_t { none = 0, asked_out, asked_in, mutual, ended };

/// One keyed entry of a member's private state. `object` is the conversation, member or device it is about, by its
/// dense number. Fields that a kind does not name are zero. A removed one stays as a tombstone.
struct Register {
  MemberId member;
  RegisterKind kind = RegisterKind::marker;
  std::uint64_t object = 0;
  Position position;
  std::uint64_t rseq = 0;  ///< dense from 1 within the member
  bool removed = false;
  std::uint64_t rev = 0;  ///< marker, draft, kept_draft
  Seq seq;                ///< marker, stored, read_through; removed draft: the message whose sending cleared it
  DeviceId by_device;     ///< marker, draft, kept_draft
  TieState tie = TieState::none;
  WallTime at{};
  std::string text;         ///< draft, kept_draft
  std::uint32_t caret = 0;  ///< draft, in code points
  Seq reply_to{};           ///< draft
};

}  // namespace enishi::core
