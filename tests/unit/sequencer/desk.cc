#include "unit/sequencer/desk.h"

#include "storage/memory/memory_store.h"

namespace enishi::test {

using namespace core;  // NOLINT: the words of the core, all over this file

namespace {

const SecretHash kInvitation = bytes_with<SecretHash>(1);

}  // namespace

v1::ServerFrame read_frame(const wire::Frame& frame) {
  v1::ServerFrame out;
  const auto payload = wire::payload_of(frame);
  EXPECT_TRUE(out.ParseFromArray(payload.data(), static_cast<int>(payload.size())));
  return out;
}

Desk::Desk(Limits limits)
    : store(std::make_unique<storage::MemoryStore>()), seals(auth::Seals::Key{7}), limits_(limits) {
  reader = store.open_reader().value();
  restart();
  step({}, InviteMake{kInvitation, 1000, std::chrono::hours{24}, "", true});
}

void Desk::restart() {
  store.restart();
  const auto known = store.incarnations();
  incarnation = {known.empty() ? 1 : known.back().number + 1, 1000 + known.size(),
                 Position{reader->counters().position.value + 1}};
  EXPECT_TRUE(store.writer().begin_incarnation(incarnation));
  sequencer_reader_ = store.open_reader().value();
  sequencer_ =
      std::make_unique<sequencer::Sequencer>(store.writer(), *sequencer_reader_, seals, entropy_, limits_, incarnation);
}

Command Desk::command(const Sender& sender, CommandBody body) {
  ++numbers_;
  return {sender, {0, 1, numbers_}, bytes_with<ClientId>(numbers_), bytes_with<Digest>(numbers_), std::move(body)};
}

Result<sequencer::GroupPtr> Desk::try_step(std::vector<Command> commands) {
  return sequencer_->step(std::move(commands), now);
}

sequencer::GroupPtr Desk::step(std::vector<Command> commands) {
  const auto group = try_step(std::move(commands));
  EXPECT_TRUE(group);
  return group ? *group : nullptr;
}

sequencer::GroupPtr Desk::step(const Sender& sender, CommandBody body) {
  return step({command(sender, std::move(body))});
}

v1::ServerFrame Desk::answer(const sequencer::GroupPtr& group, const Command& command) {
  for (const auto& reply : group->replies)
    if (reply.to == command.reply_to) return read_frame(reply.frame);
  ADD_FAILURE() << "no answer";
  return {};
}

v1::ServerFrame Desk::ask(const Sender& sender, CommandBody body) {
  const auto one = command(sender, std::move(body));
  return answer(step({one}), one);
}

Person Desk::join(const std::string& handle) {
  const auto key = bytes_with<PublicKey>(++numbers_);
  const auto joined = ask({}, Join{kInvitation, handle, "Name of " + handle, "phone", key});
  EXPECT_TRUE(joined.has_joined()) << joined.ShortDebugString();
  const auto device = reader->device_by_key(key);
  return {{device->member, device->id, 1}, handle, key};
}

void Desk::tie(const Person& a, const Person& b) {
  EXPECT_TRUE(ask(a.sender, TieChange{TieAction::ask, b.handle}).has_tie_changed());
  EXPECT_EQ(ask(b.sender, TieChange{TieAction::accept, a.handle}).tie_changed().state(), v1::TIE_STATE_MUTUAL);
}

PublicId Desk::direct(const Person& a, const Person& b) {
  const auto row =
      reader->direct_between(std::min(a.sender.member, b.sender.member), std::max(a.sender.member, b.sender.member));
  return row ? row->public_id : PublicId{};
}

PublicId Desk::self(const Person& a) {
  for (const auto& membership : reader->memberships(a.sender.member, {}, 1000))
    if (const auto row = reader->conversation(membership.conversation); row->kind == ConversationKind::self)
      return row->public_id;
  return {};
}

PublicId Desk::group(const Person& owner, std::vector<std::string> handles) {
  PublicId id;
  EXPECT_TRUE(id.assign(ask(owner.sender, GroupNew{"picnic", std::move(handles)}).group_made().conversation_id()));
  return id;
}

PublicId Desk::device(const Person& of) { return reader->device(of.sender.device)->public_id; }

}  // namespace enishi::test
