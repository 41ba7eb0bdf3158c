// status.
#include <algorithm>

#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"

namespace enishi::cli {
namespace {

struct Kept {
  std::uint64_t queued = 0;
  std::vector<client::OutboxEntry> refused;
  client::SyncPoint point;
  std::uint64_t holes = 0;
};

Outcome<Kept> kept_of(Visit& visit, Profile& profile) {
  Kept kept;
  const auto pending = visit.machine().outbox().pending();
  if (!pending) return profile_failure(pending.error());
  for (const auto& each : *pending) {
    if (each.state == client::SendState::rejected)
      kept.refused.push_back(each);
    else
      ++kept.queued;
  }
  const auto read = profile.replica().store().read([&](client::Rows& rows) { kept.point = rows.sync_point(); });
  if (!read) return profile_failure(read.error());
  const auto owed = profile.replica().missing();
  if (!owed) return profile_failure(owed.error());
  for (const auto& [id, ranges] : *owed)
    for (const auto& range : ranges) kept.holes += range.size();
  return kept;
}

Record record_of(ChatNames& names, const client::OutboxEntry& entry) {
  const auto code = static_cast<core::Errc>(entry.code);
  Record record;
  record.add("chat", receiver_of(names, entry)).add("client_id", client::to_hex(entry.client_id.view()));
  record.add("queued_at", time_value(entry.queued_at.time_since_epoch().count())).add("text", entry.body);
  record.add("code", core::name_of(code)).add("why", reason_of(entry));
  return record;
}

}  // namespace

Outcome<void> run_status(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto arrived = visit.arrive();
  if (!arrived && arrived.error().exit != Exit::unreachable) return arrived.error();
  auto kept = kept_of(visit, *profile);
  if (!kept) return kept.error();
  if (context.options.clear) {
    for (const auto& each : kept->refused)
      if (const auto done = visit.machine().outbox().dismiss(each.client_id); !done)
        return profile_failure(done.error());
    kept->refused.clear();
  }
  const auto& identity = profile->identity();
  const std::string state = arrived ? client::name_of(visit.machine().state()) : "offline";
  const auto synced_ms = kept->point.at.time_since_epoch().count();
  const auto age = std::chrono::seconds{std::max<std::int64_t>(0, wall_now_ms() - synced_ms) / 1000};
  const bool never = kept->point.cursor.empty();
  ChatNames names(*profile);
  std::vector<Record> refused;
  std::string human;
  for (const auto& each : kept->refused) {
    refused.push_back(record_of(names, each));
    human += "\nrefused  " + safe_line(receiver_of(names, each)) + "  " +
             core::name_of(static_cast<core::Errc>(each.code)) + ": " + cut_to(safe_line(each.body), 60);
  }
  Record record;
  record.add("handle", identity.handle).add("device", identity.device_name).add("server", identity.origin);
  record.add("state", state);
  record.add("cursor_age_s", never ? Value(nullptr) : Value(static_cast<std::uint64_t>(age.count())));
  record.add("outbox", kept->queued + kept->refused.size()).add("holes", kept->holes);
  record.add("refused", refused);
  context.printer.print(record, "@" + identity.handle + " on \"" + safe_line(identity.device_name) + "\" at " +
                                    safe_line(identity.origin) + ": " + state + "\nsynced   " +
                                    (never ? "never" : rough_duration(age) + " ago") + "\noutbox   " +
                                    std::to_string(kept->queued) + " queued, " + std::to_string(kept->refused.size()) +
                                    " refused\nmissing  " + std::to_string(kept->holes) + " messages" + human);
  return {};
}

}  // namespace enishi::cli
