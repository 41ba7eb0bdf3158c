#include "property/world/link_driver.h"

#include <algorithm>
#include <utility>

namespace enishi::property {

LinkDriver::LinkDriver(Simulation simulation, client::Driven& machine, DriverCalls calls)
    : parts_(simulation), machine_(machine), calls_(std::move(calls)) {}

void LinkDriver::poke() {
  auto frames = machine_.take_frames();
  if (link_ != nullptr && opened_)
    for (auto& frame : frames) link_->send(std::move(frame));
  if (machine_.wants_close() && link_ != nullptr) {
    link_->leave();
    link_ = nullptr;
    opened_ = false;
    machine_.on_close(1000, parts_.context.now());
  }
  plan();
}

void LinkDriver::set_online(bool on) {
  if (std::exchange(online_, on) == on) return;
  if (!on && link_ != nullptr) link_->cut();
  plan();
}

void LinkDriver::cut() {
  if (link_ != nullptr) link_->cut();
}

void LinkDriver::stall(bool on) {
  if (link_ != nullptr) link_->stall(on);
}

void LinkDriver::go_silent() {
  if (link_ != nullptr) link_->go_silent();
}

void LinkDriver::calm() {
  set_online(true);
  stall(false);
  if (link_ != nullptr && link_->is_silent()) link_->cut();
}

void LinkDriver::plan() {
  std::optional<Instant> next = machine_.wakeup_at();
  if (const auto dial_at = machine_.connect_at(); online_ && link_ == nullptr && dial_at && (!next || *dial_at < *next))
    next = dial_at;
  if (!next) return;
  const auto at = std::max(*next, parts_.context.now());
  if (at >= planned_at_) return;
  planned_at_ = at;
  parts_.context.schedule.timer_at(at, [this, plan = ++plans_] {
    if (plan == plans_) wake();
  });
}

void LinkDriver::wake() {
  planned_at_ = Instant::max();
  const auto now = parts_.context.now();
  if (const auto at = machine_.connect_at(); online_ && link_ == nullptr && at && *at <= now) return dial();
  if (const auto at = machine_.wakeup_at(); at && *at <= now) machine_.tick(now);
  poke();
}

void LinkDriver::dial() {
  links_.push_back(std::make_unique<Link>(parts_.context, parts_.daemon, parts_.oracle, *this, calls_.who()));
  link_ = links_.back().get();
  opened_ = false;
  auto& context = parts_.context;
  context.schedule.work_at(context.now() + context.delay(context.settings.link_delay),
                           [link = link_] { link->open(); });
}

void LinkDriver::on_daemon_gone() {
  for (auto& link : links_)
    if (link->is_open()) link->on_daemon_gone();
}

void LinkDriver::on_open() {
  opened_ = true;
  machine_.on_open(parts_.context.now());
  poke();
}

void LinkDriver::on_frame(std::string_view payload, core::Position told_up_to) {
  machine_.on_frame(payload, parts_.context.now());
  if (calls_.after) calls_.after(told_up_to);
  poke();
}

void LinkDriver::on_close(std::uint16_t code) {
  link_ = nullptr;
  opened_ = false;
  machine_.on_close(code, parts_.context.now());
  poke();
}

}  // namespace enishi::property
