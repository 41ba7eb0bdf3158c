#include "migrations/kept_rows.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

WallTime at(std::int64_t seconds) { return WallTime(std::chrono::seconds(1'790'000'000 + seconds)); }

template <class Bytes>
Bytes filled(std::uint8_t with) {
  Bytes bytes;
  bytes.value.fill(with);
  return bytes;
}

Member member(std::uint64_t id, const char* handle, const char* name, std::uint64_t inviter, bool joined) {
  return {MemberId{id},
          filled<PublicId>(static_cast<std::uint8_t>(id)),
          handle,
          name,
          MemberId{inviter},
          at(static_cast<std::int64_t>(id)),
          joined};
}

Event message(std::uint64_t position, std::uint64_t seq, std::uint64_t author, const char* body, std::uint64_t rank,
              std::uint64_t author_rank) {
  return {Position{position},
          ConversationId{2},
          Seq{seq},
          EventKind::message,
          MemberId{author},
          DeviceId{author},
          filled<ClientId>(static_cast<std::uint8_t>(100 + position)),
          at(static_cast<std::int64_t>(10 * position)),
          Seq{seq > 1 ? seq - 1 : 0},
          body,
          {},
          rank,
          author_rank};
}

RequestRecord request_of(const Event& event) {
  return {event.author,
          event.client_id,
          filled<Digest>(static_cast<std::uint8_t>(event.position.value)),
          event.conversation,
          event.seq,
          0,
          event.at};
}

Register marker(std::uint64_t member, std::uint64_t position, std::uint64_t rseq, std::uint64_t seq) {
  return {MemberId{member},
          RegisterKind::marker,
          2,
          Position{position},
          rseq,
          false,
          1,
          Seq{seq},
          DeviceId{member},
          TieState::none,
          at(500),
          ""};
}

Batch people() {
  Change join;
  join.position = Position{1};
  join.members = {member(1, "aki", "あき", 0, true), member(2, "ben", "Ben", 1, true),
                  member(3, "nobody", "", 1, false)};
  for (std::uint64_t id = 1; id <= 2; ++id)
    join.devices.push_back({DeviceId{id}, filled<PublicId>(static_cast<std::uint8_t>(50 + id)), MemberId{id}, "phone",
                            filled<PublicKey>(static_cast<std::uint8_t>(id)), 1, at(1), at(2), false});
  join.invitations = {{InvitationId{1}, filled<PublicId>(60), filled<SecretHash>(61), MemberId{1}, 3, 1, at(3),
                       at(600'000), false, "for Ben"}};
  join.recovery_codes = {{MemberId{1}, filled<SecretHash>(70), DeviceId{}},
                         {MemberId{1}, filled<SecretHash>(71), DeviceId{1}}};
  join.conversations = {
      {ConversationId{1}, filled<PublicId>(80), ConversationKind::self, "", MemberId{1}, MemberId{}, at(4)},
      {ConversationId{2}, filled<PublicId>(81), ConversationKind::direct, "", MemberId{1}, MemberId{2}, at(5)},
      {ConversationId{3}, filled<PublicId>(82), ConversationKind::group, "散歩 🐕", MemberId{1}, MemberId{}, at(6)}};
  join.intervals = {{ConversationId{1}, MemberId{1}, Seq{}, Seq{}, Position{1}},
                    {ConversationId{2}, MemberId{1}, Seq{}, Seq{}, Position{1}},
                    {ConversationId{2}, MemberId{2}, Seq{}, Seq{}, Position{1}},
                    {ConversationId{3}, MemberId{1}, Seq{1}, Seq{}, Position{1}},
                    {ConversationId{3}, MemberId{2}, Seq{1}, Seq{1}, Position{1}}};
  join.events = {{Position{1},
                  ConversationId{3},
                  Seq{1},
                  EventKind::created,
                  MemberId{1},
                  DeviceId{1},
                  filled<ClientId>(90),
                  at(7),
                  Seq{},
                  "散歩 🐕",
                  {MemberId{1}, MemberId{2}},
                  0,
                  0}};
  join.registers = {
      {MemberId{1}, RegisterKind::tie, 2, Position{1}, 1, false, 0, Seq{}, DeviceId{}, TieState::mutual, at(8), ""},
      {MemberId{2}, RegisterKind::tie, 1, Position{1}, 1, false, 0, Seq{}, DeviceId{}, TieState::mutual, at(8), ""}};
  return {{join}, Position{1}};
}

Batch messages() {
  Batch batch;
  const Event events[] = {message(2, 1, 1, "hello", 1, 1), message(3, 2, 2, "やあ 👋", 2, 1),
                          message(4, 3, 1, "two\nlines", 3, 2), message(5, 4, 2, "مرحبا", 4, 2)};
  for (const Event& event : events) {
    Change send;
    send.position = event.position;
    send.events = {event};
    send.request = request_of(event);
    batch.changes.push_back(send);
  }
  batch.last = Position{5};
  return batch;
}

Batch registers() {
  Change read;
  read.position = Position{7};
  read.registers = {marker(1, 7, 2, 4), marker(2, 7, 2, 3)};
  Change mute;
  mute.position = Position{8};
  mute.registers = {
      {MemberId{1}, RegisterKind::mute, 3, Position{8}, 3, false, 0, Seq{}, DeviceId{}, TieState::none, at(9), ""}};
  Change unmute;
  unmute.position = Position{9};
  unmute.registers = {
      {MemberId{1}, RegisterKind::mute, 3, Position{9}, 4, true, 0, Seq{}, DeviceId{}, TieState::none, at(9), ""},
      {MemberId{1}, RegisterKind::draft, 2, Position{9}, 5, false, 6, Seq{}, DeviceId{1}, TieState::none, at(9),
       "half a sent"}};
  return {{read, mute, unmute}, Position{9}};
}

}  // namespace

std::vector<Batch> kept_batches_v1() { return {people(), messages(), registers()}; }

std::vector<Batch> kept_batches_v2() {
  const auto event = [](std::uint64_t seq, EventKind kind, const char* body, std::uint64_t rank) {
    Event row = message(9 + seq - 1, seq, 1, body, rank, rank);
    row.conversation = ConversationId{3};
    row.kind = kind;
    row.reply_to = {};
    return row;
  };
  Change send, edit, remove;
  auto first = event(2, EventKind::message, "to be deleted", 1);
  auto second = event(3, EventKind::message, "@ben look", 2);
  second.people = {MemberId{2}};
  send.position = Position{10};
  first.position = second.position = send.position;
  send.events = {first, second};
  send.mentioned = {{ConversationId{3}, Seq{3}, MemberId{1}, MemberId{2}},
                    {ConversationId{3}, Seq{2}, MemberId{1}, {}}};
  auto edited = event(4, EventKind::edited, "other words", 2);
  edited.target = Seq{2};
  edited.target_author = MemberId{1};
  edit.position = edited.position = Position{11};
  edit.events = {edited};
  auto deletion = event(5, EventKind::deleted, "", 2);
  deletion.target = Seq{2};
  deletion.target_author = MemberId{1};
  deletion.counted = true;
  deletion.former_mentions_all = true;
  remove.position = deletion.position = Position{12};
  remove.events = {deletion};
  remove.deleted = {{ConversationId{3}, Seq{2}, MemberId{1}, {}}};
  remove.unmentioned = {{ConversationId{3}, Seq{2}, MemberId{1}, {}}};
  remove.destroyed = {{ConversationId{3}, Seq{2}}, {ConversationId{3}, Seq{4}}};
  return {{{send}, Position{10}}, {{edit}, Position{11}}, {{remove}, Position{12}}};
}

std::vector<Batch> kept_batches_v3() {
  Change shown;
  shown.position = Position{13};
  auto cho = member(4, "cho", "Chō", 1, true);
  cho.hue = 210;
  cho.picture_id = filled<PublicId>(99);
  shown.members = {cho};
  shown.pictures = {{MemberId{4}, std::string("\xFF\xD8\xFF\0picture", 11)}};
  Register draft{MemberId{1}, RegisterKind::draft, 3,      Position{13},  6, false, 2, Seq{},
                 DeviceId{1}, TieState::none,      at(10), "half a line", 4, Seq{3}};
  shown.registers = {draft};
  return {{{shown}, Position{13}}};
}

Incarnation kept_incarnation_v1() { return {1, 0xFEDC'BA98'7654'3210ULL, Position{1}}; }

}  // namespace enishi::test
