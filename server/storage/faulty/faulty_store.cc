#include "storage/faulty/faulty_store.h"

namespace enishi::storage {

struct FaultyStore::Orders {
  std::size_t commits = 0;  ///< still to fail
  core::Errc commit_code = core::Errc::retry;
  Aftermath aftermath = Aftermath::nothing_written;
  bool failed = false;    ///< store_failed was answered
  std::size_t reads = 0;  ///< still to fail
  core::Errc read_code = core::Errc::retry;
  std::size_t read_count = 0;
  std::size_t commit_count = 0;
};

namespace {

using namespace core;  // NOLINT: the records of the port, all over this file

class FaultyWriter final : public Writer {
 public:
  FaultyWriter(Store& inner, std::shared_ptr<FaultyStore::Orders> orders) : inner_(inner), orders_(std::move(orders)) {}

  Result<void> commit(const Batch& batch) override {
    if (batch.is_empty()) return inner_.writer().commit(batch);
    return unless_ordered([&] { return inner_.writer().commit(batch); });
  }
  Result<void> begin_incarnation(const Incarnation& incarnation) override {
    return unless_ordered([&] { return inner_.writer().begin_incarnation(incarnation); });
  }
  void idle() override { inner_.writer().idle(); }

 private:
  template <class Work>
  Result<void> unless_ordered(Work work) {
    if (orders_->failed) return Errc::store_failed;
    if (orders_->commits == 0) {
      const auto done = work();
      if (done) ++orders_->commit_count;
      return done;
    }
    --orders_->commits;
    if (orders_->aftermath == Aftermath::written && work()) ++orders_->commit_count;
    orders_->failed = orders_->commit_code == Errc::store_failed;
    return orders_->commit_code;
  }

  Store& inner_;
  std::shared_ptr<FaultyStore::Orders> orders_;
};

class FaultyReader final : public Reader {
 public:
  FaultyReader(std::unique_ptr<Reader> inner, std::shared_ptr<FaultyStore::Orders> orders)
      : inner_(std::move(inner)), orders_(std::move(orders)) {}

  Position begin() override { return inner_->begin(); }
  void end() override { inner_->end(); }

  Counters counters() const override { return in().counters(); }
  std::optional<Member> member(MemberId id) const override { return in().member(id); }
  std::optional<Member> member_by_handle(std::string_view handle) const override {
    return in().member_by_handle(handle);
  }
  std::string picture(MemberId id) const override { return in().picture(id); }
  std::optional<Device> device(DeviceId id) const override { return in().device(id); }
  std::optional<Device> device_by_public(const PublicId& id) const override { return in().device_by_public(id); }
  std::optional<Device> device_by_key(const PublicKey& key) const override { return in().device_by_key(key); }
  std::vector<Device> devices_of(MemberId member) const override { return in().devices_of(member); }
  std::optional<Invitation> invitation_by_hash(const SecretHash& hash) const override {
    return in().invitation_by_hash(hash);
  }
  std::vector<Invitation> invitations_of(MemberId inviter) const override { return in().invitations_of(inviter); }
  std::optional<RecoveryCode> recovery_code(const SecretHash& hash) const override { return in().recovery_code(hash); }
  std::optional<Conversation> conversation(ConversationId id) const override { return in().conversation(id); }
  std::optional<Conversation> direct_between(MemberId low, MemberId high) const override {
    return in().direct_between(low, high);
  }
  std::optional<Membership> membership(MemberId member, const PublicId& conversation) const override {
    return in().membership(member, conversation);
  }
  std::optional<Membership> membership(MemberId member, ConversationId conversation) const override {
    return in().membership(member, conversation);
  }
  std::vector<Interval> open_intervals(ConversationId conversation) const override {
    return in().open_intervals(conversation);
  }
  LogEnd log_end(ConversationId conversation) const override { return in().log_end(conversation); }
  std::optional<Event> event(ConversationId conversation, Seq seq) const override {
    return in().event(conversation, seq);
  }
  std::vector<Event> changes(ConversationId conversation, Seq first, Seq last) const override {
    return in().changes(conversation, first, last);
  }
  std::vector<MessageMark> deleted(ConversationId conversation, Seq after, Seq through) const override {
    return in().deleted(conversation, after, through);
  }
  std::vector<MessageMark> mentions(ConversationId conversation, MemberId member, Seq after,
                                    Seq through) const override {
    return in().mentions(conversation, member, after, through);
  }
  std::uint64_t rank_at(ConversationId conversation, Seq through) const override {
    return in().rank_at(conversation, through);
  }
  std::uint64_t author_rank_at(ConversationId conversation, MemberId author, Seq through) const override {
    return in().author_rank_at(conversation, author, through);
  }
  std::optional<Register> find_register(MemberId member, RegisterKind kind, std::uint64_t object) const override {
    return in().find_register(member, kind, object);
  }
  std::vector<Register> registers_of(MemberId member, RegisterKind kind) const override {
    return in().registers_of(member, kind);
  }
  std::vector<Register> registers_in(MemberId member, RegisterKind kind, std::uint64_t first,
                                     std::uint64_t last) const override {
    return in().registers_in(member, kind, first, last);
  }
  std::uint64_t newest_rseq(MemberId member) const override { return in().newest_rseq(member); }
  std::optional<RequestRecord> request(MemberId author, const ClientId& client_id) const override {
    return in().request(author, client_id);
  }
  std::vector<Event> events(ConversationId conversation, Seq first, Seq last, std::size_t limit,
                            From from) const override {
    return in().events(conversation, first, last, limit, from);
  }
  std::vector<Event> changes_since(ConversationId conversation, Seq first, std::size_t limit) const override {
    return in().changes_since(conversation, first, limit);
  }
  Seq first_after(ConversationId conversation, Position after) const override {
    return in().first_after(conversation, after);
  }
  std::vector<Register> registers_between(MemberId member, Position after, Position through, std::uint64_t after_rseq,
                                          std::size_t limit) const override {
    return in().registers_between(member, after, through, after_rseq, limit);
  }
  std::vector<Membership> memberships(MemberId member, ConversationId after, std::size_t limit) const override {
    return in().memberships(member, after, limit);
  }
  std::size_t membership_count(MemberId member) const override { return in().membership_count(member); }

 private:
  /// The inner reader, for one read; counts it, or throws when an order says so.
  const Reader& in() const {
    ++orders_->read_count;
    if (orders_->reads > 0) {
      --orders_->reads;
      throw StoreError{orders_->read_code};
    }
    return *inner_;
  }

  std::unique_ptr<Reader> inner_;
  std::shared_ptr<FaultyStore::Orders> orders_;
};

}  // namespace

FaultyStore::FaultyStore(std::unique_ptr<Store> inner)
    : inner_(std::move(inner)),
      orders_(std::make_shared<Orders>()),
      writer_(std::make_unique<FaultyWriter>(*inner_, orders_)) {}
FaultyStore::~FaultyStore() = default;

void FaultyStore::fail_commits(core::Errc code, std::size_t times, Aftermath aftermath) {
  orders_->commits = times;
  orders_->commit_code = code;
  orders_->aftermath = aftermath;
}

void FaultyStore::fail_reads(core::Errc code, std::size_t times) {
  orders_->reads = times;
  orders_->read_code = code;
}

void FaultyStore::restart() {
  orders_->commits = 0;
  orders_->reads = 0;
  orders_->failed = false;
}

std::size_t FaultyStore::read_count() const noexcept { return orders_->read_count; }
std::size_t FaultyStore::commit_count() const noexcept { return orders_->commit_count; }

Writer& FaultyStore::writer() { return *writer_; }

Result<std::unique_ptr<Reader>> FaultyStore::open_reader() {
  auto inner = inner_->open_reader();
  if (!inner) return inner.error();
  return std::unique_ptr<Reader>(std::make_unique<FaultyReader>(std::move(*inner), orders_));
}

std::vector<Incarnation> FaultyStore::incarnations() { return inner_->incarnations(); }

}  // namespace enishi::storage
