// watch.
#include "cli/commands/watching.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "cli/session/visit.h"
#include "cli/show/people.h"
#include "cli/show/slots.h"
#include "cli/show/text.h"
#include "cli/show/words.h"

namespace enishi::cli {
namespace {

namespace h = client::happening;

// The loop wakes by itself; between two waits nothing is done.
constexpr std::chrono::hours kForEver{24 * 365};

Record typed(const char* type) {
  Record record;
  record.add("type", type);
  return record;
}

}  // namespace

using Printed = HappeningView::Printed;

Printed HappeningView::of(const client::Happening& happening) {
  return std::visit([this](const auto& each) { return show(each); }, happening);
}

Printed HappeningView::show(const h::Ready&) { return std::pair{typed("ready"), std::string("-- caught up --")}; }

Printed HappeningView::show(const h::Message& message) {
  const auto& event = message.event;
  if (event.kind() == v1::EVENT_KIND_TITLED) names_.forget();
  const auto& chat = names_.of(client::id_of(event.conversation_id()));
  const auto slot = slot_of(event);
  auto record = typed(slot.kind == client::SlotView::Kind::change ? "change" : "message");
  add_slot(record, chat, slot);
  return std::pair{record, safe_line(chat) + "  " + line_of(slot)};
}

Printed HappeningView::show(const h::Marker& marker) {
  const auto& chat = names_.of(marker.conversation);
  auto record = typed("marker");
  record.add("chat", chat).add("rev", marker.rev).add("seq", marker.seq).add("unread", marker.unread);
  record.add("by_device", marker.by_device);
  return std::pair{record, safe_line(chat) + "  read through " + std::to_string(marker.seq) + " on " +
                               safe_line(marker.by_device) + ", " + std::to_string(marker.unread) + " unread"};
}

Printed HappeningView::show(const h::Recounted& recounted) {
  const auto& chat = names_.of(recounted.conversation);
  auto record = typed("unread");
  record.add("chat", chat).add("unread", recounted.unread);
  return std::pair{record, safe_line(chat) + "  " + std::to_string(recounted.unread) + " unread"};
}

Printed HappeningView::show(const h::Presence& presence) {
  auto record = typed("presence");
  record.add("handle", presence.handle).add("state", name_of(presence.state));
  return std::pair{record, "@" + safe_line(presence.handle) + " is " + name_of(presence.state)};
}

Printed HappeningView::show(const h::Typing& typing) {
  const auto& chat = names_.of(typing.conversation);
  auto record = typed("typing");
  record.add("chat", chat).add("handle", typing.handle);
  return std::pair{record, safe_line(chat) + "  @" + safe_line(typing.handle) + " is typing"};
}

Printed HappeningView::show(const h::Tie& tie) {
  names_.forget();
  auto record = typed("tie");
  record.add("handle", tie.handle).add("state", name_of(tie.state));
  add_shown(record, tie.person);
  return std::pair{record, "tie with @" + safe_line(tie.handle) + ": " + name_of(tie.state)};
}

Printed HappeningView::show(const h::Profile& profile) {
  auto record = typed("profile");
  record.add("handle", self_);
  add_shown(record, profile.person);
  return std::pair{record, "you are shown as " + safe_line(profile.person.name())};
}

Printed HappeningView::show(const h::Receipt& receipt) {
  const auto& chat = names_.of(receipt.conversation);
  auto record = typed("receipt");
  record.add("chat", chat).add("handle", receipt.handle);
  record.add("delivered", receipt.delivered).add("read", receipt.read);
  auto human = safe_line(chat) + "  delivered to @" + safe_line(receipt.handle) + " through " +
               std::to_string(receipt.delivered);
  if (receipt.read > 0) human += ", read through " + std::to_string(receipt.read);
  return std::pair{record, human};
}

Printed HappeningView::member(const std::string& chat, const std::string& handle, h::Change change) {
  auto record = typed("member");
  record.add("chat", chat).add("handle", handle).add("change", name_of(change));
  return std::pair{record, safe_line(chat) + "  @" + safe_line(handle) + " " + name_of(change)};
}

Printed HappeningView::show(const h::Member& each) {
  return member(names_.of(each.conversation), each.handle, each.change);
}

Printed HappeningView::show(const h::Membership& membership) {
  // Its old name is kept until here; of one that came, the log's own line tells.
  const auto chat = names_.of(membership.conversation);
  names_.forget();
  if (!membership.removed) return std::nullopt;
  const auto& title = membership.entry.title();
  const bool is_hex = chat == client::to_hex(membership.conversation.view());
  return member(is_hex && !title.empty() ? "#" + title : chat, self_, h::Change::removed);
}

Printed HappeningView::show(const h::Device& device) {
  const char* change = device.removed ? "revoked" : "added";
  auto record = typed("device");
  record.add("name", device.name).add("change", change);
  return std::pair{record, "device " + safe_line(device.name) + " " + change};
}

Printed HappeningView::show(const h::Flag& flag) {
  const auto& chat = names_.of(flag.conversation);
  const char* name = flag.kind == v1::REGISTER_KIND_MUTE ? "muted" : "pinned";
  auto record = typed("flag");
  record.add("chat", chat).add("flag", name).add("on", flag.on);
  return std::pair{record, safe_line(chat) + (flag.on ? "  " : "  no longer ") + name};
}

Printed HappeningView::show(const h::State& state) {
  const std::string name = client::name_of(state.state);
  auto record = typed("state");
  record.add("state", name).add("missing", state.missing);
  auto human = "-- " + name;
  if (state.state == client::SessionState::catching_up && state.total > 0)
    human += " " + std::to_string(state.done) + " of " + std::to_string(state.total);
  if (state.missing > 0) human += ", " + std::to_string(state.missing) + " missing";
  return std::pair{record, human + " --"};
}

Printed HappeningView::show(const h::Notice& notice) {
  const bool recovered = notice.kind == v1::NOTICE_KIND_DEVICE_RECOVERED;
  auto record = typed("notice");
  record.add("notice", recovered ? "device_recovered" : "device_added").add("text", notice.text);
  return std::pair{record, std::string("a device was added ") +
                               (recovered ? "with a recovery code: " : "by pairing: ") + safe_line(notice.text)};
}

Printed HappeningView::show(const h::BatonPassed& passed) {
  const auto& place = passed.place;
  const auto& chat = names_.of(place.conversation);
  auto record = typed("baton");
  record.add("change", "passed").add("chat", chat).add("anchor", place.anchor_seq);
  record.add("anchor_offset", std::uint64_t{place.anchor_offset}).add("draft_rev", place.draft_rev);
  record.add("caret", std::uint64_t{place.caret}).add("from_device", passed.from_device);
  return std::pair{record, safe_line(chat) + "  to be continued here, from " + safe_line(passed.from_device)};
}

Printed HappeningView::show(const h::BatonTaken& taken) {
  const auto& chat = names_.of(taken.conversation);
  auto record = typed("baton");
  record.add("change", "taken").add("chat", chat).add("device", taken.device);
  return std::pair{record, safe_line(chat) + "  continued on " + safe_line(taken.device)};
}

namespace {

/// What `watch` shows, and when. The newest page of a conversation comes before what a long gap before it holds; so
/// messages of a catch-up wait until all of them are here, and each conversation is shown in the order of its log.
class Watcher {
 public:
  Watcher(Context& context, Profile& profile)
      : context_(context), profile_(profile), view_(profile, profile.identity().handle) {}
  void on(const client::Happening& happening);
  /// Shows what waits, also when the rest never came: the store holds it, so no later watch would show it.
  void show_missed();

 private:
  struct Slot {
    core::PublicId conversation;
    std::uint64_t seq;
  };
  void show(const client::Happening& happening) {
    if (const auto printed = view_.of(happening)) context_.printer.print(printed->first, printed->second);
  }

  Context& context_;
  Profile& profile_;
  HappeningView view_;
  std::vector<Slot> missed_;  // as they came
  bool catching_up_ = true;
};

void Watcher::on(const client::Happening& happening) {
  const auto* message = std::get_if<h::Message>(&happening);
  if (message != nullptr && catching_up_) {
    missed_.push_back({client::id_of(message->event.conversation_id()), message->event.seq()});
    return;
  }
  const auto* state = std::get_if<h::State>(&happening);
  if (state != nullptr && state->state == client::SessionState::catching_up) catching_up_ = true;
  const bool whole = state != nullptr && state->state == client::SessionState::live && state->missing == 0;
  if (whole || std::holds_alternative<h::Ready>(happening)) show_missed();
  show(happening);
}

void Watcher::show_missed() {
  catching_up_ = false;
  std::map<core::PublicId, std::vector<std::uint64_t>> seqs;
  for (const auto& slot : missed_) seqs[slot.conversation].push_back(slot.seq);
  for (auto& [id, list] : seqs) std::ranges::sort(list, std::ranges::greater{});
  for (const auto& slot : std::exchange(missed_, {})) {
    auto& list = seqs[slot.conversation];
    const auto seq = list.back();
    list.pop_back();
    const auto events = profile_.replica().events(slot.conversation, seq, seq, 1, false);
    // Gone where one was removed from the group meanwhile.
    if (events && !events->empty()) show(h::Message{events->front()});
  }
}

}  // namespace

Outcome<void> run_watch(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile, true);
  visit.loop().catch_signals();
  Watcher watcher(context, *profile);
  visit.on_each([&](const client::Happening& happening) { watcher.on(happening); });
  const auto limit = context.options.watch_for.value_or(kForEver);
  // Nobody reads any more: then there is nothing to wait for.
  visit.wait_for([&] { return visit.loop().interrupted() || context.printer.has_lost(); }, limit);
  watcher.show_missed();
  // Its own farewell is no news.
  visit.on_each({});
  if (visit.has_stopped()) return visit.failure();
  return {};
}

}  // namespace enishi::cli
