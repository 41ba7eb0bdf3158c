// A floor whose behaviour a test writes: the link takes delivery::Floor from floor_double.cc instead of the delivery
// room.
#pragma once

#include <functional>
#include <string_view>

#include "delivery/floor.h"
#include "delivery/ports.h"

namespace enishi::transport::testing {

/// Called on the loop that the floor belongs to; set before any floor is used. Empty ones do nothing.
struct FloorScript {
  std::function<void(delivery::Ports&, std::uint32_t loop, delivery::Outlet&, delivery::SeatId)> open;
  std::function<void(delivery::Ports&, delivery::Outlet&, delivery::SeatId, std::string_view)> message;
  std::function<void(delivery::Outlet&)> drained;
  std::function<void(delivery::Outlet&)> progress;
  std::function<void(delivery::SeatId, bool said_goodbye)> closed;
  std::function<bool(delivery::SeatId)> may_read;
  std::function<void(const std::vector<delivery::Outlet*>&, const sequencer::Group&)> group;
  std::function<void(delivery::Outlet&, delivery::Answer&&)> answer;
  std::function<void(delivery::Letter&&)> letter;
  std::function<void(const std::vector<delivery::Outlet*>&)> go_away;
};

/// The script in force.
FloorScript& floor_script();

/// For a floor that asks nobody.
class NoPorts final : public delivery::Ports {
 public:
  bool submit(core::Command&&) override { return false; }
  bool ask(delivery::Query&&) override { return false; }
  bool post(std::uint32_t, delivery::Letter&&) override { return false; }
  [[nodiscard]] delivery::SteadyTime now() const override { return {}; }
  [[nodiscard]] core::WallTime wall_now() const override { return {}; }
  void random(void*, std::size_t) override {}
};

}  // namespace enishi::transport::testing
