// The baton, on its way from one device of a member to another: what is read for it, what loops tell each other, and
// what sessions remember for a while. Plain values; nothing of it is stored.
#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/command.h"
#include "core/records.h"
#include "wire/frame.h"
#include "wire/request.h"

namespace enishi::delivery {

/// How long a baton can be taken, and an ask be answered (proto BatonTake, BatonWanted).
inline constexpr std::chrono::seconds kBatonTime{30};

/// Looks at the asker's own devices and memberships, and says NOT_FOUND when one of them is not there. Without `baton`
/// (BatonAsk) only who asks is looked up.
struct BatonOf {
  std::optional<wire::Baton> baton;
};
/// Found by BatonOf.
struct BatonChecked {
  std::optional<wire::Baton> baton;
  core::DeviceId to;  ///< with `baton`
  std::string to_name, from_name;
  core::PublicId from;  ///< the asking device
};

/// A session that can be told, and how lately a person was at it.
struct BatonSeat {
  bool is_seen = false;  ///< not in the background
  std::chrono::steady_clock::time_point used_at{};
  core::ReplyAddress address;
  core::DeviceId device;
  /// The greater is the better one.
  friend std::strong_ordering operator<=>(const BatonSeat& a, const BatonSeat& b) noexcept {
    if (const auto order = a.is_seen <=> b.is_seen; order != 0) return order;
    if (const auto order = a.used_at <=> b.used_at; order != 0) return order;
    return a.address.seat <=> b.address.seat;
  }
};

/// A Baton or BatonAsk that waits for the loops. Kept by the asker's loop, some seconds at most.
struct BatonUnderWay {
  BatonChecked what;
  std::optional<BatonSeat> best;
  std::size_t missing = 0;  ///< loops that have not answered
  bool lost = false;        ///< a mailbox was full: the best one may be better
  std::chrono::steady_clock::time_point until{};
};

/// What a session was passed; it alone may take it.
struct BatonHeld {
  core::PublicId baton;
  core::ReplyAddress passer;
  wire::Frame taken;  ///< to be told to the passer
  std::chrono::steady_clock::time_point until{};
  bool is_taken = false;
};
/// What a session was asked for.
struct BatonWant {
  core::PublicId by;  ///< the device
  core::ReplyAddress asker;
  std::chrono::steady_clock::time_point until{};
};
/// Of one session; the oldest give way.
struct Batons {
  std::vector<BatonHeld> held;
  std::vector<BatonWant> wants;
};

/// To every loop: which session there is to be told? Comes back with `best`.
struct BatonSeek {
  core::ReplyAddress asker;
  core::Sender sender;
  core::DeviceId to;  ///< 0: any other device of the member, with exactly one conversation focused
  std::optional<BatonSeat> best;
  bool is_answer = false;
};
/// To the loop of the session that was chosen. Comes back with `told`.
struct BatonGive {
  core::ReplyAddress asker, to;
  core::DeviceId device;
  wire::Frame frame;
  std::variant<BatonHeld, BatonWant> keep;  ///< its `until` is set on arrival
  bool told = false, is_answer = false;
};
/// To the loop of the session that passed it.
struct BatonTold {
  core::ReplyAddress passer;
  wire::Frame frame;
};
using BatonLetter = std::variant<BatonSeek, BatonGive, BatonTold>;

}  // namespace enishi::delivery
