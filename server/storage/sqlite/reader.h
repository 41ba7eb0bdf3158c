// Reads of one read-only connection. Private to the adapter.
#pragma once

#include "storage/sqlite/connection.h"
#include "storage/sqlite/queries.h"
#include "storage/store.h"

namespace enishi::storage {

/// Every read is one or a few searches of an index. Never writes, never checkpoints. Outside of begin and end each
/// statement has a snapshot of its own. Owner: one thread at a time. Throws SqliteFault, which is a core::StoreError.
class SqliteReader final : public Reader {
 public:
  /// Throws SqliteFault.
  SqliteReader(const std::string& path, const std::string& vfs);

  core::Position begin() override;
  void end() override;

  core::Counters counters() const override;
  std::optional<core::Member> member(core::MemberId id) const override;
  std::optional<core::Member> member_by_handle(std::string_view handle) const override;
  std::string picture(core::MemberId id) const override;
  std::optional<core::Device> device(core::DeviceId id) const override;
  std::optional<core::Device> device_by_public(const core::PublicId& id) const override;
  std::optional<core::Device> device_by_key(const core::PublicKey& key) const override;
  std::vector<core::Device> devices_of(core::MemberId member) const override;
  std::optional<core::Invitation> invitation_by_hash(const core::SecretHash& hash) const override;
  std::vector<core::Invitation> invitations_of(core::MemberId inviter) const override;
  std::optional<core::RecoveryCode> recovery_code(const core::SecretHash& hash) const override;
  std::optional<core::Conversation> conversation(core::ConversationId id) const override;
  std::optional<core::Conversation> direct_between(core::MemberId low, core::MemberId high) const override;
  std::optional<core::Membership> membership(core::MemberId member, const core::PublicId& conversation) const override;
  std::optional<core::Membership> membership(core::MemberId member, core::ConversationId conversation) const override;
  std::vector<core::Interval> open_intervals(core::ConversationId conversation) const override;
  core::LogEnd log_end(core::ConversationId conversation) const override;
  std::optional<core::Event> event(core::ConversationId conversation, core::Seq seq) const override;
  std::vector<core::Event> changes(core::ConversationId conversation, core::Seq first, core::Seq last) const override;
  std::vector<core::MessageMark> deleted(core::ConversationId conversation, core::Seq after,
                                         core::Seq through) const override;
  std::vector<core::MessageMark> mentions(core::ConversationId conversation, core::MemberId member, core::Seq after,
                                          core::Seq through) const override;
  std::uint64_t rank_at(core::ConversationId conversation, core::Seq through) const override;
  std::uint64_t author_rank_at(core::ConversationId conversation, core::MemberId author,
                               core::Seq through) const override;
  std::optional<core::Register> find_register(core::MemberId member, core::RegisterKind kind,
                                              std::uint64_t object) const override;
  std::vector<core::Register> registers_of(core::MemberId member, core::RegisterKind kind) const override;
  std::vector<core::Register> registers_in(core::MemberId member, core::RegisterKind kind, std::uint64_t first,
                                           std::uint64_t last) const override;
  std::uint64_t newest_rseq(core::MemberId member) const override;
  std::optional<core::RequestRecord> request(core::MemberId author, const core::ClientId& client_id) const override;

  std::vector<core::Event> events(core::ConversationId conversation, core::Seq first, core::Seq last, std::size_t limit,
                                  From from) const override;
  std::vector<core::Event> changes_since(core::ConversationId conversation, core::Seq first,
                                         std::size_t limit) const override;
  core::Seq first_after(core::ConversationId conversation, core::Position after) const override;
  std::vector<core::Register> registers_between(core::MemberId member, core::Position after, core::Position through,
                                                std::uint64_t after_rseq, std::size_t limit) const override;
  std::vector<core::Membership> memberships(core::MemberId member, core::ConversationId after,
                                            std::size_t limit) const override;
  std::size_t membership_count(core::MemberId member) const override;

  /// Ascending by number.
  std::vector<core::Incarnation> incarnations() const;

 private:
  template <class Row, class... Keys>
  std::optional<Row> one(Query query, const Keys&... keys) const;
  template <class Row, class... Keys>
  std::vector<Row> all(Query query, const Keys&... keys) const;
  template <class... Keys>
  std::uint64_t number(Query query, const Keys&... keys) const;
  template <class Key>
  std::optional<core::Membership> membership_by(Query query, core::MemberId member, const Key& key) const;

  Connection connection_;
  mutable Statements statements_;
};

}  // namespace enishi::storage
