// Every adapter: what a commit is, and what is left after a restart.
#include <gtest/gtest.h>

#include "contract/describe.h"
#include "contract/sample_rows.h"
#include "contract/store_world.h"
#include "storage/faulty/faulty_store.h"
#include "storage/memory/memory_store.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

TEST_P(StoreContract, ABatchIsAppliedInOrder) {
  Batch batch;
  Member renamed = sample_member(1);
  renamed.name = "later";
  Change first = change_at(1);
  first.members = {sample_member(1)};
  Change second = change_at(2);
  second.members = {renamed};
  batch.changes = {first, second, sample_send(1, 1, 1, 3), sample_send(1, 2, 1, 4)};
  batch.last = Position{4};
  ASSERT_TRUE(store().writer().commit(batch));
  EXPECT_EQ(describe(reader().member(MemberId{1})), describe(renamed));
  EXPECT_EQ(reader().log_end(ConversationId{1}).head, Seq{2});
  EXPECT_EQ(reader().begin(), Position{4});
  reader().end();
}

TEST_P(StoreContract, AnEmptyBatchChangesNothing) {
  commit(sample_send(1, 1, 1, 7));
  ASSERT_TRUE(store().writer().commit(Batch{}));
  EXPECT_EQ(reader().counters().position, Position{7});
}

TEST_P(StoreContract, CountersGoOnAfterARestart) {
  Change change = change_at(1);
  Member phantom = sample_member(1);
  phantom.joined = false;
  change.members = {phantom, sample_member(2), sample_member(7)};
  change.devices = {sample_device(9, 2)};
  change.conversations = {sample_group(4)};
  change.invitations = {sample_invitation(12, 2)};
  commit(change);
  const auto counters = [](std::uint64_t position) {
    return describe(Counters{7, 9, 4, 12, Position{position}, MemberId{2}});
  };
  EXPECT_EQ(describe(reader().counters()), counters(1));
  commit(sample_send(1, 1, 1, 5));  // the newest position is in an event
  restart();
  EXPECT_EQ(describe(reader().counters()), counters(5));
  Change quiet = change_at(8);
  quiet.registers = {sample_register(1, RegisterKind::pin, 1, 8, 1)};
  commit(quiet);  // ... and here it is not
  restart();
  EXPECT_EQ(describe(reader().counters()), counters(8));
  commit(sample_send(1, 2, 1, 9));
  restart();
  EXPECT_EQ(describe(reader().counters()), counters(9));
  EXPECT_EQ(reader().begin(), Position{9});
  reader().end();
}

TEST_P(StoreContract, TheLastOfABatchMayHaveNoEvent) {
  Batch batch;
  Change quiet = change_at(4);
  quiet.registers = {sample_register(1, RegisterKind::pin, 1, 4, 1)};
  batch.changes = {sample_send(1, 1, 1, 3), quiet};
  batch.last = Position{4};
  ASSERT_TRUE(store().writer().commit(batch));
  restart();
  EXPECT_EQ(reader().counters().position, Position{4});
}

TEST_P(StoreContract, IncarnationsAddUp) {
  const Incarnation first{1, 0xFFFF'FFFF'FFFF'FFF0ULL, Position{1}};
  const Incarnation second{2, 7, Position{1001}};
  ASSERT_TRUE(store().writer().begin_incarnation(first));
  EXPECT_EQ(describe(store().incarnations()), describe(std::vector{first}));
  restart();
  ASSERT_TRUE(store().writer().begin_incarnation(second));
  restart();
  EXPECT_EQ(describe(store().incarnations()), describe(std::vector{first, second}));
}

TEST_P(StoreContract, RowsThatContradictAreRefusedWhole) {
  Change change = sample_send(1, 1, 1, 1);
  change.members = {sample_member(1)};
  commit(change);
  Batch batch;
  batch.changes = {sample_send(2, 1, 1, 2), sample_send(1, 1, 1, 3)};  // the second number is taken
  batch.changes[0].members = {sample_member(2)};
  batch.last = Position{3};
  const auto done = store().writer().commit(batch);
  ASSERT_FALSE(done);
  EXPECT_EQ(errc_of(done.error()), Errc::store_failed);
  EXPECT_FALSE(reader().member(MemberId{2}));
  EXPECT_EQ(reader().log_end(ConversationId{2}).head, Seq{});
  EXPECT_FALSE(reader().request(MemberId{1}, bytes_of<ClientId>(2001)));
  EXPECT_EQ(reader().counters().position, Position{1});
}

TEST_P(StoreContract, AHandleIsTakenOnce) {
  Change change = change_at(1);
  change.members = {sample_member(1)};
  commit(change);
  Member thief = sample_member(2);
  thief.handle = "member_1";
  Change second = change_at(2);
  second.members = {thief};
  EXPECT_FALSE(store().writer().commit(batch_of(second)));
  EXPECT_EQ(describe(reader().member_by_handle("member_1")), describe(sample_member(1)));
}

TEST_P(StoreContract, AMembershipNeedsItsConversation) {
  Change change = change_at(1);
  change.intervals = {sample_interval(1, 1, 0, 0, 1)};
  EXPECT_FALSE(store().writer().commit(batch_of(change)));
  EXPECT_TRUE(reader().open_intervals(ConversationId{1}).empty());
}

TEST_P(StoreContract, IdleKeepsEverything) {
  for (std::uint64_t seq = 1; seq <= 20; ++seq) {
    commit(sample_send(1, seq, 1, seq));
    store().writer().idle();
  }
  EXPECT_EQ(reader().log_end(ConversationId{1}).head, Seq{20});
}

TEST_P(StoreContract, AReaderSeesWhatIsCommittedBeforeItBegins) {
  auto second = std::move(store().open_reader().value());
  commit(sample_send(1, 1, 1, 1));
  EXPECT_EQ(second->begin(), Position{1});
  EXPECT_EQ(second->log_end(ConversationId{1}).head, Seq{1});
  second->end();
  commit(sample_send(1, 2, 1, 2));
  EXPECT_EQ(second->begin(), Position{2});
  EXPECT_EQ(second->log_end(ConversationId{1}).head, Seq{2});
  second->end();
}

TEST(SqliteSnapshot, ABegunReaderDoesNotSeeALaterCommit) {
  TempDir directory;
  auto store = std::move(storage::open_sqlite({.directory = directory.path()}).value());
  auto reader = std::move(store->open_reader().value());
  ASSERT_TRUE(store->writer().commit(batch_of(sample_send(1, 1, 1, 1))));
  EXPECT_EQ(reader->begin(), Position{1});
  ASSERT_TRUE(store->writer().commit(batch_of(sample_send(1, 2, 1, 2))));
  store->writer().idle();
  EXPECT_EQ(reader->log_end(ConversationId{1}).head, Seq{1});
  EXPECT_FALSE(reader->event(ConversationId{1}, Seq{2}));
  EXPECT_EQ(reader->counters().position, Position{1});
  reader->end();
  EXPECT_EQ(reader->log_end(ConversationId{1}).head, Seq{2});
}

class FaultyOrders : public testing::Test {
 protected:
  storage::FaultyStore store_{std::make_unique<storage::MemoryStore>()};
  std::unique_ptr<storage::Reader> reader_ = std::move(store_.open_reader().value());

  Errc try_send(std::uint64_t seq) {
    const auto done = store_.writer().commit(batch_of(sample_send(1, seq, 1, seq)));
    return done ? Errc{} : errc_of(done.error());
  }
  std::uint64_t head() { return reader_->log_end(ConversationId{1}).head.value; }
};

TEST_F(FaultyOrders, AFullStoreTakesNothingAndThenGoesOn) {
  store_.fail_commits(Errc::store_full, 2);
  EXPECT_EQ(try_send(1), Errc::store_full);
  EXPECT_EQ(try_send(1), Errc::store_full);
  EXPECT_EQ(head(), 0U);
  EXPECT_EQ(try_send(1), Errc{});
  EXPECT_EQ(head(), 1U);
  EXPECT_EQ(store_.commit_count(), 1U);
}

TEST_F(FaultyOrders, AFailedStoreRefusesUntilTheRestart) {
  store_.fail_commits(Errc::store_failed);
  EXPECT_EQ(try_send(1), Errc::store_failed);
  EXPECT_EQ(try_send(1), Errc::store_failed);
  store_.restart();
  EXPECT_EQ(head(), 0U);
  EXPECT_EQ(try_send(1), Errc{});
}

TEST_F(FaultyOrders, AFailedFlushMayHaveWritten) {
  store_.fail_commits(Errc::store_failed, 1, storage::Aftermath::written);
  EXPECT_EQ(try_send(1), Errc::store_failed);
  store_.restart();
  EXPECT_EQ(head(), 1U);
  EXPECT_TRUE(reader_->request(MemberId{1}, bytes_of<ClientId>(1001)));
}

TEST_F(FaultyOrders, ReadsAreCountedAndFailOnDemand) {
  const auto before = store_.read_count();
  EXPECT_FALSE(reader_->member(MemberId{1}));
  EXPECT_EQ(store_.read_count(), before + 1);
  store_.fail_reads(Errc::retry);
  EXPECT_THROW((void)reader_->member(MemberId{1}), StoreError);
  EXPECT_NO_THROW((void)reader_->member(MemberId{1}));
}

}  // namespace
}  // namespace enishi::test
