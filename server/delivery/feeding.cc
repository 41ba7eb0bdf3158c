// Sessions that read the log at their own pace: after Welcome, and when they fell behind.
#include "core/planted.h"
#include "delivery/floor_impl.h"

namespace enishi::delivery {

void Floor::Impl::start_catch_up(Seat& seat, core::Position after) {
  seat.state = SeatState::catching_up;
  seat.position = after;
  seat.catching = std::make_unique<CatchUp>();
  seat.catching->after = after;
  ask_chunk(seat);
}

void Floor::Impl::go_live(Seat& seat, core::Position at) {
  // It holds everything of its member that this floor has delivered: there is nothing to read.
  seat.state = SeatState::live;
  seat.position = at;
  push(seat, wire::encode_frontier(seals_.seal_cursor({options.incarnation.random, at}), true));
}

void Floor::Impl::ask_chunk(Seat& seat) {
  // A full queue of the readers is no error: a later tick asks again.
  seat.chunk_asked = ports_.ask(Query{address_of(seat, 0), seat.sender, *seat.catching});
}

void Floor::Impl::on_chunk(Seat& seat, std::vector<wire::Frame>&& frames, CaughtUp&& chunk, bool store_failed) {
  if (!seat.catching || !seat.chunk_asked) return;
  seat.chunk_asked = false;
  if (store_failed) return close(seat, core::Errc::going_away);
  for (const auto& frame : frames) push(seat, frame);
  *seat.catching = chunk.next;
  if (chunk.done) {
    seat.position = chunk.next.through;
    const auto cursor = seals_.seal_cursor({options.incarnation.random, seat.position});
    const bool live = seat.position >= delivered;
    push(seat, wire::encode_frontier(cursor, live, chunk.next.done, chunk.next.total));
    if (live) {
      const bool lagged = seat.state == SeatState::lagging;
      seat.state = SeatState::live;
      seat.catching.reset();
      if (lagged) watch_again(seat);
      return;
    }
    // While it read, groups were delivered here: on from where it stands.
    *seat.catching = CatchUp{};
    seat.catching->after = seat.position;
  }
  if (seat.outlet->queued_bytes() < options.limits.catch_up_chunk_bytes) ask_chunk(seat);
}

void Floor::Impl::lag(Seat& seat, core::Position from) {
  // The log is the resume buffer: what was not sent is read again from here once the outbox is empty.
  if (seat.position < from) seat.position = from;
  seat.state = SeatState::lagging;
  seat.catching = std::make_unique<CatchUp>();
  seat.catching->after = seat.position;
  push(seat, wire::encode_lagged());
}

}  // namespace enishi::delivery
