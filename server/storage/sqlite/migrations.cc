#include "storage/sqlite/migrations.h"

#include "storage/sqlite/place.h"
#include "storage/sqlite/statement.h"

namespace enishi::storage {
namespace {

using core::Errc;

// Append first, index second: `event` grows at its end in commit order, its two indexes lie beside it. Head, ranks and
// newest position are those of the last event; no row of a conversation is touched by a message.
// `state.position` moves only for a commit whose last position is not in an event.
// `interval` starts with (member, public_id), so that one search answers who may see what, and a miss reads the same
// whether the conversation exists or not. Numbers are the dense ones; 0 names nothing. Times are milliseconds.
constexpr const char* kVersion1 = R"(
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL) STRICT;
INSERT INTO state VALUES (1, 0);
CREATE TABLE incarnation (
  number INTEGER PRIMARY KEY, random INTEGER NOT NULL, first_position INTEGER NOT NULL) STRICT;

CREATE TABLE member (
  id INTEGER PRIMARY KEY, public_id BLOB NOT NULL UNIQUE, handle TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  inviter INTEGER NOT NULL, joined_at INTEGER NOT NULL, joined INTEGER NOT NULL) STRICT;
CREATE TABLE device (
  id INTEGER PRIMARY KEY, public_id BLOB NOT NULL UNIQUE, member INTEGER NOT NULL, name TEXT NOT NULL,
  public_key BLOB NOT NULL UNIQUE, generation INTEGER NOT NULL, created_at INTEGER NOT NULL,
  last_seen INTEGER NOT NULL, revoked INTEGER NOT NULL) STRICT;
CREATE INDEX device_by_member ON device (member);
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY, public_id BLOB NOT NULL UNIQUE, secret_hash BLOB NOT NULL UNIQUE, inviter INTEGER NOT NULL,
  uses INTEGER NOT NULL, used INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
CREATE INDEX invitation_by_inviter ON invitation (inviter);
CREATE TABLE recovery_code (
  secret_hash BLOB PRIMARY KEY, member INTEGER NOT NULL, used_by INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_code_by_member ON recovery_code (member);

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY, public_id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, title TEXT NOT NULL,
  owner INTEGER NOT NULL, peer INTEGER NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX conversation_direct ON conversation (owner, peer) WHERE kind = 1;
CREATE TABLE interval (
  member INTEGER NOT NULL, public_id BLOB NOT NULL, joined INTEGER NOT NULL, since INTEGER NOT NULL,
  conversation INTEGER NOT NULL, left_at INTEGER NOT NULL,
  PRIMARY KEY (member, public_id, joined, since)) STRICT, WITHOUT ROWID;
CREATE INDEX interval_by_number ON interval (member, conversation, joined, since, left_at);
CREATE INDEX interval_open ON interval (conversation, member, joined, since) WHERE left_at = 0;

CREATE TABLE event (
  id INTEGER PRIMARY KEY, position INTEGER NOT NULL, conversation INTEGER NOT NULL, seq INTEGER NOT NULL,
  kind INTEGER NOT NULL, author INTEGER NOT NULL, device INTEGER NOT NULL, client_id BLOB NOT NULL,
  at INTEGER NOT NULL, reply_to INTEGER NOT NULL, rank INTEGER NOT NULL, author_rank INTEGER NOT NULL,
  people BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX event_by_seq ON event (conversation, seq);
CREATE INDEX event_by_author ON event (conversation, author, seq, author_rank);

CREATE TABLE register (
  member INTEGER NOT NULL, kind INTEGER NOT NULL, object INTEGER NOT NULL, position INTEGER NOT NULL,
  rseq INTEGER NOT NULL, removed INTEGER NOT NULL, rev INTEGER NOT NULL, seq INTEGER NOT NULL,
  by_device INTEGER NOT NULL, tie INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (member, kind, object)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX register_by_rseq ON register (member, rseq);
CREATE TABLE request (
  client_id BLOB NOT NULL, author INTEGER NOT NULL, digest BLOB NOT NULL, conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL, value INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (client_id, author)) STRICT, WITHOUT ROWID;
)";

// Messages that live. Only events that change a message are in the two partial indexes: of one message by target, and
// since a seq. Deleted messages that had counted, and mentions as they are now, lie apart, so that what counts behind a
// marker is a rank less a short list.
constexpr const char* kVersion2 = R"(
ALTER TABLE event ADD COLUMN target INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN target_author INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN is_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN mentions_all INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN former_people BLOB NOT NULL DEFAULT x'';
ALTER TABLE event ADD COLUMN former_all INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN destroyed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN origin_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_by_target ON event (conversation, target, seq) WHERE target > 0;
CREATE INDEX event_changing ON event (conversation, seq) WHERE target > 0;
CREATE TABLE deleted_message (
  conversation INTEGER NOT NULL, seq INTEGER NOT NULL, author INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE mention (
  conversation INTEGER NOT NULL, member INTEGER NOT NULL, seq INTEGER NOT NULL, author INTEGER NOT NULL,
  PRIMARY KEY (conversation, member, seq)) STRICT, WITHOUT ROWID;
)";

// Drafts with their caret, and what members show of themselves.
constexpr const char* kVersion3 = R"(
ALTER TABLE register ADD COLUMN caret INTEGER NOT NULL DEFAULT 0;
ALTER TABLE register ADD COLUMN reply_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN hue INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN picture_id BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
CREATE TABLE picture (member INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
)";

constexpr Migration kMigrations[] = {{1, kVersion1}, {2, kVersion2}, {3, kVersion3}};

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result.append(c == '\'' ? 2 : 1, c);
  return result + "'";
}

/// True when nothing was ever put into this database.
bool is_empty(Connection& connection) { return connection.number("SELECT count(*) FROM sqlite_schema") == 0; }

void copy_before(Connection& connection, const std::filesystem::path& file, std::int64_t version) {
  const std::filesystem::path copy = file.string() + ".before-v" + std::to_string(version);
  // A copy that a crash cut short never has the final name.
  const std::filesystem::path unfinished = copy.string() + ".unfinished";
  make_empty_file(unfinished);
  connection.execute("VACUUM INTO " + quoted(unfinished.string()));
  finish_file(unfinished, copy);
}

std::vector<std::filesystem::path> copies_of(const std::filesystem::path& file) {
  const auto prefix = file.filename().string() + ".before-v";
  std::vector<std::filesystem::path> copies;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path(), ignored)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.find_first_not_of("0123456789", prefix.size()) == std::string::npos)
      copies.push_back(entry.path());
  }
  return copies;
}

void apply(Connection& connection, const Migration& step) {
  connection.execute("BEGIN IMMEDIATE");
  connection.execute(step.sql);
  connection.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
                     "; PRAGMA user_version=" + std::to_string(step.version));
  connection.execute("COMMIT");
}

}  // namespace

std::span<const Migration> migrations() noexcept { return kMigrations; }

bool has_copies(const std::filesystem::path& file) { return !copies_of(file).empty(); }

std::vector<std::pair<core::ConversationId, core::Seq>> destroyed_events(Connection& connection) {
  std::vector<std::pair<core::ConversationId, core::Seq>> found;
  const Statement statement(
      connection,
      "SELECT conversation, seq FROM deleted_message UNION ALL SELECT event.conversation, event.seq"
      " FROM deleted_message CROSS JOIN event INDEXED BY event_by_target"
      " ON event.conversation = deleted_message.conversation AND event.target = deleted_message.seq"
      " AND event.target > 0 WHERE event.destroyed = 1");
  for (Run run = statement.run(); run.step();) {
    auto& [conversation, seq] = found.emplace_back();
    run.read(conversation, seq);
  }
  return found;
}

void destroy_in_copies(const std::filesystem::path& file,
                       const std::vector<std::pair<core::ConversationId, core::Seq>>& events) {
  for (const auto& path : copies_of(file)) {
    Connection copy(path.string(), Access::write, "");
    // No journal on the disk, which would hold what is to go. A copy that a crash tears here is a copy less.
    copy.execute("PRAGMA journal_mode=MEMORY; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL; BEGIN IMMEDIATE");
    for (const auto& [conversation, seq] : events) {
      const auto where =
          " WHERE conversation = " + std::to_string(conversation.value) + " AND seq = " + std::to_string(seq.value);
      copy.execute(
          "UPDATE request SET digest = zeroblob(16) WHERE (client_id, author) = (SELECT client_id, author FROM event" +
          where + ")");
      copy.execute("UPDATE event SET body = '', people = x''" + where);
    }
    copy.execute("COMMIT");
  }
}

void migrate(Connection& connection, const std::filesystem::path& file, std::span<const Migration> steps,
             const std::function<void(const std::string&)>& report) {
  const std::int64_t version = connection.number("PRAGMA user_version");
  const bool empty = is_empty(connection);
  const std::int64_t application = connection.number("PRAGMA application_id");
  if (application != kApplicationId && !(empty && application == 0 && version == 0))
    throw core::StoreError{Errc::store_broken};
  if (version > steps.back().version) throw core::StoreError{Errc::store_newer};
  if (version == steps.back().version) return;
  if (!empty) copy_before(connection, file, version + 1);
  for (const Migration& step : steps) {
    if (step.version <= version) continue;
    apply(connection, step);
    if (report) report("store_migrated version=" + std::to_string(step.version));
  }
}

}  // namespace enishi::storage
