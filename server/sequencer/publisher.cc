#include "sequencer/publisher.h"

#include <algorithm>
#include <map>

#include "auth/seals.h"
#include "core/derived/rank.h"

namespace enishi::sequencer {

using core::MemberId;

namespace {

/// True when the ties in it are what they were, and only say how somebody shows himself now.
bool is_of_profile(const core::Change& change) {
  return !change.registers.empty() && change.registers.front().kind == core::RegisterKind::profile;
}

}  // namespace

wire::HeadView Publisher::head_of(MemberId member, core::ConversationId conversation) {
  const auto& live = *state_.conversation(conversation);
  const auto& membership = state_.membership_of(member, conversation);
  const auto* marker = state_.live_register(member, core::RegisterKind::marker, conversation.value);
  ENISHI_ASSERT(marker != nullptr);
  wire::HeadView view{live.row.public_id, live.end.head, marker->seq, marker->rev, 0, 0, live.row.title};
  if (marker->seq < live.end.head) {
    std::vector<MemberId> blocked;
    for (const auto& row : state_.lookup().registers_of(member, core::RegisterKind::block))
      blocked.push_back(MemberId{row.object});
    const auto numbers = core::numbers_by_rank(state_.lookup(), membership, member, blocked, marker->seq, live.end);
    view.unread = numbers.unread;
    view.mentions = numbers.mentions;
  }
  return view;
}

void Publisher::announce(Group& group, const core::Change& change) {
  for (const auto device : change.revoked) group.revoked.emplace_back(change.position, device);
  for (const auto& interval : change.intervals) group.regrouped.push_back(interval.conversation);
  for (const auto& row : change.registers)
    if (row.kind == core::RegisterKind::tie && row.tie != core::TieState::mutual && !is_of_profile(change))
      group.ties.push_back({row.member, MemberId{row.object}, change.position, false, {}});
}

void Publisher::publish(Group& group, const core::Command& command, const core::Change& change) {
  const auto to_member = [&](MemberId member, wire::Frame frame, std::uint64_t rseq = 0) {
    group.items.push_back({change.position, std::move(frame), nullptr, member, rseq});
  };
  for (const auto& row : change.registers) {
    if (row.kind != core::RegisterKind::tie || is_of_profile(change)) continue;
    if (row.tie == core::TieState::mutual)
      group.ties.push_back(
          {row.member, MemberId{row.object}, change.position, true, state_.member_of(MemberId{row.object}).handle});
    // Typing in a direct conversation is shown only while the tie holds.
    if (const auto* direct = state_.direct_between(row.member, MemberId{row.object}))
      group.regrouped.push_back(direct->row.id);
  }
  const auto tell_own = [&](MemberId owner, const std::vector<core::Register>& rows) {
    for (auto& frame : wire::encode_registers(state_, rows, owner))
      to_member(owner, std::move(frame), rows.back().rseq);
  };
  const auto& all = change.registers;
  const auto is_first = [&](const core::Register& row) { return row.member == all.front().member; };
  if (std::ranges::all_of(all, is_first)) {
    // As nearly always: a marker, a draft.
    if (!all.empty()) tell_own(all.front().member, all);
  } else {
    // A new name is written into the registers of everybody who may know it: each row is looked at once.
    std::map<MemberId, std::vector<core::Register>> owners;
    for (const auto& row : all) owners[row.member].push_back(row);
    for (const auto& [owner, rows] : owners) tell_own(owner, rows);
  }
  for (const auto& [member, conversation] : change.recount)
    if (state_.membership_of(member, conversation).is_open())
      to_member(member, wire::encode_head(head_of(member, conversation)));
  for (auto& frame : wire::encode_events(state_, change.events))
    group.items.push_back({change.position, std::move(frame), change.audience, {}, 0});
  for (const auto& row : change.registers)
    if (row.kind == core::RegisterKind::profile) group.shown_anew.push_back(row.member);
  const bool recovered = std::holds_alternative<core::Recover>(command.body);
  for (const auto& [member, name] : change.device_added) to_member(member, wire::encode_device_added(name, recovered));
  publish_direct(group, change);
  publish_receipts(group, change);
}

void Publisher::publish_receipts(Group& group, const core::Change& change) {
  for (const auto& moved : change.receipts) {
    wire::ReceiptView view{state_.conversation_of(moved.conversation).public_id, state_.member_of(moved.member).handle,
                           moved.delivered, moved.read};
    if (!moved.both->empty()) group.receipts.push_back({wire::encode_receipt(view), moved.both});
    view.read = {};
    if (!moved.delivered_only->empty()) group.receipts.push_back({wire::encode_receipt(view), moved.delivered_only});
  }
}

void Publisher::publish_direct(Group& group, const core::Change& change) {
  for (const auto& notice : change.direct) {
    const auto request = notice.to.request;
    if (const auto* asked = std::get_if<core::PairPresent>(&notice.what))
      group.replies.push_back({notice.to, wire::encode_pair_asked(request, asked->name, asked->key), false});
    else if (const auto* joined = std::get_if<core::Joined>(&notice.what))
      group.replies.push_back({notice.to, wire::encode_joined(request, state_, *joined), true});
    else
      group.replies.push_back({notice.to, wire::encode_error(request, std::get<core::Errc>(notice.what)), true});
  }
}

wire::Frame Publisher::frame_of(const core::Command& command, const core::Outcome& outcome, core::WallTime now) {
  using namespace core;
  const auto request = command.reply_to.request;
  const auto asker = command.sender.member;
  if (const auto* sent = std::get_if<Sent>(&outcome)) return wire::encode_sent(request, *sent);
  if (const auto* marked = std::get_if<Marked>(&outcome)) {
    // One who left within this group, or before he asked again, is told nothing more of it.
    if (!state_.membership_of(asker, marked->conversation).is_open())
      return wire::encode_error(request, Errc::not_found);
    return wire::encode_marked(request, head_of(asker, marked->conversation));
  }
  if (const auto* joined = std::get_if<Joined>(&outcome)) return wire::encode_joined(request, state_, *joined);
  if (const auto* made = std::get_if<InvitationMade>(&outcome))
    return wire::encode_invitation_made(request, made->invitation, now);
  if (const auto* pair = std::get_if<PairPresented>(&outcome))
    return wire::encode_pair_presented(request, pair->offerer_key, state_.member_of(pair->member).handle);
  if (const auto* put = std::get_if<DraftPut>(&outcome)) return wire::encode_draft_put(request, *put);
  if (const auto* tie = std::get_if<TieChanged>(&outcome)) return wire::encode_tie_changed(request, *tie);
  if (const auto* group = std::get_if<GroupMade>(&outcome)) {
    // A repeat gets the title of the beginning: the present one may not be the asker's to know any more.
    auto row = state_.conversation_of(group->conversation);
    row.title = std::get<GroupNew>(command.body).title;
    return wire::encode_group_made(request, row);
  }
  return wire::encode_ok(request);
}

namespace {

/// Requests of strangers: each presents a secret.
bool presents_secret(const core::CommandBody& body) {
  return std::holds_alternative<core::Join>(body) || std::holds_alternative<core::PairPresent>(body) ||
         std::holds_alternative<core::Recover>(body);
}

bool is_wrong_secret(core::Errc code) {
  return code == core::Errc::invitation_unknown || code == core::Errc::pairing_unknown ||
         code == core::Errc::recovery_unknown;
}

}  // namespace

void Publisher::answer(Group& group, const core::Command& command, const core::Result<core::Outcome>& outcome,
                       core::WallTime now) {
  if (std::holds_alternative<core::DeviceSeen>(command.body)) return;  // nobody asked
  const auto request = command.reply_to.request;
  if (outcome) {
    const bool more = std::holds_alternative<core::PairPresented>(*outcome);
    group.replies.push_back({command.reply_to, frame_of(command, *outcome, now), !more, presents_secret(command.body)});
    return;
  }
  const auto code = core::errc_of(outcome.error());
  std::uint64_t current_rev = 0;
  if (const auto* mark = std::get_if<core::MarkUnread>(&command.body); mark && code == core::Errc::stale_rev) {
    const auto* membership = state_.membership(command.sender.member, mark->conversation);
    const auto* marker =
        state_.live_register(command.sender.member, core::RegisterKind::marker, membership->conversation.value);
    current_rev = marker->rev;
  }
  const bool gives_back = presents_secret(command.body) && !is_wrong_secret(code);
  group.replies.push_back({command.reply_to, wire::encode_error(request, code, current_rev), true, gives_back});
}

void Publisher::close(Group& group, bool numbered) {
  group.last = state_.counters.position;
  std::stable_sort(group.ties.begin(), group.ties.end(),
                   [](const auto& a, const auto& b) { return a.position < b.position; });
  if (numbered) group.frontier = wire::encode_frontier(seals_.seal_cursor({incarnation_.random, group.last}), true);
}

}  // namespace enishi::sequencer
