// What can be asked of the sequencer, and what comes of it. Plain values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/records.h"

namespace enishi::core {

/// Who asks: a proven device, or (all zero) a session that has not proven anything yet, or the operator.
struct Sender {
  MemberId member;
  DeviceId device;
  std::uint32_t generation = 0;
};

/// Where an unfinished pairing is answered: a loop and a seat at it. Opaque to the core.
struct ReplyAddress {
  std::uint32_t loop = 0;
  std::uint64_t seat = 0;
  std::uint64_t request = 0;
  friend bool operator==(const ReplyAddress&, const ReplyAddress&) = default;
};

// Each is one request of enishi.v1 (proto/enishi/v1), with its fields checked for form by wire.
// One request a line.
// clang-format off
struct Mentions { std::vector<std::string> handles; bool all = false; };
struct Send { PublicId conversation; std::string body; Seq reply_to; Mentions mentions{}; std::uint64_t draft_rev = 0; };
struct Edit { PublicId conversation; Seq target; std::string body; Mentions mentions; };
struct Delete { PublicId conversation; Seq target; };
struct React { PublicId conversation; Seq target; std::string emoji; bool on = false; };
struct PinMessage { PublicId conversation; Seq target; bool on = false; };
struct Forward { PublicId conversation; PublicId from; Seq target; };
struct SetMessageFlag { PublicId conversation; Seq target; RegisterKind kind = RegisterKind::star; bool on = false; };
struct MarkRead { PublicId conversation; Seq through; std::uint64_t rev = 0; };  ///< through 0: the head
struct MarkUnread { PublicId conversation; std::uint64_t base_rev = 0; Seq from; };
struct SetFlag { PublicId conversation; RegisterKind kind = RegisterKind::mute; bool on = false; };
struct PutDraft { PublicId conversation; std::uint64_t base_rev = 0; std::string text; std::uint32_t caret = 0; Seq reply_to{}; bool keep_replaced = false; };
struct DropKept { PublicId conversation; std::uint32_t place = 0; std::uint64_t rev = 0; };
struct Stored { PublicId conversation; Seq through; };
struct SetReceipts { bool on = true; };
struct SetProfile { std::string name; std::uint32_t hue = 0; };
struct SetPicture { PublicId picture_id; std::string bytes; };  ///< empty bytes and a zero id remove it
struct Join { SecretHash secret_hash; std::string handle, name, device_name; PublicKey key; };
struct InviteMake { SecretHash secret_hash; std::uint32_t uses = 1; std::chrono::seconds lifetime{}; std::string note; bool by_operator = false; };
struct InviteRevoke { PublicId invitation; };
struct PairOffer { SecretHash secret_hash; };
struct PairPresent { SecretHash secret_hash; std::string name; PublicKey key; };
struct PairDecide { SecretHash secret_hash; PublicKey key; bool approve = false; };
struct DeviceRevoke { PublicId device; };
struct RecoveryCodesMake { std::vector<SecretHash> hashes; };
struct Recover { SecretHash code_hash; std::string device_name; PublicKey key; };
enum class TieAction : std::uint8_t { ask = 1, accept, decline, end, block, unblock };
struct TieChange { TieAction action = TieAction::ask; std::string handle; };
struct GroupNew { std::string title; std::vector<std::string> handles; };
struct GroupAdd { PublicId conversation; std::string handle; };
struct GroupRemove { PublicId conversation; std::string handle; };
struct GroupLeave { PublicId conversation; std::string successor; };
struct GroupTitle { PublicId conversation; std::string title; };
/// Of the daemon itself: sessions of these devices ended within the last second or so. No position, no answer.
struct DeviceSeen {
  std::vector<DeviceId> devices;
};
// clang-format on

using CommandBody =
    std::variant<Send, MarkRead, MarkUnread, SetFlag, Join, InviteMake, InviteRevoke, PairOffer, PairPresent,
                 PairDecide, DeviceRevoke, RecoveryCodesMake, Recover, TieChange, GroupNew, GroupAdd, GroupRemove,
                 GroupLeave, GroupTitle, DeviceSeen, Edit, Delete, React, PinMessage, Forward, SetMessageFlag, PutDraft,
                 DropKept, Stored, SetReceipts, SetProfile, SetPicture>;

struct Command {
  Sender sender;
  ReplyAddress reply_to;
  ClientId client_id;  ///< zero where the request needs none
  Digest digest;       ///< keyed digest of the request's content, with client_id
  CommandBody body;
};

// Outcomes of commands that were carried out.
struct Done {};
struct Sent {
  PublicId conversation;
  Seq seq;
  WallTime at{};
  bool duplicate = false;
};
/// `unread` is evaluated by the sequencer once the group is committed.
struct Marked {
  ConversationId conversation;
};
struct Joined {
  MemberId member;
  DeviceId device;
};
struct InvitationMade {
  Invitation invitation;
};
struct PairPresented {
  PublicKey offerer_key;
  MemberId member;
};
struct TieChanged {
  std::string handle;
  TieState state = TieState::none;
  bool blocked = false;
};
struct GroupMade {
  ConversationId conversation;
};
struct DraftPut {
  PublicId conversation;
  std::uint64_t rev = 0;
  bool won = true;
};
using Outcome =
    std::variant<Done, Sent, Marked, Joined, InvitationMade, PairPresented, TieChanged, GroupMade, DraftPut>;

}  // namespace enishi::core
