#include "cpp/store/sqlite_tables.h"

#include <sqlite3.h>

#include <algorithm>

#include "cpp/store/replica.h"
#include "cpp/store/sqlite_statement.h"

namespace enishi::client {
namespace {

constexpr int kVersion = 3;        // of the tables; PRAGMA user_version
constexpr int kPatienceMs = 5000;  // as the lock before it

/// `system_errno`: of the operating system, where there was one.
core::Errc errc_of(int code, int system_errno) noexcept {
  const int primary = code & 0xFF;
  // What cannot be made on a full disk is no SQLITE_FULL: the files beside the database are I/O errors.
  const bool is_io = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
  if (is_io && (system_errno == ENOSPC || system_errno == EDQUOT)) return core::Errc::store_full;
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return core::Errc::retry;
    case SQLITE_FULL:
      return core::Errc::store_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
      return core::Errc::store_broken;  // a table or column that is not there
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return core::Errc::store_unsuitable;
    default:
      return core::Errc::store_failed;
  }
}

/// "5-9 20-20", or with what changed: "5-9:00ff".
std::string text_of(const std::vector<Debt>& debts) {
  std::string text;
  for (const auto& debt : debts) {
    if (!text.empty()) text.push_back(' ');
    text += std::to_string(debt.slots.first) + "-" + std::to_string(debt.slots.last);
    if (!debt.changed_since.empty()) text += ":" + to_hex(debt.changed_since);
  }
  return text;
}

std::vector<Debt> debts_of(std::string_view text) {
  std::vector<Debt> debts;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto each = text.substr(0, end);
    const auto colon = std::min(each.find(':'), each.size());
    const auto slots = RangeSet::parse(each.substr(0, colon));
    const auto since = from_hex(colon == each.size() ? std::string_view{} : each.substr(colon + 1));
    if (!slots || slots->ranges().size() != 1 || !since) throw StoreFailure{core::Errc::store_broken};
    debts.push_back({slots->ranges().front(), *since});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return debts;
}

RangeSet ranges_of(std::string_view text) {
  auto set = RangeSet::parse(text);
  if (!set) throw StoreFailure{core::Errc::store_broken};
  return *std::move(set);
}

}  // namespace

SqliteTables::SqliteTables(const std::string& path) {
  try {
    // No URI names, no following of links; made 0600 by the caller.
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) != SQLITE_OK) fail();
    sqlite3_busy_timeout(database_, kPatienceMs);
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA foreign_keys=OFF");
    run("PRAGMA secure_delete=ON");
    make_tables();
  } catch (...) {
    for (const auto& [sql, statement] : prepared_) sqlite3_finalize(statement);
    sqlite3_close_v2(database_);
    throw;
  }
}

SqliteTables::~SqliteTables() {
  for (const auto& [sql, statement] : prepared_) sqlite3_finalize(statement);
  sqlite3_close_v2(database_);
}

void SqliteTables::make_tables() {
  std::int64_t version = 0;
  {
    auto row = prepare("PRAGMA user_version");
    if (row.step()) version = row.number(0);
  }
  if (version > kVersion) throw StoreFailure{core::Errc::store_newer};
  if (version == kVersion) return;
  if (version > 0) {
    run("BEGIN IMMEDIATE");
    make_receipts();
    if (version == 1) make_changes();
    make_drafts();
    // An older program kept registers that it did not know under keys that are not theirs.
    erase_history();
    run("UPDATE sync SET epoch = epoch + 1, cursor = x'', rseq = 0");
    run("COMMIT");
    return;
  }
  // A file with tables but without a version is somebody else's.
  {
    auto row = prepare("SELECT count(*) FROM sqlite_schema");
    if (row.step() && row.number(0) != 0) throw StoreFailure{core::Errc::store_broken};
  }
  run("BEGIN IMMEDIATE");
  run("CREATE TABLE profile(one INTEGER PRIMARY KEY CHECK(one = 1), origin BLOB, public_key BLOB, secret_key BLOB,"
      " device BLOB, member BLOB, handle BLOB, device_name BLOB, inviter BLOB, revoked INTEGER)");
  run("CREATE TABLE sync(one INTEGER PRIMARY KEY CHECK(one = 1), epoch INTEGER, cursor BLOB, rseq INTEGER, at INTEGER,"
      " ticket BLOB)");
  run("CREATE TABLE register(kind INTEGER, key BLOB, register BLOB, PRIMARY KEY(kind, key)) WITHOUT ROWID");
  run("CREATE TABLE conversation(id BLOB PRIMARY KEY, held BLOB, skipped BLOB, debts BLOB, base BLOB,"
      " base_rseq INTEGER, title BLOB, title_seq INTEGER) WITHOUT ROWID");
  run("CREATE TABLE event(conversation BLOB, seq INTEGER, event BLOB, PRIMARY KEY(conversation, seq)) WITHOUT ROWID");
  run("CREATE TABLE outbox(number INTEGER PRIMARY KEY AUTOINCREMENT, client_id BLOB UNIQUE, conversation BLOB, body "
      "BLOB,"
      " reply_to INTEGER, queued_at INTEGER, state INTEGER, seq INTEGER, at INTEGER, duplicate INTEGER, code INTEGER,"
      " text BLOB)");
  make_receipts();
  make_changes();
  make_drafts();
  run("COMMIT");
}

void SqliteTables::make_drafts() {
  // Another process may have been first.
  run("CREATE TABLE IF NOT EXISTS draft(conversation BLOB PRIMARY KEY, base_rev INTEGER, text BLOB, caret INTEGER,"
      " reply_to INTEGER, beside INTEGER, refused INTEGER) WITHOUT ROWID");
  {
    auto row = prepare("SELECT count(*) FROM pragma_table_info('outbox') WHERE name = 'draft_rev'");
    if (!row.step() || row.number(0) == 0) run("ALTER TABLE outbox ADD COLUMN draft_rev INTEGER NOT NULL DEFAULT 0");
  }
  run("PRAGMA user_version=3");
}

void SqliteTables::make_receipts() {
  // Another process may have been first.
  run("CREATE TABLE IF NOT EXISTS receipt(conversation BLOB, handle BLOB, delivered INTEGER, read INTEGER,"
      " PRIMARY KEY(conversation, handle)) WITHOUT ROWID");
}

void SqliteTables::make_changes() {
  // Another process may have been first.
  {
    auto row = prepare("SELECT count(*) FROM pragma_table_info('event') WHERE name = 'target'");
    if (row.step() && row.number(0) != 0) return;
  }
  run("ALTER TABLE event ADD COLUMN target INTEGER NOT NULL DEFAULT 0");
  // An older program kept changes that it did not understand, as if they were nothing: the history is fetched anew.
  erase_history();
  run("UPDATE sync SET epoch = epoch + 1, cursor = x'', rseq = 0");
  run("CREATE INDEX event_by_target ON event(conversation, target, seq) WHERE target > 0");
}

void SqliteTables::fail() { throw StoreFailure{errc_of(sqlite3_errcode(database_), sqlite3_system_errno(database_))}; }

SqliteTables::Statement SqliteTables::prepare(const char* sql) {
  auto& statement = prepared_[sql];
  if (statement == nullptr &&
      sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    fail();
  return {*this, statement};
}

void SqliteTables::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

void SqliteTables::begin(Durability durability) {
  // NORMAL in WAL: a commit may be lost with the power, but only with all that came after it.
  run(durability == Durability::flushed ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  run("BEGIN IMMEDIATE");
}

void SqliteTables::begin_reading() { run("BEGIN"); }

void SqliteTables::commit() { run("COMMIT"); }

void SqliteTables::roll_back() noexcept {
  if (sqlite3_get_autocommit(database_) == 0) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

std::optional<Identity> SqliteTables::identity() {
  auto row = prepare(
      "SELECT origin, public_key, secret_key, device, member, handle, device_name, inviter, revoked FROM profile");
  if (!row.step()) return std::nullopt;
  Identity identity;
  identity.origin = row.bytes(0);
  identity.keys.public_key = fixed_of<core::PublicKey>(row.bytes(1));
  if (row.bytes(2).size() != identity.keys.secret_key.size()) throw StoreFailure{core::Errc::store_broken};
  std::ranges::copy(row.bytes(2), identity.keys.secret_key.begin());
  identity.device = fixed_of<core::PublicId>(row.bytes(3));
  identity.member = fixed_of<core::PublicId>(row.bytes(4));
  identity.handle = row.bytes(5);
  identity.device_name = row.bytes(6);
  identity.inviter = row.bytes(7);
  identity.revoked = row.number(8) != 0;
  return identity;
}

void SqliteTables::put_identity(const Identity& identity) {
  const auto& secret = identity.keys.secret_key;
  prepare("INSERT OR REPLACE INTO profile VALUES(1, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(identity.origin)
      .bind(identity.keys.public_key.view())
      .bind(std::string_view(reinterpret_cast<const char*>(secret.data()), secret.size()))
      .bind(identity.device.view())
      .bind(identity.member.view())
      .bind(identity.handle)
      .bind(identity.device_name)
      .bind(identity.inviter)
      .bind(std::int64_t{identity.revoked})
      .step();
}

SyncPoint SqliteTables::sync_point() {
  auto row = prepare("SELECT epoch, cursor, rseq, at, ticket FROM sync");
  if (!row.step()) return {};
  return {row.count(0), std::string(row.bytes(1)), row.count(2), time_of(row.number(3)), std::string(row.bytes(4))};
}

void SqliteTables::put_sync_point(const SyncPoint& point) {
  prepare("INSERT OR REPLACE INTO sync VALUES(1, ?, ?, ?, ?, ?)")
      .bind(number_of(point.epoch))
      .bind(point.cursor)
      .bind(number_of(point.rseq))
      .bind(number_of(point.at))
      .bind(point.ticket)
      .step();
}

std::optional<v1::Register> SqliteTables::find_register(v1::RegisterKind kind, std::string_view key) {
  auto row = prepare("SELECT register FROM register WHERE kind = ? AND key = ?");
  if (!row.bind(std::int64_t{kind}).bind(key).step()) return std::nullopt;
  return decode<v1::Register>(row.bytes(0));
}

void SqliteTables::put_register(const v1::Register& entry) {
  const auto bytes = entry.SerializeAsString();
  prepare("INSERT OR REPLACE INTO register VALUES(?, ?, ?)")
      .bind(std::int64_t{entry.kind()})
      .bind(key_of(entry))
      .bind(bytes)
      .step();
}

std::vector<v1::Register> SqliteTables::registers(v1::RegisterKind kind) {
  auto row = prepare("SELECT register FROM register WHERE kind = ? ORDER BY key");
  row.bind(std::int64_t{kind});
  std::vector<v1::Register> found;
  while (row.step()) found.push_back(decode<v1::Register>(row.bytes(0)));
  return found;
}

std::optional<ConversationRow> SqliteTables::conversation(const core::PublicId& id) {
  auto row = prepare("SELECT held, skipped, debts, base, base_rseq, title, title_seq FROM conversation WHERE id = ?");
  if (!row.bind(id.view()).step()) return std::nullopt;
  ConversationRow kept;
  kept.id = id;
  kept.held = ranges_of(row.bytes(0));
  kept.skipped = ranges_of(row.bytes(1));
  kept.debts = debts_of(row.bytes(2));
  kept.base = decode<v1::Head>(row.bytes(3));
  kept.base_rseq = row.count(4);
  kept.title = row.bytes(5);
  kept.title_seq = row.count(6);
  return kept;
}

void SqliteTables::put_conversation(const ConversationRow& row) {
  const auto held = row.held.text();
  const auto skipped = row.skipped.text();
  const auto debts = text_of(row.debts);
  const auto base = row.base.SerializeAsString();
  prepare("INSERT OR REPLACE INTO conversation VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.id.view())
      .bind(held)
      .bind(skipped)
      .bind(debts)
      .bind(base)
      .bind(number_of(row.base_rseq))
      .bind(row.title)
      .bind(number_of(row.title_seq))
      .step();
}

void SqliteTables::erase_conversation(const core::PublicId& id) {
  prepare("DELETE FROM conversation WHERE id = ?").bind(id.view()).step();
  prepare("DELETE FROM event WHERE conversation = ?").bind(id.view()).step();
  prepare("DELETE FROM receipt WHERE conversation = ?").bind(id.view()).step();
}

std::vector<core::PublicId> SqliteTables::conversation_ids() {
  auto row = prepare("SELECT id FROM conversation ORDER BY id");
  std::vector<core::PublicId> ids;
  while (row.step()) ids.push_back(fixed_of<core::PublicId>(row.bytes(0)));
  return ids;
}

bool SqliteTables::put_event(const v1::Event& event) {
  const auto bytes = event.SerializeAsString();
  prepare("INSERT OR IGNORE INTO event(conversation, seq, event, target) VALUES(?, ?, ?, ?)")
      .bind(event.conversation_id())
      .bind(number_of(event.seq()))
      .bind(bytes)
      .bind(number_of(event.target_seq()))
      .step();
  return sqlite3_changes(database_) != 0;
}

void SqliteTables::replace_event(const v1::Event& event) {
  const auto bytes = event.SerializeAsString();
  prepare("UPDATE event SET event = ? WHERE conversation = ? AND seq = ?")
      .bind(bytes)
      .bind(event.conversation_id())
      .bind(number_of(event.seq()))
      .step();
}

std::vector<v1::Event> SqliteTables::changes(const core::PublicId& conversation, std::uint64_t first,
                                             std::uint64_t last) {
  constexpr std::uint64_t kMost = INT64_MAX;
  auto row = prepare(
      "SELECT event FROM event INDEXED BY event_by_target"
      " WHERE conversation = ? AND target BETWEEN ? AND ? AND target > 0 ORDER BY seq");
  row.bind(conversation.view()).bind(number_of(std::min(first, kMost))).bind(number_of(std::min(last, kMost)));
  std::vector<v1::Event> found;
  while (row.step()) found.push_back(decode<v1::Event>(row.bytes(0)));
  return found;
}

std::optional<v1::Event> SqliteTables::newest_entry(const core::PublicId& conversation) {
  auto row = prepare("SELECT event FROM event WHERE conversation = ? AND target = 0 ORDER BY seq DESC LIMIT 1");
  if (!row.bind(conversation.view()).step()) return std::nullopt;
  return decode<v1::Event>(row.bytes(0));
}

std::optional<v1::Event> SqliteTables::event(const core::PublicId& conversation, std::uint64_t seq) {
  auto row = prepare("SELECT event FROM event WHERE conversation = ? AND seq = ?");
  if (!row.bind(conversation.view()).bind(number_of(seq)).step()) return std::nullopt;
  return decode<v1::Event>(row.bytes(0));
}

std::vector<v1::Event> SqliteTables::events(const core::PublicId& conversation, std::uint64_t first, std::uint64_t last,
                                            std::size_t limit, bool newest) {
  constexpr std::uint64_t kMost = INT64_MAX;
  auto row = prepare(newest ? "SELECT event FROM event WHERE conversation = ? AND seq BETWEEN ? AND ?"
                              " ORDER BY seq DESC LIMIT ?"
                            : "SELECT event FROM event WHERE conversation = ? AND seq BETWEEN ? AND ?"
                              " ORDER BY seq LIMIT ?");
  row.bind(conversation.view())
      .bind(number_of(std::min(first, kMost)))
      .bind(number_of(std::min(last, kMost)))
      .bind(number_of(std::min<std::uint64_t>(limit, kMost)));
  std::vector<v1::Event> found;
  while (row.step()) found.push_back(decode<v1::Event>(row.bytes(0)));
  if (newest) std::ranges::reverse(found);
  return found;
}

void SqliteTables::erase_history() {
  prepare("DELETE FROM register").step();
  prepare("DELETE FROM conversation").step();
  prepare("DELETE FROM event").step();
  prepare("DELETE FROM receipt").step();
}

void SqliteTables::put_receipt(const core::PublicId& conversation, const ReceiptRow& row) {
  prepare("INSERT OR REPLACE INTO receipt VALUES(?, ?, ?, ?)")
      .bind(conversation.view())
      .bind(row.handle)
      .bind(number_of(row.delivered))
      .bind(number_of(row.read))
      .step();
}

std::vector<ReceiptRow> SqliteTables::receipts(const core::PublicId& conversation) {
  auto row = prepare("SELECT handle, delivered, read FROM receipt WHERE conversation = ? ORDER BY handle");
  row.bind(conversation.view());
  std::vector<ReceiptRow> found;
  while (row.step()) found.push_back({std::string(row.bytes(0)), row.count(1), row.count(2)});
  return found;
}

}  // namespace enishi::client
