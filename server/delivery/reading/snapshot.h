// One consistent look at the store, with the names that were looked up in it.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "core/decision/cache.h"
#include "core/lookup.h"
#include "storage/store.h"
#include "wire/encode.h"

namespace enishi::delivery {

/// Holds a read transaction for its lifetime.
class OpenSnapshot {
 public:
  explicit OpenSnapshot(storage::Reader& reader) : reader_(reader), newest_(reader.begin()) {}
  ~OpenSnapshot() { reader_.end(); }
  OpenSnapshot(const OpenSnapshot&) = delete;
  OpenSnapshot& operator=(const OpenSnapshot&) = delete;
  [[nodiscard]] core::Position newest() const noexcept { return newest_; }

 private:
  storage::Reader& reader_;
  core::Position newest_;
};

/// Directory over a reader; each row is read once. Lives for one answer. Throws core::StoreError.
class Snapshot final : public core::Directory {
 public:
  explicit Snapshot(storage::Reader& reader) : reader_(reader) {}
  [[nodiscard]] storage::Reader& reader() noexcept { return reader_; }

  const core::Member& member_of(core::MemberId id) override;
  const core::Device& device_of(core::DeviceId id) override;
  const core::Conversation& conversation_of(core::ConversationId id) override;
  const core::Membership& membership_of(core::MemberId member, core::ConversationId conversation) override;
  /// The number of `viewer` for a conversation whose log ends at `end`.
  wire::HeadView head_of(core::MemberId viewer, const core::Membership& membership, const core::LogEnd& end);

 private:
  storage::Reader& reader_;
  std::unordered_map<core::MemberId, core::Member> members_;
  std::unordered_map<core::DeviceId, core::Device> devices_;
  std::unordered_map<core::ConversationId, core::Conversation> conversations_;
  std::unordered_map<core::Key<core::MemberId, core::ConversationId>, core::Membership> memberships_;
  std::unordered_map<core::MemberId, std::vector<core::MemberId>> blocked_;
};

/// What the changes with a seq <= `through` made of those messages among `events` (one conversation, ascending) that have any.
[[nodiscard]] wire::MessageStates states_of(const storage::Reader& reader, const std::vector<core::Event>& events,
                                            core::Seq through);

/// Slots of [first, last] that lie in none of the intervals, as ranges, ascending.
[[nodiscard]] std::vector<std::pair<core::Seq, core::Seq>> skipped_ranges(const core::Membership& membership,
                                                                          core::Seq first, core::Seq last);

}  // namespace enishi::delivery
