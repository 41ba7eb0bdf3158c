// Delivered and read, as others may know it: registers of the member whose devices hold and read; told to those who are
// tied with him and in the conversation, and never falling.
#include <algorithm>

#include "core/decision/decision.h"
#include "core/planted.h"

namespace enishi::core {

Result<Outcome> Decision::decide(const Stored& stored) {
  const auto membership = open_membership(stored.conversation);
  if (!membership) return membership.error();
  const auto me = command_->sender.member;
  const auto& live = *state_.conversation((*membership)->conversation);
  if (!stored.through || stored.through > live.end.head) return Errc::seq_beyond_log;
  const auto* before = state_.find_register(me, RegisterKind::stored, live.row.id.value);
  if (before && before->seq >= stored.through) return Done{};
  auto& row = write(me, RegisterKind::stored, live.row.id.value);
  row.seq = stored.through;
  state_.put(row);
  tell_receipt(live);
  return Done{};
}

Result<Outcome> Decision::decide(const SetReceipts& receipts) {
  const auto me = command_->sender.member;
  if (gives_receipts(me) != receipts.on) write(me, RegisterKind::no_receipts, 0, receipts.on);
  return Done{};
}

bool Decision::gives_receipts(MemberId member) {
  return state_.live_register(member, RegisterKind::no_receipts, 0) == nullptr;
}

void Decision::tell_read(const LiveConversation& live, Seq through) {
  const auto me = command_->sender.member;
  if (live.row.kind == ConversationKind::self || !gives_receipts(me)) return;
  const auto* before = state_.find_register(me, RegisterKind::read_through, live.row.id.value);
  if (before && before->seq >= through) return;
  auto& row = write(me, RegisterKind::read_through, live.row.id.value);
  row.seq = through;
  state_.put(row);
  tell_receipt(live);
}

std::vector<MemberId> Decision::tied_in(const LiveConversation& live) {
  // In a large group from the side of the ties: a thousand members who report would otherwise be a million look-ups.
  constexpr std::size_t kFew = 32;
  const auto me = command_->sender.member;
  std::vector<MemberId> tied;
  const auto take = [&](MemberId member) {
    if (member != me && state_.tie(me, member) == TieState::mutual) tied.push_back(member);
  };
  if (live.audience->size() <= kFew) {
    for (const auto member : *live.audience) take(member);
  } else {
    for (const auto& row : state_.lookup().registers_of(me, RegisterKind::tie))
      if (live.open_interval(MemberId{row.object})) take(MemberId{row.object});
  }
  return tied;
}

void Decision::tell_receipt(const LiveConversation& live) {
  const auto me = command_->sender.member;
  auto both = std::make_shared<std::vector<MemberId>>();
  auto delivered_only = std::make_shared<std::vector<MemberId>>();
  const bool gives = gives_receipts(me);
  for (const auto member : tied_in(live)) {
    const bool may_know = gives && (gives_receipts(member) || ENISHI_PLANT("receipt_without_reciprocity"));
    (may_know ? both : delivered_only)->push_back(member);
  }
  if (both->empty() && delivered_only->empty()) return;
  const auto seq_of = [&](RegisterKind kind) {
    const auto* row = state_.find_register(me, kind, live.row.id.value);
    return row ? row->seq : Seq{};
  };
  change_.receipts.push_back({live.row.id, me, seq_of(RegisterKind::stored), seq_of(RegisterKind::read_through),
                              std::move(both), std::move(delivered_only)});
}

}  // namespace enishi::core
