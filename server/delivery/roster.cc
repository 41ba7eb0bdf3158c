#include "delivery/roster.h"

namespace enishi::delivery {
namespace {

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
  auto& first = first_of_member_[seat.sender.member];
  seat.next_of_member = first;
  first = index_of(seat.id) + 1;
}

void Roster::close(Seat& seat) {
  const auto first = first_of_member_.find(seat.sender.member);
  if (seat.sender.member && first != first_of_member_.end()) {
    for (auto* link = &first->second; *link != 0; link = &seats_[*link - 1].next_of_member) {
      if (*link != index_of(seat.id) + 1) continue;
      *link = seat.next_of_member;
      break;
    }
    if (first->second == 0) first_of_member_.erase(first);
  }
  free_.push_back(index_of(seat.id));
  seat = Seat{};
  --open_;
}

}  // namespace enishi::delivery
