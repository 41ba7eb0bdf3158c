#include "unit/core/world.h"

#include <cstring>
#include <utility>

#include "storage/memory/memory_store.h"

namespace enishi::test {

using namespace core;  // NOLINT: the words of the room under test, all over this file

void CountedEntropy::fill(void* bytes, std::size_t size) {
  std::memset(bytes, 0xE0, size);
  ++count_;
  std::memcpy(bytes, &count_, std::min(size, sizeof count_));
}

World::World(Limits limits)
    : invitation(bytes_with<SecretHash>(1)), store(std::make_unique<storage::MemoryStore>()), limits_(limits) {
  reader_ = store.open_reader().value();
  forget();
  EXPECT_TRUE(run({}, InviteMake{invitation, 1000, std::chrono::hours{24}, "", true}));
}

Result<Outcome> World::stage(const Sender& sender, CommandBody body, ClientId client_id, std::uint64_t digest) {
  Command command{
      sender, {}, client_id.is_zero() ? fresh_client_id() : client_id, bytes_with<Digest>(digest), std::move(body)};
  state->begin_group(batch_);
  Decision decision(*state, entropy_, now);
  auto outcome = decision.decide(command);
  if (!outcome) return outcome;
  change = decision.take();
  batch_.changes.push_back(change);
  if (change.position) batch_.last = change.position;
  return outcome;
}

void World::commit() {
  ASSERT_TRUE(store.writer().commit(std::exchange(batch_, {})));
  state->settle();
}

Result<Outcome> World::run(const Sender& sender, CommandBody body, ClientId client_id, std::uint64_t digest) {
  auto outcome = stage(sender, std::move(body), client_id, digest);
  commit();
  return outcome;
}

void World::forget() { state = std::make_unique<State>(*reader_, limits_); }

ClientId World::fresh_client_id() { return bytes_with<ClientId>(++numbers_); }

Person World::join(const std::string& handle) {
  const auto key = bytes_with<PublicKey>(++numbers_);
  const auto joined = as<Joined>(run({}, Join{invitation, handle, "Name of " + handle, "phone", key}));
  return {{joined.member, joined.device, 1}, handle, key};
}

void World::tie(const Person& a, const Person& b) {
  EXPECT_TRUE(run(a.sender, TieChange{TieAction::ask, b.handle}));
  EXPECT_TRUE(run(b.sender, TieChange{TieAction::accept, a.handle}));
  ASSERT_EQ(tie_of(a, b.handle), TieState::mutual);
}

PublicId World::direct(const Person& a, const Person& b) {
  const auto* live = state->direct_between(a.sender.member, b.sender.member);
  return live ? live->row.public_id : PublicId{};
}

PublicId World::self(const Person& a) {
  for (const auto& membership : reader_->memberships(a.sender.member, {}, 1000))
    if (const auto& row = state->conversation_of(membership.conversation); row.kind == ConversationKind::self)
      return row.public_id;
  return {};
}

PublicId World::group(const Person& owner, std::vector<std::string> handles, const std::string& title) {
  const auto made = as<GroupMade>(run(owner.sender, GroupNew{title, std::move(handles)}));
  return state->conversation_of(made.conversation).public_id;
}

Seq World::send(const Person& from, const PublicId& to, const std::string& body) {
  return as<Sent>(run(from.sender, Send{to, body, {}})).seq;
}

TieState World::tie_of(const Person& of, const std::string& with) {
  const auto* peer = state->member_by_handle(with);
  return peer ? state->tie(of.sender.member, peer->id) : TieState::none;
}

ConversationId World::number_of(const Person& of, const PublicId& conversation) {
  const auto* membership = state->membership(of.sender.member, conversation);
  return membership ? membership->conversation : ConversationId{};
}

Register World::marker_of(const Person& of, const PublicId& conversation) {
  const auto* row = state->live_register(of.sender.member, RegisterKind::marker, number_of(of, conversation).value);
  return row ? *row : Register{};
}

}  // namespace enishi::test
