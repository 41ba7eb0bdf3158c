// The tables of profile.db. Of sqlite_store.cc only.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cpp/store/local_store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace enishi::client {

/// One connection and its prepared statements. Throws StoreFailure: retry (locked for over 5 s), store_full,
/// store_broken, store_newer, store_unsuitable (read-only, cannot be opened), store_failed (all else). Owner: one
/// thread.
class SqliteTables final : public Rows {
 public:
  /// Opens the file, and makes the tables in an empty one.
  explicit SqliteTables(const std::string& path);
  ~SqliteTables() override;
  SqliteTables(const SqliteTables&) = delete;
  SqliteTables& operator=(const SqliteTables&) = delete;

  void begin(Durability durability);
  void begin_reading();
  void commit();
  void roll_back() noexcept;

  std::optional<Identity> identity() override;
  void put_identity(const Identity& identity) override;
  SyncPoint sync_point() override;
  void put_sync_point(const SyncPoint& point) override;
  std::optional<v1::Register> find_register(v1::RegisterKind kind, std::string_view key) override;
  void put_register(const v1::Register& entry) override;
  std::vector<v1::Register> registers(v1::RegisterKind kind) override;
  std::optional<ConversationRow> conversation(const core::PublicId& id) override;
  void put_conversation(const ConversationRow& row) override;
  void erase_conversation(const core::PublicId& id) override;
  std::vector<core::PublicId> conversation_ids() override;
  bool put_event(const v1::Event& event) override;
  std::optional<v1::Event> event(const core::PublicId& conversation, std::uint64_t seq) override;
  std::vector<v1::Event> events(const core::PublicId& conversation, std::uint64_t first, std::uint64_t last,
                                std::size_t limit, bool newest) override;
  void replace_event(const v1::Event& event) override;
  std::vector<v1::Event> changes(const core::PublicId& conversation, std::uint64_t first, std::uint64_t last) override;
  std::optional<v1::Event> newest_entry(const core::PublicId& conversation) override;
  void put_receipt(const core::PublicId& conversation, const ReceiptRow& row) override;
  std::vector<ReceiptRow> receipts(const core::PublicId& conversation) override;
  void erase_history() override;
  std::uint64_t put_outbox(const OutboxEntry& entry) override;
  void erase_outbox(std::uint64_t number) override;
  std::vector<OutboxEntry> outbox() override;
  std::optional<OutboxEntry> outbox_entry(const core::ClientId& client_id) override;
  void put_draft(const LocalDraft& draft) override;
  void erase_draft(const core::PublicId& conversation) override;
  std::optional<LocalDraft> draft(const core::PublicId& conversation) override;
  std::vector<LocalDraft> drafts() override;

 private:
  class Statement;
  Statement prepare(const char* sql);
  void run(const char* sql);
  void make_tables();
  /// From version 1 to 2: events that change others can be found by what they change.
  void make_changes();
  /// From version 2 to 3: what was typed and is not with the server, and how far others are.
  void make_drafts();
  void make_receipts();
  [[noreturn]] void fail();
  static OutboxEntry entry_of(const Statement& row);
  static LocalDraft draft_of(const Statement& row);

  sqlite3* database_ = nullptr;
  std::map<const char*, sqlite3_stmt*> prepared_;  // by address: every text is a literal
};

}  // namespace enishi::client
