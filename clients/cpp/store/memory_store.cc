#include "cpp/store/memory_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cpp/store/replica.h"

namespace enishi::client {

class MemoryStore::Tables final : public Rows {
 public:
  std::optional<Identity> identity() override { return identity_; }
  void put_identity(const Identity& identity) override { identity_ = identity; }
  SyncPoint sync_point() override { return point_; }
  void put_sync_point(const SyncPoint& point) override { point_ = point; }

  std::optional<v1::Register> find_register(v1::RegisterKind kind, std::string_view key) override {
    const auto at = registers_.find({kind, std::string(key)});
    return at == registers_.end() ? std::nullopt : std::optional(at->second);
  }
  void put_register(const v1::Register& entry) override { registers_[{entry.kind(), key_of(entry)}] = entry; }
  std::vector<v1::Register> registers(v1::RegisterKind kind) override {
    std::vector<v1::Register> found;
    for (auto at = registers_.lower_bound({kind, {}}); at != registers_.end() && at->first.first == kind; ++at)
      found.push_back(at->second);
    return found;
  }

  std::optional<ConversationRow> conversation(const core::PublicId& id) override {
    const auto at = conversations_.find(id);
    return at == conversations_.end() ? std::nullopt : std::optional(at->second);
  }
  void put_conversation(const ConversationRow& row) override { conversations_[row.id] = row; }
  void erase_conversation(const core::PublicId& id) override {
    conversations_.erase(id);
    events_.erase(id);
    receipts_.erase(id);
  }
  std::vector<core::PublicId> conversation_ids() override {
    std::vector<core::PublicId> ids;
    for (const auto& [id, row] : conversations_) ids.push_back(id);
    return ids;
  }

  bool put_event(const v1::Event& event) override {
    return events_[id_of(event.conversation_id())].try_emplace(event.seq(), event).second;
  }
  std::optional<v1::Event> event(const core::PublicId& conversation, std::uint64_t seq) override {
    const auto log = events_.find(conversation);
    if (log == events_.end()) return std::nullopt;
    const auto at = log->second.find(seq);
    return at == log->second.end() ? std::nullopt : std::optional(at->second);
  }
  void replace_event(const v1::Event& event) override {
    events_[id_of(event.conversation_id())].insert_or_assign(event.seq(), event);
  }
  std::vector<v1::Event> changes(const core::PublicId& conversation, std::uint64_t first, std::uint64_t last) override {
    std::vector<v1::Event> found;
    for (const auto& [seq, event] : events_[conversation])
      if (event.target_seq() != 0 && event.target_seq() >= first && event.target_seq() <= last) found.push_back(event);
    return found;
  }
  std::optional<v1::Event> newest_entry(const core::PublicId& conversation) override {
    const auto& log = events_[conversation];
    const auto at =
        std::find_if(log.rbegin(), log.rend(), [](const auto& each) { return each.second.target_seq() == 0; });
    return at == log.rend() ? std::nullopt : std::optional(at->second);
  }
  std::vector<v1::Event> events(const core::PublicId& conversation, std::uint64_t first, std::uint64_t last,
                                std::size_t limit, bool newest) override {
    const auto log = events_.find(conversation);
    if (log == events_.end() || first > last) return {};
    auto from = log->second.lower_bound(first);
    auto to = log->second.upper_bound(last);
    if (newest) {
      auto at = to;
      while (at != from && limit > 0) --at, --limit;
      from = at;
    }
    std::vector<v1::Event> found;
    for (; from != to && (newest || found.size() < limit); ++from) found.push_back(from->second);
    return found;
  }
  void put_receipt(const core::PublicId& conversation, const ReceiptRow& row) override {
    receipts_[conversation][row.handle] = row;
  }
  std::vector<ReceiptRow> receipts(const core::PublicId& conversation) override {
    std::vector<ReceiptRow> found;
    const auto kept = receipts_.find(conversation);
    if (kept == receipts_.end()) return found;
    for (const auto& [handle, row] : kept->second) found.push_back(row);
    return found;
  }
  void erase_history() override {
    receipts_.clear();
    registers_.clear();
    conversations_.clear();
    events_.clear();
  }

  std::uint64_t put_outbox(const OutboxEntry& entry) override {
    auto kept = entry;
    if (kept.number == 0) kept.number = ++last_number_;
    outbox_[kept.number] = kept;
    return kept.number;
  }
  void erase_outbox(std::uint64_t number) override { outbox_.erase(number); }
  std::vector<OutboxEntry> outbox() override {
    std::vector<OutboxEntry> entries;
    for (const auto& [number, entry] : outbox_) entries.push_back(entry);
    return entries;
  }
  std::optional<OutboxEntry> outbox_entry(const core::ClientId& client_id) override {
    for (const auto& [number, entry] : outbox_)
      if (entry.client_id == client_id) return entry;
    return std::nullopt;
  }

  void put_draft(const LocalDraft& draft) override { drafts_[draft.conversation] = draft; }
  void erase_draft(const core::PublicId& conversation) override { drafts_.erase(conversation); }
  std::optional<LocalDraft> draft(const core::PublicId& conversation) override {
    const auto at = drafts_.find(conversation);
    return at == drafts_.end() ? std::nullopt : std::optional(at->second);
  }
  std::vector<LocalDraft> drafts() override {
    std::vector<LocalDraft> all;
    for (const auto& [id, draft] : drafts_) all.push_back(draft);
    return all;
  }

 private:
  std::map<core::PublicId, LocalDraft> drafts_;
  std::optional<Identity> identity_;
  SyncPoint point_;
  std::map<std::pair<v1::RegisterKind, std::string>, v1::Register> registers_;
  std::map<core::PublicId, ConversationRow> conversations_;
  std::map<core::PublicId, std::map<std::uint64_t, v1::Event>> events_;
  std::map<core::PublicId, std::map<std::string, ReceiptRow>> receipts_;
  std::map<std::uint64_t, OutboxEntry> outbox_;
  std::uint64_t last_number_ = 0;
};

MemoryStore::MemoryStore() : tables_(std::make_unique<Tables>()) {}
MemoryStore::~MemoryStore() = default;

core::Result<void> MemoryStore::transact(Durability, const std::function<void(Rows&)>& work) {
  // Memory itself never fails half-way, so a refusal before the work is all that atomicity needs here.
  if (failures_ > 0) {
    --failures_;
    return failure_;
  }
  work(*tables_);
  return {};
}

core::Result<void> MemoryStore::read(const std::function<void(Rows&)>& work) {
  work(*tables_);
  return {};
}

bool MemoryStore::try_lock_outbox(const void* owner) {
  if (flusher_ != nullptr && flusher_ != owner) return false;
  flusher_ = owner;
  return true;
}

void MemoryStore::unlock_outbox(const void* owner) {
  if (flusher_ == owner) flusher_ = nullptr;
}

}  // namespace enishi::client
