#include "cpp/store/replica.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/planted.h"
#include "cpp/store/message_view.h"

namespace enishi::client {
namespace {

/// The rows that one write touches: read once, written once.
class Work {
 public:
  explicit Work(Rows& rows) : rows_(rows) {}

  ConversationRow& row(const core::PublicId& id) {
    const auto [at, fresh] = touched_.try_emplace(id);
    if (fresh) {
      auto found = rows_.conversation(id);
      at->second = found ? *std::move(found) : ConversationRow{};
      at->second.id = id;
    }
    return at->second;
  }
  /// A tombstone of the membership: nothing of it is kept, however late it comes (from a slower process).
  bool is_gone(const core::PublicId& id) {
    const auto [at, fresh] = gone_.try_emplace(id, false);
    if (fresh) {
      const auto membership = rows_.find_register(v1::REGISTER_KIND_MEMBERSHIP, id.view());
      at->second = membership && membership->removed();
    }
    return at->second;
  }
  void put(const v1::Register& entry) {
    const auto before = rows_.find_register(entry.kind(), key_of(entry));
    if (before && before->rseq() >= entry.rseq()) return;
    rows_.put_register(entry);
    if (entry.kind() != v1::REGISTER_KIND_MEMBERSHIP) return;
    const auto id = id_of(entry.conversation_id());
    gone_[id] = entry.removed();
    // He was out of it and is in again, and this device slept through both: like any other it begins anew, for what
    // changed meanwhile lies in slots that are not for him.
    const bool came_back = before && before->intervals_size() < entry.intervals_size();
    if (entry.removed() || came_back) {
      touched_.erase(id);
      rows_.erase_conversation(id);
    }
    if (entry.removed()) return;
    if (auto& kept = row(id); kept.title_seq == 0) kept.title = entry.title();
  }
  void put(const v1::Event& event) {
    const auto id = id_of(event.conversation_id());
    if (is_gone(id)) return;
    auto& kept = row(id);
    const bool late = kept.held.last() > event.seq();
    if (kept.held.contains(event.seq()))
      renew(event);
    else
      rows_.put_event(event);
    kept.held.add(event.seq());
    if (event.kind() == v1::EVENT_KIND_DELETED) destroy_content(id, event.target_seq());
    if (late && event.kind() == v1::EVENT_KIND_MESSAGE) forget_if_deleted(id, event.seq());
    if (late && event.kind() == v1::EVENT_KIND_EDITED) forget_if_deleted(id, event.target_seq());
    if (event.kind() == v1::EVENT_KIND_TITLED && event.seq() >= kept.title_seq) {
      kept.title = event.body();
      kept.title_seq = event.seq();
    }
  }
  void put(const v1::Gap& gap) {
    const auto id = id_of(gap.conversation_id());
    const Debt debt{{gap.from_seq(), gap.to_seq()}, gap.changed_since()};
    if (is_gone(id) || debt.slots.first == 0 || debt.slots.first > debt.slots.last) return;
    // Forgotten means: taken for paid. Merely not written down it would still show as a hole.
    if (ENISHI_PLANT("gap_debt_forgotten")) return row(id).held.add(debt.slots.first, debt.slots.last);
    auto& debts = row(id).debts;
    if (std::ranges::find(debts, debt) != debts.end()) return;
    debts.push_back(debt);
    std::ranges::sort(debts, {}, &Debt::slots);
  }
  /// What the server says now of a slot that is held.
  void renew(const v1::Event& event) {
    const auto id = id_of(event.conversation_id());
    const auto before = rows_.event(id, event.seq());
    if (!before) return;
    const bool newer = event.has_state() && event.state().as_of_seq() > before->state().as_of_seq();
    if (!newer && (before->destroyed() || !event.destroyed())) return;
    rows_.replace_event(event);
    if (is_deleted(event))
      destroy_content(id, event.seq());
    else
      forget_if_deleted(id, event.seq());
  }
  /// The answer said all up to `next` (empty: up to the head) about what changed since `since`.
  void paid(const core::PublicId& id, const std::string& since, const std::string& next) {
    for (auto& debt : row(id).debts)
      if (debt.changed_since == since) debt.changed_since = next;
  }
  void skip(const core::PublicId& id, const v1::Skipped& slots) {
    if (!is_gone(id)) row(id).skipped.add(slots.from_seq(), slots.to_seq());
  }
  /// What is said about a conversation only grows in (rev, marker, head): so the newer of two answers shows, whichever
  /// process got it, and a block (same three, another number) by the register count it came with.
  void put(const v1::Head& head, std::uint64_t rseq) {
    const auto id = id_of(head.conversation_id());
    if (is_gone(id)) return;
    auto& kept = row(id);
    const auto age = [](const v1::Head& each, std::uint64_t at) {
      return std::tuple(each.rev(), each.marker(), each.head(), at);
    };
    if (!kept.base.conversation_id().empty() && age(kept.base, kept.base_rseq) > age(head, rseq)) return;
    kept.base = head;
    kept.base_rseq = rseq;
    if (!head.title().empty() && head.head() >= kept.title_seq) {
      kept.title = head.title();
      kept.title_seq = head.head();
    }
  }
  /// Writes the rows; debts that are paid go.
  void finish() {
    for (auto& [id, row] : touched_) {
      std::erase_if(row.debts, [&kept = row](const Debt& debt) {
        const auto open = kept.held.holes(debt.slots.first, debt.slots.last);
        return std::ranges::all_of(open, [&](const Range& r) { return kept.skipped.contains(r.first, r.last); });
      });
      rows_.put_conversation(row);
    }
  }
  /// True when a slot that is held is said to be something else now.
  template <class Events>
  bool contradicts(const Events& events) {
    std::map<core::PublicId, RangeSet> held;
    return std::ranges::any_of(events, [&](const v1::Event& event) {
      const auto id = id_of(event.conversation_id());
      const auto [at, fresh] = held.try_emplace(id);
      if (fresh)
        if (const auto kept = rows_.conversation(id)) at->second = kept->held;
      if (!at->second.contains(event.seq())) return false;
      const auto before = rows_.event(id, event.seq());
      return before && (before->client_id() != event.client_id() || before->author_id() != event.author_id() ||
                        before->kind() != event.kind() ||
                        (before->body() != event.body() && !before->destroyed() && !event.destroyed()));
    });
  }

 private:
  /// A deletion that overtook what it deletes: an answer that was read before it came after it.
  void forget_if_deleted(const core::PublicId& id, std::uint64_t message) {
    for (const auto& change : rows_.changes(id, message, message))
      if (change.kind() == v1::EVENT_KIND_DELETED) return destroy_content(id, message);
  }
  void destroy_content(const core::PublicId& id, std::uint64_t message) {
    const auto destroy_one = [this](std::optional<v1::Event> event) {
      if (!event || event->destroyed()) return;
      destroy(*event);
      rows_.replace_event(*event);
    };
    destroy_one(rows_.event(id, message));
    for (const auto& change : rows_.changes(id, message, message))
      if (change.kind() == v1::EVENT_KIND_EDITED) destroy_one(change);
  }

  Rows& rows_;
  std::map<core::PublicId, ConversationRow> touched_;
  std::map<core::PublicId, bool> gone_;
};

void drop_history(Rows& rows, SyncPoint& point) {
  rows.erase_history();
  ++point.epoch;
  point.cursor.clear();
  point.rseq = 0;
  rows.put_sync_point(point);
}

}  // namespace

std::string message_key(const core::PublicId& conversation, std::uint64_t seq) {
  std::string key(conversation.view());
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(seq >> shift));
  return key;
}

std::string key_of(const v1::Register& entry) {
  switch (entry.kind()) {
    case v1::REGISTER_KIND_TIE:
    case v1::REGISTER_KIND_BLOCK:
      return entry.person().id();
    case v1::REGISTER_KIND_DEVICE:
      return entry.device_id();
    case v1::REGISTER_KIND_STAR:
    case v1::REGISTER_KIND_HIDE:
    case v1::REGISTER_KIND_KEPT_DRAFT:
      return message_key(id_of(entry.conversation_id()), entry.message_seq());
    default:
      return entry.conversation_id();
  }
}

core::PublicId id_of(std::string_view bytes) {
  core::PublicId id;
  static_cast<void>(id.assign(bytes));  // another length: zero, as said
  return id;
}

core::Result<Start> Replica::start() {
  Start start;
  bool finished = false;
  const auto done = store_->read([&](Rows& rows) {
    const auto identity = rows.identity();
    finished = identity && !identity->is_pending();
    if (finished) start = {*identity, rows.sync_point()};
  });
  if (!done) return done.error();
  if (!finished) return core::Errc::not_found;
  return start;
}

core::Result<std::optional<std::uint64_t>> Replica::reset(const SyncPoint& presented) {
  std::optional<std::uint64_t> epoch;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    auto point = rows.sync_point();
    // Two fresh processes that both begin from nothing may both go on: nothing is dropped, and what they store agrees.
    if (point.epoch != presented.epoch || (presented.cursor.empty() && !point.cursor.empty())) return;
    if (!point.cursor.empty()) drop_history(rows, point);
    epoch = point.epoch;
  });
  if (!done) return done.error();
  return epoch;
}

core::Result<void> Replica::start_over(std::uint64_t epoch) {
  return store_->transact(Durability::relaxed, [&](Rows& rows) {
    auto point = rows.sync_point();
    // Another epoch: another process did it meanwhile.
    if (point.epoch == epoch) drop_history(rows, point);
  });
}

core::Result<Applied> Replica::apply(const Delta& delta, const SyncPoint& point) {
  auto outcome = Applied::other_epoch;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    auto kept = rows.sync_point();
    if (kept.epoch != point.epoch) return;
    Work work(rows);
    if (work.contradicts(delta.events)) {
      outcome = Applied::conflict;
      return;
    }
    outcome = Applied::stored;
    for (const auto& each : delta.registers) work.put(each);
    for (const auto& each : delta.skipped) work.skip(id_of(each.conversation_id()), each.slots());
    for (const auto& each : delta.events) work.put(each);
    for (const auto& each : delta.gaps) work.put(each);
    for (const auto& each : delta.heads) work.put(each, point.rseq);
    work.finish();
    kept.cursor = point.cursor;
    kept.rseq = point.rseq;
    kept.at = point.at;
    rows.put_sync_point(kept);
  });
  if (!done) return done.error();
  return outcome;
}

core::Result<Applied> Replica::apply_page(const v1::Page& page, std::uint64_t epoch) {
  auto outcome = Applied::other_epoch;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    if (rows.sync_point().epoch != epoch) return;
    Work work(rows);
    if (work.contradicts(page.events())) {
      outcome = Applied::conflict;
      return;
    }
    outcome = Applied::stored;
    for (const auto& each : page.events())
      if (!ENISHI_PLANT("edit_lost_in_gapped_resume") || each.kind() != v1::EVENT_KIND_EDITED)
        work.put(each);
      else
        work.row(id_of(page.conversation_id())).held.add(each.seq());
    for (const auto& each : page.skipped()) work.skip(id_of(page.conversation_id()), each);
    work.finish();
  });
  if (!done) return done.error();
  return outcome;
}

core::Result<Applied> Replica::apply_changes(const v1::Changes& changes, const std::string& since,
                                             std::uint64_t epoch) {
  const auto id = id_of(changes.conversation_id());
  auto outcome = Applied::other_epoch;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    if (rows.sync_point().epoch != epoch) return;
    outcome = Applied::stored;
    Work work(rows);
    if (work.is_gone(id)) return;
    for (const auto& each : changes.events())
      if (!ENISHI_PLANT("edit_lost_in_gapped_resume") && work.row(id).held.contains(each.seq())) work.renew(each);
    work.paid(id, since, changes.next());
    work.finish();
  });
  if (!done) return done.error();
  return outcome;
}

core::Result<Applied> Replica::apply_head(const v1::Head& head, std::uint64_t rseq, std::uint64_t epoch) {
  auto outcome = Applied::other_epoch;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    if (rows.sync_point().epoch != epoch) return;
    outcome = Applied::stored;
    Work work(rows);
    work.put(head, rseq);
    work.finish();
  });
  if (!done) return done.error();
  return outcome;
}

core::Result<std::vector<ReceiptRow>> Replica::apply_receipts(const core::PublicId& id,
                                                              const std::vector<v1::Receipt>& receipts,
                                                              std::uint64_t epoch) {
  std::vector<ReceiptRow> named;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    if (rows.sync_point().epoch != epoch || Work(rows).is_gone(id)) return;
    const auto kept = rows.receipts(id);
    for (const auto& each : receipts) {
      const auto before = std::ranges::find(kept, each.handle(), &ReceiptRow::handle);
      const auto was = before == kept.end() ? ReceiptRow{each.handle(), 0, 0} : *before;
      const ReceiptRow now{each.handle(), std::max(was.delivered, each.delivered_seq()),
                           std::max(was.read, each.read_seq())};
      if (now != was) rows.put_receipt(id, now);
      named.push_back(now);
    }
  });
  if (!done) return done.error();
  return named;
}

core::Result<void> Replica::put_self(const v1::Person& person, const SyncPoint& point) {
  v1::Register entry;
  entry.set_kind(v1::REGISTER_KIND_PROFILE);
  entry.set_rseq(point.rseq);
  *entry.mutable_person() = person;
  const auto is_news = [&](Rows& rows) {
    const auto before = rows.find_register(v1::REGISTER_KIND_PROFILE, {});
    return !before ||
           (before->rseq() <= point.rseq && before->person().SerializeAsString() != entry.person().SerializeAsString());
  };
  bool differs = false;
  const auto read = store_->read([&](Rows& rows) { differs = is_news(rows); });
  if (!read || !differs) return read;
  return store_->transact(Durability::relaxed, [&](Rows& rows) {
    if (rows.sync_point().epoch == point.epoch && is_news(rows)) rows.put_register(entry);
  });
}

core::Result<void> Replica::put_ticket(const std::string& ticket) {
  return store_->transact(Durability::relaxed, [&](Rows& rows) {
    auto point = rows.sync_point();
    point.ticket = ticket;
    rows.put_sync_point(point);
  });
}

core::Result<void> Replica::put_identity(const Identity& identity) {
  return store_->transact(Durability::flushed, [&](Rows& rows) { rows.put_identity(identity); });
}

}  // namespace enishi::client
