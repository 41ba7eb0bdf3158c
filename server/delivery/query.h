// Questions that a loop asks a reader thread, their answers, and letters between loops. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/command.h"
#include "core/records.h"
#include "delivery/baton/baton.h"
#include "wire/frame.h"

namespace enishi::delivery {

/// Who a device is, for the proof.
struct FindDevice {
  core::PublicId device;
};
/// What an invitation says, before an account exists.
struct PreviewInvitation {
  core::SecretHash secret_hash;
};
/// One chunk of a catch-up: everything of the member in (after, through].
struct CatchUp {
  core::Position after;
  core::Position through;        ///< 0: the answer chooses the newest, and reports it
  std::uint64_t after_rseq = 0;  ///< registers before it are done
  std::uint64_t reaches = 0;     ///< the member's newest register number as of `through`
  bool registers_done = false;
  core::ConversationId after_conversation;  ///< conversations up to it are done
  bool recount = false;                     ///< a block or a hidden message changed: every number is told anew
  std::uint32_t done = 0, total = 0;        ///< conversations, for show
};
/// A page of history.
struct PageOf {
  core::PublicId conversation;
  core::Seq first, last;  ///< 0: from the beginning, to the head
  std::uint32_t limit = 50;
  bool newest_first = false;
};
/// Messages that were changed by events from seq `first` on.
struct ChangesOf {
  core::PublicId conversation;
  core::Seq first;
};
/// How far those tied with the asker hold and have read a conversation.
struct ReceiptsOf {
  core::PublicId conversation;
};
/// The picture of somebody tied with the asker, or (conversation not zero) of somebody in a conversation with him.
struct PictureOf {
  std::string handle;
  core::PublicId conversation;
};
struct MembersOf {
  core::PublicId conversation;
};
struct ListHeads {};
struct ListInvitations {};
struct ListDevices {
  std::vector<core::DeviceId> online;
};
/// Which of these conversations the asker is in now.
struct Resolve {
  std::vector<core::PublicId> conversations;
  bool typing = false;
};  ///< typing: the answer is for a typist
/// Mutual ties among these handles (all mutual ties when empty).
struct ResolveTies {
  std::vector<std::string> handles;
  bool watch = false;
};  ///< watch: else for PresenceAsk

struct Query {
  core::ReplyAddress from;
  core::Sender sender;
  std::variant<FindDevice, PreviewInvitation, CatchUp, PageOf, ChangesOf, ListHeads, ListInvitations, ListDevices,
               Resolve, ResolveTies, ReceiptsOf, PictureOf, MembersOf, BatonOf>
      what;
};

/// Found by FindDevice.
struct DeviceFound {
  std::optional<core::Device> device;
  std::string handle, name, inviter;  ///< of its member
  core::PublicId member_public, picture_id;
  std::uint32_t hue = 0;
  std::uint64_t rseq = 0;  ///< newest of the member
  core::Position read_at;  ///< snapshot the answer is from
};
/// One chunk of a catch-up, already encoded.
struct CaughtUp {
  CatchUp next;       ///< where to go on; through is set
  bool done = false;  ///< nothing of (after, through] is left
};
struct Resolved {
  std::vector<std::pair<core::PublicId, core::ConversationId>> found;
  std::vector<core::Audience>
      audiences;       ///< beside `found`: who is in it now (of a direct one whose tie ended: nobody)
  std::string handle;  ///< of the asker
  core::Position read_at;
  bool typing = false;
  bool all_found = true;
};
struct TiesResolved {
  std::vector<std::pair<std::string, core::MemberId>> ties;  ///< mutual ones; member 0 for the others that were named
  core::Position read_at;
  bool watch = false, all = false;
};

struct Answer {
  core::ReplyAddress to;
  std::vector<wire::Frame> frames;  ///< to be pushed in order; the answer to the request, where there is one
  std::variant<std::monostate, DeviceFound, CaughtUp, Resolved, TiesResolved, BatonChecked> what;
  bool store_failed = false;    ///< the store could not be read: the asker gets RETRY
  bool gives_try_back = false;  ///< a stranger presented a secret, and it was not an unknown one
};

// What loops tell each other about signals. Each member has a home loop (id modulo loops), which holds his leases and
// who watches him.

/// A session of a device begins, goes on, says how near its person is, or ends.
struct LeaseLetter {
  enum class Kind : std::uint8_t {
    begin,
    renew,
    state,
    end,
    lost
  };  ///< end: said goodbye; lost: only the connection is gone
  core::MemberId member;
  core::DeviceId device;
  Kind kind = Kind::begin;
  std::uint8_t mode = 1;  ///< wire::Presence active, idle or background
  std::string handle;     ///< with begin
};
/// A seat begins or ceases to watch members, who are its member's mutual ties as of `read_at`.
struct WatchLetter {
  core::ReplyAddress watcher;
  core::MemberId watcher_member;
  std::vector<std::pair<core::MemberId, std::string>> watched;
  bool on = true;
  core::Position read_at;
};
/// Frames of presence for one seat.
struct PresenceLetter {
  core::ReplyAddress watcher;
  std::vector<wire::Frame> frames;
};
/// Somebody types: one frame for all who have the conversation focused.
struct TypingLetter {
  core::ConversationId conversation;
  core::MemberId typist;
  core::Audience audience;  ///< who may know, as of `read_at`
  core::Position read_at;
  wire::Frame frame;
};
/// Asks a home for states, and brings them back (state, since milliseconds) in the same order.
struct StatesLetter {
  core::ReplyAddress asker;
  std::vector<std::pair<core::MemberId, std::size_t>> members;  ///< with their place in the answer
  std::vector<std::pair<std::uint8_t, core::WallTime>> states;
  bool is_answer = false;
};
/// Asks the asker's own home which of his devices are online, and brings it back.
struct OnlineLetter {
  core::ReplyAddress asker;
  core::Sender sender;
  std::vector<core::DeviceId> online;
  bool is_answer = false;
};
using Letter =
    std::variant<LeaseLetter, WatchLetter, PresenceLetter, TypingLetter, StatesLetter, OnlineLetter, BatonLetter>;

}  // namespace enishi::delivery
