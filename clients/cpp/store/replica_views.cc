// What is held, as it is shown: derived at each reading, kept nowhere.
#include <algorithm>
#include <limits>
#include <tuple>

#include "cpp/store/replica.h"

namespace enishi::client {
namespace {

using Slot = core::Slot<core::PublicId>;
using Viewer = core::Viewer<core::PublicId>;

constexpr std::uint64_t kAnySeq = std::numeric_limits<std::int64_t>::max();  // SQLite's integers are signed
// Beyond it the server's number is taken where it is for the same marker: both are the same by the rule, and a list of
// conversations must not read ten thousand bodies for one number.
constexpr std::uint64_t kExactUpTo = 1000;

std::vector<core::PublicId> blocked_people(Rows& rows) {
  std::vector<core::PublicId> blocked;
  for (const auto& each : rows.registers(v1::REGISTER_KIND_BLOCK))
    if (!each.removed()) blocked.push_back(id_of(each.person().id()));
  return blocked;
}

bool is_set(Rows& rows, v1::RegisterKind kind, const core::PublicId& id) {
  const auto entry = rows.find_register(kind, id.view());
  return entry && !entry->removed();
}

std::uint64_t head_of(const ConversationRow& row) {
  std::uint64_t head = std::max({row.base.head(), row.held.last(), row.skipped.last()});
  for (const auto& debt : row.debts) head = std::max(head, debt.slots.last);
  return head;
}

std::vector<Range> missing_of(const ConversationRow& row, const std::vector<core::SeqInterval>& intervals,
                              std::uint64_t head) {
  RangeSet known = row.held;
  known.add(row.skipped);
  std::vector<Range> missing;
  for (const auto& each : intervals) {
    const auto last = each.left ? std::min(each.left.value, head) : head;
    std::ranges::copy(known.holes(each.joined.value, last), std::back_inserter(missing));
  }
  return missing;
}

/// True where the server's number is the one to continue from: it is for this marker, and what lies behind the marker
/// is not all held (or is very much).
bool counts_from_base(const ConversationRow& row, std::uint64_t marker, std::uint64_t rev, std::uint64_t head) {
  if (row.base.conversation_id().empty() || row.base.rev() != rev || row.base.marker() != marker) return false;
  if (head > marker + kExactUpTo) return true;
  RangeSet known = row.held;
  known.add(row.skipped);
  return !known.contains(marker + 1, head);
}

std::vector<Slot> slots_behind(Rows& rows, const ConversationRow& row, std::uint64_t seq) {
  std::vector<Slot> slots;
  for (const auto& event : rows.events(row.id, seq + 1, kAnySeq, kAnySeq, false))
    slots.push_back({core::Seq{event.seq()}, static_cast<core::EventKind>(event.kind()), id_of(event.author_id())});
  return slots;
}

std::vector<core::SeqInterval> intervals_of(const v1::Register& membership) {
  std::vector<core::SeqInterval> intervals;
  for (const auto& each : membership.intervals())
    intervals.push_back({core::Seq{each.joined_seq()}, core::Seq{each.left_seq()}});
  return intervals;
}

ConversationView view_of(Rows& rows, const v1::Register& membership, const Viewer& me) {
  const auto id = id_of(membership.conversation_id());
  auto row = rows.conversation(id).value_or(ConversationRow{});
  row.id = id;
  ConversationView view;
  view.id = id;
  view.kind = membership.conversation_kind();
  view.title = row.title.empty() ? membership.title() : row.title;
  view.peer = membership.peer();
  view.since_ms = static_cast<std::uint64_t>(membership.since_ms());
  view.intervals = intervals_of(membership);
  view.head = head_of(row);
  view.rev = row.base.rev();
  view.marker = row.base.marker();
  const auto marker = rows.find_register(v1::REGISTER_KIND_MARKER, id.view());
  if (marker && !marker->removed() && std::tuple(marker->rev(), marker->seq()) > std::tuple(view.rev, view.marker)) {
    view.rev = marker->rev();
    view.marker = marker->seq();
  }
  view.muted = is_set(rows, v1::REGISTER_KIND_MUTE, id);
  view.pinned = is_set(rows, v1::REGISTER_KIND_PIN, id);
  Viewer viewer = me;
  viewer.intervals = view.intervals;
  const bool by_base = counts_from_base(row, view.marker, view.rev, view.head);
  const auto from = by_base ? row.base.head() : view.marker;
  view.unread = derive_unread(row, view.marker, view.rev, view.head, slots_behind(rows, row, from), viewer);
  view.mentions = row.base.mentions();
  view.missing = missing_of(row, view.intervals, view.head);
  auto newest = rows.events(id, 1, kAnySeq, 1, true);
  if (!newest.empty()) view.last = std::move(newest.front());
  view.held = std::move(row.held);
  view.skipped = std::move(row.skipped);
  view.debts = std::move(row.debts);
  return view;
}

Viewer viewer_of(Rows& rows) {
  Viewer viewer;
  if (const auto identity = rows.identity()) viewer.self = identity->member;
  viewer.blocked = blocked_people(rows);
  return viewer;
}

}  // namespace

std::uint64_t ConversationView::missing_count() const {
  std::uint64_t count = 0;
  for (const auto& range : missing) count += range.size();
  return count;
}

std::uint64_t derive_unread(const ConversationRow& row, std::uint64_t marker, std::uint64_t rev, std::uint64_t head,
                            const std::vector<Slot>& slots, const Viewer& viewer) {
  const std::span<const Slot> all(slots);
  if (counts_from_base(row, marker, rev, head))
    return row.base.unread() + core::unread(all, viewer, core::Seq{row.base.head()});
  return core::unread(all, viewer, core::Seq{marker});
}

core::Result<std::vector<ConversationView>> Replica::conversations() {
  std::vector<ConversationView> views;
  const auto done = store_->read([&](Rows& rows) {
    const auto me = viewer_of(rows);
    for (const auto& membership : rows.registers(v1::REGISTER_KIND_MEMBERSHIP))
      if (!membership.removed()) views.push_back(view_of(rows, membership, me));
  });
  if (!done) return done.error();
  const auto newest = [](const ConversationView& view) {
    return view.last ? view.last->at_ms() : static_cast<std::int64_t>(view.since_ms);
  };
  std::ranges::stable_sort(views, std::ranges::greater{}, newest);
  return views;
}

core::Result<ConversationView> Replica::conversation(const core::PublicId& id) {
  std::optional<ConversationView> view;
  const auto done = store_->read([&](Rows& rows) {
    const auto membership = rows.find_register(v1::REGISTER_KIND_MEMBERSHIP, id.view());
    if (membership && !membership->removed()) view = view_of(rows, *membership, viewer_of(rows));
  });
  if (!done) return done.error();
  if (!view) return core::Errc::not_found;
  return *std::move(view);
}

core::Result<std::vector<v1::Event>> Replica::events(const core::PublicId& id, std::uint64_t first, std::uint64_t last,
                                                     std::size_t limit, bool newest) {
  std::vector<v1::Event> found;
  const auto done =
      store_->read([&](Rows& rows) { found = rows.events(id, first, std::min(last, kAnySeq), limit, newest); });
  if (!done) return done.error();
  return found;
}

core::Result<std::vector<v1::Register>> Replica::registers(v1::RegisterKind kind) {
  std::vector<v1::Register> found;
  const auto done = store_->read([&](Rows& rows) { found = rows.registers(kind); });
  if (!done) return done.error();
  std::erase_if(found, [](const v1::Register& each) { return each.removed(); });
  return found;
}

core::Result<Owed> Replica::missing() {
  std::set<core::PublicId> all;
  const auto done = store_->read([&](Rows& rows) {
    for (const auto& id : rows.conversation_ids()) all.insert(id);
  });
  if (!done) return done.error();
  return missing(all);
}

core::Result<Owed> Replica::missing(const std::set<core::PublicId>& ids) {
  Owed missing;
  const auto done = store_->read([&](Rows& rows) {
    for (const auto& id : ids) {
      auto& ranges = missing[id];
      const auto membership = rows.find_register(v1::REGISTER_KIND_MEMBERSHIP, id.view());
      const auto row = !membership || membership->removed() ? std::nullopt : rows.conversation(id);
      if (row) ranges = missing_of(*row, intervals_of(*membership), head_of(*row));
    }
  });
  if (!done) return done.error();
  return missing;
}

}  // namespace enishi::client
