// Catching up: frontiers, gaps, lagging, reset, lost registers, holes.
#include "cpp/requests.h"
#include "scripted.h"

namespace enishi::client {
namespace {

using namespace scene;

TEST(SessionResume, NothingIsStoredOrToldBeforeTheFrontier) {
  Scripted device;
  device.connect(v1::RESUME_RESET, 1);
  device.batch({membership(1)}, {event(1), event(2)});
  device.give_head(head(2, 0, 2));
  EXPECT_TRUE(device.listener.seqs().empty());
  EXPECT_TRUE(device.replica.conversations()->empty());
  EXPECT_EQ(device.point().cursor, "");
  device.frontier("c1");
  EXPECT_EQ(device.listener.seqs(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(device.point().cursor, "c1");
  EXPECT_EQ(device.point().rseq, 1U);
  EXPECT_EQ(device.view().unread, 2U);
}

TEST(SessionResume, ACutBetweenGroupAndFrontierLeavesTheOldCursor) {
  Scripted device;
  device.go_live(1);
  device.batch({}, {event(2)});
  device.close(1006);
  EXPECT_EQ(device.view().head, 1U);
  EXPECT_EQ(device.listener.seqs(), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(device.connect(v1::RESUME_EXACT, 1).cursor(), "c1");
  device.batch({}, {event(2)});
  device.frontier("c2");
  EXPECT_EQ(device.listener.seqs(), (std::vector<std::uint64_t>{1, 2}));
}

TEST(SessionResume, GapAndCursorAreStoredTogether) {
  SessionSettings settings;
  settings.pay_debts = false;
  Scripted device(settings);
  device.connect(v1::RESUME_RESET, 1);
  device.batch({membership(1)}, {event(9), event(10)});
  device.give_head(head(10, 0, 10));
  device.give_gap(gap(1, 8));
  EXPECT_EQ(device.point().cursor, "");
  // A store that fails at that transaction leaves neither.
  device.memory.fail_next(core::Errc::store_full);
  device.frontier("c1");
  EXPECT_EQ(device.machine->state(), SessionState::stopped);
  EXPECT_EQ(device.listener.of<happening::Stopped>().at(0).code, static_cast<std::uint32_t>(core::Errc::store_full));
  EXPECT_EQ(device.point().cursor, "");
  Scripted again(settings, &device.memory);
  again.connect(v1::RESUME_RESET, 1);
  again.batch({membership(1)}, {event(9), event(10)});
  again.give_head(head(10, 0, 10));
  again.give_gap(gap(1, 8));
  again.frontier("c1");
  EXPECT_EQ(again.point().cursor, "c1");
  EXPECT_EQ(again.view().debts, (std::vector<Debt>{{{1, 8}, ""}}));
  EXPECT_FALSE(again.machine->is_caught_up());
  EXPECT_EQ(again.machine->missing(), 8U);
}

TEST(SessionResume, DebtsArePaidPageByPageAndThenItIsReady) {
  SessionSettings settings;
  settings.page_limit = 5;
  Scripted device(settings);
  device.connect(v1::RESUME_RESET, 1);
  device.batch({membership(1)}, {event(9), event(10)});
  device.give_head(head(10, 0, 10));
  device.give_gap(gap(1, 8));
  device.frontier("c1");
  EXPECT_TRUE(device.listener.of<happening::Ready>().empty());
  auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].fetch().from_seq(), 1U);
  EXPECT_EQ(frames[0].fetch().to_seq(), 8U);
  EXPECT_EQ(frames[0].fetch().limit(), 5U);
  device.page(frames[0].request_id(), {event(1), event(2), event(3), event(4), event(5)}, 10);
  frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].fetch().from_seq(), 6U);
  device.page(frames[0].request_id(), {event(6), event(7), event(8)}, 10);
  EXPECT_TRUE(device.sent().empty());
  EXPECT_EQ(device.listener.of<happening::Ready>().size(), 1U);
  EXPECT_TRUE(device.machine->is_caught_up());
  EXPECT_EQ(device.listener.of<happening::State>().back().missing, 0U);
  auto seqs = device.listener.seqs();
  std::ranges::sort(seqs);
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(device.view().unread, 10U);
}

TEST(SessionResume, ADebtSurvivesTheConnectionAndIsPaidOnTheNext) {
  Scripted device;
  device.connect(v1::RESUME_RESET, 1);
  device.batch({membership(1)}, {event(3)});
  device.give_gap(gap(1, 2));
  device.frontier("c1");
  EXPECT_EQ(device.sent().size(), 1U);
  device.close(1006);
  device.connect(v1::RESUME_EXACT, 1);
  EXPECT_TRUE(device.sent().empty()) << "not while catching up";
  device.frontier("c1");
  const auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].fetch().to_seq(), 2U);
}

TEST(SessionResume, AServerThatGivesNothingIsNotAskedInACircle) {
  Scripted device;
  device.connect(v1::RESUME_RESET, 1);
  device.batch({membership(1)}, {event(3)});
  device.give_gap(gap(1, 2));
  device.frontier("c1");
  const auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  device.page(frames[0].request_id(), {}, 3);
  EXPECT_TRUE(device.sent().empty());
  EXPECT_EQ(device.listener.of<happening::Ready>().size(), 1U);
  EXPECT_FALSE(device.machine->is_caught_up());
  EXPECT_EQ(device.machine->missing(), 2U);
}

TEST(SessionResume, AHoleInTheLiveStreamIsFetched) {
  Scripted device;
  device.go_live(2);
  device.batch({}, {event(4)});
  device.frontier("c2");
  const auto frames = device.sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].fetch().from_seq(), 3U);
  EXPECT_EQ(frames[0].fetch().to_seq(), 3U);
  device.page(frames[0].request_id(), {event(3)}, 4);
  EXPECT_TRUE(device.machine->is_caught_up());
  EXPECT_EQ(device.listener.seqs(), (std::vector<std::uint64_t>{1, 2, 4, 3}));
  EXPECT_TRUE(device.listener.of<happening::Message>().back().from_gap);
}

TEST(SessionResume, DuplicatesAreToldOnce) {
  Scripted device;
  device.go_live(2);
  device.batch({}, {event(2), event(3)});
  device.frontier("c2");
  device.batch({}, {event(3)});
  device.frontier("c2");
  EXPECT_EQ(device.listener.seqs(), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(device.view().unread, 3U);
}

TEST(SessionResume, LaggingLastsUntilALiveFrontier) {
  Scripted device;
  device.go_live(1);
  v1::ServerFrame lagged;
  lagged.mutable_lagged();
  device.give(lagged);
  EXPECT_EQ(device.machine->state(), SessionState::lagging);
  // Superseded register writes may be left out while it lasts.
  device.batch({marker(4, 1, 1)}, {event(2)});
  device.frontier("c2", false);
  EXPECT_EQ(device.machine->state(), SessionState::lagging);
  EXPECT_EQ(device.point().cursor, "c2");
  device.batch({}, {event(3)});
  device.frontier("c3", true);
  EXPECT_EQ(device.machine->state(), SessionState::live);
  device.batch({marker(5, 1, 3)}, {});
  device.give_head(head(3, 3, 0));
  device.frontier("c4");
  EXPECT_EQ(device.view().unread, 0U);
  EXPECT_TRUE(device.listener.of<happening::StartedOver>().empty());
  ASSERT_EQ(device.listener.of<happening::Marker>().size(), 2U);
  EXPECT_EQ(device.listener.of<happening::Marker>()[1].unread, 0U);
  EXPECT_EQ(device.listener.of<happening::Marker>()[1].by_device, "phone");
}

TEST(SessionResume, ResetDropsTheHistoryAndKeepsTheOutbox) {
  SessionSettings settings;
  settings.flush_outbox = false;
  Scripted device(settings);
  device.go_live(3);
  ASSERT_TRUE(device.machine->send({id(kChat), "kept", 0, std::nullopt}));
  device.close(1006);
  EXPECT_EQ(device.connect(v1::RESUME_RESET, 1).cursor(), "c1");
  EXPECT_TRUE(device.replica.conversations()->empty());
  EXPECT_EQ(device.point().epoch, 1U);
  auto other = event(1);
  other.set_client_id(std::string(16, 'o'));
  device.batch({membership(1)}, {other});
  device.frontier("d1");
  EXPECT_EQ(device.view().head, 1U);
  EXPECT_EQ(device.point().cursor, "d1");
  EXPECT_EQ(device.listener.seqs(), (std::vector<std::uint64_t>{1, 2, 3, 1})) << "another history, told anew";
  EXPECT_EQ(device.machine->outbox().pending()->size(), 1U);
}

TEST(SessionResume, ALostRegisterShowsAndEverythingIsAskedForAgain) {
  Scripted device;
  device.go_live(1);
  device.batch({marker(3, 1, 1)}, {});  // 2 never came
  EXPECT_TRUE(device.machine->wants_close());
  ASSERT_EQ(device.listener.of<happening::StartedOver>().size(), 1U);
  device.frontier("c2");
  EXPECT_EQ(device.point().cursor, "") << "a frontier after it is not believed";
  device.close(1006);
  EXPECT_EQ(device.connect(v1::RESUME_RESET, 3).cursor(), "");
  device.batch({membership(1), marker(3, 1, 1)}, {event(1)});
  device.frontier("c2");
  EXPECT_EQ(device.machine->state(), SessionState::live);
  EXPECT_EQ(device.listener.of<happening::StartedOver>().size(), 1U);
}

TEST(SessionResume, ARegisterMissingAtTheEndOfCatchingUpShows) {
  Scripted device;
  device.connect(v1::RESUME_RESET, 2);
  device.batch({membership(1)}, {});
  device.frontier("c1", false);
  EXPECT_FALSE(device.machine->wants_close());
  device.frontier("c2", true);
  EXPECT_TRUE(device.machine->wants_close());
  EXPECT_EQ(device.listener.of<happening::StartedOver>().size(), 1U);
}

TEST(SessionResume, AnotherEventInASlotStartsOver) {
  Scripted device;
  device.go_live(2);
  auto other = event(2);
  other.set_body("not what it was");
  device.batch({}, {other});
  device.frontier("c2");
  EXPECT_EQ(device.listener.of<happening::StartedOver>().size(), 1U);
  EXPECT_EQ(device.point().cursor, "");
  EXPECT_EQ(device.point().epoch, 1U);
}

TEST(SessionResume, MarkedIsStoredAtOnce) {
  Scripted device;
  device.go_live(3);
  std::uint64_t unread = 99;
  device.machine->request(requests::read(id(kChat), 2, 1),
                          [&](const Answer& answer) { unread = answer.frame.marked().head().unread(); });
  const auto frames = device.sent();
  v1::ServerFrame marked;
  marked.set_request_id(frames.at(0).request_id());
  *marked.mutable_marked()->mutable_head() = head(3, 2, 1);
  device.give(marked);
  EXPECT_EQ(unread, 1U);
  EXPECT_EQ(device.view().marker, 2U);
  EXPECT_EQ(device.view().unread, 1U);
}

TEST(SessionResume, RemovalDropsTheConversation) {
  Scripted device;
  device.go_live(3);
  device.batch({removed(membership(1), 2)}, {});
  device.frontier("c2");
  EXPECT_TRUE(device.replica.conversations()->empty());
  const auto told = device.listener.of<happening::Membership>();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(told[1].removed);
  EXPECT_EQ(told[1].entry.peer().handle(), "aki") << "as it was, so that it can still be named";
}

TEST(SessionResume, MembersAndTiesAreTold) {
  Scripted device;
  device.go_live(1);
  auto added = event(2, kAki, kChat, v1::EVENT_KIND_ADDED);
  added.add_people()->set_handle("ben");
  v1::Register tie;
  tie.set_kind(v1::REGISTER_KIND_TIE);
  tie.set_rseq(2);
  tie.mutable_person()->set_id(bytes(kAki));
  tie.mutable_person()->set_handle("aki");
  tie.set_tie(v1::TIE_STATE_MUTUAL);
  auto block = tie;
  block.set_kind(v1::REGISTER_KIND_BLOCK);
  block.set_rseq(3);
  auto unblock = block;
  unblock.set_rseq(4);
  unblock.set_removed(true);
  device.batch({tie}, {added});
  device.frontier("c2");
  device.batch({block}, {});
  device.give_head(head(2, 0, 0));
  device.frontier("c3");
  EXPECT_EQ(device.view().unread, 0U);
  device.batch({unblock}, {});
  device.give_head(head(2, 0, 1));
  device.frontier("c4");
  std::vector<v1::TieState> states;
  for (const auto& each : device.listener.of<happening::Tie>()) states.push_back(each.state);
  EXPECT_EQ(states, (std::vector<v1::TieState>{v1::TIE_STATE_MUTUAL, v1::TIE_STATE_BLOCKED, v1::TIE_STATE_MUTUAL}));
  ASSERT_EQ(device.listener.of<happening::Member>().size(), 1U);
  EXPECT_EQ(device.listener.of<happening::Member>()[0].handle, "ben");
  EXPECT_EQ(device.listener.of<happening::Recounted>().back().unread, 1U);
}

TEST(SessionResume, ARegisterWrittenAgainWhileCatchingUpIsNotLost) {
  Scripted device;
  device.connect(v1::RESUME_RESET, 3);
  device.batch({membership(1)}, {event(1)});
  // Number 3 was overwritten by number 4 between two chunks: the batch after the last register says how far it reaches.
  v1::ServerFrame frame;
  frame.mutable_batch()->set_rseq(3);
  device.give(frame);
  device.frontier("c1");
  EXPECT_EQ(device.point().rseq, 3U);
  device.batch({membership(4)}, {});
  device.frontier("c2");
  EXPECT_TRUE(device.listener.of<happening::StartedOver>().empty());
  EXPECT_EQ(device.point().rseq, 4U);
  device.batch({membership(6)}, {});
  EXPECT_EQ(device.listener.of<happening::StartedOver>().size(), 1U) << "live, each number still has to come";
}

}  // namespace
}  // namespace enishi::client
