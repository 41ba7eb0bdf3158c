// A machine driven over simulated links.
#pragma once

#include <memory>
#include <vector>

#include "property/world/link.h"
#include "property/world/place.h"

namespace enishi::property {

/// What the parts of a simulated world share.
struct Simulation {
  Context& context;
  Oracle& oracle;
  Daemon& daemon;
};

/// Keeps the loop of client::Driven in virtual time.
class LinkDriver final : public Driver, public Caller {
 public:
  LinkDriver(Simulation simulation, client::Driven& machine, DriverCalls calls);

  void poke() override;
  void set_online(bool on) override;
  void cut() override;
  void stall(bool on) override;
  void go_silent() override;
  void calm() override;
  void on_daemon_gone() override;

  void on_open() override;
  void on_frame(std::string_view payload, core::Position told_up_to) override;
  void on_close(std::uint16_t code) override;

 private:
  void plan();
  void wake();
  void dial();

  Simulation parts_;
  client::Driven& machine_;
  DriverCalls calls_;
  std::vector<std::unique_ptr<Link>> links_;  ///< all that ever were
  Link* link_ = nullptr;                      ///< null: not connected
  bool online_ = true;
  bool opened_ = false;
  std::uint64_t plans_ = 0;
  Instant planned_at_ = Instant::max();
};

}  // namespace enishi::property
