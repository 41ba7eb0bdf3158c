// invite, invites, uninvite.
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "core/limits.h"
#include "core/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

constexpr std::chrono::seconds kLifetimeMin{1}, kLifetimeMax{31'622'400};  // InviteMake.expires_in_s

const char* name_of(v1::InvitationState state) {
  switch (state) {
    case v1::INVITATION_STATE_OPEN:
      return "open";
    case v1::INVITATION_STATE_SPENT:
      return "spent";
    case v1::INVITATION_STATE_EXPIRED:
      return "expired";
    case v1::INVITATION_STATE_REVOKED:
      return "revoked";
    default:
      return "unknown";
  }
}

/// `url`: known only where the invitation was made just now.
Record record_of(const v1::InvitationView& view, const std::string& url) {
  Record record;
  record.add("id", client::to_hex(view.id())).add("url", url).add("note", view.note());
  record.add("uses", std::uint64_t{view.uses()}).add("used", std::uint64_t{view.used()});
  record.add("expires_at", time_value(view.expires_at_ms())).add("state", name_of(view.state()));
  return record;
}

}  // namespace

Outcome<void> run_invite(Context& context) {
  const auto& options = context.options;
  const core::Limits limits;
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(options.expires);
  if (options.uses < 1 || options.uses > limits.invitation_uses_max)
    return refusal(core::Errc::bad_request, "--uses is 1 to " + std::to_string(limits.invitation_uses_max));
  if (lifetime < kLifetimeMin || lifetime > kLifetimeMax)
    return refusal(core::Errc::bad_request, "--expires is 1s to 366d");
  if (!core::is_note(options.note, limits.note_bytes_max))
    return refusal(core::Errc::bad_name, "a note is at most 200 bytes of UTF-8 without control characters");
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto secret = client::make_secret(context.entropy);
  const auto answer = visit.ask(
      client::requests::invite_make(visit.machine().new_client_id(), secret, options.uses, lifetime, options.note));
  if (!answer) return answer.error();
  const client::Link link{client::LinkKind::invitation, profile->origin(), secret};
  const auto& made = answer->invitation_made().invitation();
  context.printer.print(record_of(made, link.text()), link.text());
  if (!context.printer.is_json())
    context.printer.note("Good for " + std::to_string(made.uses()) + (made.uses() == 1 ? " person" : " people") +
                         " until " + local_time(made.expires_at_ms()) + ". Whoever has the link can use it.");
  return {};
}

Outcome<void> run_invites(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto answer = visit.ask(client::requests::invite_list());
  if (!answer) return answer.error();
  for (const auto& each : answer->invitations().invitations())
    context.printer.row(record_of(each, {}),
                        {name_of(each.state()), std::to_string(each.used()) + "/" + std::to_string(each.uses()),
                         local_time(each.expires_at_ms()), client::to_hex(each.id()), safe_line(each.note())});
  context.printer.end_table({"STATE", "USED", "EXPIRES", "ID", "NOTE"});
  return {};
}

Outcome<void> run_uninvite(Context& context) {
  const auto id = id_of_hex(context.options.id);
  if (!id) return id.error();
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto answer = visit.ask(client::requests::invite_revoke(visit.machine().new_client_id(), *id));
  if (!answer) return answer.error();
  Record record;
  record.add("id", client::to_hex(id->view()));
  context.printer.print(record, "Taken back.");
  return {};
}

}  // namespace enishi::cli
