// devices, revoke, recovery-codes.
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

constexpr int kRecoveryCodes = 10;  // RecoveryCodesMake takes exactly so many

Outcome<v1::Devices> devices_of(Visit& visit) {
  auto answer = visit.ask(client::requests::device_list());
  if (!answer) return answer.error();
  return std::move(*answer->mutable_devices());
}

}  // namespace

Outcome<void> run_devices(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto devices = devices_of(visit);
  if (!devices) return devices.error();
  for (const auto& each : devices->devices()) {
    Record record;
    record.add("id", client::to_hex(each.id())).add("name", each.name()).add("current", each.current());
    record.add("online", each.online()).add("created_at", time_value(each.created_at_ms()));
    record.add("last_seen", time_value(each.last_seen_ms()));
    context.printer.row(record,
                        {safe_line(each.name()), each.current() ? "this one" : (each.online() ? "online" : ""),
                         local_time(each.created_at_ms()), local_time(each.last_seen_ms()), client::to_hex(each.id())});
  }
  context.printer.end_table({"DEVICE", "", "SINCE", "LAST SEEN", "ID"});
  return {};
}

Outcome<void> run_revoke(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto devices = devices_of(visit);
  if (!devices) return devices.error();
  const auto& wanted = context.options.device;
  for (const auto& each : devices->devices()) {
    const auto id = client::to_hex(each.id());
    if (each.name() != wanted && id != wanted) continue;
    const auto answer =
        visit.ask(client::requests::device_revoke(visit.machine().new_client_id(), client::id_of(each.id())));
    // Revoking this very device may close the session before the answer has come: it says the same.
    const bool own_end = each.current() && visit.machine().last_error() == v1::ERROR_CODE_DEVICE_REVOKED;
    if (!answer && !own_end) return answer.error();
    Record record;
    record.add("id", id).add("name", each.name());
    context.printer.print(record, "Revoked: " + safe_line(each.name()));
    return {};
  }
  return refusal(core::Errc::not_found, "you have no such device (see `enishi devices`)");
}

Outcome<void> run_recovery_codes(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  std::vector<std::string> codes;
  std::vector<core::SecretHash> hashes;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(client::make_recovery_code(context.entropy));
    const auto normal = client::normal_recovery_code(codes.back());
    ENISHI_ASSERT(normal);
    hashes.push_back(client::recovery_code_hash(*normal));
  }
  Visit visit(context, *profile);
  const auto answer = visit.ask(client::requests::recovery_codes_make(visit.machine().new_client_id(), hashes));
  if (!answer) return answer.error();
  context.printer.note("Keep these where the devices are not. Each serves once; earlier ones are void now.");
  for (const auto& code : codes) context.printer.print(Record().add("code", code), code);
  return {};
}

}  // namespace enishi::cli
