#include "contract/sample_rows.h"

#include <utility>

namespace enishi::test {

using namespace core;  // NOLINT: records, all over this file

WallTime time_of(std::int64_t milliseconds) { return WallTime(std::chrono::milliseconds(milliseconds)); }

Member sample_member(std::uint64_t id) {
  return {.id = MemberId{id},
          .public_id = bytes_of<PublicId>(id),
          .handle = "member_" + std::to_string(id),
          .name = "あき " + std::to_string(id),
          .inviter = MemberId{id - 1},
          .joined_at = time_of(1'700'000'000'000 + static_cast<std::int64_t>(id)),
          .joined = true,
          .hue = 210,
          .picture_id = bytes_of<PublicId>(7000 + id)};
}

Device sample_device(std::uint64_t id, std::uint64_t member) {
  return {.id = DeviceId{id},
          .public_id = bytes_of<PublicId>(1000 + id),
          .member = MemberId{member},
          .name = "phone " + std::to_string(id),
          .key = bytes_of<PublicKey>(id),
          .generation = static_cast<std::uint32_t>(3 + id),
          .created_at = time_of(1'700'000'000'100),
          .last_seen = time_of(1'700'000'000'200),
          .revoked = false};
}

Invitation sample_invitation(std::uint64_t id, std::uint64_t inviter) {
  return {.id = InvitationId{id},
          .public_id = bytes_of<PublicId>(2000 + id),
          .secret_hash = bytes_of<SecretHash>(id),
          .inviter = MemberId{inviter},
          .uses = 7,
          .used = 2,
          .created_at = time_of(1'700'000'000'300),
          .expires_at = time_of(1'700'000'000'400),
          .revoked = true,
          .note = "for the choir\n\tsecond line"};
}

RecoveryCode sample_code(std::uint64_t seed, std::uint64_t member) {
  return {.member = MemberId{member}, .hash = bytes_of<SecretHash>(5000 + seed), .used_by = DeviceId{seed}};
}

Conversation sample_group(std::uint64_t id) {
  return {.id = ConversationId{id},
          .public_id = bytes_of<PublicId>(3000 + id),
          .kind = ConversationKind::group,
          .title = "散歩 🐕",
          .owner = MemberId{1},
          .peer = {},
          .created_at = time_of(1'700'000'000'500)};
}

Conversation sample_direct(std::uint64_t id, std::uint64_t low, std::uint64_t high) {
  return {.id = ConversationId{id},
          .public_id = bytes_of<PublicId>(3000 + id),
          .kind = ConversationKind::direct,
          .title = "",
          .owner = MemberId{low},
          .peer = MemberId{high},
          .created_at = time_of(1'700'000'000'600)};
}

Interval sample_interval(std::uint64_t conversation, std::uint64_t member, std::uint64_t joined, std::uint64_t left,
                         std::uint64_t since) {
  return {ConversationId{conversation}, MemberId{member}, Seq{joined}, Seq{left}, Position{since}};
}

Register sample_register(std::uint64_t member, RegisterKind kind, std::uint64_t object, std::uint64_t position,
                         std::uint64_t rseq) {
  return {.member = MemberId{member},
          .kind = kind,
          .object = object,
          .position = Position{position},
          .rseq = rseq,
          .removed = false,
          .rev = 11,
          .seq = Seq{12},
          .by_device = DeviceId{13},
          .tie = TieState::mutual,
          .at = time_of(1'700'000'000'700),
          .text = "half a sentence",
          .caret = 4,
          .reply_to = Seq{9}};
}

RequestRecord sample_request(std::uint64_t author, std::uint64_t seed) {
  return {.author = MemberId{author},
          .client_id = bytes_of<ClientId>(seed),
          .digest = bytes_of<Digest>(seed + 1),
          .conversation = ConversationId{21},
          .seq = Seq{22},
          .value = 23,
          .at = time_of(1'700'000'000'800)};
}

Event sample_event(std::uint64_t conversation, std::uint64_t seq, std::uint64_t author, std::uint64_t position,
                   std::uint64_t rank, std::uint64_t author_rank) {
  return {.position = Position{position},
          .conversation = ConversationId{conversation},
          .seq = Seq{seq},
          .kind = EventKind::message,
          .author = MemberId{author},
          .device = DeviceId{author + 100},
          .client_id = bytes_of<ClientId>(position * 1000 + seq),
          .at = time_of(1'700'000'001'000 + static_cast<std::int64_t>(seq)),
          .reply_to = Seq{seq - 1},
          .body = "body " + std::to_string(seq),
          .people = {},
          .rank = rank,
          .author_rank = author_rank};
}

Change sample_send(std::uint64_t conversation, std::uint64_t seq, std::uint64_t author, std::uint64_t position) {
  Change change = change_at(position);
  change.events.push_back(sample_event(conversation, seq, author, position, seq, seq));
  change.request = sample_request(author, position * 1000 + seq);
  return change;
}

Change change_at(std::uint64_t position) {
  Change change;
  change.position = Position{position};
  return change;
}

Batch batch_of(Change change) {
  Batch batch;
  batch.last = change.position;
  batch.changes.push_back(std::move(change));
  return batch;
}

}  // namespace enishi::test
