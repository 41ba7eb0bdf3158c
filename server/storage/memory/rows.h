// What a MemoryStore holds. Private to the adapter.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/memory/memory_store.h"

namespace enishi::storage {

/// The tables, each a map by its key. Owner: the one thread of the store.
struct MemoryStore::Rows {
  using IntervalKey = std::tuple<core::MemberId, core::ConversationId, core::Seq, core::Position>;
  using RegisterKey = std::tuple<core::MemberId, core::RegisterKind, std::uint64_t>;

  std::map<core::MemberId, core::Member> members;
  std::map<core::MemberId, std::string> pictures;
  std::map<core::DeviceId, core::Device> devices;
  std::map<core::InvitationId, core::Invitation> invitations;
  std::map<core::SecretHash, core::RecoveryCode> recovery_codes;
  std::map<core::ConversationId, core::Conversation> conversations;
  std::map<IntervalKey, core::Interval> intervals;
  std::map<std::pair<core::ConversationId, core::Seq>, core::Event> events;
  std::map<std::pair<core::ConversationId, core::Seq>, core::MessageMark> deleted;
  std::map<std::tuple<core::ConversationId, core::MemberId, core::Seq>, core::MessageMark> mentions;
  std::map<RegisterKey, core::Register> registers;
  std::map<std::pair<core::MemberId, core::ClientId>, core::RequestRecord> requests;
  std::vector<core::Incarnation> incarnations;
  core::Position newest;

  /// True when `batch` contradicts neither these rows nor itself; see MemoryStore.
  [[nodiscard]] bool accepts(const core::Batch& batch) const;
  /// Takes all of an accepted batch.
  void apply(const core::Batch& batch);

 private:
  void apply(const core::Change& change);
  void destroy(core::Event& event);
};

}  // namespace enishi::storage
