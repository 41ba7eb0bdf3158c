#include "property/real/socket_driver.h"

#include <utility>

namespace enishi::property::real {

using client::Instant;

Tap::Tap(client::Driven& machine, Judge& judge, Oracle& oracle, DriverCalls calls)
    : machine_(machine), judge_(judge), oracle_(oracle), calls_(std::move(calls)) {}

void Tap::on_open(Instant now) {
  const auto guard = judge_.lock();
  open_ = true;
  line_ = calls_.who();
  machine_.on_open(now);
}

void Tap::on_frame(std::string_view bytes, Instant now) {
  const auto guard = judge_.lock();
  judge_.rethrow();
  const auto told_up_to = oracle_.on_arrival(line_, bytes);
  machine_.on_frame(bytes, now);
  if (calls_.after) calls_.after(told_up_to);
}

void Tap::on_close(std::uint16_t code, Instant now) {
  const auto guard = judge_.lock();
  open_ = false;
  machine_.on_close(code, now);
}

void Tap::tick(Instant now) {
  const auto guard = judge_.lock();
  machine_.tick(now);
}

std::vector<std::string> Tap::take_frames() {
  auto frames = machine_.take_frames();
  if (frames.empty()) return frames;
  const auto guard = judge_.lock();
  for (const auto& frame : frames) judge_.on_sent(line_.device, frame);
  return frames;
}

std::optional<Instant> Tap::connect_at() const {
  const auto at = machine_.connect_at();
  if (!online || !at) return std::nullopt;
  return hurries ? Instant{0} : *at;
}

SocketDriver::SocketDriver(boost::asio::io_context& io, Proxy::Options options, Judge& judge, Oracle& oracle,
                           client::Driven& machine, DriverCalls calls)
    : tap_(machine, judge, oracle, std::move(calls)),
      proxy_(io, std::move(options)),
      connection_(io, client::Origin{false, "127.0.0.1", proxy_.port()}, tap_) {
  connection_.start();
}

void SocketDriver::set_online(bool on) {
  if (std::exchange(tap_.online, on) && !on) proxy_.cut();
  connection_.poke();
}

void SocketDriver::calm() {
  if (proxy_.is_silent()) proxy_.cut();
  if (proxy_.is_stalled()) proxy_.stall(false);
  if (tap_.online && tap_.hurries) return;
  tap_.online = tap_.hurries = true;
  connection_.poke();
}

void SocketDriver::hurry(bool on) {
  if (std::exchange(tap_.hurries, on) == on) return;
  connection_.poke();
}

bool SocketDriver::flows() const {
  if (!tap_.online || proxy_.is_stalled() || proxy_.is_silent()) return false;
  if (tap_.is_open()) return true;
  const auto at = tap_.connect_at();
  return at && *at <= client::Connection::now();
}

}  // namespace enishi::property::real
