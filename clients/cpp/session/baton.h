// The baton: an open conversation moves from one device of a member to another. See proto Baton.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::client {

/// What is open, and where: what a baton carries.
struct BatonPlace {
  core::PublicId conversation;
  std::uint64_t anchor_seq = 0;     ///< the message at the upper edge of the screen; 0: the newest at the lower edge
  std::uint32_t anchor_offset = 0;  ///< how much of it is above the edge, in thousandths of its height, 0 to 999
  std::uint32_t caret = 0;          ///< in the draft, in code points
  std::uint64_t draft_rev = 0;      ///< of the draft that belongs to it, which may still be on its way; 0: none
};

namespace happening {

/// Another device of this member passes what it has open: show it, then say requests::baton_take(baton), within 30 s.
/// Told to one session of this device only. The conversation may be one that is not held yet, while catching up.
struct BatonPassed {
  core::PublicId baton;
  std::string from_device;
  BatonPlace place;
};
/// Another device of this member wants what this session has open (its set_focused): answer with requests::baton, to
/// `by_device` and with it as `wanted_by`; not at all when nothing is open any more.
struct BatonWanted {
  core::PublicId by_device;
  std::string by_name;
};
/// What this session passed is open there.
struct BatonTaken {
  std::string device;
  core::PublicId conversation;
};

}  // namespace happening
}  // namespace enishi::client
