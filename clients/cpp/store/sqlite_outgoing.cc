// What goes out of profile.db: the outbox, and drafts that the server has not got.
#include "cpp/store/sqlite_statement.h"

namespace enishi::client {

std::uint64_t SqliteTables::put_outbox(const OutboxEntry& entry) {
  const char* const append =
      "INSERT INTO outbox(client_id, conversation, body, reply_to, queued_at, state, seq, at, duplicate, code, text,"
      " draft_rev) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  const char* const replace =
      "UPDATE outbox SET client_id = ?, conversation = ?, body = ?, reply_to = ?, queued_at = ?, state = ?, seq = ?,"
      " at = ?, duplicate = ?, code = ?, text = ?, draft_rev = ? WHERE number = ?";
  auto row = prepare(entry.number == 0 ? append : replace);
  row.bind(entry.client_id.view())
      .bind(entry.conversation.view())
      .bind(entry.body)
      .bind(number_of(entry.reply_to))
      .bind(number_of(entry.queued_at))
      .bind(static_cast<std::int64_t>(entry.state))
      .bind(number_of(entry.seq))
      .bind(number_of(entry.at))
      .bind(std::int64_t{entry.duplicate})
      .bind(std::int64_t{entry.code})
      .bind(entry.text)
      .bind(number_of(entry.draft_rev));
  if (entry.number != 0) row.bind(number_of(entry.number));
  row.step();
  return entry.number != 0 ? entry.number : static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_));
}

void SqliteTables::erase_outbox(std::uint64_t number) {
  prepare("DELETE FROM outbox WHERE number = ?").bind(number_of(number)).step();
}

OutboxEntry SqliteTables::entry_of(const Statement& row) {
  OutboxEntry entry;
  entry.number = row.count(0);
  entry.client_id = fixed_of<core::ClientId>(row.bytes(1));
  entry.conversation = fixed_of<core::PublicId>(row.bytes(2));
  entry.body = row.bytes(3);
  entry.reply_to = row.count(4);
  entry.queued_at = time_of(row.number(5));
  if (row.number(6) < 0 || row.number(6) > 2) throw StoreFailure{core::Errc::store_broken};
  entry.state = static_cast<SendState>(row.number(6));
  entry.seq = row.count(7);
  entry.at = time_of(row.number(8));
  entry.duplicate = row.number(9) != 0;
  entry.code = static_cast<std::uint32_t>(row.number(10));
  entry.text = row.bytes(11);
  entry.draft_rev = row.count(12);
  return entry;
}

std::vector<OutboxEntry> SqliteTables::outbox() {
  auto row = prepare("SELECT * FROM outbox ORDER BY number");
  std::vector<OutboxEntry> entries;
  while (row.step()) entries.push_back(entry_of(row));
  return entries;
}

std::optional<OutboxEntry> SqliteTables::outbox_entry(const core::ClientId& client_id) {
  auto row = prepare("SELECT * FROM outbox WHERE client_id = ?");
  if (!row.bind(client_id.view()).step()) return std::nullopt;
  return entry_of(row);
}

void SqliteTables::put_draft(const LocalDraft& draft) {
  prepare("INSERT OR REPLACE INTO draft VALUES(?, ?, ?, ?, ?, ?, ?)")
      .bind(draft.conversation.view())
      .bind(number_of(draft.base_rev))
      .bind(draft.text)
      .bind(std::int64_t{draft.caret})
      .bind(number_of(draft.reply_to))
      .bind(std::int64_t{draft.beside})
      .bind(std::int64_t{draft.refused})
      .step();
}

void SqliteTables::erase_draft(const core::PublicId& conversation) {
  prepare("DELETE FROM draft WHERE conversation = ?").bind(conversation.view()).step();
}

LocalDraft SqliteTables::draft_of(const Statement& row) {
  return {fixed_of<core::PublicId>(row.bytes(0)),
          row.count(1),
          std::string(row.bytes(2)),
          static_cast<std::uint32_t>(row.count(3)),
          row.count(4),
          row.number(5) != 0,
          row.number(6) != 0};
}

std::optional<LocalDraft> SqliteTables::draft(const core::PublicId& conversation) {
  auto row = prepare("SELECT * FROM draft WHERE conversation = ?");
  if (!row.bind(conversation.view()).step()) return std::nullopt;
  return draft_of(row);
}

std::vector<LocalDraft> SqliteTables::drafts() {
  auto row = prepare("SELECT * FROM draft ORDER BY conversation");
  std::vector<LocalDraft> all;
  while (row.step()) all.push_back(draft_of(row));
  return all;
}

}  // namespace enishi::client
