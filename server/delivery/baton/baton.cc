// Moving a conversation from one device of a member to another. Never stored, and nobody else's business: the devices
// and memberships are the asker's own, letters name sessions, and every session is looked at again on arrival.
#include "delivery/baton/baton.h"

#include <algorithm>

#include "core/planted.h"
#include "delivery/floor_impl.h"

namespace enishi::delivery {
namespace {

using core::Errc;

// Nobody opens nine conversations in half a minute.
constexpr std::size_t kHeldMax = 8;
constexpr std::size_t kWantsMax = 8;
// Letters take well under a millisecond; one that takes so long was lost in a full mailbox.
constexpr std::chrono::seconds kLettersTime{5};

template <class Kept>
void keep(std::vector<Kept>& all, Kept&& one, std::size_t most, SteadyTime now) {
  std::erase_if(all, [&](const Kept& each) { return now >= each.until; });
  if (all.size() >= most) all.erase(all.begin());
  one.until = now + kBatonTime;
  all.push_back(std::move(one));
}

Batons& batons_of(Seat& seat) {
  if (!seat.interest) seat.interest = std::make_unique<Interest>();
  return seat.interest->batons;
}

/// The session that asked for what this baton brings, while it waits.
const BatonWant* want_of(Seat& seat, const std::optional<wire::Baton>& baton, SteadyTime now) {
  if (!baton || baton->wanted_by.is_zero()) return nullptr;
  auto& wants = batons_of(seat).wants;
  const auto found = std::ranges::find_if(
      wants, [&](const BatonWant& each) { return each.by == baton->wanted_by && now < each.until; });
  return found == wants.end() ? nullptr : &*found;
}

bool has_one_open(const Seat& seat) {
  return seat.interest && !seat.interest->focus_all && seat.interest->focused.size() == 1;
}

}  // namespace

bool Floor::Impl::can_be_told(const Seat& seat) const {
  // A revoked one is closing as soon as this loop knows.
  const bool takes = seat.state == SeatState::live || seat.state == SeatState::catching_up;
  return takes && seat.outlet->queued_bytes() <= options.limits.outbox_signal_bytes;
}

void Floor::Impl::on_baton(Seat& seat, std::uint64_t request, wire::Baton&& baton) {
  if (!baton.wanted_by.is_zero() && baton.wanted_by != baton.device) return refuse(seat, request, Errc::bad_request);
  ask(seat, request, BatonOf{std::move(baton)});
}

void Floor::Impl::on_baton_ask(Seat& seat, std::uint64_t request) { ask(seat, request, BatonOf{}); }

void Floor::Impl::on_baton_checked(Seat& seat, std::uint64_t request, BatonChecked&& checked) {
  // It was read before a group that this loop has delivered meanwhile.
  if (revoked_.contains(checked.to) && !ENISHI_PLANT("baton_to_revoked_device"))
    return refuse(seat, request, Errc::not_found);
  const std::pair key{seat.id, request};
  // A second request under the number of one that waits would get its answer.
  if (batons_.contains(key)) return refuse(seat, request, Errc::bad_request);
  const auto now = ports_.now();
  auto& under_way = batons_[key];
  under_way.what = std::move(checked);
  under_way.until = now + kLettersTime;
  const auto& what = under_way.what;
  if (const auto* want = want_of(seat, what.baton, now)) {
    under_way.best = BatonSeat{true, now, want->asker, what.to};
    return give_baton(seat, request);
  }
  under_way.missing = options.loops;
  for (std::uint32_t loop = 0; loop < options.loops; ++loop) {
    BatonSeek seek{address_of(seat, request), seat.sender, what.to, {}, false};
    if (ports_.post(loop, BatonLetter{std::move(seek)})) continue;
    --under_way.missing;
    under_way.lost = true;
  }
  if (under_way.missing == 0) give_baton(seat, request);
}

void Floor::Impl::give_baton(Seat& seat, std::uint64_t request) {
  const auto at = batons_.find({seat.id, request});
  const auto& [what, best, missing, lost, until] = at->second;
  const auto fail = [&](Errc code) {
    batons_.erase(at);
    refuse(seat, request, code);
  };
  if (!best) return fail(lost ? Errc::overloaded : Errc::device_away);
  BatonGive give{address_of(seat, request), best->address, best->device, {}, {}, false, false};
  if (what.baton) {
    BatonHeld held{{}, give.asker, wire::encode_baton_taken(what.to_name, what.baton->conversation), {}, false};
    ports_.random(held.baton.value.data(), held.baton.value.size());
    give.frame = wire::encode_baton_passed(held.baton, what.from_name, *what.baton);
    give.keep = std::move(held);
  } else {
    give.frame = wire::encode_baton_wanted(what.from, what.from_name);
    give.keep = BatonWant{what.from, give.asker, {}};
  }
  const auto loop = give.to.loop;
  if (!ports_.post(loop, BatonLetter{std::move(give)})) fail(Errc::overloaded);
}

void Floor::Impl::on_baton_take(Seat& seat, std::uint64_t request, const wire::BatonTake& take) {
  auto& all = batons_of(seat).held;
  const auto held = std::ranges::find(all, take.baton, &BatonHeld::baton);
  if (held == all.end() || ports_.now() >= held->until) return refuse(seat, request, Errc::not_found);
  if (!std::exchange(held->is_taken, true))
    ports_.post(held->passer.loop, BatonLetter{BatonTold{held->passer, held->taken}});
  push(seat, wire::encode_ok(request));
  answered(seat);
}

void Floor::Impl::on_baton_letter(BatonLetter&& letter) {
  if (auto* seek = std::get_if<BatonSeek>(&letter)) return on_baton_seek(std::move(*seek));
  if (auto* give = std::get_if<BatonGive>(&letter)) return on_baton_give(std::move(*give));
  const auto& told = std::get<BatonTold>(letter);
  if (auto* seat = roster.find(told.passer.seat)) signal(*seat, told.frame);
}

void Floor::Impl::on_baton_seek(BatonSeek&& seek) {
  if (!seek.is_answer) {
    roster.for_each_of(seek.sender.member, [&](Seat& seat) {
      const auto device = seat.sender.device;
      const bool fits = seek.to ? device == seek.to : device != seek.sender.device && has_one_open(seat);
      if (!fits || !can_be_told(seat)) return;
      const BatonSeat found{seat.mode != wire::Presence::background, seat.used_at, address_of(seat, 0), device};
      if (!seek.best || *seek.best < found) seek.best = found;
    });
    seek.is_answer = true;
    const auto loop = seek.asker.loop;
    ports_.post(loop, BatonLetter{std::move(seek)});
    return;
  }
  const auto at = batons_.find({seek.asker.seat, seek.asker.request});
  auto* seat = roster.find(seek.asker.seat);
  if (at == batons_.end() || !seat) return;
  // Revoked meanwhile, say: it passes nothing any more.
  if (seat->state == SeatState::closing) return void(batons_.erase(at));
  auto& best = at->second.best;
  if (seek.best && (!best || *best < *seek.best)) best = seek.best;
  if (--at->second.missing == 0) give_baton(*seat, seek.asker.request);
}

void Floor::Impl::on_baton_give(BatonGive&& give) {
  if (!give.is_answer) {
    auto* seat = roster.find(give.to.seat);
    give.told = seat && seat->sender.device == give.device && can_be_told(*seat);
    if (give.told) {
      push(*seat, give.frame);
      const auto now = ports_.now();
      auto& batons = batons_of(*seat);
      if (auto* held = std::get_if<BatonHeld>(&give.keep)) keep(batons.held, std::move(*held), kHeldMax, now);
      if (auto* want = std::get_if<BatonWant>(&give.keep)) keep(batons.wants, std::move(*want), kWantsMax, now);
    }
    give.is_answer = true;
    const auto loop = give.asker.loop;
    ports_.post(loop, BatonLetter{std::move(give)});
    return;
  }
  if (batons_.erase({give.asker.seat, give.asker.request}) == 0) return;
  auto* seat = roster.find(give.asker.seat);
  if (!seat || seat->state == SeatState::closing) return;
  if (!give.told) return refuse(*seat, give.asker.request, Errc::device_away);
  push(*seat, wire::encode_ok(give.asker.request));
  answered(*seat);
}

void Floor::Impl::forget_batons(SeatId id) {
  batons_.erase(batons_.lower_bound({id, 0}), batons_.upper_bound({id, UINT64_MAX}));
}

void Floor::Impl::tick_batons(SteadyTime now) {
  for (auto at = batons_.begin(); at != batons_.end();) {
    if (now < at->second.until) {
      ++at;
      continue;
    }
    const auto [id, request] = at->first;
    at = batons_.erase(at);
    if (auto* seat = roster.find(id); seat && seat->state != SeatState::closing)
      refuse(*seat, request, Errc::overloaded);
  }
}

}  // namespace enishi::delivery
