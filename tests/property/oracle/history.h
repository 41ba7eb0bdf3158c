// What was committed, as the store was told: names, positions, and every version of every register.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/change.h"
#include "core/derived/unread.h"
#include "model/model.h"

namespace enishi::property {

/// One write of a register.
struct Version {
  core::Position position;
  std::uint64_t rseq = 0;
  bool removed = false;
  core::Seq seq;
  core::TieState tie = core::TieState::none;
};

/// All writes of one register, ascending. Never empty.
struct Trail {
  core::RegisterKind kind;
  std::string key;  ///< as on the wire: public id of the conversation, person or device
  std::vector<Version> versions;
  /// The newest at or before `at`; null: none.
  [[nodiscard]] const Version* at(core::Position at) const;
};

/// Observed beside the store; decides nothing. What the daemon numbers (conversations, positions) is looked up here, so
/// that the model can speak of it.
class History {
 public:
  using Stays = std::vector<core::SeqInterval>;

  void learn(const core::Batch& batch);
  [[nodiscard]] core::Position newest() const noexcept { return newest_; }

  /// The model's name of a conversation, by its 16 bytes; their hex when nothing of that id was committed.
  [[nodiscard]] std::string name_of(std::string_view conversation) const;
  /// The device's public key in hex, by its 16 bytes; empty for none.
  [[nodiscard]] std::string key_of(std::string_view device) const;
  [[nodiscard]] std::string key_of(core::DeviceId device) const;
  /// 0 for never.
  [[nodiscard]] core::Position revoked_at(core::DeviceId device) const;
  /// Dense number of a member; 0 for a handle that nobody has.
  [[nodiscard]] core::MemberId member(const std::string& handle) const;
  [[nodiscard]] core::DeviceId device(const std::string& key) const;
  /// 0 for none.
  [[nodiscard]] core::ConversationId conversation(std::string_view public_id) const;
  [[nodiscard]] std::string_view public_id(core::ConversationId id) const {
    return conversations_.at(id).public_id.view();
  }
  [[nodiscard]] const std::string& handle(core::MemberId id) const { return members_.at(id).handle; }
  /// Public ids of all conversations, in the order in which they were made.
  [[nodiscard]] const std::vector<core::PublicId>& conversations() const noexcept { return made_; }
  /// Where a group_new with this client_id led; empty for nowhere.
  [[nodiscard]] std::string made_by(core::MemberId author, const core::ClientId& client_id) const;

  /// Registers of a member.
  [[nodiscard]] const std::map<std::pair<core::RegisterKind, std::uint64_t>, Trail>& trails(
      core::MemberId member) const;
  /// True when the two were mutual at `at`.
  [[nodiscard]] bool are_tied(core::MemberId a, core::MemberId b, core::Position at) const;
  /// True when the member gave and got read receipts at `at`.
  [[nodiscard]] bool gives_receipts(core::MemberId member, core::Position at) const;
  /// The greatest marker that he wrote while he gave receipts; 0: none.
  [[nodiscard]] core::Seq shown_marker(core::MemberId member, core::ConversationId conversation) const;
  /// The stays of a member as they were at `at`.
  [[nodiscard]] Stays stays(core::MemberId member, core::ConversationId conversation, core::Position at) const;
  /// True when the last stay is open at `at`.
  [[nodiscard]] bool is_in(core::MemberId member, core::ConversationId conversation, core::Position at) const;
  /// Of the event with this seq; 0 for none.
  [[nodiscard]] core::Position position(core::ConversationId conversation, std::uint64_t seq) const;
  /// Newest seq at or before `at`; 0 for none.
  [[nodiscard]] std::uint64_t head(core::ConversationId conversation, core::Position at) const;

 private:
  std::string key_on_wire(core::RegisterKind kind, std::uint64_t object) const;

  core::Position newest_;
  std::map<core::MemberId, core::Member> members_;
  std::map<std::string, core::MemberId> handles_;
  std::map<core::DeviceId, core::Device> devices_;
  std::map<core::DeviceId, core::Position> revocations_;
  std::map<core::PublicId, core::DeviceId> device_names_;
  std::map<std::string, core::DeviceId> device_keys_;
  std::map<core::ConversationId, core::Conversation> conversations_;
  std::map<core::PublicId, core::ConversationId> conversation_names_;
  std::vector<core::PublicId> made_;
  std::map<std::pair<core::MemberId, core::ClientId>, core::ConversationId> made_by_;
  std::map<core::MemberId, std::map<std::pair<core::RegisterKind, std::uint64_t>, Trail>> trails_;
  std::map<std::pair<core::MemberId, core::ConversationId>, std::vector<std::pair<core::Position, core::Interval>>>
      stays_;
  std::map<core::ConversationId, std::vector<core::Position>> logs_;
};

}  // namespace enishi::property
