// Who and what the numbers stand for, in tests of encoders.
#pragma once

#include <map>

#include "core/lookup.h"
#include "enishi/v1/frame.pb.h"
#include "wire/frame.h"

namespace enishi::test {

/// A directory of rows that a test writes down. Asserts, as every directory does, that what is looked up is there.
class Names final : public core::Directory {
 public:
  /// Members 1 aki, 2 ben and 3 cho with one device each (11, 12, 13); a direct conversation 21 of aki and ben, a group
  /// 22 of aki's with ben's two intervals, and aki's own 23.
  Names();

  const core::Member& member_of(core::MemberId id) override;
  const core::Device& device_of(core::DeviceId id) override;
  const core::Conversation& conversation_of(core::ConversationId id) override;
  const core::Membership& membership_of(core::MemberId member, core::ConversationId conversation) override;

  std::map<core::MemberId, core::Member> members;
  std::map<core::DeviceId, core::Device> devices;
  std::map<core::ConversationId, core::Conversation> conversations;
  std::map<std::pair<core::MemberId, core::ConversationId>, core::Membership> memberships;
};

/// Bytes that hold `number` and are not zero.
template <class Bytes>
Bytes bytes_of(std::uint8_t number) {
  Bytes bytes;
  bytes.value.fill(0xC0);
  bytes.value[0] = number;
  return bytes;
}

/// Parses a frame; fails the test when it is no ServerFrame.
v1::ServerFrame parsed(const wire::Frame& frame);

}  // namespace enishi::test
