#include "cpp/store/outbox.h"

#include <algorithm>
#include <set>

#include "core/text.h"

namespace enishi::client {

core::Result<OutboxEntry> Outbox::enqueue(const Draft& draft, core::WallTime now, Entropy& entropy,
                                          std::size_t body_bytes_max) {
  if (draft.body.empty()) return core::Errc::body_empty;
  if (draft.body.size() > body_bytes_max) return core::Errc::body_too_large;
  if (!core::is_utf8(draft.body)) return core::Errc::not_utf8;
  OutboxEntry entry;
  entry.client_id = draft.client_id ? *draft.client_id : make_client_id(now, entropy);
  entry.conversation = draft.conversation;
  entry.body = draft.body;
  entry.reply_to = draft.reply_to;
  entry.queued_at = now;
  entry.draft_rev = draft.draft_rev;
  if (entry.conversation.is_zero()) entry.text = draft.to;
  bool reused = false;
  const auto done = store_->transact(Durability::flushed, [&](Rows& rows) {
    const auto before = rows.outbox_entry(entry.client_id);
    if (before && before->state == SendState::queued) {
      reused = before->conversation != entry.conversation || before->body != entry.body ||
               before->reply_to != entry.reply_to || before->text != entry.text;
      entry = *before;
      return;
    }
    // Settled before: the server is asked again, and it alone judges whether this is a repeat.
    if (before) rows.erase_outbox(before->number);
    entry.number = rows.put_outbox(entry);
    // The text is in the outbox now.
    if (draft.takes_field) rows.erase_draft(entry.conversation);
  });
  if (!done) return done.error();
  if (reused) return core::Errc::client_id_reused;
  stale_ = true;
  return entry;
}

void Outbox::load(Rows& rows) {
  const auto all = rows.outbox();
  queue_.clear();
  std::size_t settled = 0;
  for (const auto& entry : all) {
    if (entry.state == SendState::queued && !in_flight_.contains(entry.client_id)) queue_.push_back(entry);
    settled += entry.state == SendState::committed ? 1 : 0;
  }
  for (const auto& entry : all) {
    if (settled <= kSettledKept) break;
    if (entry.state != SendState::committed) continue;
    rows.erase_outbox(entry.number);
    --settled;
  }
  stale_ = false;
}

core::Result<std::vector<OutboxEntry>> Outbox::take() {
  std::vector<OutboxEntry> taken;
  blocked_ = false;
  if (!locked_) {
    bool work = false;
    const auto looked = store_->read([&](Rows& rows) {
      work = std::ranges::any_of(rows.outbox(), [](const auto& each) { return each.state == SendState::queued; });
    });
    if (!looked) return looked.error();
    if (!work) return taken;
    locked_ = store_->try_lock_outbox(this);
    blocked_ = !locked_;
    if (blocked_) return taken;
    stale_ = true;  // the last holder may have settled some since
  }
  if (stale_ || queue_.empty()) {
    const auto loaded = store_->transact(Durability::relaxed, [this](Rows& rows) { load(rows); });
    if (!loaded) return loaded.error();
  }
  std::set<core::PublicId> busy;
  for (const auto& [id, conversation] : in_flight_) busy.insert(conversation);
  for (auto at = queue_.begin(); at != queue_.end();) {
    // Nothing overtakes it: what comes after may be for the same person.
    if (at->conversation.is_zero()) break;
    if (!busy.insert(at->conversation).second) {
      ++at;
      continue;
    }
    in_flight_.emplace(at->client_id, at->conversation);
    taken.push_back(std::move(*at));
    at = queue_.erase(at);
  }
  if (in_flight_.empty()) release();
  return taken;
}

core::Result<std::optional<OutboxEntry>> Outbox::settle(const core::ClientId& id,
                                                        const std::function<void(OutboxEntry&)>& change) {
  in_flight_.erase(id);
  std::optional<OutboxEntry> settled;
  // Lost with the power it would be sent again, and get its original answer.
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    settled = rows.outbox_entry(id);
    if (!settled) return;
    change(*settled);
    rows.put_outbox(*settled);
  });
  if (!done) return done.error();
  return settled;
}

core::Result<std::optional<OutboxEntry>> Outbox::committed(const core::ClientId& id, std::uint64_t seq,
                                                           core::WallTime at, bool duplicate) {
  return settle(id, [&](OutboxEntry& entry) {
    entry.state = SendState::committed;
    entry.seq = seq;
    entry.at = at;
    entry.duplicate = duplicate;
  });
}

core::Result<std::optional<OutboxEntry>> Outbox::rejected(const core::ClientId& id, v1::ErrorCode code,
                                                          const std::string& text) {
  return settle(id, [&](OutboxEntry& entry) {
    entry.state = SendState::rejected;
    entry.code = static_cast<std::uint32_t>(code);
    entry.text = text;
  });
}

core::Result<std::vector<OutboxEntry>> Outbox::resolve(
    const std::function<std::optional<core::PublicId>(const std::string& to)>& find) {
  const auto is_open = [](const OutboxEntry& each) {
    return each.state == SendState::queued && each.conversation.is_zero();
  };
  auto entries = pending();
  if (!entries) return entries;
  std::erase_if(*entries, [&](const OutboxEntry& each) { return !is_open(each); });
  std::map<std::string, std::optional<core::PublicId>> found;
  for (const auto& each : *entries) found.try_emplace(each.text, std::nullopt);
  for (auto& [to, id] : found) id = find(to);
  std::vector<OutboxEntry> rejected;
  if (entries->empty()) return rejected;
  const auto done = store_->transact(Durability::relaxed, [&](Rows& rows) {
    for (const auto& each : *entries) {
      auto entry = rows.outbox_entry(each.client_id);
      if (!entry || !is_open(*entry)) continue;  // another process was first
      if (const auto& id = found[entry->text]) {
        entry->conversation = *id;
        entry->text.clear();
      } else {
        entry->state = SendState::rejected;
        entry->code = static_cast<std::uint32_t>(v1::ERROR_CODE_NOT_FOUND);
        rejected.push_back(*entry);
      }
      rows.put_outbox(*entry);
    }
  });
  if (!done) return done.error();
  stale_ = true;
  return rejected;
}

void Outbox::put_back(const core::ClientId& id) {
  in_flight_.erase(id);
  stale_ = true;
}

void Outbox::on_disconnected() {
  in_flight_.clear();
  queue_.clear();
  release();
}

void Outbox::release() {
  if (locked_) store_->unlock_outbox(this);
  locked_ = false;
  queue_.clear();
}

core::Result<std::vector<OutboxEntry>> Outbox::pending() {
  std::vector<OutboxEntry> entries;
  const auto done = store_->read([&](Rows& rows) { entries = rows.outbox(); });
  if (!done) return done.error();
  std::erase_if(entries, [](const OutboxEntry& each) { return each.state == SendState::committed; });
  return entries;
}

core::Result<std::optional<OutboxEntry>> Outbox::find(const core::ClientId& id) {
  std::optional<OutboxEntry> entry;
  const auto done = store_->read([&](Rows& rows) { entry = rows.outbox_entry(id); });
  if (!done) return done.error();
  return entry;
}

core::Result<void> Outbox::dismiss(const core::ClientId& id) {
  return store_->transact(Durability::relaxed, [&](Rows& rows) {
    const auto entry = rows.outbox_entry(id);
    if (entry && entry->state == SendState::rejected) rows.erase_outbox(entry->number);
  });
}

}  // namespace enishi::client
