// What every LocalStore keeps, and the replica's rules over each of them.
#include <gtest/gtest.h>

#include "stores.h"

namespace enishi::client {
namespace {

using namespace scene;

template <class Kind>
class StoreContract : public OnEachStore<Kind> {
 protected:
  SyncPoint point(const std::string& cursor, std::uint64_t rseq, std::uint64_t epoch = 0) {
    SyncPoint made;
    made.cursor = cursor;
    made.rseq = rseq;
    made.epoch = epoch;
    made.at = core::WallTime{std::chrono::milliseconds{77}};
    return made;
  }
  SyncPoint kept_point() {
    SyncPoint found;
    EXPECT_TRUE(this->store_->read([&](Rows& rows) { found = rows.sync_point(); }));
    return found;
  }
  void apply(const Delta& delta, const SyncPoint& at) {
    const auto applied = this->replica_.apply(delta, at);
    ASSERT_TRUE(applied);
    ASSERT_EQ(*applied, Applied::stored);
  }
  ConversationView view() {
    auto found = this->replica_.conversation(id(kChat));
    EXPECT_TRUE(found);
    return found ? *found : ConversationView{};
  }
  void SetUp() override { ASSERT_TRUE(this->replica_.put_identity(identity(this->entropy_))); }
};
TYPED_TEST_SUITE(StoreContract, StoreKinds);

TYPED_TEST(StoreContract, KeepsIdentityToTheByte) {
  auto made = identity(this->entropy_);
  made.inviter = "ben";
  made.revoked = true;
  ASSERT_TRUE(this->replica_.put_identity(made));
  const auto start = this->replica_.start();
  ASSERT_TRUE(start);
  EXPECT_EQ(start->identity.origin, made.origin);
  EXPECT_EQ(start->identity.keys.public_key, made.keys.public_key);
  EXPECT_EQ(start->identity.keys.secret_key, made.keys.secret_key);
  EXPECT_EQ(start->identity.device, made.device);
  EXPECT_EQ(start->identity.member, made.member);
  EXPECT_EQ(start->identity.handle, "me");
  EXPECT_EQ(start->identity.device_name, "pc");
  EXPECT_EQ(start->identity.inviter, "ben");
  EXPECT_TRUE(start->identity.revoked);
  made.device = {};
  ASSERT_TRUE(this->replica_.put_identity(made));
  EXPECT_EQ(this->replica_.start().error(), core::Errc::not_found);
}

TYPED_TEST(StoreContract, KeepsEventsCursorAndRegistersOfOneDelta) {
  Delta delta;
  delta.registers = {membership(1), marker(2, 1, 1)};
  delta.events = {event(1), event(2), event(3, kMe)};
  delta.heads = {head(3, 1, 1)};
  this->apply(delta, this->point("c1", 2));
  EXPECT_EQ(this->kept_point().cursor, "c1");
  EXPECT_EQ(this->kept_point().rseq, 2U);
  EXPECT_EQ(this->kept_point().at.time_since_epoch().count(), 77);
  const auto view = this->view();
  EXPECT_EQ(view.head, 3U);
  EXPECT_EQ(view.marker, 1U);
  EXPECT_EQ(view.unread, 1U);
  EXPECT_EQ(view.peer.handle(), "aki");
  EXPECT_TRUE(view.missing.empty());
  ASSERT_TRUE(view.last);
  EXPECT_EQ(view.last->seq(), 3U);
  const auto events = this->replica_.events(id(kChat), 1, UINT64_MAX, 2, true);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ(events->at(0).seq(), 2U);
  EXPECT_EQ(events->at(1).body(), "text 3");
}

TYPED_TEST(StoreContract, RepeatsChangeNothing) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.events = {event(1), event(2)};
  delta.heads = {head(2, 0, 2)};
  delta.gaps = {gap(1, 2)};
  this->apply(delta, this->point("c1", 1));
  this->apply(delta, this->point("c1", 1));
  const auto view = this->view();
  EXPECT_EQ(view.unread, 2U);
  EXPECT_TRUE(view.debts.empty());
  EXPECT_EQ(view.held.count(), 2U);
}

TYPED_TEST(StoreContract, AGapIsOwedUntilItsSlotsAreHeldOrSkipped) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.events = {event(9), event(10)};
  delta.heads = {head(10, 0, 10)};
  delta.gaps = {gap(1, 8)};
  this->apply(delta, this->point("c1", 1));
  EXPECT_EQ(this->view().debts, (std::vector<Debt>{{{1, 8}, ""}}));
  EXPECT_EQ(this->view().missing_count(), 8U);
  EXPECT_EQ(this->view().unread, 10U) << "the server's number, as long as not all is held";
  v1::Page page;
  page.set_conversation_id(bytes(kChat));
  for (std::uint64_t seq = 1; seq <= 5; ++seq) *page.add_events() = event(seq);
  ASSERT_EQ(*this->replica_.apply_page(page, 0), Applied::stored);
  EXPECT_EQ(this->view().missing, (std::vector<Range>{{6, 8}}));
  EXPECT_EQ(this->view().debts.size(), 1U);
  page.clear_events();
  *page.add_events() = event(6);
  page.add_skipped()->set_from_seq(7);
  page.mutable_skipped(0)->set_to_seq(8);
  ASSERT_EQ(*this->replica_.apply_page(page, 0), Applied::stored);
  EXPECT_TRUE(this->view().debts.empty());
  EXPECT_TRUE(this->view().missing.empty());
  const auto owed = this->replica_.missing();
  ASSERT_TRUE(owed);
  EXPECT_TRUE(owed->at(id(kChat)).empty());
}

TYPED_TEST(StoreContract, AHoleInTheLogShows) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.events = {event(1), event(3), event(6)};
  this->apply(delta, this->point("c1", 1));
  EXPECT_EQ(this->view().missing, (std::vector<Range>{{2, 2}, {4, 5}}));
}

TYPED_TEST(StoreContract, OnlyMySlotsAreMissed) {
  Delta delta;
  delta.registers = {membership(1, kChat, {{4, 6}, {10, 0}})};
  delta.heads = {head(12, 10, 0)};
  this->apply(delta, this->point("c1", 1));
  EXPECT_EQ(this->view().missing, (std::vector<Range>{{4, 6}, {10, 12}}));
}

TYPED_TEST(StoreContract, OlderRegistersAndHeadsLose) {
  Delta first;
  first.registers = {membership(1), marker(5, 2, 3)};
  first.heads = {head(9, 3, 6, 2)};
  this->apply(first, this->point("c2", 5));
  Delta late;  // of a slower process
  late.registers = {marker(4, 1, 8)};
  late.heads = {head(9, 8, 1, 1), head(8, 3, 5, 2)};
  this->apply(late, this->point("c1", 4));
  const auto view = this->view();
  EXPECT_EQ(view.rev, 2U);
  EXPECT_EQ(view.marker, 3U);
  EXPECT_EQ(view.unread, 6U);
  EXPECT_EQ(view.head, 9U);
}

TYPED_TEST(StoreContract, ABlockIsTheNewerOfTwoHeadsAlike) {
  Delta blocked;
  blocked.registers = {membership(1)};
  blocked.heads = {head(9, 0, 0)};
  this->apply(blocked, this->point("c2", 8));
  Delta late;
  late.heads = {head(9, 0, 9)};
  this->apply(late, this->point("c1", 7));
  EXPECT_EQ(this->view().unread, 0U);
}

TYPED_TEST(StoreContract, BlockedAuthorsDoNotCountInWhatIsHeld) {
  v1::Register block;
  block.set_kind(v1::REGISTER_KIND_BLOCK);
  block.set_rseq(2);
  block.mutable_person()->set_id(bytes(kAki));
  Delta delta;
  delta.registers = {membership(1), block};
  delta.events = {event(1), event(2, 0x99)};
  this->apply(delta, this->point("c1", 2));
  EXPECT_EQ(this->view().unread, 1U);
}

TYPED_TEST(StoreContract, LaterEventsAddToTheServersNumber) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.heads = {head(500, 20, 300)};
  delta.gaps = {gap(1, 500)};
  this->apply(delta, this->point("c1", 1));
  Delta live;
  live.events = {event(501), event(502, kMe), event(503), event(504, kAki, kChat, v1::EVENT_KIND_ADDED)};
  this->apply(live, this->point("c2", 1));
  EXPECT_EQ(this->view().unread, 302U);
}

TYPED_TEST(StoreContract, RemovalDropsAndStaysDropped) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.events = {event(1)};
  this->apply(delta, this->point("c1", 1));
  Delta gone;
  gone.registers = {removed(membership(1), 2)};
  this->apply(gone, this->point("c2", 2));
  EXPECT_EQ(this->replica_.conversation(id(kChat)).error(), core::Errc::not_found);
  this->apply(delta, this->point("c1", 1));  // a slower process
  EXPECT_EQ(this->replica_.conversation(id(kChat)).error(), core::Errc::not_found);
  EXPECT_TRUE(this->replica_.events(id(kChat), 1, 9, 9, false)->empty());
  Delta back;
  back.registers = {membership(3, kChat, {{1, 1}, {4, 0}})};
  back.events = {event(4, kAki, kChat, v1::EVENT_KIND_ADDED)};
  this->apply(back, this->point("c3", 3));
  EXPECT_EQ(this->view().missing, (std::vector<Range>{{1, 1}}));
}

TYPED_TEST(StoreContract, AnotherEpochWritesNothing) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.events = {event(1)};
  this->apply(delta, this->point("c1", 1));
  ASSERT_TRUE(this->replica_.put_ticket("t"));
  auto presented = this->kept_point();
  const auto epoch = this->replica_.reset(presented);
  ASSERT_TRUE(epoch);
  ASSERT_EQ(*epoch, std::optional<std::uint64_t>(1));
  EXPECT_EQ(this->kept_point().cursor, "");
  EXPECT_EQ(this->kept_point().ticket, "t");
  EXPECT_EQ(*this->replica_.apply(delta, this->point("c9", 1)), Applied::other_epoch);
  EXPECT_EQ(*this->replica_.apply_head(head(1, 0, 1), 1, 0), Applied::other_epoch);
  EXPECT_EQ(*this->replica_.apply_page({}, 0), Applied::other_epoch);
  EXPECT_EQ(this->kept_point().cursor, "");
  EXPECT_TRUE(this->replica_.conversations()->empty());
  EXPECT_TRUE(this->replica_.start()) << "the identity stays";
}

TYPED_TEST(StoreContract, ResetsOfTwoProcessesEndInOneEpoch) {
  const auto fresh = this->kept_point();
  EXPECT_EQ(*this->replica_.reset(fresh), std::optional<std::uint64_t>(0)) << "nothing to drop";
  EXPECT_EQ(*this->replica_.reset(fresh), std::optional<std::uint64_t>(0));
  this->apply({}, this->point("c1", 0));
  EXPECT_EQ(*this->replica_.reset(fresh), std::nullopt) << "the other one got further: take its cursor";
  const auto old = this->kept_point();
  EXPECT_EQ(*this->replica_.reset(old), std::optional<std::uint64_t>(1));
  EXPECT_EQ(*this->replica_.reset(old), std::nullopt) << "done already";
  EXPECT_EQ(this->kept_point().epoch, 1U);
}

TYPED_TEST(StoreContract, AnotherEventInAHeldSlotIsAConflictAndWritesNothing) {
  Delta delta;
  delta.registers = {membership(1)};
  delta.events = {event(1)};
  this->apply(delta, this->point("c1", 1));
  auto other = event(1);
  other.set_client_id(std::string(16, 'x'));
  Delta wrong;
  wrong.events = {event(2), other};
  EXPECT_EQ(*this->replica_.apply(wrong, this->point("c2", 1)), Applied::conflict);
  EXPECT_EQ(this->kept_point().cursor, "c1");
  EXPECT_EQ(this->view().head, 1U);
  ASSERT_TRUE(this->replica_.start_over(0));
  EXPECT_EQ(this->kept_point().epoch, 1U);
  ASSERT_TRUE(this->replica_.start_over(0));
  EXPECT_EQ(this->kept_point().epoch, 1U);
}

TYPED_TEST(StoreContract, FlagsAndTitles) {
  auto group = membership(1);
  group.set_conversation_kind(v1::CONVERSATION_KIND_GROUP);
  group.set_title("old");
  v1::Register pin;
  pin.set_kind(v1::REGISTER_KIND_PIN);
  pin.set_rseq(2);
  pin.set_conversation_id(bytes(kChat));
  auto titled = event(2, kAki, kChat, v1::EVENT_KIND_TITLED);
  titled.set_body("new");
  Delta delta;
  delta.registers = {group, pin};
  this->apply(delta, this->point("c1", 2));
  EXPECT_EQ(this->view().title, "old");
  EXPECT_TRUE(this->view().pinned);
  EXPECT_FALSE(this->view().muted);
  Delta later;
  later.registers = {removed(pin, 3)};
  later.events = {titled};
  this->apply(later, this->point("c2", 3));
  EXPECT_EQ(this->view().title, "new");
  EXPECT_FALSE(this->view().pinned);
  EXPECT_TRUE(this->replica_.registers(v1::REGISTER_KIND_PIN)->empty());
}

TYPED_TEST(StoreContract, TheFlushLockHasOneHolder) {
  const int one = 1;
  const int two = 2;
  EXPECT_TRUE(this->store_->try_lock_outbox(&one));
  EXPECT_TRUE(this->store_->try_lock_outbox(&one));
  EXPECT_FALSE(this->store_->try_lock_outbox(&two));
  this->store_->unlock_outbox(&two);
  EXPECT_FALSE(this->store_->try_lock_outbox(&two));
  this->store_->unlock_outbox(&one);
  EXPECT_TRUE(this->store_->try_lock_outbox(&two));
}

}  // namespace
}  // namespace enishi::client
