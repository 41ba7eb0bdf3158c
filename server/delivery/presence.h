// Presence of the members whose home this loop is: leases, and who watches. Never stored.
#pragma once

#include <unordered_map>
#include <vector>

#include "delivery/ports.h"
#include "delivery/query.h"
#include "wire/request.h"

namespace enishi::delivery {

/// A member is as near as the nearest of his leases; without one he is offline, or unknown while the daemon has not run
/// for as long as a lease lasts. Changes are told once a second at most. Owner: the home loop.
class PresenceHome {
 public:
  /// What one seat is to be told.
  struct Notice {
    core::ReplyAddress watcher;
    wire::Frame frame;
  };

  /// How long a lease outlives its last sign of life: `lease_time`, and `background_time` for one in the background,
  /// whose heartbeat is slower.
  PresenceHome(SteadyTime started, std::chrono::milliseconds lease_time, std::chrono::milliseconds background_time)
      : started_(started), lease_time_(lease_time), background_time_(background_time) {}

  void on_lease(const LeaseLetter& letter, SteadyTime now);
  /// Adds or takes away watchers; the notices tell a new watcher the present states.
  [[nodiscard]] std::vector<Notice> on_watch(const WatchLetter& letter, SteadyTime now, core::WallTime wall_now);
  /// A tie of `member` with `peer` is not mutual any more: what `peer` watched of `member` ends, silently.
  void untie(core::MemberId member, core::MemberId peer, core::Position position);
  /// Presence now, and since when.
  [[nodiscard]] std::pair<wire::Presence, core::WallTime> state_of(core::MemberId member, SteadyTime now) const;
  [[nodiscard]] std::vector<core::DeviceId> online(core::MemberId member) const;
  /// Ends leases that ran out and tells what changed since the last call. Once a second.
  [[nodiscard]] std::vector<Notice> flush(SteadyTime now, core::WallTime wall_now);

 private:
  struct Lease {
    core::DeviceId device;
    std::uint32_t sessions = 0;
    wire::Presence mode = wire::Presence::background;
    bool is_stated = false;  ///< by SetMode: it stands for its whole time, also after the session said goodbye
    SteadyTime until{};
  };
  struct Watcher {
    core::ReplyAddress address;
    core::MemberId member;
  };
  struct Person {
    std::string handle;
    std::vector<Lease> leases;
    std::vector<Watcher> watchers;
    wire::Presence told = wire::Presence::unknown;
    core::WallTime since{};
  };
  [[nodiscard]] wire::Presence evaluate(const Person* person, SteadyTime now) const;

  SteadyTime started_;
  std::chrono::milliseconds lease_time_, background_time_;
  std::unordered_map<core::MemberId, Person> people_;
  std::unordered_map<core::MemberId, std::unordered_map<core::MemberId, core::Position>>
      untied_;  ///< latest, for letters under way
};

}  // namespace enishi::delivery
