// What a member shows of himself: name, colour, picture.
#include "core/decision/decision.h"
#include "core/text.h"

namespace enishi::core {

Result<Outcome> Decision::decide(const SetProfile& profile) {
  if (!is_name(profile.name, state_.limits.name_bytes_max)) return Errc::bad_name;
  if (profile.hue > 360) return Errc::bad_request;
  Member member = state_.member_of(command_->sender.member);
  if (member.name == profile.name && member.hue == profile.hue) return Done{};
  member.name = profile.name;
  member.hue = profile.hue;
  tell_profile(std::move(member));
  return Done{};
}

Result<Outcome> Decision::decide(const SetPicture& picture) {
  if (picture.bytes.size() > state_.limits.picture_bytes_max) return Errc::body_too_large;
  if (!picture.bytes.empty() && !is_picture(picture.bytes)) return Errc::bad_request;
  Member member = state_.member_of(command_->sender.member);
  if (member.picture_id == picture.picture_id) return Done{};
  member.picture_id = picture.picture_id;
  change_.pictures.push_back({member.id, picture.bytes});
  tell_profile(std::move(member));
  return Done{};
}

void Decision::tell_profile(Member member) {
  const auto me = member.id;
  change_.members.push_back(member);
  state_.put(std::move(member));
  write(me, RegisterKind::profile, 0);
  // Who may know the name has it in his tie: the register is written again as it is, and carries the new one.
  for (const auto& mine : state_.lookup().registers_of(me, RegisterKind::tie)) {
    const MemberId peer{mine.object};
    if (!state_.member_of(peer).joined) continue;  // nobody has this handle
    const auto* theirs = state_.live_register(peer, RegisterKind::tie, me.value);
    if (!theirs || (theirs->tie != TieState::mutual && theirs->tie != TieState::asked_in)) continue;
    const auto since = theirs->at;
    write_tie(peer, me, theirs->tie);
    change_.registers.back().at = since;
    state_.put(change_.registers.back());
  }
}

}  // namespace enishi::core
