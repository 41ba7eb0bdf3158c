// What people and their devices do, and what happens to them: drawn from a seed, knowing nothing of any world.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "support/seeds.h"

namespace enishi::property {

enum class OpKind : std::uint8_t {
  send,
  read,
  mark_unread,
  flag,    ///< mute or pin, on or off
  repeat,  ///< an earlier request once more, as it was or with other content
  group_new,
  group_add,
  group_remove,
  group_leave,
  group_title,
  tie,     ///< ask, accept, decline, end, block, unblock
  invite,  ///< and somebody joins by it
  pair,
  revoke,
  recovery_codes,
  recover,
  edit,
  remove,  ///< a message, for everyone
  react,
  pin_message,
  forward,
  message_flag,  ///< star or hide, on or off
  draft,         ///< something is typed, or what stands in the field is sent
  fetch,
  list,
  second_session,
  signals,  ///< watch, focus, mode, typing: never stored, they must disturb nothing
  profile,  ///< name, colour, picture; receipts on, off, asked for
  // What happens to them
  go_offline,
  go_online,
  cut,
  stall,
  go_silent,
  restart,     ///< of the daemon
  jump_clock,  ///< the wall clock
  wait,        ///< a long time
  quiet,       ///< faults rest until all is settled; then everything is compared
  count_       ///< no operation
};
inline constexpr std::size_t kOpKinds = static_cast<std::size_t>(OpKind::count_);
/// Never null.
[[nodiscard]] const char* name_of(OpKind kind) noexcept;

/// One thing to do. The numbers are any; who performs it takes them modulo what there is.
struct Op {
  OpKind kind = OpKind::send;
  std::uint32_t who = 0;    ///< which device
  std::uint32_t where = 0;  ///< which conversation, or which person
  std::uint32_t how = 0;    ///< which variant
  std::uint32_t much = 0;   ///< which seq, size, or time
};

/// How often each kind comes: every seed has another mix, in which some kinds are missing.
class Mix {
 public:
  explicit Mix(test::Rng& rng);
  [[nodiscard]] Op draw(test::Rng& rng) const;

 private:
  std::array<std::uint32_t, kOpKinds> weights_{};
  std::uint32_t total_ = 0;
};

}  // namespace enishi::property
