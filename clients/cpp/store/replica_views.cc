// What is held, as it is shown: derived at each reading, kept nowhere.
#include <algorithm>
#include <limits>
#include <tuple>

#include "core/planted.h"
#include "cpp/store/message_view.h"
#include "cpp/store/replica.h"

namespace enishi::client {
namespace {

using Slot = core::Slot<core::PublicId>;
using Viewer = core::Viewer<core::PublicId>;

constexpr std::uint64_t kAnySeq = std::numeric_limits<std::int64_t>::max();  // SQLite's integers are signed
constexpr std::uint64_t kLookedInto = 500;                                   // slots, for a message of somebody tied
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

/// For whom it is looked at.
struct Me {
  Viewer viewer;
  std::string handle;
  std::map<core::PublicId, std::set<std::uint64_t>> hidden;
};

struct Numbers {
  std::int64_t unread = 0, mentions = 0;
};

/// What the changes held behind the server's head do to its numbers, message by message: they say themselves whether it
/// counted, whom it mentioned before the first of them, and whom after the last.
Numbers corrections(const std::map<std::uint64_t, std::vector<v1::Event>>& changes, const Me& me,
                    const std::set<std::uint64_t>& hidden, std::uint64_t marker, std::uint64_t base_head) {
  const auto is_me = [&](const auto& handles) { return std::ranges::find(handles, me.handle) != handles.end(); };
  Numbers numbers;
  for (const auto& [target, events] : changes) {
    if (target <= marker || target > base_head) continue;
    std::optional<bool> before;  // mentioned me; none: no change of the text
    bool now = false, deleted = false;
    core::PublicId author;
    for (const auto& event : events) {
      deleted = deleted || (event.kind() == v1::EVENT_KIND_DELETED && event.counted());
      if (event.kind() != v1::EVENT_KIND_EDITED && event.kind() != v1::EVENT_KIND_DELETED) continue;
      if (!before) before = event.former_mentions_all() || is_me(event.former_mentions());
      std::vector<std::string> people;
      for (const auto& person : event.people()) people.push_back(person.handle());
      now = event.mentions_all() || is_me(people);
      author = id_of(event.target_author_id());
    }
    const Slot slot{core::Seq{target}, core::EventKind::message, author, false, hidden.contains(target)};
    if (!before || !core::counts(slot, me.viewer)) continue;
    if (deleted) --numbers.unread;
    if (*before && !ENISHI_PLANT("mention_counted_twice_on_edit")) --numbers.mentions;
    if (now && !deleted) ++numbers.mentions;
  }
  return numbers;
}

/// unread and mentions as they follow from what is held (core/unread.h): exactly where (marker, head] is held, else the
/// server's numbers and the counting events held behind its head.
Numbers numbers_of(Rows& rows, const ConversationRow& row, const ConversationView& view, const Me& me) {
  const bool by_base = counts_from_base(row, view.marker, view.rev, view.head);
  const auto from = by_base ? row.base.head() : view.marker;
  static const std::set<std::uint64_t> kNone;
  const auto hides = me.hidden.find(row.id);
  const auto& hidden = hides == me.hidden.end() ? kNone : hides->second;
  const auto events = rows.events(row.id, from + 1, kAnySeq, kAnySeq, false);
  std::map<std::uint64_t, std::vector<v1::Event>> changes;
  for (const auto& event : events)
    if (is_change(event)) changes[event.target_seq()].push_back(event);
  std::vector<Slot> slots;
  for (const auto& event : events) {
    if (event.kind() != v1::EVENT_KIND_MESSAGE) continue;
    const auto state = state_of(event, changes[event.seq()]);
    slots.push_back({core::Seq{event.seq()}, core::EventKind::message, id_of(event.author_id()),
                     static_cast<bool>(state.deleted), hidden.contains(event.seq()), mentions(state, me.handle)});
  }
  const std::span<const Slot> all(slots);
  Numbers numbers;
  if (by_base) {
    numbers = corrections(changes, me, hidden, view.marker, row.base.head());
    numbers.unread += static_cast<std::int64_t>(row.base.unread());
    numbers.mentions += static_cast<std::int64_t>(row.base.mentions());
  }
  numbers.unread += static_cast<std::int64_t>(core::unread(all, me.viewer, core::Seq{from}));
  numbers.mentions += static_cast<std::int64_t>(core::unread_mentions(all, me.viewer, core::Seq{from}));
  return numbers;
}

std::vector<core::SeqInterval> intervals_of(const v1::Register& membership) {
  std::vector<core::SeqInterval> intervals;
  for (const auto& each : membership.intervals())
    intervals.push_back({core::Seq{each.joined_seq()}, core::Seq{each.left_seq()}});
  return intervals;
}

/// A membership names the other as he was when it was written; the tie with him follows him.
v1::Person peer_of(Rows& rows, const v1::Register& membership) {
  const auto tie = rows.find_register(v1::REGISTER_KIND_TIE, membership.peer().id());
  return tie && !tie->person().name().empty() ? tie->person() : membership.peer();
}

/// The last slot up to which nothing is missing of what the member may see; 0: there is none.
std::uint64_t held_through(const ConversationRow& row, const std::vector<core::SeqInterval>& intervals) {
  if (ENISHI_PLANT("delivered_from_head")) return head_of(row);
  RangeSet known = row.held;
  known.add(row.skipped);
  std::uint64_t through = 0;
  for (const auto& each : intervals) {
    const auto first = std::max<std::uint64_t>(1, each.joined.value);
    const auto last = each.left ? each.left.value : row.held.last();
    const auto holes = known.holes(first, last);
    if (!holes.empty() && holes.front().first > first) return holes.front().first - 1;
    if (!holes.empty() || last < first) return through;
    through = last;
  }
  return through;
}

bool is_tied(Rows& rows, const std::string& person) {
  const auto tie = rows.find_register(v1::REGISTER_KIND_TIE, person);
  return tie && !tie->removed() && tie->tie() == v1::TIE_STATE_MUTUAL;
}

/// True when somebody tied with the member wrote a message of (after, through].
bool holds_of_tied(Rows& rows, const core::PublicId& id, std::uint64_t after, std::uint64_t through) {
  if (through - after > kLookedInto) return true;
  const auto events = rows.events(id, after + 1, through, kLookedInto, true);
  return std::ranges::any_of(events, [&](const v1::Event& event) {
    return event.kind() == v1::EVENT_KIND_MESSAGE && is_tied(rows, event.author_id());
  });
}

ConversationView view_of(Rows& rows, const v1::Register& membership, const Me& me) {
  const auto id = id_of(membership.conversation_id());
  auto row = rows.conversation(id).value_or(ConversationRow{});
  row.id = id;
  ConversationView view;
  view.id = id;
  view.kind = membership.conversation_kind();
  view.title = row.title.empty() ? membership.title() : row.title;
  view.peer = peer_of(rows, membership);
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
  Me mine = me;
  mine.viewer.intervals = view.intervals;
  const auto numbers = numbers_of(rows, row, view, mine);
  view.unread = static_cast<std::uint64_t>(std::max<std::int64_t>(0, numbers.unread));
  view.mentions = static_cast<std::uint64_t>(std::max<std::int64_t>(0, numbers.mentions));
  view.missing = missing_of(row, view.intervals, view.head);
  if (const auto newest = rows.newest_entry(id)) {
    view.last = with_state(*newest, rows.changes(id, newest->seq(), newest->seq()));
    const auto hidden = me.hidden.find(id);
    if (hidden != me.hidden.end() && hidden->second.contains(newest->seq())) destroy(*view.last);
  }
  view.held = std::move(row.held);
  view.skipped = std::move(row.skipped);
  view.debts = std::move(row.debts);
  return view;
}

Me viewer_of(Rows& rows) {
  Me me;
  if (const auto identity = rows.identity()) {
    me.viewer.self = identity->member;
    me.handle = identity->handle;
  }
  me.viewer.blocked = blocked_people(rows);
  for (const auto& each : rows.registers(v1::REGISTER_KIND_HIDE))
    if (!each.removed()) me.hidden[id_of(each.conversation_id())].insert(each.message_seq());
  return me;
}

}  // namespace

std::uint64_t ConversationView::missing_count() const {
  std::uint64_t count = 0;
  for (const auto& range : missing) count += range.size();
  return count;
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
  const auto done = store_->read([&](Rows& rows) {
    found = rows.events(id, first, std::min(last, kAnySeq), limit, newest);
    if (found.empty()) return;
    const auto changes = rows.changes(id, found.front().seq(), found.back().seq());
    if (changes.empty() && std::ranges::none_of(found, [](const auto& each) { return each.has_state(); })) return;
    std::map<std::uint64_t, std::vector<v1::Event>> of;
    for (const auto& change : changes) of[change.target_seq()].push_back(change);
    for (auto& event : found) {
      const auto seq = event.seq();
      event = with_state(std::move(event), of[seq]);
    }
  });
  if (!done) return done.error();
  return found;
}

core::Result<Marks> Replica::marks(const core::PublicId& id, const std::vector<v1::Event>& events) {
  Marks marks;
  const auto done = store_->read([&](Rows& rows) {
    for (const auto& event : events) {
      if (event.kind() != v1::EVENT_KIND_MESSAGE) continue;
      const auto seq = event.seq();
      const auto is_on = [&](v1::RegisterKind kind) {
        const auto entry = rows.find_register(kind, message_key(id, seq));
        return entry && !entry->removed();
      };
      if (is_on(v1::REGISTER_KIND_STAR)) marks.starred.insert(seq);
      if (is_on(v1::REGISTER_KIND_HIDE)) marks.hidden.insert(seq);
      if (event.state().edits().empty()) continue;
      auto& versions = marks.versions[seq];
      versions.push_back({event.at_ms(), event.body(), true});
      for (const auto& edit : event.state().edits()) {
        const bool newest = edit.seq() == event.state().edits().rbegin()->seq();
        const auto held = newest ? std::nullopt : rows.event(id, edit.seq());
        versions.push_back({edit.at_ms(), newest ? event.state().body() : held ? held->body() : "", newest || held});
      }
    }
  });
  if (!done) return done.error();
  return marks;
}

core::Result<std::vector<v1::Register>> Replica::registers(v1::RegisterKind kind) {
  std::vector<v1::Register> found;
  const auto done = store_->read([&](Rows& rows) { found = rows.registers(kind); });
  if (!done) return done.error();
  std::erase_if(found, [](const v1::Register& each) { return each.removed(); });
  return found;
}

core::Result<std::vector<ReceiptRow>> Replica::receipts(const core::PublicId& id) {
  std::vector<ReceiptRow> found;
  const auto done = store_->read([&](Rows& rows) { found = rows.receipts(id); });
  if (!done) return done.error();
  return found;
}

core::Result<v1::Person> Replica::self() {
  v1::Person person;
  const auto done = store_->read([&](Rows& rows) {
    if (const auto entry = rows.find_register(v1::REGISTER_KIND_PROFILE, {})) person = entry->person();
  });
  if (!done) return done.error();
  return person;
}

core::Result<std::map<core::PublicId, Holding>> Replica::holdings(
    const std::set<core::PublicId>& ids, const std::map<core::PublicId, std::uint64_t>& looked) {
  std::map<core::PublicId, Holding> found;
  const auto done = store_->read([&](Rows& rows) {
    for (const auto& id : ids) {
      const auto membership = rows.find_register(v1::REGISTER_KIND_MEMBERSHIP, id.view());
      if (!membership || membership->removed()) continue;
      if (membership->conversation_kind() == v1::CONVERSATION_KIND_SELF) continue;
      const auto row = rows.conversation(id);
      if (!row) continue;
      auto& holding = found[id];
      holding.through = held_through(*row, intervals_of(*membership));
      const auto reported = rows.find_register(v1::REGISTER_KIND_STORED, id.view());
      const auto before = looked.find(id);
      const auto after = std::max(reported ? reported->seq() : 0, before == looked.end() ? 0 : before->second);
      holding.is_news = holding.through > after && holds_of_tied(rows, id, after, holding.through);
    }
  });
  if (!done) return done.error();
  return found;
}

core::Result<std::set<core::PublicId>> Replica::conversation_ids() {
  std::set<core::PublicId> all;
  const auto done = store_->read([&](Rows& rows) {
    for (const auto& id : rows.conversation_ids()) all.insert(id);
  });
  if (!done) return done.error();
  return all;
}

core::Result<std::map<core::PublicId, std::string>> Replica::stale(const std::set<core::PublicId>& ids) {
  std::map<core::PublicId, std::string> found;
  const auto done = store_->read([&](Rows& rows) {
    for (const auto& id : ids) {
      const auto row = rows.conversation(id);
      if (!row) continue;
      const auto debt = std::ranges::find_if(row->debts, [](const Debt& each) { return !each.changed_since.empty(); });
      if (debt != row->debts.end()) found.emplace(id, debt->changed_since);
    }
  });
  if (!done) return done.error();
  return found;
}

core::Result<Owed> Replica::missing() {
  const auto all = conversation_ids();
  if (!all) return all.error();
  return missing(*all);
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
