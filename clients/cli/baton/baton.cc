// baton: an open conversation moves to another device of mine, or to here.
#include <algorithm>

#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

namespace h = client::happening;

/// What CHAT names; without it, where something happened last.
Outcome<client::ConversationView> conversation_of(Profile& profile, const std::string& chat) {
  if (!chat.empty()) return find_chat(profile, chat);
  auto all = profile.replica().conversations();
  if (!all) return profile_failure(all.error());
  if (all->empty()) return refusal(core::Errc::not_found, "there is no conversation yet");
  return std::move(all->front());
}

Outcome<v1::DeviceView> other_device(Visit& visit, const std::string& wanted) {
  const auto answer = visit.ask(client::requests::device_list());
  if (!answer) return answer.error();
  for (const auto& each : answer->devices().devices()) {
    if (each.name() != wanted && client::to_hex(each.id()) != wanted) continue;
    if (each.current()) return refusal(core::Errc::not_found, "this is that very device: name another one");
    return each;
  }
  return refusal(core::Errc::not_found, "you have no such device (see `enishi devices`)");
}

Outcome<void> pass(Context& context, Profile& profile, Visit& visit) {
  const auto& options = context.options;
  if (const auto arrived = visit.arrive(); !arrived) return arrived.error();
  const auto view = conversation_of(profile, options.chat);
  if (!view) return view.error();
  const auto device = other_device(visit, options.device);
  if (!device) return device.error();
  bool taken = false;
  visit.on_each([&](const client::Happening& happening) {
    const auto* told = std::get_if<h::BatonTaken>(&happening);
    if (told != nullptr && told->conversation == view->id && told->device == device->name()) taken = true;
  });
  client::BatonPlace place;
  place.conversation = view->id;
  place.anchor_seq = options.anchor.value_or(0);
  const auto told = visit.ask(client::requests::baton(client::id_of(device->id()), place));
  if (!told) return told.error();
  visit.wait_for([&] { return taken; }, options.timeout);
  visit.on_each({});
  Record record;
  record.add("device", device->name()).add("chat", name_of_chat(profile, view->id)).add("anchor", place.anchor_seq);
  record.add("taken", taken);
  const auto name = safe_line(device->name());
  context.printer.print(record, taken ? "continued on " + name : "");
  if (!taken) return unreachable_failure(name + " was told but has not opened it");
  return {};
}

Outcome<void> take_over(Context& context, Profile& profile, Visit& visit) {
  if (const auto arrived = visit.arrive(); !arrived) return arrived.error();
  std::optional<h::BatonPassed> passed;
  visit.on_each([&](const client::Happening& happening) {
    if (const auto* each = std::get_if<h::BatonPassed>(&happening)) passed = *each;
  });
  const auto asked = visit.ask(client::requests::baton_ask());
  if (!asked && asked.error().code == core::name_of(core::Errc::device_away))
    return refusal(core::Errc::device_away, "no other device of yours has a conversation open");
  if (!asked) return asked.error();
  visit.wait_for([&] { return passed.has_value(); }, context.options.timeout);
  visit.on_each({});
  if (!passed) return unreachable_failure("the other device was asked but has not answered");
  const auto taken = visit.ask(client::requests::baton_take(passed->baton));
  if (!taken) return taken.error();
  const auto& place = passed->place;
  const auto chat = name_of_chat(profile, place.conversation);
  Record record;
  record.add("chat", chat).add("anchor", place.anchor_seq).add("anchor_offset", std::uint64_t{place.anchor_offset});
  record.add("draft_rev", place.draft_rev).add("caret", std::uint64_t{place.caret});
  record.add("from_device", passed->from_device);
  const auto at = place.anchor_seq == 0 ? std::string(" at the newest") : " at #" + std::to_string(place.anchor_seq);
  context.printer.print(record, "continued from " + safe_line(passed->from_device) + ": " + safe_line(chat) + at);
  return {};
}

}  // namespace

Outcome<void> run_baton(Context& context) {
  if (const auto good = check_chat(context.options.chat); !good) return good.error();
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  return context.options.here ? take_over(context, *profile, visit) : pass(context, *profile, visit);
}

}  // namespace enishi::cli
