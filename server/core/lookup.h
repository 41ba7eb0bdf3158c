// What decisions ask of committed state.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/records.h"

namespace enishi::core {

/// Newest entry of a log, or all zeroes for an empty one.
struct LogEnd {
  Seq head;
  Position position;
  std::uint64_t rank = 0;
};

/// Numbers to continue from after a start.
struct Counters {
  std::uint64_t member = 0, device = 0, conversation = 0, invitation = 0;  ///< greatest in use
  Position position;                                                       ///< newest committed
  MemberId owner;                                                          ///< first member who joined; 0: none yet
};

/// Point reads of committed state, by key, each O(log n). Implemented by the storage adapters; the core only calls it.
/// nullopt or an empty vector: there is none. A failing store throws StoreError (caught where a command or query ends).
class Lookup {
 public:
  virtual ~Lookup() = default;
  virtual Counters counters() const = 0;

  virtual std::optional<Member> member(MemberId id) const = 0;
  virtual std::optional<Member> member_by_handle(std::string_view handle) const = 0;
  /// Bytes of the member's picture; empty: there is none.
  virtual std::string picture(MemberId id) const = 0;
  virtual std::optional<Device> device(DeviceId id) const = 0;
  virtual std::optional<Device> device_by_public(const PublicId& id) const = 0;
  virtual std::optional<Device> device_by_key(const PublicKey& key) const = 0;
  /// Ascending by id, revoked ones included.
  virtual std::vector<Device> devices_of(MemberId member) const = 0;
  virtual std::optional<Invitation> invitation_by_hash(const SecretHash& hash) const = 0;
  /// Newest first.
  virtual std::vector<Invitation> invitations_of(MemberId inviter) const = 0;
  virtual std::optional<RecoveryCode> recovery_code(const SecretHash& hash) const = 0;

  virtual std::optional<Conversation> conversation(ConversationId id) const = 0;
  virtual std::optional<Conversation> direct_between(MemberId low, MemberId high) const = 0;
  /// The one look-up behind every request that names a conversation: starts at the asker's own memberships, and on a
  /// miss has read the same, whether the conversation exists or not. Closed memberships are found too.
  virtual std::optional<Membership> membership(MemberId member, const PublicId& conversation) const = 0;
  virtual std::optional<Membership> membership(MemberId member, ConversationId conversation) const = 0;
  /// Open intervals of a conversation, ascending by member.
  virtual std::vector<Interval> open_intervals(ConversationId conversation) const = 0;

  virtual LogEnd log_end(ConversationId conversation) const = 0;
  virtual std::optional<Event> event(ConversationId conversation, Seq seq) const = 0;
  /// Events that change a message of [first, last], ascending by (target, seq); edits without their texts, of which one
  /// message can have a hundred: event() has them. O(log n + their number).
  virtual std::vector<Event> changes(ConversationId conversation, Seq first, Seq last) const = 0;
  /// Deleted messages that had counted, after < seq <= through, ascending. O(log n + their number).
  virtual std::vector<MessageMark> deleted(ConversationId conversation, Seq after, Seq through) const = 0;
  /// Messages that mention `member` (0: all) now, after < seq <= through, ascending. O(log n + their number).
  virtual std::vector<MessageMark> mentions(ConversationId conversation, MemberId member, Seq after,
                                            Seq through) const = 0;
  /// Countable events with seq <= `through`, deleted ones included.
  virtual std::uint64_t rank_at(ConversationId conversation, Seq through) const = 0;
  /// The same, by one author.
  virtual std::uint64_t author_rank_at(ConversationId conversation, MemberId author, Seq through) const = 0;

  virtual std::optional<Register> find_register(MemberId member, RegisterKind kind, std::uint64_t object) const = 0;
  /// Of one kind with first <= object <= last, tombstones left out, ascending by object.
  virtual std::vector<Register> registers_in(MemberId member, RegisterKind kind, std::uint64_t first,
                                             std::uint64_t last) const = 0;
  /// All of one kind, tombstones left out, ascending by object.
  virtual std::vector<Register> registers_of(MemberId member, RegisterKind kind) const = 0;
  /// Newest rseq of the member; 0 for none.
  virtual std::uint64_t newest_rseq(MemberId member) const = 0;
  virtual std::optional<RequestRecord> request(MemberId author, const ClientId& client_id) const = 0;
};

/// Thrown by a Lookup whose store cannot be read.
struct StoreError {
  Errc code = Errc::store_failed;
};

/// Who and what the numbers stand for, when something is put into words for the wire.
class Directory {
 public:
  virtual ~Directory() = default;
  /// Asserts that it exists: numbers come from committed rows.
  virtual const Member& member_of(MemberId id) = 0;
  virtual const Device& device_of(DeviceId id) = 0;
  virtual const Conversation& conversation_of(ConversationId id) = 0;
  virtual const Membership& membership_of(MemberId member, ConversationId conversation) = 0;
};

}  // namespace enishi::core
