#include "property/world/link.h"

#include <algorithm>

#include "wire/error_table.h"

namespace enishi::property {
namespace {

constexpr std::uint16_t kBroken = 1006;

}  // namespace

Link::Link(Context& context, Daemon& daemon, Oracle& oracle, Caller& caller, Line line)
    : context_(context), daemon_(daemon), oracle_(oracle), caller_(caller), line_(std::move(line)) {}

void Link::open() {
  client_open_ = true;
  if (!daemon_.is_up()) return close_client(kBroken);
  server_open_ = true;
  to_client([this] { caller_.on_open(); });
  seat_ = daemon_.floor(line_.floor).open(*this);
}

void Link::send(std::string frame) {
  if (!client_open_) return;
  to_server_at_ = std::max(to_server_at_, context_.now() + context_.delay(context_.settings.link_delay));
  context_.schedule.work_at(to_server_at_, [this, frame = std::move(frame)]() mutable {
    if (!server_open_ || silent_) return;
    heard_ = true;
    unread_.push_back(std::move(frame));
    read();
  });
}

void Link::read() {
  while (server_open_ && !unread_.empty() && daemon_.floor(line_.floor).may_read(seat_)) {
    const auto frame = std::move(unread_.front());
    unread_.pop_front();
    oracle_.on_request({line_.floor, seat_, 0}, line_.device, frame);
    daemon_.floor(line_.floor).on_message(seat_, frame);
  }
}

void Link::resume_reading() {
  context_.schedule.work_at(context_.now(), [this] { read(); });
}

void Link::push(const wire::Frame& frame) {
  expect(server_open_, "a frame was pushed to a session that is gone");
  oracle_.on_push(line_, frame, daemon_.is_in_group());
  queue_.emplace_back(frame, daemon_.telling());
  queued_bytes_ += frame->size();
  plan_pump();
}

void Link::drop_unsent() {
  queue_.clear();
  queued_bytes_ = 0;
}

void Link::close(core::Errc code) {
  close_code_ = wire::close_code_of(code);
  plan_pump();
  // One who reads nothing is not waited for.
  context_.schedule.work_at(context_.now() + Instant{1000}, [this] {
    close_server();
    close_client(kBroken);
  });
}

void Link::plan_pump() {
  if (pump_planned_ || stalled_) return;
  pump_planned_ = true;
  context_.schedule.work_at(context_.now() + context_.delay(Instant{3}), [this] { pump(); });
}

void Link::pump() {
  pump_planned_ = false;
  if (stalled_ || !server_open_) return;
  const auto taken = std::min<std::size_t>(queue_.size(), 1 + context_.pick(4));
  for (std::size_t i = 0; i < taken; ++i) {
    const auto [frame, told_up_to] = queue_.front();
    queue_.pop_front();
    queued_bytes_ -= frame->size();
    to_client(
        [this, payload = frame, position = told_up_to] { caller_.on_frame(wire::payload_of(payload), position); });
  }
  if (context_.chance(context_.settings.cutting)) return cut();
  if (taken > 0) daemon_.floor(line_.floor).on_progress(seat_);
  if (queue_.empty() && close_code_ != 0) {
    to_client([this] { close_client(close_code_); });
    return close_server();
  }
  if (queue_.empty() && taken > 0) daemon_.floor(line_.floor).on_drained(seat_);
  if (!queue_.empty()) plan_pump();
}

void Link::to_client(Schedule::Work work) {
  to_client_at_ = std::max(to_client_at_, context_.now() + context_.delay(context_.settings.link_delay));
  context_.schedule.work_at(to_client_at_, [this, work = std::move(work)] {
    if (client_open_ && !silent_) work();
  });
}

void Link::close_client(std::uint16_t code) {
  if (!client_open_) return;
  client_open_ = false;
  context_.trace.say("link of " + line_.device.substr(0, 4) + " closed, " + std::to_string(code));
  caller_.on_close(code);
}

void Link::close_server() {
  if (!server_open_) return;
  server_open_ = false;
  drop_unsent();
  daemon_.floor(line_.floor).on_closed(seat_);
}

void Link::leave() {
  // The client hears of its own end at once (it called this), the daemon when the close arrives.
  client_open_ = false;
  to_server_at_ = std::max(to_server_at_, context_.now() + context_.delay(context_.settings.link_delay));
  context_.schedule.work_at(to_server_at_, [this] { close_server(); });
}

void Link::cut() {
  silent_ = true;
  context_.schedule.work_at(context_.now() + context_.delay(Instant{500}), [this] { close_client(kBroken); });
  context_.schedule.work_at(context_.now() + context_.delay(Instant{500}), [this] { close_server(); });
}

void Link::stall(bool on) {
  stalled_ = on;
  if (!on && (!queue_.empty() || close_code_ != 0)) plan_pump();
}

void Link::on_daemon_gone() {
  if (!server_open_) return;
  server_open_ = false;
  drop_unsent();
  // What the kernel had taken may still arrive.
  context_.schedule.work_at(context_.now() + context_.delay(Instant{300}), [this] { close_client(kBroken); });
}

void Link::ping() {
  context_.schedule.work_at(context_.now() + context_.delay(context_.settings.link_delay),
                            [this] { heard_ = heard_ || (!silent_ && client_open_); });
}

bool Link::take_heard() { return std::exchange(heard_, false); }

}  // namespace enishi::property
