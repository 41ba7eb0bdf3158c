// Numbers that bound everything a peer can ask for. Defaults of config/enishid.toml.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace enishi::core {

/// People whom one event names: it travels in one frame, with their names (wire::encoded_size).
inline constexpr std::size_t kEventPeopleMax = 200;
/// Times that one member may come to one group: the register of his membership travels in one frame, with all of them.
inline constexpr std::size_t kIntervalsMax = 500;

/// Limits that decisions use. All inclusive maxima.
struct Limits {
  std::size_t body_bytes_max = 16 * 1024;
  std::size_t name_bytes_max = 64;
  std::size_t title_bytes_max = 128;
  std::size_t note_bytes_max = 200;
  std::size_t group_members_max = 1000;
  std::size_t devices_max = 32;        ///< per member, not revoked
  std::size_t invitations_max = 1000;  ///< per member, over all time
  std::uint32_t invitation_uses_max = 1000;
  std::size_t ties_max = 5000;    ///< tie registers per member, asked ones included
  std::size_t mentions_max = 50;  ///< people that one text mentions by name
  std::size_t emoji_bytes_max = 32;
  std::size_t emoji_max = 32;       ///< different ones on one message
  std::size_t reactions_max = 500;  ///< on one message
  std::size_t edits_max = 100;      ///< of one message
  std::size_t changes_max = 2000;   ///< of one message, over all time; then no more reactions and pins
  std::size_t picture_bytes_max = 24 * 1024;
  std::chrono::hours kept_draft_time{30 * 24};  ///< a draft that lost is kept for so long
  std::size_t pairings_max = 5;                 ///< offers of one member at a time
  std::chrono::milliseconds pairing_time{std::chrono::minutes{10}};
};

}  // namespace enishi::core
