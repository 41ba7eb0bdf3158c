#include "unit/transport/floor_double.h"

#include <map>

namespace enishi::transport::testing {

FloorScript& floor_script() {
  static FloorScript script;
  return script;
}

}  // namespace enishi::transport::testing

namespace enishi::delivery {

using transport::testing::floor_script;

class Floor::Impl {
 public:
  Impl(FloorOptions the_options, Ports& the_ports) : options(std::move(the_options)), ports(the_ports) {}
  [[nodiscard]] std::vector<Outlet*> outlets() const {
    std::vector<Outlet*> all;
    for (const auto& [seat, outlet] : seats) all.push_back(outlet);
    return all;
  }
  const FloorOptions options;
  Ports& ports;
  std::map<SeatId, Outlet*> seats;
  SeatId last = 0;
};

Floor::Floor(FloorOptions options, Ports& ports, const auth::Seals&)
    : impl_(std::make_unique<Impl>(std::move(options), ports)) {}
Floor::~Floor() = default;

SeatId Floor::open(Outlet& outlet) {
  const SeatId seat = ++impl_->last;
  impl_->seats[seat] = &outlet;
  if (floor_script().open) floor_script().open(impl_->ports, impl_->options.loop, outlet, seat);
  return seat;
}
void Floor::on_message(SeatId seat, std::string_view payload) {
  if (floor_script().message) floor_script().message(impl_->ports, *impl_->seats.at(seat), seat, payload);
}
void Floor::on_drained(SeatId seat) {
  if (floor_script().drained) floor_script().drained(*impl_->seats.at(seat));
}
void Floor::on_progress(SeatId seat) {
  if (floor_script().progress) floor_script().progress(*impl_->seats.at(seat));
}
void Floor::on_closed(SeatId seat, bool said_goodbye) {
  impl_->seats.erase(seat);
  if (floor_script().closed) floor_script().closed(seat, said_goodbye);
}
bool Floor::may_read(SeatId seat) const noexcept { return !floor_script().may_read || floor_script().may_read(seat); }
void Floor::on_group(const sequencer::Group& group) {
  if (floor_script().group) floor_script().group(impl_->outlets(), group);
}
void Floor::on_answer(Answer&& answer) {
  const auto found = impl_->seats.find(answer.to.seat);
  if (found != impl_->seats.end() && floor_script().answer) floor_script().answer(*found->second, std::move(answer));
}
void Floor::on_letter(Letter&& letter) {
  if (floor_script().letter) floor_script().letter(std::move(letter));
}
void Floor::on_tick() {}
void Floor::go_away(std::chrono::milliseconds) {
  if (floor_script().go_away) floor_script().go_away(impl_->outlets());
}
std::size_t Floor::seats() const noexcept { return impl_->seats.size(); }
core::Position Floor::delivered() const noexcept { return {}; }

}  // namespace enishi::delivery
