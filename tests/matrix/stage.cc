#include "matrix/stage.h"

#include "auth/seals.h"
#include "matrix/table.h"

namespace enishi::matrix {
namespace {

using core::Seq;
using core::TieAction;
using core::TieChange;

std::string bytes_of(const core::PublicId& id) { return std::string(id.view()); }

/// A member whom the request did not find has the name of one who is there: else the bytes would differ by it.
void rename_nobody(std::string& bytes) {
  for (auto at = bytes.find(kNobody); at != std::string::npos; at = bytes.find(kNobody)) bytes.replace(at, 3, "hal");
}

}  // namespace

Stage::Stage() {
  auto& desk = rig_.desk;
  const auto root = desk.join("root");
  for (const auto* handle : kHandles) people_[handle] = desk.join(handle);
  const auto& aki = people_["aki"];
  for (const auto* handle : {"ben", "cho", "dan", "fay", "gus"}) desk.tie(aki, people_[handle]);
  desk.step(people_["eve"].sender, TieChange{TieAction::ask, "aki"});
  talk();
  desk.step(aki.sender, TieChange{TieAction::end, "fay"});
  desk.step(aki.sender, TieChange{TieAction::block, "gus"});
  objects_["foreign"] = bytes_of(desk.direct(root, people_["hal"]));

  objects_["aki_phone"] = bytes_of(desk.device(aki));
  objects_["aki_pc"] = bytes_of(desk.device(add_device(aki, 1)));
  const auto lost = add_device(aki, 2);
  objects_["revoked"] = bytes_of(desk.device(lost));
  desk.step(aki.sender, core::DeviceRevoke{desk.device(lost)});
  revoked_ = add_device(people_["ben"], 3);

  const auto made = desk.ask(
      aki.sender, core::InviteMake{test::bytes_with<core::SecretHash>(900), 1, std::chrono::hours{1}, "", false});
  objects_["invitation"] = made.invitation_made().invitation().id();
  core::SetPicture picture{{}, "\x89PNG\r\n\x1A\nsmall"};
  EXPECT_TRUE(picture.picture_id.assign(std::string(16, 'p')));
  EXPECT_TRUE(desk.ask(aki.sender, picture).has_ok());
  restart();
}

void Stage::talk() {
  auto& desk = rig_.desk;
  const auto& aki = people_["aki"];
  const auto group = desk.group(aki, {"ben", "cho"});
  for (const auto* handle : {"aki", "ben", "cho"}) desk.step(people_[handle].sender, core::Send{group, "hello", {}});
  desk.step(aki.sender, core::GroupRemove{group, "cho"});
  desk.step(aki.sender, core::Send{group, "a mistake", {}});
  desk.step(aki.sender, core::Delete{group, Seq{6}});
  objects_["group"] = bytes_of(group);
  for (const auto& [word, handle] : {std::pair{"direct", "ben"}, {"ended", "fay"}, {"blocked", "gus"}}) {
    const auto chat = desk.direct(aki, people_[handle]);
    desk.step(aki.sender, core::Send{chat, "hello", {}});
    desk.step(people_[handle].sender, core::Send{chat, "hello", {}});
    objects_[word] = bytes_of(chat);
  }
  for (const auto* handle : kHandles) {
    const auto notes = desk.self(people_[handle]);
    desk.step(people_[handle].sender, core::Send{notes, "a note", {}});
    objects_[std::string("own ") + handle] = bytes_of(notes);
  }
  objects_["self"] = objects_["own aki"];
}

test::Person Stage::add_device(const test::Person& of, std::uint64_t number) {
  auto& desk = rig_.desk;
  std::vector<core::SecretHash> codes;
  for (std::uint64_t i = 0; i < 10; ++i) codes.push_back(test::bytes_with<core::SecretHash>(700 + 10 * number + i));
  const auto key = test::bytes_with<core::PublicKey>(800 + number);
  desk.step(of.sender, core::RecoveryCodesMake{codes});
  EXPECT_TRUE(desk.ask({}, core::Recover{codes.front(), "device " + std::to_string(number), key}).has_joined());
  const auto device = desk.reader->device_by_key(key);
  return {{device->member, device->id, 1}, of.handle, key};
}

// Nothing is in memory, so that what is read is counted in full.
void Stage::restart() {
  auto& desk = rig_.desk;
  desk.restart();
  for (std::uint32_t i = 0; i < rig_.loops.size(); ++i) {
    delivery::FloorOptions options{i,
                                   static_cast<std::uint32_t>(rig_.loops.size()),
                                   rig_.limits,
                                   {"loopback"},
                                   desk.incarnation,
                                   desk.store.incarnations()};
    rig_.loops[i]->floor = std::make_unique<delivery::Floor>(std::move(options), *rig_.loops[i], desk.seals);
  }
}

std::string Stage::object(const std::string& word) const {
  for (const auto* handle : kHandles)
    if (word == handle) return word;
  if (word == "none") return absent_object(Names::baton);
  return objects_.at(word == "own" ? "own " + asker_ : word);
}

Outcome Stage::heard(test::Client& client, std::uint64_t request, std::size_t before) {
  Outcome outcome;
  outcome.reads = rig_.desk.store.read_count() - before;
  auto answer = client.answer_to(request);
  if (answer.has_error()) outcome.code = v1::ErrorCode_Name(answer.error().code()).substr(sizeof "ERROR_CODE_" - 1);
  if (answer.body_case() == v1::ServerFrame::BODY_NOT_SET) {
    constexpr int kRefusals = 400;
    const bool ended = client.closed && static_cast<int>(*client.closed) >= kRefusals;
    outcome.code =
        ended ? v1::ErrorCode_Name(static_cast<int>(*client.closed)).substr(sizeof "ERROR_CODE_" - 1) : "nothing";
  }
  answer.clear_request_id();
  outcome.answer = answer.SerializeAsString();
  rename_nobody(outcome.answer);
  return outcome;
}

Outcome Stage::ask(const std::string& handle, v1::ClientFrame request) {
  const auto client = handle.empty() ? rig_.open() : rig_.connect(people_.at(handle));
  const auto before = rig_.desk.store.read_count();
  const auto number = client->say(std::move(request));
  rig_.settle();
  return heard(*client, number, before);
}

Outcome Stage::ask_revoked(v1::ClientFrame request, bool floor_knows) {
  const auto client = rig_.connect(revoked_);
  rig_.run(people_.at("ben").sender, core::DeviceRevoke{rig_.desk.device(revoked_)});
  if (floor_knows) rig_.settle();
  const auto before = rig_.desk.store.read_count();
  const auto number = client->say(std::move(request));
  rig_.settle();
  return heard(*client, number, before);
}

}  // namespace enishi::matrix
