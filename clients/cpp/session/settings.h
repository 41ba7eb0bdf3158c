// What a session machine may be told about itself.
#pragma once

#include <cstdint>
#include <functional>

#include "core/ids.h"
#include "enishi/v1/presence.pb.h"

namespace enishi::client {

/// How a machine behaves; all may stay as they are.
struct SessionSettings {
  v1::PresenceState mode = v1::PRESENCE_STATE_ACTIVE;  ///< of Hello
  bool pay_debts = true;  ///< fetches gaps and holes by itself once live; else pay_debts() does
  bool flush_outbox = true;
  bool watch_all = false;                      ///< watches every tie, again after each Welcome
  bool focus_all = false;                      ///< has every conversation focused, again after each Welcome
  std::optional<core::PublicId> focused;       ///< has this one alone focused, whatever focus_all says
  std::uint32_t page_limit = 500;              ///< slots in a Fetch, 1 to 500
  std::function<core::WallTime()> wall_clock;  ///< for show (cursor age) and client ids; default: the system's
};

}  // namespace enishi::client
