// Drafts as they are shown: the register of all devices, what is unsaved here, and what lost.
#include <algorithm>
#include <set>

#include "core/limits.h"
#include "cpp/store/replica.h"

namespace enishi::client {
namespace {

DraftView view_of(Rows& rows, const core::PublicId& id, core::WallTime now) {
  DraftView view;
  view.conversation = id;
  if (const auto entry = rows.find_register(v1::REGISTER_KIND_DRAFT, id.view())) {
    view.rev = entry->rev();
    view.sent_seq = entry->removed() ? entry->seq() : 0;
    if (!entry->removed()) {
      view.text = entry->text();
      view.caret = entry->caret();
      view.reply_to = entry->reply_to();
      view.by_device = entry->device_name();
      view.at_ms = entry->since_ms();
    }
  }
  view.local = rows.draft(id);
  if (view.local) {
    view.text = view.local->text;
    view.caret = view.local->caret;
    view.reply_to = view.local->reply_to;
    view.by_device.clear();
  }
  const auto oldest = (now - core::Limits{}.kept_draft_time).time_since_epoch().count();
  for (std::uint32_t place = 1; place <= core::kKeptDraftsMax; ++place) {
    const auto entry = rows.find_register(v1::REGISTER_KIND_KEPT_DRAFT, message_key(id, place));
    if (!entry || entry->removed() || entry->since_ms() < oldest) continue;
    view.kept.push_back({place, entry->rev(), entry->text(), entry->device_name(), entry->since_ms()});
  }
  std::ranges::stable_sort(view.kept, {}, &KeptDraft::at_ms);
  return view;
}

}  // namespace

core::Result<DraftView> Replica::draft(const core::PublicId& id, core::WallTime now) {
  DraftView view;
  const auto done = store_->read([&](Rows& rows) { view = view_of(rows, id, now); });
  if (!done) return done.error();
  return view;
}

core::Result<std::vector<DraftView>> Replica::drafts(core::WallTime now) {
  std::vector<DraftView> views;
  const auto done = store_->read([&](Rows& rows) {
    std::set<core::PublicId> ids;
    for (const auto kind : {v1::REGISTER_KIND_DRAFT, v1::REGISTER_KIND_KEPT_DRAFT})
      for (const auto& entry : rows.registers(kind))
        if (!entry.removed()) ids.insert(id_of(entry.conversation_id()));
    for (const auto& local : rows.drafts()) ids.insert(local.conversation);
    for (const auto& id : ids) {
      const auto membership = rows.find_register(v1::REGISTER_KIND_MEMBERSHIP, id.view());
      auto view = view_of(rows, id, now);
      // What was typed here is never out of sight, also of a group that one is in no more.
      const bool is_mine = (membership && !membership->removed()) || view.local;
      if (is_mine && (!view.text.empty() || !view.kept.empty())) views.push_back(std::move(view));
    }
  });
  if (!done) return done.error();
  std::ranges::stable_sort(views, std::ranges::greater{}, &DraftView::at_ms);
  return views;
}

}  // namespace enishi::client
