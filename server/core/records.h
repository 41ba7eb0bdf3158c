// What is kept: the rows of the store as the core sees them. Plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/registers.h"

namespace enishi::core {

/// A person. A handle that somebody asked a tie of, but nobody has, is a member that has not joined (a phantom): so an
/// ask to nobody takes the same path, the same writes and the same bytes as one to somebody.
struct Member {
  MemberId id;
  PublicId public_id;
  std::string handle;
  std::string name;      ///< display name; empty for a phantom
  MemberId inviter;      ///< 0: the daemon's own invitation
  WallTime joined_at{};  ///< meaningless while !joined
  bool joined = false;
  std::uint32_t hue = 0;  ///< chosen colour, 1 to 360 degrees; 0: none
  PublicId picture_id{};  ///< names the present picture; zero: none
};

/// The small picture of a member, as his client encoded it.
struct Picture {
  MemberId member;
  std::string bytes;  ///< PNG, JPEG or WebP; empty: there is none
};

/// One installed client of a member.
struct Device {
  DeviceId id;
  PublicId public_id;
  MemberId member;
  std::string name;
  PublicKey key;
  std::uint32_t generation = 1;  ///< raised by revocation, so that tickets of before do not hold
  WallTime created_at{};
  WallTime last_seen{};
  bool revoked = false;
};

struct Invitation {
  InvitationId id;
  PublicId public_id;
  SecretHash secret_hash;
  MemberId inviter;  ///< 0: made by the operator before there was an owner
  std::uint32_t uses = 1;
  std::uint32_t used = 0;
  WallTime created_at{};
  WallTime expires_at{};
  bool revoked = false;
  std::string note;
};

/// One recovery code. The unused codes of one member are replaced as a set; a used one answers a repeat for ever. So
/// does the secret of a pairing that made a device, which is put here as used.
struct RecoveryCode {
  MemberId member;
  SecretHash hash;
  DeviceId used_by;  ///< 0: unused
};

enum class ConversationKind : std::uint8_t { direct = 1, group = 2, self = 3 };

struct Conversation {
  ConversationId id;
  PublicId public_id;
  ConversationKind kind = ConversationKind::direct;
  std::string title;  ///< groups only
  MemberId owner;     ///< groups: the owner. self: the member. direct: the one with the smaller id
  MemberId peer;      ///< direct: the one with the larger id
  WallTime created_at{};
};

/// One stretch of a membership, seqs inclusive. `joined` 0 stands for the beginning (direct, self).
struct Interval {
  ConversationId conversation;
  MemberId member;
  Seq joined;
  Seq left;        ///< 0: open
  Position since;  ///< position of the joining command: the longest member has the least
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// All stretches of one member in one conversation, ascending.
struct Membership {
  ConversationId conversation;
  std::vector<Interval> intervals;
  [[nodiscard]] bool is_open() const noexcept { return !intervals.empty() && !intervals.back().left; }
  /// True when the member may see this event.
  [[nodiscard]] bool covers(Seq seq) const noexcept {
    for (const auto& interval : intervals)
      if (seq >= interval.joined && (!interval.left || seq <= interval.left)) return true;
    return false;
  }
};

enum class EventKind : std::uint8_t {
  message = 1,
  created,
  added,
  removed,
  left,
  titled,
  edited,
  deleted,
  reacted,
  pinned
};
/// True for events that say something of another one, their target.
[[nodiscard]] constexpr bool is_change(EventKind kind) noexcept { return kind >= EventKind::edited; }

/// One entry of a conversation's log.
struct Event {
  Position position;
  ConversationId conversation;
  Seq seq;
  EventKind kind = EventKind::message;
  MemberId author;
  DeviceId device;
  ClientId client_id;
  WallTime at{};
  Seq reply_to;
  std::string body;               ///< message, edited: the text. titled: the title. reacted: the emoji
  std::vector<MemberId> people;   ///< whom a membership event concerns; whom a message or edit mentions
  std::uint64_t rank = 0;         ///< countable events of the conversation up to and with this one
  std::uint64_t author_rank = 0;  ///< the same, of this author
  Seq target{};                   ///< edited, deleted, reacted, pinned: the message
  MemberId target_author{};
  bool counted = false;                   ///< deleted: the target counted until now
  bool on = false;                        ///< reacted, pinned
  bool mentions_all = false;              ///< message, edited
  std::vector<MemberId> former_people{};  ///< edited, deleted: whom the target mentioned until now
  bool former_mentions_all = false;
  bool destroyed = false;  ///< body and people are gone with the message
  MemberId origin{};       ///< of a forwarded message: who wrote it first; 0 for others
  WallTime origin_at{};
  [[nodiscard]] bool is_countable() const noexcept { return kind == EventKind::message; }
};

/// A message that is counted apart, because it was deleted, or because it mentions somebody.
struct MessageMark {
  ConversationId conversation;
  Seq seq;
  MemberId author;  ///< of the message
  MemberId member;  ///< whom it mentions; 0: all who are there. Unused for deleted ones
  friend bool operator==(const MessageMark&, const MessageMark&) = default;
};

/// What a request with a client_id came to; kept for ever, so that a repeat gets the original answer.
struct RequestRecord {
  MemberId author;
  ClientId client_id;
  Digest digest;
  ConversationId conversation;  ///< where it wrote; 0 elsewhere
  Seq seq;                      ///< send: the event's; mark_unread: the marker
  std::uint64_t value = 0;      ///< mark_unread: the rev; invite_make: the InvitationId; tie: the TieState
  WallTime at{};
};

/// Members of a conversation at one moment; shared, never changed.
using Audience = std::shared_ptr<const std::vector<MemberId>>;

}  // namespace enishi::core
