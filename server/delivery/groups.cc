// Committed groups: each is told whole, in order, to those whose sessions are here.
#include "core/planted.h"
#include "delivery/floor_impl.h"

namespace enishi::delivery {

void Floor::Impl::on_group(const sequencer::Group& group) {
  const auto before = delivered;
  touched_.clear();
  for (const auto& [position, device] : group.revoked) {
    revoked_.insert(device);
    // Nothing may go out to it any more, whatever waits.
    roster.for_each([&, revoked = device](Seat& seat) {
      if (seat.sender.device != revoked || seat.state == SeatState::closing) return;
      seat.outlet->drop_unsent();
      seat.state = SeatState::closing;
      seat.touched = true;
      touched_.push_back(seat.id);
    });
  }
  if (ENISHI_PLANT("frontier_before_group") && group.frontier)
    roster.for_each([&](Seat& seat) {
      if (seat.state == SeatState::live) push(seat, group.frontier);
    });
  for (const auto& item : group.items) deliver(group, item, before);
  for (const auto& reply : group.replies) {
    auto* seat = reply.to.loop == options.loop ? roster.find(reply.to.seat) : nullptr;
    // Of those that close only the revoked are answered, and with the group that revoked them at the latest.
    if (!seat || (seat->state == SeatState::closing && !seat->touched)) continue;
    reply_to(*seat, reply);
  }
  for (const auto& receipt : group.receipts)
    for (const auto member : *receipt.audience)
      roster.for_each_of(member, [&](Seat& seat) { signal(seat, receipt.frame); });
  constexpr std::size_t kShownMax = 10'000;
  if (shown_anew_.size() > kShownMax) shown_anew_.clear();
  for (const auto member : group.shown_anew) {
    shown_anew_[member] = group.last;
    std::erase_if(found_, [&](const auto& entry) { return entry.second.device->member == member; });
  }
  if (group.must_resume) {
    typing_.clear();
    roster.forget_known();
    roster.for_each([&](Seat& seat) {
      if (seat.state == SeatState::live) lag(seat, before);
    });
  }
  delivered = std::max(delivered, group.last);
  on_ties_moved(group);
  for (const auto id : touched_) {
    auto* seat = roster.find(id);
    if (!seat) continue;
    seat->touched = false;
    if (seat->state == SeatState::closing)
      seat->outlet->close(core::Errc::device_revoked);
    else if (seat->state == SeatState::live && group.frontier)
      push(*seat, group.frontier);
  }
  // One that fell behind with an empty outbox has nothing to wait for.
  for (const auto id : touched_)
    if (auto* seat = roster.find(id);
        seat && seat->state == SeatState::lagging && !seat->chunk_asked && seat->outlet->queued_bytes() == 0)
      ask_chunk(*seat);
}

void Floor::Impl::reply_to(Seat& seat, const sequencer::Reply& reply) {
  push(seat, reply.frame);
  if (reply.gives_try_back) seat.outlet->take_try_back();
  if (reply.is_final) answered(seat);
  if (!seat.proving) return;
  auto& proving = *seat.proving;
  if (!reply.is_final) {
    // Who waits for another person may wait as long as that person has, and keeps no stranger out meanwhile: at most
    // one for each open offer.
    proving.pairing_request = reply.to.request;
    proving.deadline = ports_.now() + options.limits.core.pairing_time;
    seat.outlet->vouched_for();
  } else if (proving.pairing_request == reply.to.request) {
    proving.pairing_request = 0;
    proving.deadline = ports_.now() + options.limits.proof_time;
  }
}

void Floor::Impl::deliver(const sequencer::Group&, const sequencer::Published& item, core::Position before) {
  const auto to = [&](core::MemberId member) {
    auto* here = roster.here(member);
    if (!here) return;
    here->newest = std::max(here->newest, item.position);
    here->rseq = std::max(here->rseq, item.rseq);
    roster.for_each_from(here->first, [&](Seat& seat) { deliver_to(seat, item, before); });
  };
  if (!item.audience) return to(item.member);
  for (const auto member : *item.audience) to(member);
}

void Floor::Impl::deliver_to(Seat& seat, const sequencer::Published& item, core::Position before) {
  const bool takes_live =
      seat.state == SeatState::live || (ENISHI_PLANT("lagging_gets_live") && seat.state == SeatState::lagging);
  // What a session read from the store already is not told twice.
  if (!takes_live || item.position <= seat.position) return;
  if (!seat.touched) {
    seat.touched = true;
    touched_.push_back(seat.id);
  }
  if (seat.outlet->queued_bytes() + item.frame->size() > options.limits.outbox_durable_bytes &&
      seat.state == SeatState::live)
    return lag(seat, before);
  push(seat, item.frame);
}

}  // namespace enishi::delivery
