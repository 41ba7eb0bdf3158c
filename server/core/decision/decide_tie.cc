// Ties: the mutual, consented relationship. Each side's view is a register of its own; a block shows to the other side
// as an ended tie. A handle that nobody has takes the same path as any other (core/records.h, Member).
#include "core/decision/decision.h"
#include "core/text.h"

namespace enishi::core {

void Decision::make_mutual(MemberId a, MemberId b) {
  for (const auto& [one, other] : {std::pair{a, b}, std::pair{b, a}}) write_tie(one, other, TieState::mutual);
  if (state_.direct_between(a, b)) return;
  auto& live = new_conversation(ConversationKind::direct, {}, std::min(a, b), std::max(a, b));
  enter(live, a, Seq{0});
  enter(live, b, Seq{0});
}

Result<TieState> Decision::ask(Member& peer) {
  const auto me = command_->sender.member;
  if (state_.blocks(me, peer.id)) return Errc::blocked_by_you;
  const auto mine = state_.tie(me, peer.id);
  if (mine == TieState::mutual) return mine;
  if (mine == TieState::asked_in) {
    make_mutual(me, peer.id);
    return TieState::mutual;
  }
  if (mine != TieState::asked_out) write_tie(me, peer.id, TieState::asked_out);
  const auto theirs = state_.tie(peer.id, me);
  if (!state_.blocks(peer.id, me) && theirs != TieState::asked_in) write_tie(peer.id, me, TieState::asked_in);
  return TieState::asked_out;
}

Result<TieState> Decision::end_tie(Member& peer) {
  const auto me = command_->sender.member;
  switch (state_.tie(me, peer.id)) {
    case TieState::mutual:
      write_tie(me, peer.id, TieState::ended);
      write_tie(peer.id, me, TieState::ended);
      return TieState::ended;
    case TieState::asked_out: {
      // What there was before the ask shows again: a direct conversation means an ended tie.
      const auto before = state_.direct_between(me, peer.id) ? TieState::ended : TieState::none;
      write_tie(me, peer.id, before);
      if (state_.tie(peer.id, me) == TieState::asked_in) write_tie(peer.id, me, before);
      return before;
    }
    default:
      return Errc::not_found;
  }
}

Result<TieState> Decision::block(Member& peer) {
  const auto me = command_->sender.member;
  if (!state_.blocks(me, peer.id)) write(me, RegisterKind::block, peer.id.value);
  switch (state_.tie(me, peer.id)) {
    case TieState::mutual:
    case TieState::asked_out:
      (void)end_tie(peer);
      break;
    case TieState::asked_in:
      // As a decline: the other side goes on seeing its ask.
      write_tie(me, peer.id, state_.direct_between(me, peer.id) ? TieState::ended : TieState::none);
      break;
    default:
      break;
  }
  recount_shared(me, peer.id);
  return state_.tie(me, peer.id);
}

Result<TieState> Decision::unblock(Member& peer) {
  const auto me = command_->sender.member;
  if (!state_.blocks(me, peer.id)) return Errc::not_found;
  write(me, RegisterKind::block, peer.id.value, true);
  recount_shared(me, peer.id);
  return state_.tie(me, peer.id);
}

Result<Outcome> Decision::decide(const TieChange& change) {
  const auto me = command_->sender.member;
  if (!is_handle(change.handle)) return Errc::bad_handle;
  auto* peer = state_.member_by_handle(change.handle);
  if (peer && peer->id == me) return Errc::bad_request;
  const bool may_make = change.action == TieAction::ask || change.action == TieAction::block;
  if (!may_make) {
    // The asker's own registers are looked at first, and on a miss it ends here, whether there is anybody or not.
    const auto who = number_of(change.handle, peer);
    const bool has =
        change.action == TieAction::unblock ? state_.blocks(me, who) : state_.tie(me, who) != TieState::none;
    if (!peer || !has) return Errc::not_found;
  }
  if (may_make &&
      (!peer || (!state_.find_register(me, RegisterKind::tie, peer->id.value) &&
                 !state_.find_register(me, RegisterKind::block, peer->id.value))) &&
      state_.lookup().registers_of(me, RegisterKind::tie).size() +
              state_.lookup().registers_of(me, RegisterKind::block).size() >=
          state_.limits.ties_max)
    return Errc::limit_reached;
  if (!peer) {
    Member phantom{MemberId{++state_.counters.member}, entropy_.public_id(), change.handle, {}, {}, {}, false};
    change_.members.push_back(phantom);
    peer = &state_.put(std::move(phantom));
  }

  const auto done = [&]() -> Result<TieState> {
    switch (change.action) {
      case TieAction::ask:
        return ask(*peer);
      case TieAction::accept:
        if (state_.tie(me, peer->id) != TieState::asked_in) return Errc::not_found;
        make_mutual(me, peer->id);
        return TieState::mutual;
      case TieAction::decline: {
        if (state_.tie(me, peer->id) != TieState::asked_in) return Errc::not_found;
        const auto before = state_.direct_between(me, peer->id) ? TieState::ended : TieState::none;
        write_tie(me, peer->id, before);
        return before;
      }
      case TieAction::end:
        return end_tie(*peer);
      case TieAction::block:
        return block(*peer);
      case TieAction::unblock:
        return unblock(*peer);
    }
    return Errc::bad_request;
  }();
  if (!done) return done.error();
  const bool blocked = state_.blocks(me, peer->id);
  remember({}, {}, static_cast<std::uint64_t>(*done) | (blocked ? 0x100U : 0U));
  return TieChanged{change.handle, *done, blocked};
}

}  // namespace enishi::core
