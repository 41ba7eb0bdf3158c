// draft, drafts: the half-written message of a conversation, on all devices.
#include <algorithm>

#include "cli/commands/sending.h"
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "core/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

/// How the put of this command ended.
struct Saved {
  bool done = false, won = true;
  std::uint64_t rev = 0;
};

void print_draft(Context& context, const std::string& chat, const client::DraftView& view,
                 const std::string& this_device) {
  std::vector<Record> kept;
  for (const auto& each : view.kept) {
    Record one;
    one.add("place", std::uint64_t{each.place}).add("text", each.text).add("by_device", each.by_device);
    one.add("at", time_value(each.at_ms));
    kept.push_back(std::move(one));
  }
  const auto& by = view.local ? this_device : view.by_device;
  Record record;
  record.add("chat", chat).add("rev", view.rev).add("text", view.text).add("caret", std::uint64_t{view.caret});
  record.add("by_device", by).add("at", time_value(view.at_ms)).add("reply_to", view.reply_to);
  record.add("saved", !view.local.has_value()).add("kept", kept);
  auto human = safe_line(chat) + "  " + (view.text.empty() ? "(no draft)" : safe_line(view.text));
  if (!by.empty()) human += "  (" + safe_line(by) + (view.local ? ", not saved yet)" : ")");
  for (const auto& each : view.kept)
    human += "\n  kept " + std::to_string(each.place) + ": " + safe_line(each.text) + "  (" +
             safe_line(each.by_device) + ", " + local_time(each.at_ms) + ")";
  context.printer.print(record, human);
}

/// What the options want to stand in the field; nullopt: only to look.
Outcome<std::optional<client::LocalDraft>> wanted(const Options& options, const client::DraftView& view) {
  client::LocalDraft draft;
  draft.conversation = view.conversation;
  draft.base_rev = view.local ? view.local->base_rev : view.rev;
  draft.beside = view.local && view.local->beside;
  if (options.restore) {
    const auto at = std::ranges::find(view.kept, *options.restore, &client::KeptDraft::place);
    if (at == view.kept.end()) return refusal(core::Errc::not_found);
    draft.text = at->text;
    draft.beside = true;  // what it replaces is kept in its turn
  } else if (options.draft) {
    draft.text = body_of(*options.draft);
    if (!draft.text.empty())
      if (const auto good = check_body(draft.text); !good) return good.error();
    draft.reply_to = options.reply.value_or(0);
  } else if (!options.clear) {
    return std::optional<client::LocalDraft>{};
  }
  const auto length = core::count_code_points(draft.text);
  if (options.caret && *options.caret > length) return usage_failure("--caret is beyond the end of the text");
  draft.caret = static_cast<std::uint32_t>(options.caret.value_or(length));
  return std::optional(draft);
}

Outcome<void> save(Visit& visit, Profile& profile, const client::LocalDraft& draft) {
  Saved saved;
  visit.on_each([&](const client::Happening& happening) {
    const auto* each = std::get_if<client::happening::DraftSaved>(&happening);
    if (each != nullptr && each->conversation == draft.conversation) saved = {true, each->won, each->rev};
  });
  if (const auto done = visit.machine().put_draft(draft); !done) return profile_failure(done.error());
  visit.connection().poke();
  const auto is_here = [&] {
    const auto view = profile.replica().draft(draft.conversation, visit.machine().wall_now());
    return saved.done && view && view->rev >= saved.rev;
  };
  // The register comes with the frontier, a moment after the answer.
  const bool done = visit.wait([&] { return saved.done || visit.machine().has_saved_drafts(); }) && visit.wait(is_here);
  visit.on_each({});
  if (done) return {};
  const auto view = profile.replica().draft(draft.conversation, visit.machine().wall_now());
  if (view && view->local && view->local->refused) return refusal(core::Errc::not_found);
  auto failure = visit.failure();
  failure.text += ": the draft is stored on this device and is saved with the next command that connects";
  return failure;
}

}  // namespace

Outcome<void> run_draft(Context& context) {
  const auto& options = context.options;
  if (const auto good = check_chat(options.chat); !good) return good.error();
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  auto outcome = visit.arrive();
  if (!outcome && outcome.error().exit != Exit::unreachable) return outcome.error();
  const auto chat = find_chat(*profile, options.chat);
  if (!chat) return chat.error();
  auto& replica = profile->replica();
  auto view = replica.draft(chat->id, visit.machine().wall_now());
  if (!view) return profile_failure(view.error());
  const auto draft = wanted(options, *view);
  if (!draft) return draft.error();
  if (*draft) outcome = save(visit, *profile, **draft);
  if (options.drop) {
    const auto at = std::ranges::find(view->kept, *options.drop, &client::KeptDraft::place);
    if (at == view->kept.end()) return refusal(core::Errc::not_found);
    if (const auto answer = visit.ask(client::requests::drop_kept(chat->id, at->place, at->rev)); !answer)
      return answer.error();
    visit.wait([&] {
      const auto now = replica.draft(chat->id, visit.machine().wall_now());
      return !now || std::ranges::none_of(now->kept, [&](const auto& each) { return each.rev == at->rev; });
    });
  }
  if (!outcome && outcome.error().exit != Exit::unreachable) return outcome;
  view = replica.draft(chat->id, visit.machine().wall_now());
  if (!view) return profile_failure(view.error());
  print_draft(context, name_of_chat(*profile, chat->id), *view, profile->identity().device_name);
  return outcome;
}

Outcome<void> run_drafts(Context& context) {
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto arrived = visit.arrive();
  if (!arrived && arrived.error().exit != Exit::unreachable) return arrived.error();
  const auto drafts = profile->replica().drafts(visit.machine().wall_now());
  if (!drafts) return profile_failure(drafts.error());
  ChatNames names(*profile);
  for (const auto& view : *drafts)
    print_draft(context, names.of(view.conversation), view, profile->identity().device_name);
  return arrived;
}

}  // namespace enishi::cli
