// Answers to requests.
#include <algorithm>
#include <iterator>

#include "wire/encode.h"
#include "wire/encode_internal.h"
#include "wire/error_table.h"

namespace enishi::wire {
namespace {

v1::ServerFrame answer_to(std::uint64_t request) {
  v1::ServerFrame frame;
  frame.set_request_id(request);
  return frame;
}

v1::InvitationState state_of(const core::Invitation& row, core::WallTime now) {
  if (row.revoked) return v1::INVITATION_STATE_REVOKED;
  if (row.used >= row.uses) return v1::INVITATION_STATE_SPENT;
  if (now >= row.expires_at) return v1::INVITATION_STATE_EXPIRED;
  return v1::INVITATION_STATE_OPEN;
}

void fill(v1::InvitationView& out, const core::Invitation& row, core::WallTime now) {
  out.set_id(bytes_of(row.public_id));
  out.set_note(row.note);
  out.set_uses(row.uses);
  out.set_used(row.used);
  out.set_expires_at_ms(ms_of(row.expires_at));
  out.set_state(state_of(row, now));
}

v1::TieState tie_of(const core::TieChanged& changed) {
  if (changed.blocked) return v1::TIE_STATE_BLOCKED;
  return static_cast<v1::TieState>(changed.state);
}

/// Cuts a list into frames. `add` puts one entry into the list of its frame and gives the entry; `list_of` is that
/// list.
template <class Rows, class ListOf, class Add>
std::vector<Frame> cut(std::uint64_t request, const Rows& rows, ListOf&& list_of, Add&& add) {
  std::vector<Frame> frames;
  auto frame = answer_to(request);
  list_of(frame);
  std::size_t bytes = 0;
  for (const auto& row : rows) {
    // An entry of a list is under 2 KiB: the frame is closed while there is room for one more.
    if (bytes + 2048 > kFrameContentMax) {
      list_of(frame).set_more(true);
      frames.push_back(finish(frame));
      frame = answer_to(request);
      bytes = 0;
    }
    bytes += add(list_of(frame), row).ByteSizeLong() + 4;
  }
  frames.push_back(finish(frame));
  return frames;
}

}  // namespace

Frame encode_ok(std::uint64_t request) {
  auto frame = answer_to(request);
  frame.mutable_ok();
  return finish(frame);
}

Frame encode_error(std::uint64_t request, core::Errc code, std::uint64_t current_rev) {
  auto frame = answer_to(request);
  auto& error = *frame.mutable_error();
  error.set_code(static_cast<v1::ErrorCode>(wire_code_of(code)));
  error.set_text(core::text_of(code));
  error.set_retry_after_ms(retry_after_ms_of(code));
  error.set_current_rev(current_rev);
  return finish(frame);
}

Frame encode_rate_limited(std::uint64_t request, std::chrono::milliseconds retry_after) {
  auto frame = answer_to(request);
  auto& error = *frame.mutable_error();
  error.set_code(v1::ERROR_CODE_RATE_LIMITED);
  error.set_text(core::text_of(core::Errc::rate_limited));
  error.set_retry_after_ms(static_cast<std::uint32_t>(retry_after.count()));
  return finish(frame);
}

Frame encode_proof_wanted(std::uint64_t request) {
  auto frame = answer_to(request);
  frame.mutable_proof_wanted();
  return finish(frame);
}

Frame encode_welcome(std::uint64_t request, const WelcomeView& view) {
  auto frame = answer_to(request);
  auto& welcome = *frame.mutable_welcome();
  welcome.set_session_id(view.session_id);
  welcome.set_incarnation(view.incarnation);
  welcome.set_server_time_ms(ms_of(view.now));
  welcome.set_resume(view.reset ? v1::RESUME_RESET : v1::RESUME_EXACT);
  welcome.set_rseq(view.rseq);
  welcome.mutable_limits()->set_body_bytes_max(view.body_bytes_max);
  welcome.mutable_limits()->set_frame_bytes_max(view.frame_bytes_max);
  welcome.mutable_limits()->set_requests_in_flight_max(view.requests_in_flight_max);
  welcome.set_ticket(view.ticket);
  welcome.mutable_member()->set_id(bytes_of(view.member));
  welcome.mutable_member()->set_handle(view.handle);
  welcome.mutable_member()->set_name(view.name);
  welcome.mutable_member()->set_hue(view.hue);
  if (!view.picture_id.is_zero()) welcome.mutable_member()->set_picture_id(bytes_of(view.picture_id));
  welcome.set_device_name(view.device_name);
  welcome.set_inviter(view.inviter);
  return finish(frame);
}

Frame encode_sent(std::uint64_t request, const core::Sent& sent) {
  auto frame = answer_to(request);
  auto& out = *frame.mutable_sent();
  out.set_conversation_id(bytes_of(sent.conversation));
  out.set_seq(sent.seq.value);
  out.set_at_ms(ms_of(sent.at));
  out.set_duplicate(sent.duplicate);
  return finish(frame);
}

Frame encode_marked(std::uint64_t request, const HeadView& head) {
  auto frame = answer_to(request);
  fill(*frame.mutable_marked()->mutable_head(), head);
  return finish(frame);
}

Frame encode_draft_put(std::uint64_t request, const core::DraftPut& put) {
  auto frame = answer_to(request);
  auto& out = *frame.mutable_draft_put();
  out.set_conversation_id(bytes_of(put.conversation));
  out.set_rev(put.rev);
  out.set_won(put.won);
  return finish(frame);
}

Frame encode_picture(std::uint64_t request, const core::PublicId& id, std::string_view bytes) {
  auto frame = answer_to(request);
  frame.mutable_picture()->set_picture_id(bytes_of(id));
  frame.mutable_picture()->set_picture(std::string(bytes));
  return finish(frame);
}

std::vector<Frame> encode_receipts(std::uint64_t request, const core::PublicId& conversation,
                                   const std::vector<ReceiptView>& receipts) {
  return cut(
      request, receipts,
      [&](auto& frame) -> auto& {
        auto& list = *frame.mutable_receipts();
        list.set_conversation_id(bytes_of(conversation));
        return list;
      },
      [](auto& list, const ReceiptView& row) -> auto& {
        auto& out = *list.add_receipts();
        fill(out, row);
        return out;
      });
}

std::vector<Frame> encode_members(std::uint64_t request, const core::PublicId& conversation,
                                  const std::vector<MemberRow>& members) {
  return cut(
      request, members,
      [&](auto& frame) -> auto& {
        auto& list = *frame.mutable_member_views();
        list.set_conversation_id(bytes_of(conversation));
        return list;
      },
      [](auto& list, const MemberRow& row) -> auto& {
        auto& out = *list.add_members();
        fill(*out.mutable_person(), row.member, row.is_known, row.is_known);
        out.set_owner(row.owner);
        return out;
      });
}

std::vector<Frame> encode_heads(std::uint64_t request, const std::vector<HeadView>& heads) {
  return cut(
      request, heads, [](auto& frame) -> auto& { return *frame.mutable_heads(); },
      [](auto& list, const HeadView& head) -> auto& {
        auto& out = *list.add_heads();
        fill(out, head);
        return out;
      });
}

Frame encode_page(std::uint64_t request, core::Directory& directory, const core::PublicId& conversation, core::Seq from,
                  core::Seq to, core::Seq head, const std::vector<core::Event>& events, const MessageStates& states,
                  const std::vector<std::pair<core::Seq, core::Seq>>& skipped) {
  auto frame = answer_to(request);
  auto& page = *frame.mutable_page();
  page.set_conversation_id(bytes_of(conversation));
  page.set_from_seq(from.value);
  page.set_to_seq(to.value);
  page.set_head(head.value);
  for (const auto& event : events) fill(*page.add_events(), directory, event, state_in(states, event.seq));
  for (const auto& [first, last] : skipped) {
    auto& range = *page.add_skipped();
    range.set_from_seq(first.value);
    range.set_to_seq(last.value);
  }
  return finish(frame);
}

Frame encode_changes(std::uint64_t request, core::Directory& directory, const core::PublicId& conversation,
                     const std::vector<core::Event>& events, const MessageStates& states, std::string_view next) {
  auto frame = answer_to(request);
  auto& changes = *frame.mutable_changes();
  changes.set_conversation_id(bytes_of(conversation));
  for (const auto& event : events) fill(*changes.add_events(), directory, event, state_in(states, event.seq));
  changes.set_next(std::string(next));
  return finish(frame);
}

Frame encode_group_made(std::uint64_t request, const core::Conversation& conversation) {
  auto frame = answer_to(request);
  frame.mutable_group_made()->set_conversation_id(bytes_of(conversation.public_id));
  frame.mutable_group_made()->set_title(conversation.title);
  return finish(frame);
}

Frame encode_tie_changed(std::uint64_t request, const core::TieChanged& changed) {
  auto frame = answer_to(request);
  frame.mutable_tie_changed()->set_handle(changed.handle);
  frame.mutable_tie_changed()->set_state(tie_of(changed));
  return finish(frame);
}

Frame encode_joined(std::uint64_t request, core::Directory& directory, const core::Joined& joined) {
  auto frame = answer_to(request);
  auto& out = *frame.mutable_joined();
  const auto& member = directory.member_of(joined.member);
  const auto& device = directory.device_of(joined.device);
  fill(*out.mutable_member(), member, true);
  out.set_device_id(bytes_of(device.public_id));
  out.set_device_name(device.name);
  if (member.inviter) out.set_inviter(directory.member_of(member.inviter).handle);
  return finish(frame);
}

Frame encode_pair_presented(std::uint64_t request, const core::PublicKey& offerer_key, std::string_view handle) {
  auto frame = answer_to(request);
  frame.mutable_pair_presented()->set_offerer_key(bytes_of(offerer_key));
  frame.mutable_pair_presented()->set_handle(std::string(handle));
  return finish(frame);
}

Frame encode_invitation_made(std::uint64_t request, const core::Invitation& invitation, core::WallTime now) {
  auto frame = answer_to(request);
  fill(*frame.mutable_invitation_made()->mutable_invitation(), invitation, now);
  return finish(frame);
}

std::vector<Frame> encode_invitations(std::uint64_t request, const std::vector<core::Invitation>& invitations,
                                      core::WallTime now) {
  return cut(
      request, invitations, [](auto& frame) -> auto& { return *frame.mutable_invitations(); },
      [&](auto& list, const core::Invitation& row) -> auto& {
        auto& out = *list.add_invitations();
        fill(out, row, now);
        return out;
      });
}

Frame encode_invitation_preview(std::uint64_t request, std::string_view inviter, std::string_view inviter_name,
                                const core::Invitation& invitation) {
  auto frame = answer_to(request);
  auto& out = *frame.mutable_invitation_preview();
  out.set_inviter(std::string(inviter));
  out.set_inviter_name(std::string(inviter_name));
  out.set_note(invitation.note);
  out.set_expires_at_ms(ms_of(invitation.expires_at));
  return finish(frame);
}

std::vector<Frame> encode_devices(std::uint64_t request, const std::vector<core::Device>& devices,
                                  core::DeviceId current, const std::vector<core::DeviceId>& online,
                                  core::WallTime now) {
  std::vector<core::Device> shown;
  std::copy_if(devices.begin(), devices.end(), std::back_inserter(shown), [](const auto& row) { return !row.revoked; });
  return cut(
      request, shown, [](auto& frame) -> auto& { return *frame.mutable_devices(); },
      [&](auto& list, const core::Device& row) -> auto& {
        auto& view = *list.add_devices();
        view.set_id(bytes_of(row.public_id));
        view.set_name(row.name);
        view.set_current(row.id == current);
        const bool is_online = std::find(online.begin(), online.end(), row.id) != online.end();
        view.set_online(is_online);
        view.set_created_at_ms(ms_of(row.created_at));
        // Its sessions are heard at every heartbeat; only the end of one is written down.
        view.set_last_seen_ms(ms_of(is_online ? std::max(now, row.last_seen) : row.last_seen));
        return view;
      });
}

std::vector<Frame> encode_presences(std::uint64_t request, const std::vector<PresenceView>& presences) {
  return cut(
      request, presences, [](auto& frame) -> auto& { return *frame.mutable_presences(); },
      [](auto& list, const PresenceView& row) -> auto& {
        auto& signal = *list.add_presences();
        signal.set_handle(row.handle);
        signal.set_presence(static_cast<v1::PresenceState>(row.state));
        signal.set_since_ms(ms_of(row.since));
        return signal;
      });
}

}  // namespace enishi::wire
