// Whose sessions are at this loop, and where each stands in the log.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/command.h"
#include "delivery/floor.h"
#include "delivery/outlet.h"
#include "delivery/ports.h"
#include "delivery/query.h"
#include "wire/request.h"

namespace enishi::delivery {

/// design.md section 5. `proving` covers all before Welcome; `welcome` lasts only within one call.
enum class SeatState : std::uint8_t { free, proving, catching_up, live, lagging, closing };

/// What a seat needs until Welcome; freed there.
struct Proving {
  std::string nonce;
  SteadyTime nonce_until{}, deadline{};
  bool nonce_spent = false;
  bool asked = false;                 ///< a FindDevice is on its way
  std::uint64_t request = 0;          ///< of the Hello
  std::uint64_t pairing_request = 0;  ///< of the PairPresent whose owner has not decided yet; 0: none
  wire::Hello hello;
  bool found = false;
  DeviceFound device;
};

/// What a seat wants to be told of signals, and batons it was told of; most sessions have it, idle ones of the bench do
/// not.
struct Interest {
  bool watch_all = false, focus_all = false;
  std::uint64_t watch_request = 0, focus_request = 0;  ///< the latest: an earlier one's late answer changes nothing
  std::unordered_map<core::MemberId, std::string> watched;  ///< with their handles
  std::unordered_set<core::ConversationId> focused;
  Batons batons;  ///< passed to it, and asked of it
};

/// One session.
struct Seat {
  SeatId id = 0;
  Outlet* outlet = nullptr;
  core::Sender sender;
  core::Position position;  ///< everything up to here was sent or queued; while live, also all this floor delivered
  std::unique_ptr<Proving> proving;
  std::unique_ptr<CatchUp> catching;  ///< while catching up or lagging: the chunk asked for, or the next one
  std::unique_ptr<Interest> interest;
  SteadyTime next_ping{}, stalled_since{};
  SteadyTime used_at{};              ///< a person was last seen to use it; 0: never
  std::uint32_t next_of_member = 0;  ///< index + 1 of the next seat of the same member; 0: none
  std::uint16_t in_flight = 0;
  float tokens = 0;  ///< of the rate limit's bucket
  SteadyTime tokens_at{};
  SeatState state = SeatState::free;
  wire::Presence mode = wire::Presence::active;
  bool chunk_asked = false;  ///< a reader works on `catching`
  bool progressed = false;   ///< bytes went out since the last tick
  bool touched = false;      ///< got something of the present group
  bool read_paused = false;  ///< may_read said no
};

/// A member who has sessions here, or had some lately.
struct Here {
  std::uint32_t first = 0;  ///< index + 1 of his first seat; 0: none now
  bool is_known = false;    ///< `newest` and `rseq` hold
  core::Position newest;    ///< nothing later concerns him, as of what this floor delivered
  std::uint64_t rseq = 0;   ///< his newest register number
};

/// Seats by id and by member. Owner: the loop.
class Roster {
 public:
  Seat& open(Outlet& outlet);
  /// Null for one that is gone.
  [[nodiscard]] Seat* find(SeatId id) noexcept;
  /// From Welcome on the seat is found by its member.
  void attach(Seat& seat);
  void close(Seat& seat);
  [[nodiscard]] std::size_t size() const noexcept { return open_; }
  /// True when the member has an attached seat here.
  [[nodiscard]] bool is_here(core::MemberId member) const {
    const auto here = members_.find(member);
    return here != members_.end() && here->second.first != 0;
  }
  /// Null for one who was not here lately.
  [[nodiscard]] Here* here(core::MemberId member) noexcept {
    const auto found = members_.find(member);
    return found == members_.end() ? nullptr : &found->second;
  }
  /// Of nobody it is known any more what concerns him.
  void forget_known();

  template <class Visit>
  void for_each_of(core::MemberId member, Visit&& visit) {
    if (const auto* found = here(member)) for_each_from(found->first, visit);
  }
  /// The seats of one member, from Here::first.
  template <class Visit>
  void for_each_from(std::uint32_t first, Visit&& visit) {
    for (auto index = first; index != 0;) {
      auto& seat = seats_[index - 1];
      index = seat.next_of_member;
      visit(seat);
    }
  }
  template <class Visit>
  void for_each(Visit&& visit) {
    for (auto& seat : seats_)
      if (seat.state != SeatState::free) visit(seat);
  }

 private:
  std::deque<Seat> seats_;  // references stay good
  std::vector<std::uint32_t> free_;
  std::unordered_map<core::MemberId, Here> members_;
  std::deque<core::MemberId> left_;  // who may have no seat; the oldest are forgotten
  std::uint32_t openings_ = 0;       // makes ids unique
  std::size_t open_ = 0;
};

}  // namespace enishi::delivery
