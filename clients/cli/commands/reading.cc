// read: shows a range, fetches what of it is not here, marks nothing.
#include <algorithm>

#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/slots.h"
#include "cpp/requests.h"
#include "cpp/view/windows.h"

namespace enishi::cli {
namespace {

constexpr std::uint32_t kPageMax = 500;    // slots in a Fetch
constexpr std::size_t kVersionsMax = 100;  // earlier texts that are asked for
constexpr std::uint64_t kChunk = 1000;     // slots that are held in memory at once

client::Range window_of(const client::ConversationView& view, const Options& options) {
  const auto visible = client::visible_of(view);
  const auto limit = options.limit;
  if (options.before) return client::newest_until(visible, std::min(*options.before - 1, view.head), limit);
  if (options.after) return client::oldest_from(visible, *options.after + 1, limit);
  if (!options.around) return client::newest_until(visible, view.head, limit);
  // As much before it as after it; at an end of the log, more of the other side.
  const auto later = client::oldest_from(visible, *options.around, (limit + 1) / 2);
  return client::newest_until(visible, std::max(later.last, std::min(*options.around, view.head)), limit);
}

/// Fetches until nothing of the window is missing, newest first, so that a cut-off `read` has what matters.
Outcome<void> fetch_missing(Visit& visit, Profile& profile, const core::PublicId& id, const client::Range& window) {
  std::uint64_t before = UINT64_MAX;
  while (true) {
    const auto view = profile.replica().conversation(id);
    if (!view) return refusal(core::Errc::not_found);
    std::uint64_t missing = 0;
    client::Range wanted{1, 0};
    for (const auto& range : view->missing) {
      const client::Range part{std::max(range.first, window.first), std::min(range.last, window.last)};
      if (part.first > part.last) continue;
      missing += part.size();
      wanted = part;
    }
    // A server that gives nothing for it leaves a hole, which is shown.
    if (missing == 0 || missing == before) return {};
    before = missing;
    const auto page = visit.ask(client::requests::fetch(id, wanted.first, wanted.last, kPageMax, true));
    if (!page) return page.error();
  }
}

/// The texts of edited messages lie in slots of their own, which may be missing.
Outcome<void> fetch_versions(Visit& visit, Profile& profile, const core::PublicId& id, const client::Range& window) {
  const auto view = profile.replica().conversation(id);
  const auto events = profile.replica().events(id, window.first, window.last, kChunk, true);
  if (!view || !events) return refusal(core::Errc::not_found);
  std::size_t asked = 0;
  for (const auto& event : *events)
    for (const auto& edit : event.state().edits()) {
      // Of very many the rest is shown without its text.
      if (view->held.contains(edit.seq()) || ++asked > kVersionsMax) continue;
      const auto page = visit.ask(client::requests::fetch(id, edit.seq(), edit.seq(), 1));
      if (!page) return page.error();
    }
  return {};
}

/// What is delivered and read is asked for anew. A daemon that does not know, or will not say, leaves what is kept.
Outcome<void> fetch_receipts(Visit& visit, const client::ConversationView& view) {
  if (view.kind == v1::CONVERSATION_KIND_SELF) return {};
  const auto answer = visit.ask(client::requests::receipts_ask(view.id));
  if (!answer && answer.error().exit != Exit::refused) return answer.error();
  return {};
}

Outcome<void> print_window(Context& context, Profile& profile, const core::PublicId& id, const client::Range& window) {
  const auto view = profile.replica().conversation(id);
  if (!view) return refusal(core::Errc::not_found);
  const auto chat = name_of_chat(profile, id);
  const auto fates = client::fates_of(profile.replica(), *view, window.first);
  if (!fates) return profile_failure(fates.error());
  for (auto first = window.first; first <= window.last; first += kChunk) {
    const auto last = std::min(window.last, first + kChunk - 1);
    const auto events = profile.replica().events(id, first, last, kChunk, false);
    if (!events) return profile_failure(events.error());
    const auto marks = profile.replica().marks(id, *events);
    if (!marks) return profile_failure(marks.error());
    for (const auto& slot : client::slots_of(*view, *events, first, last, *marks)) {
      Record record;
      add_slot(record, chat, slot);
      const bool mine =
          slot.kind == client::SlotView::Kind::message && slot.event.author() == profile.identity().handle;
      const auto fate = fates->of(slot.slots.first);
      if (mine) add_fate(record, fate);
      const bool shown = mine && view->kind != v1::CONVERSATION_KIND_SELF;
      const auto said = shown ? text_of(fate, view->kind == v1::CONVERSATION_KIND_GROUP) : std::string();
      // People see what became of a message at the message.
      context.printer.print(record, slot.kind == client::SlotView::Kind::change ? "" : line_of(slot, said));
    }
  }
  return {};
}

}  // namespace

Outcome<void> run_read(Context& context) {
  const auto& options = context.options;
  if (const auto good = check_chat(options.chat); !good) return good.error();
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  auto reached = visit.arrive();
  if (!reached && reached.error().exit != Exit::unreachable) return reached.error();
  const auto view = find_chat(*profile, options.chat);
  if (!view) {
    const bool missing = view.error().code == core::name_of(core::Errc::not_found);
    return !reached && missing ? reached.error() : view.error();
  }
  const auto window = window_of(*view, options);
  if (window.first > window.last) return reached;
  if (reached) reached = fetch_missing(visit, *profile, view->id, window);
  if (reached) reached = fetch_versions(visit, *profile, view->id, window);
  if (reached) reached = fetch_receipts(visit, *view);
  if (!reached && reached.error().exit != Exit::unreachable) return reached.error();
  if (const auto printed = print_window(context, *profile, view->id, window); !printed) return printed.error();
  return reached;
}

}  // namespace enishi::cli
