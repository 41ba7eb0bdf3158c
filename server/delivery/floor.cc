// The life of seats: opening, ticking, closing.
#include "delivery/floor.h"

#include "delivery/floor_impl.h"

namespace enishi::delivery {

using core::Errc;

namespace {
// Rows that one commit writes when thousands of sessions end at once; the rest follows with the next ticks.
constexpr std::size_t kSeenPerCommand = 1000;
}  // namespace

Floor::Floor(FloorOptions options, Ports& ports, const auth::Seals& seals)
    : impl_(std::make_unique<Impl>(std::move(options), ports, seals)) {}
Floor::~Floor() = default;
SeatId Floor::open(Outlet& outlet) { return impl_->open(outlet); }
void Floor::on_message(SeatId seat, std::string_view payload) { impl_->on_message(seat, payload); }
void Floor::on_drained(SeatId seat) { impl_->on_drained(seat); }
void Floor::on_progress(SeatId seat) { impl_->on_progress(seat); }
void Floor::on_closed(SeatId seat, bool said_goodbye) { impl_->on_closed(seat, said_goodbye); }
bool Floor::may_read(SeatId seat) const noexcept { return impl_->may_read(seat); }
void Floor::on_group(const sequencer::Group& group) { impl_->on_group(group); }
void Floor::on_answer(Answer&& answer) { impl_->on_answer(std::move(answer)); }
void Floor::on_letter(Letter&& letter) { impl_->on_letter(std::move(letter)); }
void Floor::on_tick() { impl_->on_tick(); }
void Floor::go_away(std::chrono::milliseconds spread) { impl_->go_away(spread); }
std::size_t Floor::seats() const noexcept { return impl_->roster.size(); }
core::Position Floor::delivered() const noexcept { return impl_->delivered; }

SeatId Floor::Impl::open(Outlet& outlet) {
  auto& seat = roster.open(outlet);
  const auto now = ports_.now();
  seat.tokens = static_cast<float>(options.limits.requests_burst);
  seat.tokens_at = now;
  seat.proving = std::make_unique<Proving>();
  auto& proving = *seat.proving;
  proving.nonce.resize(32);
  ports_.random(proving.nonce.data(), proving.nonce.size());
  proving.nonce_until = now + std::chrono::seconds{30};
  proving.deadline = now + options.limits.proof_time;
  push(seat, wire::encode_challenge(proving.nonce, ports_.wall_now()));
  return seat.id;
}

void Floor::Impl::on_progress(SeatId id) {
  if (auto* seat = roster.find(id)) seat->progressed = true;
}

void Floor::Impl::on_drained(SeatId id) {
  auto* seat = roster.find(id);
  if (!seat) return;
  seat->progressed = true;
  resume_reading(*seat);
  // A reader at its own pace: the next chunk once the last one is through.
  if (seat->catching && !seat->chunk_asked && seat->state != SeatState::closing) ask_chunk(*seat);
}

void Floor::Impl::on_closed(SeatId id, bool said_goodbye) {
  auto* seat = roster.find(id);
  if (!seat) return;
  if (!seat->proving && seat->sender.device) {
    seen_.insert(seat->sender.device);
    unwatch_all(*seat);
    lease(*seat, said_goodbye ? LeaseLetter::Kind::end : LeaseLetter::Kind::lost);
  }
  forget_batons(id);
  roster.close(*seat);
}

bool Floor::Impl::may_read(SeatId id) {
  auto* seat = roster.find(id);
  if (!seat || seat->state == SeatState::closing) return false;
  // Who does not take his answers asks no more questions, so that the outbox is bounded.
  seat->read_paused = seat->in_flight >= options.limits.requests_in_flight_max ||
                      seat->outlet->queued_bytes() > options.limits.outbox_durable_bytes;
  return !seat->read_paused;
}

void Floor::Impl::on_tick() {
  const auto now = ports_.now();
  const auto& limits = options.limits;
  tick_batons(now);
  if (now >= next_flush_ || seen_.size() > kSeenPerCommand) tell_seen();
  if (now >= next_flush_) {
    next_flush_ = now + std::chrono::seconds{1};
    tell(presence_.flush(now, ports_.wall_now()));
  }
  roster.for_each([&](Seat& seat) {
    if (seat.state == SeatState::closing) return;
    if (seat.outlet->queued_bytes() == 0)
      seat.stalled_since = {};
    else if (seat.progressed || seat.stalled_since == SteadyTime{})
      seat.stalled_since = now;
    else if (now - seat.stalled_since >= limits.stall_time)
      return close(seat, Errc::too_slow);
    seat.progressed = false;
    if (seat.proving) {
      if (now >= seat.proving->deadline) close(seat, Errc::too_late);
      return;
    }
    // A chunk that could not be asked for when the readers' queue was full.
    if (seat.catching && !seat.chunk_asked && seat.outlet->queued_bytes() == 0) ask_chunk(seat);
    if (now < seat.next_ping) return;
    // The ping of a heartbeat ago has had all this time to be answered.
    if (!seat.outlet->take_heard()) return close(seat, Errc::silent);
    const auto within = seat.mode == wire::Presence::background ? limits.ping_background : limits.ping_active;
    seat.next_ping = now + within;
    seat.outlet->ping();
    lease(seat, LeaseLetter::Kind::renew);
    push(seat, wire::encode_server_ping(static_cast<std::uint32_t>(within.count())));
  });
}

void Floor::Impl::tell_seen() {
  if (seen_.empty()) return;
  core::DeviceSeen told;
  for (auto at = seen_.begin(); at != seen_.end() && told.devices.size() < kSeenPerCommand; at = seen_.erase(at))
    told.devices.push_back(*at);
  // A full inbox loses nothing that matters: the next end of a session says it again.
  (void)ports_.submit(core::Command{{}, {}, {}, {}, std::move(told)});
}

void Floor::Impl::go_away(std::chrono::milliseconds spread) {
  roster.for_each([&](Seat& seat) {
    if (seat.sender.device) seen_.insert(seat.sender.device);  // no tick may come any more
    if (seat.state == SeatState::closing) return;
    std::uint32_t dice = 0;
    ports_.random(&dice, sizeof dice);
    const auto range = static_cast<std::uint32_t>(std::max<std::int64_t>(1, spread.count()));
    push(seat, wire::encode_go_away(dice % range));
    close(seat, Errc::going_away);
  });
  while (!seen_.empty()) tell_seen();
}

void Floor::Impl::push(Seat& seat, const wire::Frame& frame) { seat.outlet->push(frame); }

void Floor::Impl::close(Seat& seat, Errc code) {
  if (seat.state == SeatState::closing) return;
  seat.state = SeatState::closing;
  seat.outlet->close(code);
}

void Floor::Impl::on_answer(Answer&& answer) {
  auto* seat = roster.find(answer.to.seat);
  if (seat && answer.gives_try_back) seat->outlet->take_try_back();
  if (!seat || seat->state == SeatState::closing) return;
  if (auto* chunk = std::get_if<CaughtUp>(&answer.what);
      chunk || (answer.to.request == 0 && answer.store_failed && seat->catching))
    return on_chunk(*seat, std::move(answer.frames), chunk ? std::move(*chunk) : CaughtUp{}, answer.store_failed);
  if (auto* found = std::get_if<DeviceFound>(&answer.what)) return on_device_found(*seat, std::move(*found));
  if (auto* resolved = std::get_if<Resolved>(&answer.what))
    return on_resolved(*seat, answer.to.request, std::move(*resolved));
  if (auto* ties = std::get_if<TiesResolved>(&answer.what)) return on_ties(*seat, answer.to.request, std::move(*ties));
  if (auto* checked = std::get_if<BatonChecked>(&answer.what))
    return on_baton_checked(*seat, answer.to.request, std::move(*checked));
  if (answer.to.request == 0) return;  // nobody waits for it
  if (answer.store_failed) {
    if (seat->proving && seat->proving->asked) return close(*seat, Errc::going_away);
    push(*seat, wire::encode_error(answer.to.request, Errc::retry));
  }
  for (const auto& frame : answer.frames) push(*seat, frame);
  answered(*seat);
}

}  // namespace enishi::delivery
