// One command: checked against committed state plus what its group has staged, then carried out. Pure.
#pragma once

#include "core/change.h"
#include "core/decision/state.h"
#include "core/derived/message_state.h"
#include "core/entropy.h"

namespace enishi::core {

/// Decides one command. Every condition is checked before anything is staged, so that a refused command leaves no trace
/// and uses no number. Owner: the sequencer; lives for one command.
class Decision {
 public:
  Decision(State& state, Entropy& entropy, WallTime now) : state_(state), entropy_(entropy), now_(now) {}

  /// Errors: those that proto/enishi/v1 names at each request; device_revoked for a device that may no longer ask.
  /// A repeat of a request with a client_id gives the original outcome and changes nothing.
  [[nodiscard]] Result<Outcome> decide(const Command& command);
  /// What was staged, with its position; taken once, after a decide that succeeded.
  [[nodiscard]] Change take();

 private:
  // decide_message.cc
  Result<Outcome> decide(const Send& send);
  Result<Outcome> decide(const MarkRead& mark);
  Result<Outcome> decide(const MarkUnread& mark);
  Result<Outcome> decide(const SetFlag& flag);
  Result<Outcome> decide(const Forward& forward);
  // decide_change.cc
  Result<Outcome> decide(const Edit& edit);
  Result<Outcome> decide(const Delete& deletion);
  Result<Outcome> decide(const React& reaction);
  Result<Outcome> decide(const PinMessage& pin);
  Result<Outcome> decide(const SetMessageFlag& flag);
  // decide_draft.cc
  Result<Outcome> decide(const PutDraft& put);
  Result<Outcome> decide(const DropKept& drop);
  /// Nothing that was typed is dropped: puts a text that is not the draft into one of the kept places.
  void keep_draft(ConversationId conversation, const std::string& text, DeviceId by);
  /// `text` became the draft, or was sent: kept ones that it begins with are not needed, nor those that are too old.
  void free_kept(ConversationId conversation, const std::string& text);
  void clear_draft(ConversationId conversation, const Event& sent, std::uint64_t written_on);
  // decide_receipt.cc
  Result<Outcome> decide(const Stored& stored);
  Result<Outcome> decide(const SetReceipts& receipts);
  /// The asker's marker moved: those tied with him in the conversation may know, unless receipts are off.
  void tell_read(const LiveConversation& live, Seq through);
  void tell_receipt(const LiveConversation& live);
  /// Who of those in it is tied with the asker.
  std::vector<MemberId> tied_in(const LiveConversation& live);
  [[nodiscard]] bool gives_receipts(MemberId member);
  // decide_profile.cc
  Result<Outcome> decide(const SetProfile& profile);
  Result<Outcome> decide(const SetPicture& picture);
  void tell_profile(Member member);
  // decide_member.cc
  Result<Outcome> decide(const Join& join);
  Result<Outcome> decide(const InviteMake& make);
  Result<Outcome> decide(const InviteRevoke& revoke);
  // decide_device.cc
  Result<Outcome> decide(const PairOffer& offer);
  Result<Outcome> decide(const PairPresent& present);
  Result<Outcome> decide(const PairDecide& verdict);
  Result<Outcome> decide(const DeviceRevoke& revoke);
  Result<Outcome> decide(const RecoveryCodesMake& make);
  Result<Outcome> decide(const Recover& recover);
  Result<Outcome> decide(const DeviceSeen& seen);
  // decide_tie.cc
  Result<Outcome> decide(const TieChange& change);
  Result<TieState> ask(Member& peer);
  Result<TieState> end_tie(Member& peer);
  Result<TieState> block(Member& peer);
  Result<TieState> unblock(Member& peer);
  // decide_group.cc
  Result<Outcome> decide(const GroupNew& group);
  Result<Outcome> decide(const GroupAdd& add);
  Result<Outcome> decide(const GroupRemove& remove);
  Result<Outcome> decide(const GroupLeave& leave);
  Result<Outcome> decide(const GroupTitle& title);

  // Conditions
  Result<void> check_sender() const;
  Result<std::optional<Outcome>> check_repeat();
  Result<Membership*> open_membership(const PublicId& conversation);
  Result<Membership*> group_membership(const PublicId& conversation);
  /// A person tied with the asker, by handle; not_found alike for nobody and for a stranger.
  Result<Member*> tied(const std::string& handle);
  /// The number of `peer`, or one that no member has: what is then looked up by it costs the same reads for a handle
  /// that nobody has as for a stranger's.
  static MemberId number_of(const std::string& handle, const Member* peer);
  /// In a direct conversation both sides must be tied. Errors: not_tied.
  Result<void> check_tied(const LiveConversation& live);
  /// Errors: body_empty, body_too_large, not_utf8.
  Result<void> check_body(const std::string& body) const;
  /// A message that the asker may see, with what became of it. `is_write`: in a direct conversation the tie must hold.
  /// Errors: not_found, not_tied, seq_beyond_log, bad_request (it is no message).
  struct Target {
    LiveConversation* live = nullptr;
    Event message;
    MessageState<MemberId> state;
    std::vector<Event> changes;
  };
  Result<Target> target_of(const PublicId& conversation, Seq seq, bool is_write);
  /// Those of the handles who are in the conversation now, each once; the others are passed over. Errors:
  /// limit_reached.
  Result<std::vector<MemberId>> resolve(const LiveConversation& live, const Mentions& mentions);
  Result<void> check_new_device(MemberId member, const std::string& name, const PublicKey& key);
  /// Decided earlier in the present group.
  [[nodiscard]] bool is_finished(const SecretHash& pairing) const;

  // Staging
  Event& append(LiveConversation& live, EventKind kind, std::string body = {}, std::vector<MemberId> people = {});
  Event& append_change(const Target& target, EventKind kind, std::string body = {});
  /// Says in the index of mentions what changed between two texts of a message.
  void move_mentions(const Event& message, std::vector<MemberId> before, bool all_before, std::vector<MemberId> after,
                     bool all_after);
  Result<Outcome> changed(const PublicId& conversation, const Event& event);
  /// The request asks for what is so already.
  Result<Outcome> unchanged(const PublicId& conversation, const Target& target);
  Result<Outcome> same_text(const PublicId& conversation, const Target& target);
  Register& write(MemberId member, RegisterKind kind, std::uint64_t object, bool removed = false);
  void write_marker(MemberId member, ConversationId conversation, std::uint64_t rev, Seq seq);
  void write_tie(MemberId member, MemberId peer, TieState tie);
  LiveConversation& new_conversation(ConversationKind kind, std::string title, MemberId owner, MemberId peer);
  /// Opens an interval from `joined` on, with its membership register, and the marker at `joined` in a new revision.
  void enter(LiveConversation& live, MemberId member, Seq joined);
  void leave(LiveConversation& live, MemberId member, Seq left);
  void make_mutual(MemberId a, MemberId b);
  Device& add_device(MemberId member, const std::string& name, const PublicKey& key);
  /// Numbers that a block or unblock of `peer` can change: those of conversations that he is in or was.
  void recount_shared(MemberId member, MemberId peer);
  void remember(ConversationId conversation = {}, Seq seq = {}, std::uint64_t value = 0);
  [[nodiscard]] bool is_durable() const noexcept;

  State& state_;
  Entropy& entropy_;
  const WallTime now_;
  const Command* command_ = nullptr;
  Change change_;
};

}  // namespace enishi::core
