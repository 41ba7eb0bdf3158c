// The inside of Floor, shared by its sources: life and ticks (floor.cc), groups (groups.cc), requests (gate.cc), proof
// (proving.cc), catching up (feeding.cc), presence and typing (signals.cc), the baton (baton/baton.cc).
#pragma once

#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "auth/seals.h"
#include "core/decision/cache.h"
#include "delivery/floor.h"
#include "delivery/presence.h"
#include "delivery/roster.h"
#include "wire/encode.h"

namespace enishi::delivery {

class Floor::Impl {
 public:
  Impl(FloorOptions chosen, Ports& ports, const auth::Seals& seals)
      : options(std::move(chosen)),
        ports_(ports),
        seals_(seals),
        presence_(ports.now(), 2 * options.limits.ping_active + options.limits.lease_grace,
                  2 * options.limits.ping_background + options.limits.lease_grace) {}

  SeatId open(Outlet& outlet);
  void on_message(SeatId id, std::string_view payload);
  void on_drained(SeatId id);
  void on_progress(SeatId id);
  void on_closed(SeatId id, bool said_goodbye);
  bool may_read(SeatId id);
  void on_group(const sequencer::Group& group);
  void on_answer(Answer&& answer);
  void on_letter(Letter&& letter);
  void on_tick();
  void go_away(std::chrono::milliseconds spread);

  const FloorOptions options;
  Roster roster;
  core::Position delivered;

 private:
  // gate.cc
  void on_request(Seat& seat, wire::Request&& request);
  bool is_legal(const Seat& seat, const wire::RequestBody& body) const;
  bool take_token(Seat& seat);
  core::Errc refuse_early(const wire::Request& request, const core::CommandBody& body) const;
  void submit(Seat& seat, wire::Request&& request, core::CommandBody&& body);
  template <class What>
  bool ask(Seat& seat, std::uint64_t request, What&& what) {
    if (ports_.ask(Query{address_of(seat, request), seat.sender, std::forward<What>(what)})) return true;
    refuse(seat, request, core::Errc::overloaded);
    return false;
  }
  void answered(Seat& seat);
  void resume_reading(Seat& seat);
  void refuse(Seat& seat, std::uint64_t request, core::Errc code);
  void close(Seat& seat, core::Errc code);
  void push(Seat& seat, const wire::Frame& frame);
  [[nodiscard]] core::ReplyAddress address_of(const Seat& seat, std::uint64_t request) const {
    return {options.loop, seat.id, request};
  }

  // proving.cc
  void on_hello(Seat& seat, std::uint64_t request, wire::Hello&& hello);
  void on_prove(Seat& seat, std::uint64_t request, const wire::Prove& prove);
  void on_device_found(Seat& seat, DeviceFound&& found);
  bool holds(const Proving& proving) const;
  [[nodiscard]] bool is_current(const Proving& proving);
  void remember(const DeviceFound& found);
  bool is_origin(std::string_view origin) const;
  void welcome(Seat& seat, std::uint64_t request);
  core::Position resume_from(std::string_view cursor, bool& reset) const;

  // floor.cc
  void tell_seen();

  // feeding.cc
  void start_catch_up(Seat& seat, core::Position after);
  void go_live(Seat& seat, core::Position at);
  void ask_chunk(Seat& seat);
  void on_chunk(Seat& seat, std::vector<wire::Frame>&& frames, CaughtUp&& chunk, bool store_failed);
  void lag(Seat& seat, core::Position from);

  // groups.cc
  void deliver(const sequencer::Group& group, const sequencer::Published& item, core::Position before);
  void reply_to(Seat& seat, const sequencer::Reply& reply);
  void deliver_to(Seat& seat, const sequencer::Published& item, core::Position before);

  // signals.cc
  void signal(Seat& seat, const wire::Frame& frame);
  void lease(const Seat& seat, LeaseLetter::Kind kind, std::string handle = {});
  void on_mode(Seat& seat, std::uint64_t request, wire::Presence mode);
  void watch(Seat& seat, const std::vector<std::pair<core::MemberId, std::string>>& ties, bool on,
             core::Position read_at);
  void unwatch_all(Seat& seat);
  void watch_again(Seat& seat);
  void on_watch(Seat& seat, std::uint64_t request, wire::Watch&& wanted);
  void on_presence_ask(Seat& seat, std::uint64_t request, wire::PresenceAsk&& wanted);
  void on_ties(Seat& seat, std::uint64_t request, TiesResolved&& found);
  void finish_presence(Seat& seat, std::uint64_t request);
  void on_focus(Seat& seat, std::uint64_t request, wire::Focus&& focus);
  void on_typing(Seat& seat, std::uint64_t request, const wire::Typing& typing);
  [[nodiscard]] bool is_outdated(const TypingLetter& letter) const;
  void tell_typing(Seat& seat, std::uint64_t request, const TypingLetter& letter);
  void on_resolved(Seat& seat, std::uint64_t request, Resolved&& resolved);
  void on_device_list(Seat& seat, std::uint64_t request);
  void tell(const std::vector<PresenceHome::Notice>& notices);
  void on_ties_moved(const sequencer::Group& group);
  void on_states(StatesLetter&& letter);
  [[nodiscard]] std::uint32_t home_of(core::MemberId member) const {
    return static_cast<std::uint32_t>(member.value % options.loops);
  }

  // baton/baton.cc
  [[nodiscard]] bool can_be_told(const Seat& seat) const;
  void on_baton(Seat& seat, std::uint64_t request, wire::Baton&& baton);
  void on_baton_ask(Seat& seat, std::uint64_t request);
  void on_baton_checked(Seat& seat, std::uint64_t request, BatonChecked&& checked);
  void give_baton(Seat& seat, std::uint64_t request);
  void on_baton_take(Seat& seat, std::uint64_t request, const wire::BatonTake& take);
  void on_baton_letter(BatonLetter&& letter);
  void on_baton_seek(BatonSeek&& seek);
  void on_baton_give(BatonGive&& give);
  void forget_batons(SeatId id);
  void tick_batons(SteadyTime now);

  /// A PresenceAsk that waits for the homes of those it asked for.
  struct Asked {
    std::vector<wire::PresenceView> views;
    std::size_t missing = 0;
  };

  Ports& ports_;
  const auth::Seals& seals_;
  std::vector<SeatId> touched_;
  std::unordered_set<core::DeviceId> revoked_;
  std::unordered_set<core::DeviceId> seen_;  ///< whose sessions ended, not told to the sequencer yet
  /// Devices that were found lately, so that one that comes back with its ticket and everything needs no reader.
  std::unordered_map<core::PublicId, DeviceFound> found_;
  std::deque<core::PublicId> found_order_;
  /// Whose name, colour or picture changed lately, and when: what was read before is not remembered.
  std::unordered_map<core::MemberId, core::Position> shown_anew_;
  PresenceHome presence_;
  SteadyTime next_flush_{};
  std::map<std::pair<SeatId, std::uint64_t>, Asked> asked_;
  /// Those that wait for the loops: no more than requests of the sessions here that wait for an answer.
  std::map<std::pair<SeatId, std::uint64_t>, BatonUnderWay> batons_;
  /// Who types where, with the frame and the receivers; dropped when the conversation's members change.
  std::unordered_map<core::Key<core::MemberId, core::PublicId>, TypingLetter> typing_;
  /// When a conversation's receivers last changed: an audience that was read before is not used.
  std::unordered_map<core::ConversationId, core::Position> regrouped_;
};

}  // namespace enishi::delivery
