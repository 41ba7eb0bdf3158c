// Accounts and the invitations that make them.
#include "core/decision/decision.h"
#include "core/text.h"

namespace enishi::core {
namespace {

Result<void> check_invitation(const Invitation* invitation, WallTime now) {
  if (!invitation) return Errc::invitation_unknown;
  if (invitation->revoked) return Errc::invitation_revoked;
  if (invitation->used >= invitation->uses) return Errc::invitation_spent;
  if (now >= invitation->expires_at) return Errc::invitation_expired;
  return {};
}

}  // namespace

Result<Outcome> Decision::decide(const Join& join) {
  if (!is_handle(join.handle)) return Errc::bad_handle;
  if (!is_name(join.name, state_.limits.name_bytes_max) || !is_name(join.device_name, state_.limits.name_bytes_max))
    return Errc::bad_name;
  if (const auto* device = state_.device_by_key(join.key)) {
    // The same device asks again: its answer was lost on the way.
    const auto& member = state_.member_of(device->member);
    if (!device->revoked && member.handle == join.handle) return Joined{device->member, device->id};
    return Errc::key_in_use;
  }
  const auto* found = state_.invitation(join.secret_hash);
  if (const auto valid = check_invitation(found, now_); !valid) return valid.error();
  const auto* phantom = state_.member_by_handle(join.handle);
  if (phantom && phantom->joined) return Errc::handle_taken;

  Invitation invitation = *found;
  ++invitation.used;
  change_.invitations.push_back(invitation);
  const auto inviter = invitation.inviter ? invitation.inviter : state_.counters.owner;
  state_.put(std::move(invitation));

  Member member =
      phantom ? *phantom
              : Member{MemberId{++state_.counters.member}, entropy_.public_id(), join.handle, {}, {}, {}, false};
  member.name = join.name;
  member.inviter = inviter;
  member.joined_at = now_;
  member.joined = true;
  change_.members.push_back(member);
  const auto id = state_.put(std::move(member)).id;
  if (!state_.counters.owner) state_.counters.owner = id;

  const auto device = add_device(id, join.device_name, join.key).id;
  enter(new_conversation(ConversationKind::self, {}, id, {}), id, Seq{0});
  // A handle can be blocked before anybody has it.
  if (inviter && !state_.blocks(inviter, id)) make_mutual(inviter, id);
  return Joined{id, device};
}

Result<Outcome> Decision::decide(const InviteMake& make) {
  const auto& limits = state_.limits;
  if (make.uses < 1 || make.uses > limits.invitation_uses_max) return Errc::bad_request;
  if (make.lifetime < std::chrono::seconds{1} || make.lifetime > std::chrono::hours{24 * 366}) return Errc::bad_request;
  if (!is_note(make.note, limits.note_bytes_max)) return Errc::bad_name;
  const auto inviter = make.by_operator ? state_.counters.owner : command_->sender.member;
  if (inviter && state_.invitations_of(inviter).size() >= limits.invitations_max) return Errc::limit_reached;
  if (state_.invitation(make.secret_hash)) return Errc::bad_request;

  Invitation row{InvitationId{++state_.counters.invitation},
                 entropy_.public_id(),
                 make.secret_hash,
                 inviter,
                 make.uses,
                 0,
                 now_,
                 now_ + make.lifetime,
                 false,
                 make.note};
  change_.invitations.push_back(row);
  if (!make.by_operator) remember({}, {}, row.id.value);
  return InvitationMade{state_.put(std::move(row))};
}

Result<Outcome> Decision::decide(const InviteRevoke& revoke) {
  for (const auto& hash : state_.invitations_of(command_->sender.member)) {
    const auto* row = state_.invitation(hash);
    if (!row || row->public_id != revoke.invitation) continue;
    Invitation revoked = *row;
    revoked.revoked = true;
    change_.invitations.push_back(revoked);
    state_.put(std::move(revoked));
    remember();
    return Done{};
  }
  return Errc::not_found;
}

}  // namespace enishi::core
