// The fields of each record in the order of its columns, said once for writing and for reading. Private to the adapter.
#pragma once

#include "core/change.h"
#include "core/records.h"
#include "storage/sqlite/statement.h"

namespace enishi::storage {

// `row` is a record, const or not; `use` takes all of its fields in the order of queries.cc.
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Member>
void with_fields(Row& row, Use use) {
  use(row.id, row.public_id, row.handle, row.name, row.inviter, row.joined_at, row.joined, row.hue, row.picture_id);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Picture>
void with_fields(Row& row, Use use) { use(row.member, row.bytes); }
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Device>
void with_fields(Row& row, Use use) {
  use(row.id, row.public_id, row.member, row.name, row.key, row.generation, row.created_at, row.last_seen, row.revoked);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Invitation>
void with_fields(Row& row, Use use) {
  use(row.id, row.public_id, row.secret_hash, row.inviter, row.uses, row.used, row.created_at, row.expires_at,
      row.revoked, row.note);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::RecoveryCode>
void with_fields(Row& row, Use use) { use(row.member, row.hash, row.used_by); }
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Conversation>
void with_fields(Row& row, Use use) {
  use(row.id, row.public_id, row.kind, row.title, row.owner, row.peer, row.created_at);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Interval>
void with_fields(Row& row, Use use) { use(row.conversation, row.member, row.joined, row.left, row.since); }
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Event>
void with_fields(Row& row, Use use) {
  use(row.position, row.conversation, row.seq, row.kind, row.author, row.device, row.client_id, row.at, row.reply_to,
      row.rank, row.author_rank, row.people, row.body, row.target, row.target_author, row.counted, row.on,
      row.mentions_all, row.former_people, row.former_mentions_all, row.destroyed, row.origin, row.origin_at);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Register>
void with_fields(Row& row, Use use) {
  use(row.member, row.kind, row.object, row.position, row.rseq, row.removed, row.rev, row.seq, row.by_device, row.tie,
      row.at, row.text, row.caret, row.reply_to);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::RequestRecord>
void with_fields(Row& row, Use use) {
  use(row.author, row.client_id, row.digest, row.conversation, row.seq, row.value, row.at);
}
template <class Row, class Use>
requires std::is_same_v<std::remove_const_t<Row>, core::Incarnation>
void with_fields(Row& row, Use use) { use(row.number, row.random, row.first); }

/// Runs an insert of one record. Throws SqliteFault.
template <class Row>
void put(Run run, const Row& row) {
  with_fields(row, [&run](const auto&... fields) { run.bind(fields...); });
  run.step();
}

/// The record in the current row.
template <class Row>
Row take(Run& run) {
  Row row;
  with_fields(row, [&run](auto&... fields) { run.read(fields...); });
  return row;
}

}  // namespace enishi::storage
