#include "delivery/presence.h"

#include <algorithm>

#include "wire/encode.h"

namespace enishi::delivery {

using wire::Presence;

wire::Presence PresenceHome::evaluate(const Person* person, SteadyTime now) const {
  auto nearest = now < started_ + lease_time_ ? Presence::unknown : Presence::offline;
  bool any = false;
  if (person)
    for (const auto& lease : person->leases) {
      if (now >= lease.until) continue;
      if (!any || lease.mode < nearest) nearest = lease.mode;
      any = true;
    }
  return nearest;
}

void PresenceHome::on_lease(const LeaseLetter& letter, SteadyTime now) {
  using Kind = LeaseLetter::Kind;
  auto& person = people_[letter.member];
  if (!letter.handle.empty()) person.handle = letter.handle;
  auto at = std::find_if(person.leases.begin(), person.leases.end(),
                         [&](const Lease& lease) { return lease.device == letter.device; });
  if (at == person.leases.end()) {
    if (letter.kind == Kind::end || letter.kind == Kind::lost) return;
    at = person.leases.insert(at, Lease{letter.device, 0, Presence::background, false, {}});
  }
  auto& lease = *at;
  const auto mode = static_cast<Presence>(letter.mode);
  switch (letter.kind) {
    case Kind::begin:
      ++lease.sessions;
      // A session that begins in the background (a command) takes nothing from one that is being used.
      if (!lease.is_stated || now >= lease.until) lease.mode = lease.sessions == 1 ? mode : std::min(lease.mode, mode);
      break;
    case Kind::state:
      lease.mode = mode;
      lease.is_stated = true;
      break;
    case Kind::renew:
      break;
    case Kind::end:
    case Kind::lost:
      if (lease.sessions > 0) --lease.sessions;
      if (lease.sessions == 0 && letter.kind == Kind::end && !lease.is_stated) person.leases.erase(at);
      return;  // a short drop does not flicker: the lease stands for its time
  }
  lease.until = now + (lease.mode == Presence::background ? background_time_ : lease_time_);
}

std::vector<PresenceHome::Notice> PresenceHome::on_watch(const WatchLetter& letter, SteadyTime now,
                                                         core::WallTime wall_now) {
  std::vector<Notice> notices;
  for (const auto& [member, handle] : letter.watched) {
    auto& person = people_[member];
    person.handle = handle;
    std::erase_if(person.watchers, [&](const Watcher& watcher) {
      return watcher.address.loop == letter.watcher.loop && watcher.address.seat == letter.watcher.seat;
    });
    if (!letter.on) continue;
    const auto untied = untied_.find(member);
    if (untied != untied_.end()) {
      const auto since = untied->second.find(letter.watcher_member);
      if (since != untied->second.end() && since->second > letter.read_at) continue;
    }
    person.watchers.push_back({letter.watcher, letter.watcher_member});
    const auto present = evaluate(&person, now);
    if (present != person.told) {
      // Others who watch hear of it at the next flush.
      person.since = wall_now;
      if (person.watchers.size() == 1) person.told = present;
    }
    notices.push_back(
        {letter.watcher, wire::encode_presence(person.handle, present,
                                               present == Presence::unknown ? core::WallTime{} : person.since)});
  }
  return notices;
}

void PresenceHome::untie(core::MemberId member, core::MemberId peer, core::Position position) {
  untied_[member][peer] = position;
  const auto found = people_.find(member);
  if (found == people_.end()) return;
  std::erase_if(found->second.watchers, [&](const Watcher& watcher) { return watcher.member == peer; });
}

std::pair<wire::Presence, core::WallTime> PresenceHome::state_of(core::MemberId member, SteadyTime now) const {
  const auto found = people_.find(member);
  const auto* person = found == people_.end() ? nullptr : &found->second;
  const auto present = evaluate(person, now);
  return {present, person && present != Presence::unknown ? person->since : core::WallTime{}};
}

std::vector<core::DeviceId> PresenceHome::online(core::MemberId member) const {
  std::vector<core::DeviceId> devices;
  if (const auto found = people_.find(member); found != people_.end())
    for (const auto& lease : found->second.leases)
      if (lease.sessions > 0) devices.push_back(lease.device);
  return devices;
}

std::vector<PresenceHome::Notice> PresenceHome::flush(SteadyTime now, core::WallTime wall_now) {
  std::vector<Notice> notices;
  for (auto at = people_.begin(); at != people_.end();) {
    auto& person = at->second;
    std::erase_if(person.leases, [&](const Lease& lease) { return now >= lease.until && lease.sessions == 0; });
    const auto present = evaluate(&person, now);
    if (present != person.told) {
      person.told = present;
      person.since = wall_now;
      const auto frame =
          wire::encode_presence(person.handle, present, present == Presence::unknown ? core::WallTime{} : wall_now);
      for (const auto& watcher : person.watchers) notices.push_back({watcher.address, frame});
    }
    const bool idle = person.leases.empty() && person.watchers.empty();
    at = idle ? people_.erase(at) : std::next(at);
  }
  // A letter that was under way when a tie ended arrives within moments.
  constexpr std::size_t kUntiedMax = 10'000;
  if (untied_.size() > kUntiedMax) untied_.clear();
  return notices;
}

}  // namespace enishi::delivery
