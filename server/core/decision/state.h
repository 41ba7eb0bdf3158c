// Committed state as far as it is in memory, plus what the present group has staged.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/change.h"
#include "core/command.h"
#include "core/decision/cache.h"
#include "core/limits.h"
#include "core/lookup.h"

namespace enishi::core {

/// A conversation with its log's end and who is in it.
struct LiveConversation {
  Conversation row;
  LogEnd end;
  std::vector<Interval> open;                                ///< ascending by member
  Audience audience;                                         ///< the members of `open`
  std::unordered_map<MemberId, std::uint64_t> author_ranks;  ///< loaded at first need
  std::vector<MemberId> founders;                            ///< of a group, in the order named; loaded at first need
  /// Rebuilds `audience` after `open` changed; the old one lives on where it is in use.
  void refresh_audience();
  [[nodiscard]] const Interval* open_interval(MemberId member) const noexcept;
};

/// A pairing in progress. Lives in memory only: a restart ends it, and the owner starts again.
struct Pairing {
  MemberId member;
  PublicKey offerer_key;
  ReplyAddress offerer;
  WallTime expires{};
  bool presented = false;
  PairPresent newcomer;
  ReplyAddress newcomer_address;
};

/// What decisions read and stage. A cache over Lookup: loaded at first need, dropped when a commit fails, forgotten
/// when it grows too large. Find functions return null for what does not exist; pointers stay good within the group.
/// Throws StoreError when the store cannot be read. Owner: the sequencer.
class State final : public Directory {
 public:
  State(const Lookup& lookup, Limits limits);

  Member* member(MemberId id);
  Member* member_by_handle(const std::string& handle);
  Device* device(DeviceId id);
  Device* device_by_key(const PublicKey& key);
  std::vector<DeviceId>& devices_of(MemberId member);
  Invitation* invitation(const SecretHash& hash);
  std::vector<SecretHash>& invitations_of(MemberId inviter);
  RecoveryCode* recovery_code(const SecretHash& hash);
  LiveConversation* conversation(ConversationId id);
  LiveConversation* direct_between(MemberId a, MemberId b);
  /// One look-up in the asker's own memberships, the same for "not there" and "not yours".
  Membership* membership(MemberId member, const PublicId& conversation);
  Membership* membership(MemberId member, ConversationId conversation);
  Register* find_register(MemberId member, RegisterKind kind, std::uint64_t object);
  /// As find_register, but null for a tombstone.
  Register* live_register(MemberId member, RegisterKind kind, std::uint64_t object);
  TieState tie(MemberId member, MemberId peer);
  bool blocks(MemberId member, MemberId peer);
  RequestRecord* request(MemberId author, const ClientId& client_id);
  std::uint64_t author_rank(LiveConversation& conversation, MemberId author);
  /// An entry of the log, and the changes of one, what the present group staged included.
  std::optional<Event> event(ConversationId conversation, Seq seq) const;
  std::vector<Event> changes(ConversationId conversation, Seq target) const;
  /// Who has been in the group without a break for longest, `leaving` aside; of those who were there from the first
  /// event on the one who was named first. 0: nobody is left.
  MemberId longest_member(LiveConversation& group, MemberId leaving);

  // Staging: each says that the present group changes the row.
  /// Where the changes of the present group gather; outlives it.
  void begin_group(const Batch& batch) { group_ = &batch; }
  /// The content that this request stood for is destroyed: its digest goes too.
  void forget_digest(MemberId author, const ClientId& client_id);
  Member& put(Member row);
  Device& put(Device row);
  Invitation& put(Invitation row);
  void put(RecoveryCode row);
  void clear_recovery_codes(MemberId member);
  LiveConversation& put_conversation(const Conversation& row);
  /// Gives the member a new open interval, or closes the open one (interval.left set).
  void put_interval(const PublicId& conversation, const Interval& interval);
  Register& put(Register row);
  void put(RequestRecord row);
  void touch(const LiveConversation& conversation) { conversations_.touch(conversation.row.id); }
  std::uint64_t next_rseq(MemberId member);

  Counters counters;                       ///< staged with the rest
  std::map<SecretHash, Pairing> pairings;  ///< read freely; changed after touch_pairing()
  /// Says that the present group changes this pairing, or makes it.
  void touch_pairing(const SecretHash& hash);
  std::vector<SecretHash> finished_pairings;  ///< taken out when the group is committed
  const Limits limits;

  /// The group is committed.
  void settle();
  /// The commit failed: what the group touched is dropped, to be read again.
  void drop_touched();

  // Directory
  const Member& member_of(MemberId id) override;
  const Device& device_of(DeviceId id) override;
  const Conversation& conversation_of(ConversationId id) override;
  const Membership& membership_of(MemberId member, ConversationId conversation) override;
  [[nodiscard]] const Lookup& lookup() const noexcept { return lookup_; }

 private:
  template <class Apply>
  void each_cache(Apply&& apply);

  const Lookup& lookup_;
  const Batch* group_ = nullptr;
  Counters settled_counters_;
  Cache<MemberId, Member> members_;
  Cache<std::string, MemberId> handles_;
  Cache<DeviceId, Device> devices_;
  Cache<PublicKey, DeviceId> device_keys_;
  Cache<MemberId, std::vector<DeviceId>> member_devices_;
  Cache<SecretHash, Invitation> invitations_;
  Cache<MemberId, std::vector<SecretHash>> member_invitations_;
  Cache<SecretHash, RecoveryCode> recovery_codes_;
  std::set<MemberId> recovery_cleared_;  ///< in the present group
  std::map<SecretHash, std::optional<Pairing>>
      pairings_before_;  ///< those that the present group changes, as they were
  Cache<ConversationId, LiveConversation> conversations_;
  Cache<Key<MemberId, MemberId>, ConversationId> directs_;
  Cache<Key<MemberId, PublicId>, ConversationId> names_;
  Cache<Key<MemberId, ConversationId>, Membership> memberships_;
  Cache<Key<MemberId, std::uint8_t, std::uint64_t>, Register> registers_;
  std::size_t text_bytes_ = 0;  ///< of registers put or loaded since they were forgotten last
  Cache<MemberId, std::uint64_t> rseqs_;
  Cache<Key<MemberId, ClientId>, RequestRecord> requests_;
};

}  // namespace enishi::core
