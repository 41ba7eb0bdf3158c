#include "unit/wire/names.h"

#include <gtest/gtest.h>

namespace enishi::test {

using namespace core;  // NOLINT: the records, all over this file

Names::Names() {
  const auto time = WallTime{std::chrono::milliseconds{1'000'000}};
  std::uint8_t number = 0;
  for (const char* handle : {"aki", "ben", "cho"}) {
    const MemberId id{++number};
    members[id] = {id, bytes_of<PublicId>(number), handle, std::string("Name of ") + handle, MemberId{1}, time, true};
    const DeviceId device{10U + number};
    devices[device] = {device, bytes_of<PublicId>(static_cast<std::uint8_t>(10 + number)),
                       id,     std::string("phone of ") + handle,
                       {},     1,
                       time,   time,
                       false};
  }
  conversations[ConversationId{21}] = {
      ConversationId{21}, bytes_of<PublicId>(21), ConversationKind::direct, "", MemberId{1}, MemberId{2}, time};
  conversations[ConversationId{22}] = {
      ConversationId{22}, bytes_of<PublicId>(22), ConversationKind::group, "picnic", MemberId{1}, {}, time};
  conversations[ConversationId{23}] = {
      ConversationId{23}, bytes_of<PublicId>(23), ConversationKind::self, "", MemberId{1}, {}, time};
  for (const std::uint64_t chat : {21, 23})
    memberships[{MemberId{1}, ConversationId{chat}}] = {ConversationId{chat},
                                                        {{ConversationId{chat}, MemberId{1}, {}, {}, Position{1}}}};
  memberships[{MemberId{2}, ConversationId{22}}] = {ConversationId{22},
                                                    {{ConversationId{22}, MemberId{2}, Seq{1}, Seq{4}, Position{1}},
                                                     {ConversationId{22}, MemberId{2}, Seq{9}, {}, Position{5}}}};
}

const Member& Names::member_of(MemberId id) { return members.at(id); }
const Device& Names::device_of(DeviceId id) { return devices.at(id); }
const Conversation& Names::conversation_of(ConversationId id) { return conversations.at(id); }
const Membership& Names::membership_of(MemberId member, ConversationId conversation) {
  return memberships.at({member, conversation});
}

v1::ServerFrame parsed(const wire::Frame& frame) {
  v1::ServerFrame out;
  const auto payload = wire::payload_of(frame);
  EXPECT_TRUE(out.ParseFromArray(payload.data(), static_cast<int>(payload.size())));
  return out;
}

}  // namespace enishi::test
