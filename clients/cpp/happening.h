// What a session tells those who watch it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cpp/session/baton.h"
#include "cpp/store/local_store.h"
#include "enishi/v1/error.pb.h"
#include "enishi/v1/presence.pb.h"
#include "enishi/v1/session.pb.h"
#include "enishi/v1/tie.pb.h"

namespace enishi::client {

/// closed: not connected, and it will dial again unless `Stopped` was told. checking: nothing was heard for too long.
enum class SessionState : std::uint8_t {
  closed,
  connecting,
  proving,
  welcome,
  catching_up,
  live,
  lagging,
  checking,
  draining,
  stopped
};
/// As in JSON: "catching_up". Never null.
[[nodiscard]] const char* name_of(SessionState state) noexcept;

namespace happening {

/// Live for the first time of this machine and, if it pays by itself, without debts.
struct Ready {};
/// An event of a log: message or system line. Told once by each machine, after it is stored.
struct Message {
  v1::Event event;
  bool from_gap = false;  ///< fetched later: its seq may be below ones told before
};
struct Marker {
  core::PublicId conversation;
  std::uint64_t rev, seq, unread;
  std::string by_device;
};
/// The server's number for a conversation changed otherwise than by a marker (block, unblock).
struct Recounted {
  core::PublicId conversation;
  std::uint64_t unread;
};
struct Presence {
  std::string handle;
  v1::PresenceState state;
  std::int64_t since_ms;
};
struct Typing {
  core::PublicId conversation;
  std::string handle;
};
/// UNSPECIFIED: nothing is left of it. Told again, as it is, when what the person shows of himself changed.
struct Tie {
  std::string handle;
  v1::TieState state;
  v1::Person person;
};
/// My own name, colour or picture changed.
struct Profile {
  v1::Person person;
};
/// Somebody tied with me holds more of a conversation, or has read more of it; neither number ever falls.
struct Receipt {
  core::PublicId conversation;
  std::string handle;
  std::uint64_t delivered, read;
};
enum class Change : std::uint8_t { added, removed, left, joined };
/// Somebody in a group, from its log; for the member himself also from his registers.
struct Member {
  core::PublicId conversation;
  std::string handle;
  Change change;
};
/// A conversation of mine appeared, or changed its intervals, or (removed) was dropped with all that was held of it.
/// `entry`: the membership; of a removed one, as it was before, as far as it was known.
struct Membership {
  core::PublicId conversation;
  bool removed;
  v1::Register entry;
};
struct Device {
  std::string name;
  bool removed;
};
struct Flag {
  core::PublicId conversation;
  v1::RegisterKind kind;
  bool on;
};
/// The draft of a conversation changed, or one of those kept beside it: Replica::draft. A field that is focused and was
/// changed by hand keeps its text.
struct Drafted {
  core::PublicId conversation;
};
/// The server has what was typed here: as the draft (`won`), or kept beside that of another device. What is typed next
/// is written on `rev`; after a loss `beside` it.
struct DraftSaved {
  core::PublicId conversation;
  std::uint64_t rev;
  bool won;
};
/// `missing`: slots owed over all conversations. `done`, `total`: of the round of catching up, for show.
struct State {
  SessionState state;
  std::uint64_t missing;
  std::uint32_t done, total;
};
struct Notice {
  v1::NoticeKind kind;
  std::string text;
};
/// Somebody presented the secret of a pairing that this session offered.
struct PairAsked {
  std::uint64_t offer_request;
  std::string name;
  core::PublicKey key;
};
/// An outbox entry is committed or rejected: told for all that this machine flushed, and for those that it queued
/// itself when another process flushed them.
struct Settled {
  OutboxEntry entry;
  bool by_other;
};
/// What is held was not to be trusted (a register was lost, a slot differs): everything is asked for again.
struct StartedOver {
  std::string why;
};
/// The machine has given up: the profile's store failed (900 and above), or the server said stop (range 500, or a
/// second PROOF_FAILED). `code` 0: stop() was called.
struct Stopped {
  std::uint32_t code;
  std::string text;
};

}  // namespace happening

using Happening =
    std::variant<happening::Ready, happening::Message, happening::Marker, happening::Recounted, happening::Presence,
                 happening::Typing, happening::Tie, happening::Member, happening::Membership, happening::Device,
                 happening::Flag, happening::Drafted, happening::DraftSaved, happening::State, happening::Notice,
                 happening::PairAsked, happening::Settled, happening::Profile, happening::Receipt,
                 happening::StartedOver, happening::Stopped, happening::BatonPassed, happening::BatonWanted,
                 happening::BatonTaken>;

/// Told by a machine during the calls that drive it, on the driver's thread. May call the machine's requests, not its
/// driving functions.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_happening(const Happening& happening) = 0;
};

}  // namespace enishi::client
