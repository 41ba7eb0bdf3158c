// What a command that was carried out writes and whom it concerns.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/command.h"
#include "core/records.h"

namespace enishi::core {

/// A message to one seat that is not the answer to its present request (pairing only).
struct DirectNotice {
  ReplyAddress to;
  std::variant<PairPresent, Joined, Errc> what;
};

/// Those tied with `member` hear how far he holds a conversation and has read it. Derived, not stored.
struct ReceiptMoved {
  ConversationId conversation;
  MemberId member;
  Seq delivered, read;
  Audience both;            ///< are told both
  Audience delivered_only;  ///< are not told what he read: one of the two has receipts off
};

/// All writes of one command. They share its position, are committed together or not at all, and travel together.
/// Rows replace the row of the same key.
struct Change {
  Position position;  ///< 0: nothing durable was written
  std::vector<Member> members;
  std::vector<Device> devices;
  std::vector<Invitation> invitations;
  std::vector<MemberId> recovery_cleared;  ///< drop all unused codes of these first
  std::vector<RecoveryCode> recovery_codes;
  std::vector<Conversation> conversations;
  std::vector<Interval> intervals;  ///< key: (conversation, member, joined, since)
  std::vector<Event> events;
  std::vector<Register> registers;                        ///< ascending by rseq within each member
  std::vector<MessageMark> deleted;                       ///< messages that counted and are deleted now
  std::vector<MessageMark> mentioned, unmentioned;        ///< texts that begin, or cease, to mention
  std::vector<std::pair<ConversationId, Seq>> destroyed;  ///< earlier events whose content goes, for good
  std::optional<RequestRecord> request;
  std::vector<std::pair<DeviceId, WallTime>> seen;
  std::vector<Picture> pictures;

  Audience audience;                                         ///< who gets `events`
  std::vector<std::pair<MemberId, ConversationId>> recount;  ///< whose unread number changed by something but a message
  std::vector<DeviceId> revoked;
  std::vector<std::pair<MemberId, std::string>> device_added;  ///< notices: member, device name
  std::vector<DirectNotice> direct;
  std::vector<ReceiptMoved> receipts;
};

/// One group of the sequencer, in order; what a Writer makes durable in one transaction.
struct Batch {
  std::vector<Change> changes;
  Position last;  ///< newest position in it; 0: none of the changes has one
  [[nodiscard]] bool is_empty() const noexcept { return changes.empty(); }
};

/// One start of the daemon. A cursor names it, so that a copied-back old database is recognised.
struct Incarnation {
  std::uint64_t number = 0;  ///< dense from 1
  std::uint64_t random = 0;
  Position first;  ///< no position of this incarnation is below
};

}  // namespace enishi::core
