#include "delivery/roster.h"

namespace enishi::delivery {
namespace {

/// Members without a seat of whom is known what concerns them: for a short drop, or a shell's next command.
constexpr std::size_t kLeftMax = 4096;

constexpr std::uint32_t index_of(SeatId id) noexcept { return static_cast<std::uint32_t>(id); }

}  // namespace

Seat& Roster::open(Outlet& outlet) {
  std::uint32_t index;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(seats_.size());
    seats_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  auto& seat = seats_[index];
  seat = Seat{};
  seat.id = (static_cast<SeatId>(++openings_) << 32U) | index;
  seat.outlet = &outlet;
  seat.state = SeatState::proving;
  ++open_;
  return seat;
}

Seat* Roster::find(SeatId id) noexcept {
  const auto index = index_of(id);
  if (index >= seats_.size()) return nullptr;
  auto& seat = seats_[index];
  return seat.state != SeatState::free && seat.id == id ? &seat : nullptr;
}

void Roster::attach(Seat& seat) {
  auto& first = members_[seat.sender.member].first;
  seat.next_of_member = first;
  first = index_of(seat.id) + 1;
}

void Roster::forget_known() {
  for (auto& [member, here] : members_) here.is_known = false;
}

void Roster::close(Seat& seat) {
  auto* member = seat.sender.member ? here(seat.sender.member) : nullptr;
  if (member) {
    for (auto* link = &member->first; *link != 0; link = &seats_[*link - 1].next_of_member) {
      if (*link != index_of(seat.id) + 1) continue;
      *link = seat.next_of_member;
      break;
    }
    if (member->first == 0) left_.push_back(seat.sender.member);
    if (left_.size() > kLeftMax) {
      const auto oldest = members_.find(left_.front());
      if (oldest != members_.end() && oldest->second.first == 0) members_.erase(oldest);
      left_.pop_front();
    }
  }
  free_.push_back(index_of(seat.id));
  seat = Seat{};
  --open_;
}

}  // namespace enishi::delivery
