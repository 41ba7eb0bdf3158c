// What devices hold, compared with what was committed.
#include <algorithm>

#include "property/oracle/oracle.h"
#include "property/world/context.h"

namespace enishi::property {
namespace {

/// The register as the device holds it; nullopt: it has never heard of it.
std::optional<v1::Register> held_register(client::Replica& replica, const Trail& trail) {
  std::optional<v1::Register> held;
  const auto done = replica.store().read(
      [&](client::Rows& rows) { held = rows.find_register(static_cast<v1::RegisterKind>(trail.kind), trail.key); });
  expect(done.has_value(), "a device cannot read its store");
  return held;
}

std::optional<client::ConversationRow> held_row(client::Replica& replica, std::string_view id) {
  std::optional<client::ConversationRow> row;
  const auto done = replica.store().read([&](client::Rows& rows) { row = rows.conversation(client::id_of(id)); });
  expect(done.has_value(), "a device cannot read its store");
  return row;
}

std::string text_of(const model::Head& head) {
  return "head " + std::to_string(head.head) + " marker " + std::to_string(head.marker) + " rev " +
         std::to_string(head.rev) + " unread " + std::to_string(head.unread) + " mentions " +
         std::to_string(head.mentions);
}

/// Each slot of the open stay up to `head` is held or written down as a debt. What came back with an earlier stay is a
/// hole that shows in the register of the membership, and needs no other note.
bool is_accounted_for(const std::optional<client::ConversationRow>& row, const History::Stays& stays,
                      std::uint64_t head) {
  client::RangeSet known;
  if (row) {
    known = row->held;
    for (const auto& debt : row->debts) known.add(debt.slots.first, debt.slots.last);
  }
  return known.contains(std::max<std::uint64_t>(1, stays.back().joined.value), head);
}

}  // namespace

void Oracle::check_cursor(const Holder& holder, std::string_view cursor, bool live) {
  const auto at = position_of(cursor);
  const auto member = history.member(holder.handle);
  for (const auto& [key, trail] : history.trails(member)) {
    const auto* then = trail.at(at);
    if (!then) continue;
    // What was written again behind the cursor need not be told as it was before.
    const bool overwritten = trail.versions.back().position > at;
    const auto held = held_register(holder.replica, trail);
    const auto rseq = held ? held->rseq() : 0;
    if (rseq < then->rseq && !overwritten)
      throw Broken{holder.name + " stored a cursor and lacks register " + std::to_string(then->rseq) + " of kind " +
                   std::to_string(static_cast<int>(trail.kind))};
    // One who was removed meanwhile is told nothing more, and his device drops it all with the next frontier.
    const bool is_in = rseq == then->rseq && !then->removed && !overwritten;
    if (key.first != core::RegisterKind::membership || !is_in) continue;
    const core::ConversationId conversation{key.second};
    const auto head = history.head(conversation, at);
    if (!is_accounted_for(held_row(holder.replica, trail.key), history.stays(member, conversation, at), head))
      throw Broken{holder.name + " stored a cursor and lacks messages of " + history.name_of(trail.key) + " up to " +
                   std::to_string(head) + (live ? " (live)" : "")};
  }
}

void Oracle::check_number(Holder& holder, std::string_view cursor, std::uint64_t turn) {
  const auto at = position_of(cursor);
  const auto member = history.member(holder.handle);
  std::vector<core::ConversationId> mine;
  for (const auto& [key, trail] : history.trails(member))
    if (key.first == core::RegisterKind::membership) mine.push_back(core::ConversationId{key.second});
  if (mine.empty()) return;
  const auto conversation = mine[turn % mine.size()];
  const auto name = history.name_of(history.public_id(conversation));
  const auto view = holder.replica.conversation(client::id_of(history.public_id(conversation)));
  if (view) {
    auto& greatest = holder.markers[view->id];
    expect(std::pair(view->rev, view->marker) >= greatest, "(rev, seq) of a marker fell");
    greatest = {view->rev, view->marker};
  }
  // An answer that came beside the log may be newer than the cursor.
  if (at < holder.ahead) return;
  model::Head expected;
  for (const auto& [position, head] : heads_[{holder.handle, conversation}])
    if (position <= at) expected = head;
  model::Head got;
  if (view) got = {view->head, view->marker, view->rev, view->unread, view->mentions};
  if (got != expected)
    throw Broken{holder.name + " shows " + name + " as " + text_of(got) + " at " + std::to_string(at.value) +
                 ", the model: " + text_of(expected)};
}

void Oracle::check_quiet(const Holder& holder) {
  auto expected = views_.find(holder.handle);
  if (expected == views_.end()) expected = views_.emplace(holder.handle, model.view(holder.handle)).first;
  const auto got = view_of(holder.replica, holder.handle);
  const auto& wanted = expected->second;
  if (got != wanted) throw Broken{holder.name + " holds something else than the model:\n" + model::diff(wanted, got)};
}

void Oracle::check_sent(const std::string& handle, std::string_view conversation, std::string_view client_id,
                        const std::string& body, std::uint64_t seq) const {
  const auto chat = model.conversations.find(history.name_of(conversation));
  expect(chat != model.conversations.end() && seq >= 1 && seq <= chat->second.log.size(),
         "a message was acked that is in no log");
  const auto& slot = chat->second.log[seq - 1];
  const bool is_as_sent = slot.edits == 0 && !slot.deleted;
  expect(slot.author == handle && slot.client_id == hex(client_id) && (!is_as_sent || slot.body == body),
         "a message was acked as another one");
}

}  // namespace enishi::property
