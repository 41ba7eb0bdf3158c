// Presence, typing and focus: what is never stored, and dropped first.
#include <algorithm>

#include "delivery/floor_impl.h"

namespace enishi::delivery {
namespace {

using core::Errc;

constexpr std::size_t kTypingCacheMax = 10'000;

Interest& interest_of(Seat& seat) {
  if (!seat.interest) seat.interest = std::make_unique<Interest>();
  return *seat.interest;
}

}  // namespace

void Floor::Impl::signal(Seat& seat, const wire::Frame& frame) {
  // Under pressure signals go first: nobody misses a stale one.
  const bool takes = seat.state == SeatState::live || seat.state == SeatState::catching_up;
  if (!takes || seat.outlet->queued_bytes() > options.limits.outbox_signal_bytes) return;
  push(seat, frame);
}

void Floor::Impl::lease(const Seat& seat, LeaseLetter::Kind kind, std::string handle) {
  ports_.post(home_of(seat.sender.member), LeaseLetter{seat.sender.member, seat.sender.device, kind,
                                                       static_cast<std::uint8_t>(seat.mode), std::move(handle)});
}

void Floor::Impl::on_mode(Seat& seat, std::uint64_t request, wire::Presence mode) {
  seat.mode = mode;
  seat.next_ping = ports_.now();
  lease(seat, LeaseLetter::Kind::state);
  push(seat, wire::encode_ok(request));
  answered(seat);
}

void Floor::Impl::watch(Seat& seat, const std::vector<std::pair<core::MemberId, std::string>>& ties, bool on,
                        core::Position read_at) {
  std::unordered_map<std::uint32_t, WatchLetter> letters;
  for (const auto& [member, handle] : ties) {
    auto& letter = letters[home_of(member)];
    letter.watched.emplace_back(member, handle);
    if (on) interest_of(seat).watched[member] = handle;
  }
  for (auto& [home, letter] : letters) {
    letter.watcher = address_of(seat, 0);
    letter.watcher_member = seat.sender.member;
    letter.on = on;
    letter.read_at = read_at;
    ports_.post(home, std::move(letter));
  }
}

void Floor::Impl::unwatch_all(Seat& seat) {
  if (!seat.interest) return;
  const auto watched = std::exchange(seat.interest->watched, {});
  watch(seat, {watched.begin(), watched.end()}, false, {});
}

void Floor::Impl::watch_again(Seat& seat) {
  // Signals were dropped while it lagged. Asked anew, because ties may have ended meanwhile; without an answer it hears
  // of the next changes only.
  if (!seat.interest || seat.interest->watched.empty()) return;
  ResolveTies ties{{}, true};
  if (!seat.interest->watch_all)
    for (const auto& [member, handle] : seat.interest->watched) ties.handles.push_back(handle);
  (void)ports_.ask(Query{address_of(seat, 0), seat.sender, std::move(ties)});
}

void Floor::Impl::on_watch(Seat& seat, std::uint64_t request, wire::Watch&& wanted) {
  unwatch_all(seat);
  interest_of(seat).watch_all = wanted.all;
  interest_of(seat).watch_request = request;
  if (!wanted.all && wanted.handles.empty()) {
    push(seat, wire::encode_ok(request));
    return answered(seat);
  }
  if (wanted.all) wanted.handles.clear();
  ask(seat, request, ResolveTies{std::move(wanted.handles), true});
}

void Floor::Impl::on_presence_ask(Seat& seat, std::uint64_t request, wire::PresenceAsk&& wanted) {
  ask(seat, request, ResolveTies{std::move(wanted.handles), false});
}

void Floor::Impl::on_ties(Seat& seat, std::uint64_t request, TiesResolved&& found) {
  if (found.watch) {
    std::vector<std::pair<core::MemberId, std::string>> ties;
    // Who is named but not tied stays unknown, like somebody who does not exist.
    for (const auto& [handle, member] : found.ties)
      if (member) ties.emplace_back(member, handle);
    if (request != 0) {
      push(seat, wire::encode_ok(request));
      answered(seat);
    }
    if (request == 0 || interest_of(seat).watch_request == request) watch(seat, ties, true, found.read_at);
    return;
  }
  const std::pair key{seat.id, request};
  // A second request under the number of one that waits would get the places of its answer mixed up.
  if (asked_.contains(key)) return refuse(seat, request, Errc::bad_request);
  auto& asked = asked_[key];
  std::unordered_map<std::uint32_t, StatesLetter> letters;
  for (const auto& [handle, member] : found.ties) {
    if (!member) {
      asked_.erase(key);
      return refuse(seat, request, Errc::not_found);
    }
    letters[home_of(member)].members.emplace_back(member, asked.views.size());
    asked.views.push_back({handle, wire::Presence::unknown, {}});
  }
  asked.missing = letters.size();
  for (auto& [home, letter] : letters) {
    letter.asker = address_of(seat, request);
    // Of whom a full mailbox keeps us from hearing, nothing is known.
    if (!ports_.post(home, std::move(letter))) --asked.missing;
  }
  if (asked.missing == 0) finish_presence(seat, request);
}

void Floor::Impl::finish_presence(Seat& seat, std::uint64_t request) {
  const auto asked = asked_.extract({seat.id, request});
  for (const auto& frame : wire::encode_presences(request, asked.mapped().views)) push(seat, frame);
  answered(seat);
}

void Floor::Impl::on_focus(Seat& seat, std::uint64_t request, wire::Focus&& focus) {
  auto& interest = interest_of(seat);
  interest.focus_all = focus.all;
  interest.focus_request = request;
  interest.focused.clear();
  if (!focus.conversations.empty()) return void(ask(seat, request, Resolve{std::move(focus.conversations), false}));
  push(seat, wire::encode_ok(request));
  answered(seat);
}

void Floor::Impl::on_typing(Seat& seat, std::uint64_t request, const wire::Typing& typing) {
  const auto known = typing_.find({{seat.sender.member, typing.conversation}});
  if (known == typing_.end()) return void(ask(seat, request, Resolve{{typing.conversation}, true}));
  tell_typing(seat, request, known->second);
}

void Floor::Impl::tell_typing(Seat& seat, std::uint64_t request, const TypingLetter& letter) {
  for (std::uint32_t loop = 0; loop < options.loops; ++loop) ports_.post(loop, TypingLetter{letter});
  push(seat, wire::encode_ok(request));
  answered(seat);
}

bool Floor::Impl::is_outdated(const TypingLetter& letter) const {
  const auto at = regrouped_.find(letter.conversation);
  return at != regrouped_.end() && at->second > letter.read_at;
}

void Floor::Impl::on_resolved(Seat& seat, std::uint64_t request, Resolved&& resolved) {
  if (!resolved.all_found) return refuse(seat, request, Errc::not_found);
  if (resolved.typing) {
    const auto& [name, conversation] = resolved.found.front();
    if (typing_.size() > kTypingCacheMax) typing_.clear();
    TypingLetter letter{conversation, seat.sender.member, resolved.audiences.front(), resolved.read_at,
                        wire::encode_typing(resolved.handle, name)};
    tell_typing(seat, request, letter);
    if (!is_outdated(letter)) typing_[{{seat.sender.member, name}}] = std::move(letter);
    return;
  }
  if (interest_of(seat).focus_request == request)
    for (const auto& [name, conversation] : resolved.found) interest_of(seat).focused.insert(conversation);
  push(seat, wire::encode_ok(request));
  answered(seat);
}

void Floor::Impl::on_device_list(Seat& seat, std::uint64_t request) {
  if (!ports_.post(home_of(seat.sender.member), OnlineLetter{address_of(seat, request), seat.sender, {}, false}))
    refuse(seat, request, Errc::overloaded);
}

void Floor::Impl::tell(const std::vector<PresenceHome::Notice>& notices) {
  std::unordered_map<std::uint32_t, std::unordered_map<SeatId, PresenceLetter>> letters;
  for (const auto& notice : notices) {
    auto& letter = letters[notice.watcher.loop][notice.watcher.seat];
    letter.watcher = notice.watcher;
    letter.frames.push_back(notice.frame);
  }
  for (auto& [loop, seats] : letters)
    for (auto& [id, letter] : seats) ports_.post(loop, std::move(letter));
}

void Floor::Impl::on_ties_moved(const sequencer::Group& group) {
  for (const auto& tie : group.ties) {
    if (tie.is_mutual) {
      roster.for_each_of(tie.member, [&](Seat& seat) {
        if (seat.interest && seat.interest->watch_all) watch(seat, {{tie.peer, tie.peer_handle}}, true, tie.position);
      });
    } else {
      if (home_of(tie.member) == options.loop) presence_.untie(tie.member, tie.peer, tie.position);
      roster.for_each_of(tie.member, [&](Seat& seat) {
        if (seat.interest) seat.interest->watched.erase(tie.peer);
      });
    }
  }
  // A letter that was under way when receivers changed arrives within moments.
  if (regrouped_.size() > kTypingCacheMax) regrouped_.clear();
  for (const auto conversation : group.regrouped) regrouped_[conversation] = group.last;
  if (!group.regrouped.empty())
    std::erase_if(typing_, [&](const auto& entry) {
      return std::find(group.regrouped.begin(), group.regrouped.end(), entry.second.conversation) !=
             group.regrouped.end();
    });
}

void Floor::Impl::on_letter(Letter&& letter) {
  if (auto* lease = std::get_if<LeaseLetter>(&letter)) return presence_.on_lease(*lease, ports_.now());
  if (auto* watching = std::get_if<WatchLetter>(&letter))
    return tell(presence_.on_watch(*watching, ports_.now(), ports_.wall_now()));
  if (auto* baton = std::get_if<BatonLetter>(&letter)) return on_baton_letter(std::move(*baton));
  if (auto* told = std::get_if<PresenceLetter>(&letter)) {
    if (auto* seat = roster.find(told->watcher.seat))
      for (const auto& frame : told->frames) signal(*seat, frame);
  } else if (auto* typing = std::get_if<TypingLetter>(&letter)) {
    if (is_outdated(*typing)) return;
    for (const auto member : *typing->audience)
      if (member != typing->typist)
        roster.for_each_of(member, [&](Seat& seat) {
          if (seat.interest && (seat.interest->focus_all || seat.interest->focused.contains(typing->conversation)))
            signal(seat, typing->frame);
        });
  } else if (auto* states = std::get_if<StatesLetter>(&letter)) {
    on_states(std::move(*states));
  } else if (auto* online = std::get_if<OnlineLetter>(&letter)) {
    if (!online->is_answer) {
      online->online = presence_.online(online->sender.member);
      online->is_answer = true;
      const auto loop = online->asker.loop;
      ports_.post(loop, std::move(*online));
    } else if (auto* seat = roster.find(online->asker.seat)) {
      ask(*seat, online->asker.request, ListDevices{std::move(online->online)});
    }
  }
}

void Floor::Impl::on_states(StatesLetter&& letter) {
  if (!letter.is_answer) {
    for (const auto& [member, place] : letter.members) {
      const auto [state, since] = presence_.state_of(member, ports_.now());
      letter.states.emplace_back(static_cast<std::uint8_t>(state), since);
    }
    letter.is_answer = true;
    const auto loop = letter.asker.loop;
    ports_.post(loop, std::move(letter));
    return;
  }
  auto* seat = roster.find(letter.asker.seat);
  const auto asked = asked_.find({letter.asker.seat, letter.asker.request});
  if (asked == asked_.end()) return;
  if (!seat) return void(asked_.erase(asked));
  for (std::size_t i = 0; i < letter.members.size(); ++i) {
    auto& view = asked->second.views[letter.members[i].second];
    view.state = static_cast<wire::Presence>(letter.states[i].first);
    view.since = letter.states[i].second;
  }
  if (--asked->second.missing == 0) finish_presence(*seat, letter.asker.request);
}

}  // namespace enishi::delivery
