#include "storage/sqlite/queries.h"

namespace enishi::storage {
namespace {

#define MEMBER "id, public_id, handle, name, inviter, joined_at, joined, hue, picture_id"
#define DEVICE "id, public_id, member, name, public_key, generation, created_at, last_seen, revoked"
#define INVITATION "id, public_id, secret_hash, inviter, uses, used, created_at, expires_at, revoked, note"
#define CONVERSATION "id, public_id, kind, title, owner, peer, created_at"
#define INTERVAL "conversation, member, joined, left_at, since"
#define EVENT_WITH(text)                                                                                         \
  "position, conversation, seq, kind, author, device, client_id, at, reply_to, rank, author_rank, people, " text \
  ", target, target_author, counted, is_on, mentions_all, former_people, former_all, destroyed, origin, origin_at"
#define EVENT EVENT_WITH("body")
#define REGISTER "member, kind, object, position, rseq, removed, rev, seq, by_device, tie, at, text, caret, reply_to"
#define REQUEST "author, client_id, digest, conversation, seq, value, at"
#define NEWEST                                            \
  "max((SELECT position FROM state WHERE id = 1), ifnull" \
  "((SELECT position FROM event WHERE id = (SELECT max(id) FROM event)), 0))"

// In the order of the enumeration.
constexpr NamedQuery kQueries[] = {
    {Query::begin_read, "begin_read", "BEGIN"},
    {Query::begin_write, "begin_write", "BEGIN IMMEDIATE"},
    {Query::commit, "commit", "COMMIT"},
    {Query::end, "end", "END"},
    {Query::rollback, "rollback", "ROLLBACK"},

    {Query::counters, "counters",
     "SELECT ifnull((SELECT max(id) FROM member), 0), ifnull((SELECT max(id) FROM device), 0),"
     " ifnull((SELECT max(id) FROM conversation), 0), ifnull((SELECT max(id) FROM invitation), 0), " NEWEST
     ", ifnull((SELECT id FROM member WHERE joined <> 0 ORDER BY id LIMIT 1), 0)"},
    {Query::newest_position, "newest_position", "SELECT " NEWEST},
    {Query::incarnations, "incarnations", "SELECT number, random, first_position FROM incarnation ORDER BY number"},

    {Query::member, "member", "SELECT " MEMBER " FROM member WHERE id = ?"},
    {Query::member_by_handle, "member_by_handle", "SELECT " MEMBER " FROM member WHERE handle = ?"},
    {Query::picture, "picture", "SELECT bytes FROM picture WHERE member = ?"},
    {Query::device, "device", "SELECT " DEVICE " FROM device WHERE id = ?"},
    {Query::device_by_public, "device_by_public", "SELECT " DEVICE " FROM device WHERE public_id = ?"},
    {Query::device_by_key, "device_by_key", "SELECT " DEVICE " FROM device WHERE public_key = ?"},
    {Query::devices_of, "devices_of", "SELECT " DEVICE " FROM device WHERE member = ? ORDER BY id"},
    {Query::invitation_by_hash, "invitation_by_hash", "SELECT " INVITATION " FROM invitation WHERE secret_hash = ?"},
    {Query::invitations_of, "invitations_of",
     "SELECT " INVITATION " FROM invitation WHERE inviter = ? ORDER BY id DESC"},
    {Query::recovery_code, "recovery_code",
     "SELECT member, secret_hash, used_by FROM recovery_code WHERE secret_hash = ?"},
    {Query::conversation, "conversation", "SELECT " CONVERSATION " FROM conversation WHERE id = ?"},
    {Query::direct_between, "direct_between",
     "SELECT " CONVERSATION " FROM conversation WHERE kind = 1 AND owner = ? AND peer = ?"},
    {Query::membership_by_public, "membership_by_public",
     "SELECT " INTERVAL " FROM interval WHERE member = ? AND public_id = ? ORDER BY joined, since"},
    {Query::membership_by_number, "membership_by_number",
     "SELECT " INTERVAL " FROM interval WHERE member = ? AND conversation = ? ORDER BY joined, since"},
    {Query::open_intervals, "open_intervals",
     "SELECT " INTERVAL " FROM interval WHERE conversation = ? AND left_at = 0 ORDER BY member, joined, since"},

    {Query::log_end, "log_end",
     "SELECT seq, position, rank FROM event WHERE conversation = ? ORDER BY seq DESC LIMIT 1"},
    {Query::event, "event", "SELECT " EVENT " FROM event WHERE conversation = ? AND seq = ?"},
    // Named, because the planner would take the index of all events for the second.
    {Query::changes, "changes",
     "SELECT " EVENT_WITH("CASE kind WHEN 7 THEN '' ELSE body END") " FROM event INDEXED BY event_by_target"
                                                                    " WHERE conversation = ? AND target BETWEEN ? AND "
                                                                    "? AND target > 0 ORDER BY target, seq"},
    {Query::changes_since, "changes_since",
     "SELECT " EVENT " FROM event INDEXED BY event_changing"
     " WHERE conversation = ? AND seq >= ? AND target > 0 ORDER BY seq LIMIT ?"},
    {Query::deleted, "deleted",
     "SELECT seq, author FROM deleted_message WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq"},
    {Query::mentions, "mentions",
     "SELECT seq, author FROM mention WHERE conversation = ? AND member = ? AND seq > ? AND seq <= ? ORDER BY seq"},
    {Query::rank_at, "rank_at", "SELECT rank FROM event WHERE conversation = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"},
    {Query::author_rank_at, "author_rank_at",
     "SELECT author_rank FROM event WHERE conversation = ? AND author = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"},
    {Query::events_oldest, "events_oldest",
     "SELECT " EVENT " FROM event WHERE conversation = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?"},
    {Query::events_newest, "events_newest",
     "SELECT " EVENT " FROM event WHERE conversation = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?"},
    {Query::event_position, "event_position",
     "SELECT seq, position FROM event WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT 1"},

    {Query::find_register, "find_register",
     "SELECT " REGISTER " FROM register WHERE member = ? AND kind = ? AND object = ?"},
    {Query::registers_of, "registers_of",
     "SELECT " REGISTER " FROM register WHERE member = ? AND kind = ? AND removed = 0 ORDER BY object"},
    {Query::registers_in, "registers_in",
     "SELECT " REGISTER " FROM register WHERE member = ? AND kind = ? AND object BETWEEN ? AND ? AND removed = 0"
     " ORDER BY object"},
    {Query::newest_rseq, "newest_rseq", "SELECT rseq FROM register WHERE member = ? ORDER BY rseq DESC LIMIT 1"},
    {Query::register_position, "register_position",
     "SELECT position FROM register WHERE member = ? AND rseq >= ? ORDER BY rseq LIMIT 1"},
    {Query::registers_from, "registers_from",
     "SELECT " REGISTER " FROM register WHERE member = ? AND rseq >= ? ORDER BY rseq LIMIT ?"},
    {Query::request, "request", "SELECT " REQUEST " FROM request WHERE client_id = ? AND author = ?"},
    {Query::memberships, "memberships",
     "SELECT " INTERVAL " FROM interval WHERE member = ? AND conversation > ? ORDER BY conversation, joined, since"},
    {Query::membership_count, "membership_count", "SELECT count(*) FROM interval WHERE member = ? AND left_at = 0"},

    // Never INSERT OR REPLACE where another index is unique: it would drop the other row instead of refusing.
    {Query::put_member, "put_member",
     "INSERT INTO member (" MEMBER ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
     " public_id = excluded.public_id, handle = excluded.handle, name = excluded.name, inviter = excluded.inviter,"
     " joined_at = excluded.joined_at, joined = excluded.joined, hue = excluded.hue, picture_id = excluded.picture_id"},
    {Query::put_picture, "put_picture", "INSERT OR REPLACE INTO picture (member, bytes) VALUES (?, CAST(? AS BLOB))"},
    {Query::put_device, "put_device",
     "INSERT INTO device (" DEVICE ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
     " public_id = excluded.public_id, member = excluded.member, name = excluded.name,"
     " public_key = excluded.public_key, generation = excluded.generation, created_at = excluded.created_at,"
     " last_seen = excluded.last_seen, revoked = excluded.revoked"},
    {Query::put_invitation, "put_invitation",
     "INSERT INTO invitation (" INVITATION ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
     " public_id = excluded.public_id, secret_hash = excluded.secret_hash, inviter = excluded.inviter,"
     " uses = excluded.uses, used = excluded.used, created_at = excluded.created_at,"
     " expires_at = excluded.expires_at, revoked = excluded.revoked, note = excluded.note"},
    {Query::clear_recovery, "clear_recovery", "DELETE FROM recovery_code WHERE member = ? AND used_by = 0"},
    {Query::put_recovery, "put_recovery",
     "INSERT INTO recovery_code (member, secret_hash, used_by) VALUES (?, ?, ?) ON CONFLICT (secret_hash) DO UPDATE"
     " SET member = excluded.member, used_by = excluded.used_by"},
    {Query::put_conversation, "put_conversation",
     "INSERT INTO conversation (" CONVERSATION ") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
     " public_id = excluded.public_id, kind = excluded.kind, title = excluded.title, owner = excluded.owner,"
     " peer = excluded.peer, created_at = excluded.created_at"},
    {Query::put_interval, "put_interval",
     "INSERT OR REPLACE INTO interval (" INTERVAL ", public_id)"
     " VALUES (?1, ?2, ?3, ?4, ?5, (SELECT public_id FROM conversation WHERE id = ?1))"},
    {Query::put_event, "put_event",
     "INSERT INTO event (" EVENT ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    {Query::put_deleted, "put_deleted", "INSERT INTO deleted_message (conversation, seq, author) VALUES (?, ?, ?)"},
    {Query::put_mention, "put_mention",
     "INSERT INTO mention (conversation, member, seq, author) VALUES (?, ?, ?, ?)"
     " ON CONFLICT (conversation, member, seq) DO NOTHING"},
    {Query::drop_mention, "drop_mention", "DELETE FROM mention WHERE conversation = ? AND member = ? AND seq = ?"},
    {Query::destroy_event, "destroy_event",
     "UPDATE event SET body = '', people = x'', mentions_all = 0, former_people = x'', former_all = 0, origin = 0,"
     " origin_at = 0, destroyed = 1 WHERE conversation = ? AND seq = ?"},
    {Query::destroy_digest, "destroy_digest",
     "UPDATE request SET digest = zeroblob(16) WHERE (client_id, author) ="
     " (SELECT client_id, author FROM event WHERE conversation = ? AND seq = ?)"},
    {Query::put_register, "put_register",
     "INSERT INTO register (" REGISTER ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
     " ON CONFLICT (member, kind, object) DO UPDATE SET position = excluded.position, rseq = excluded.rseq,"
     " removed = excluded.removed, rev = excluded.rev, seq = excluded.seq, by_device = excluded.by_device,"
     " tie = excluded.tie, at = excluded.at, text = excluded.text, caret = excluded.caret,"
     " reply_to = excluded.reply_to"},
    {Query::put_request, "put_request", "INSERT OR REPLACE INTO request (" REQUEST ") VALUES (?, ?, ?, ?, ?, ?, ?)"},
    {Query::put_seen, "put_seen", "UPDATE device SET last_seen = ?2 WHERE id = ?1"},
    {Query::put_position, "put_position", "UPDATE state SET position = ? WHERE id = 1"},
    {Query::put_incarnation, "put_incarnation",
     "INSERT INTO incarnation (number, random, first_position) VALUES (?, ?, ?)"},
};

#undef MEMBER
#undef DEVICE
#undef INVITATION
#undef CONVERSATION
#undef INTERVAL
#undef EVENT
#undef EVENT_WITH
#undef REGISTER
#undef REQUEST
#undef NEWEST

constexpr bool is_in_order() {
  for (std::size_t at = 0; at < kQueryCount; ++at)
    if (kQueries[at].query != static_cast<Query>(at)) return false;
  return true;
}
static_assert(std::size(kQueries) == kQueryCount && is_in_order());

}  // namespace

const NamedQuery& query_of(Query query) noexcept { return kQueries[static_cast<std::size_t>(query)]; }

Run Statements::run(Query query) {
  auto& prepared = prepared_[static_cast<std::size_t>(query)];
  if (!prepared) prepared = std::make_unique<Statement>(connection_, query_of(query).sql);
  return prepared->run();
}

std::vector<std::string> plan_of(Connection& connection, Query query) {
  const std::string sql = std::string("EXPLAIN QUERY PLAN ") + query_of(query).sql;
  const Statement statement(connection, sql.c_str());
  std::vector<std::string> lines;
  for (Run run = statement.run(); run.step();) {
    std::int64_t id = 0, parent = 0, unused = 0;
    std::string detail;
    run.read(id, parent, unused, detail);
    lines.push_back(detail);
  }
  return lines;
}

}  // namespace enishi::storage
