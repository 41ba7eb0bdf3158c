// A session tells what it holds, and keeps what it is told of others.
#include <algorithm>

#include "cpp/requests.h"
#include "unit/client/scripted.h"

namespace enishi::client {
namespace {

using namespace scene;
using Seqs = std::vector<std::uint64_t>;

v1::Register tie(std::uint64_t rseq, std::uint8_t person, v1::TieState state = v1::TIE_STATE_MUTUAL) {
  v1::Register made;
  made.set_kind(v1::REGISTER_KIND_TIE);
  made.set_rseq(rseq);
  made.mutable_person()->set_id(bytes(person));
  made.mutable_person()->set_handle("aki");
  made.mutable_person()->set_name("Aki");
  made.set_tie(state);
  return made;
}

v1::Register stored_register(std::uint64_t rseq, std::uint64_t seq) {
  v1::Register made;
  made.set_kind(v1::REGISTER_KIND_STORED);
  made.set_rseq(rseq);
  made.set_conversation_id(bytes(kChat));
  made.set_seq(seq);
  return made;
}

v1::Receipt receipt(const std::string& handle, std::uint64_t delivered, std::uint64_t read) {
  v1::Receipt made;
  made.set_conversation_id(bytes(kChat));
  made.set_handle(handle);
  made.set_delivered_seq(delivered);
  made.set_read_seq(read);
  return made;
}

class Device : public Scripted {
 public:
  using Scripted::Scripted;
  /// What the reports say that went out since the last look; the last one's request is `request`.
  Seqs reports() {
    Seqs seqs;
    for (const auto& frame : sent()) {
      if (!frame.has_stored()) continue;
      seqs.push_back(frame.stored().through_seq());
      request = frame.request_id();
    }
    return seqs;
  }
  void ok(std::uint64_t id) {
    v1::ServerFrame frame;
    frame.set_request_id(id);
    frame.mutable_ok();
    give(frame);
  }
  /// Live with aki, who is tied with me, and these messages; nothing is said of the rest.
  void begin(std::vector<v1::Event> events, v1::TieState state = v1::TIE_STATE_MUTUAL) {
    connect(v1::RESUME_RESET, 2);
    batch({tie(1, kAki, state), membership(2)}, std::move(events));
    frontier("c1");
  }
  void told(const v1::Receipt& receipt) {
    v1::ServerFrame frame;
    *frame.mutable_receipt() = receipt;
    give(frame);
  }
  [[nodiscard]] std::vector<ReceiptRow> kept() { return *replica.receipts(id(kChat)); }

  std::uint64_t request = 0;
};

SessionSettings lazy() {
  SessionSettings settings;
  settings.pay_debts = false;
  return settings;
}

TEST(SessionStored, WhatIsHeldIsReportedAtOnceThenNotBeforeTwoSeconds) {
  Device device;
  device.begin({event(1), event(2)});
  EXPECT_EQ(device.reports(), Seqs{2});
  device.ok(device.request);
  device.batch({stored_register(3, 2)}, {});
  device.frontier("c2");
  EXPECT_EQ(device.reports(), Seqs{}) << "its own register is no news";
  device.batch({}, {event(3)});
  device.frontier("c3");
  device.batch({}, {event(4)});
  device.frontier("c4");
  EXPECT_EQ(device.reports(), Seqs{});
  const auto at = device.machine->wakeup_at();
  ASSERT_TRUE(at);
  EXPECT_LE(*at, device.now + Instant{2'000});
  device.pass(Instant{2'000});
  EXPECT_EQ(device.reports(), Seqs{4}) << "both in one";
}

TEST(SessionStored, NothingIsReportedBeforeItIsStored) {
  Device device;
  device.connect(v1::RESUME_RESET, 2);
  device.batch({tie(1, kAki), membership(2)}, {event(1)});
  EXPECT_EQ(device.reports(), Seqs{});
  device.frontier("c1", false);
  EXPECT_EQ(device.reports(), Seqs{}) << "more comes: it is told once all of it is here";
  device.frontier("c2");
  EXPECT_EQ(device.reports(), Seqs{1});
}

TEST(SessionStored, AGapThatIsOwedEndsIt) {
  Device device(lazy());
  device.connect(v1::RESUME_RESET, 2);
  device.batch({tie(1, kAki), membership(2)}, {event(1), event(2), event(9), event(10)});
  device.give_head(head(10, 0, 10));
  device.give_gap(gap(3, 8));
  device.frontier("c1");
  EXPECT_EQ(device.reports(), Seqs{2}) << "not the head, nor what is held behind the gap";
  device.ok(device.request);
  device.batch({}, {event(11)});
  device.frontier("c2");
  device.pass(Instant{2'000});
  EXPECT_EQ(device.reports(), Seqs{});
  device.page(0, {event(3), event(4), event(5), event(6)}, 11);
  EXPECT_EQ(device.reports(), Seqs{6}) << "a page that pays of it is held as well";
  device.ok(device.request);
  device.page(0, {event(7), event(8)}, 11);
  device.pass(Instant{2'000});
  EXPECT_EQ(device.reports(), Seqs{11});
}

TEST(SessionStored, AHeadWithoutItsMessagesIsNotHeld) {
  Device device(lazy());
  device.begin({event(1)});
  EXPECT_EQ(device.reports(), Seqs{1});
  device.ok(device.request);
  device.give_head(head(5, 0, 5));
  device.frontier("c2");
  device.pass(Instant{5'000});
  EXPECT_EQ(device.reports(), Seqs{});
}

TEST(SessionStored, ItBeginsWhereTheMemberMaySee) {
  Device device(lazy());
  device.connect(v1::RESUME_RESET, 2);
  device.batch({tie(1, kAki), membership(2, kChat, {{3, 4}, {8, 0}})}, {event(3), event(4), event(8), event(9)});
  device.frontier("c1");
  EXPECT_EQ(device.reports(), Seqs{9}) << "what lies between his two stays is not his";
  Device other(lazy());
  other.connect(v1::RESUME_RESET, 2);
  other.batch({tie(1, kAki), membership(2, kChat, {{3, 4}, {8, 0}})}, {event(3), event(8), event(9)});
  other.frontier("c1");
  EXPECT_EQ(other.reports(), Seqs{3});
}

TEST(SessionStored, OnlyMessagesOfThoseTiedAreWorthAReport) {
  Device mine;
  mine.begin({event(1, kMe), event(2, kMe)});
  EXPECT_EQ(mine.reports(), Seqs{}) << "nobody waits to hear of it";
  mine.batch({}, {event(3)});
  mine.frontier("c2");
  EXPECT_EQ(mine.reports(), Seqs{3});
  Device ended;
  ended.begin({event(1)}, v1::TIE_STATE_ENDED);
  EXPECT_EQ(ended.reports(), Seqs{});
  ended.batch({tie(3, kAki)}, {});
  ended.frontier("c2");
  EXPECT_EQ(ended.reports(), Seqs{1}) << "tied again, he may know";
}

TEST(SessionStored, ALostReportIsRepeatedWhileTheRegisterIsLower) {
  Device device;
  device.begin({event(1)});
  EXPECT_EQ(device.reports(), Seqs{1});
  device.close(1006);
  device.pass(Instant{3'000});
  device.connect(v1::RESUME_EXACT, 2);
  device.frontier("c1");
  EXPECT_EQ(device.reports(), Seqs{1});
  device.close(1006);
  device.pass(Instant{3'000});
  // The report had come through, and what says so comes with the catch-up.
  device.connect(v1::RESUME_EXACT, 3);
  device.batch({stored_register(3, 1)}, {});
  device.frontier("c2");
  EXPECT_EQ(device.reports(), Seqs{});
}

TEST(SessionStored, AServerThatSaysLaterIsObeyed) {
  Device device;
  device.begin({event(1)});
  EXPECT_EQ(device.reports(), Seqs{1});
  EXPECT_TRUE(device.machine->is_reporting());
  device.error(device.request, v1::ERROR_CODE_RATE_LIMITED, 5'000);
  EXPECT_FALSE(device.machine->is_reporting());
  device.pass(Instant{4'999});
  EXPECT_EQ(device.reports(), Seqs{});
  device.pass(Instant{1});
  EXPECT_EQ(device.reports(), Seqs{1});
  device.error(device.request, v1::ERROR_CODE_NOT_FOUND);
  device.pass(Instant{60'000});
  EXPECT_EQ(device.reports(), Seqs{}) << "refused is refused";
}

TEST(SessionReceipts, TheyAreKeptToldOnceAndNeverFall) {
  Device device;
  device.begin({event(1, kMe), event(2, kMe)});
  device.told(receipt("aki", 1, 0));
  device.told(receipt("aki", 2, 1));
  device.told(receipt("aki", 2, 0));
  device.told(receipt("aki", 1, 1));
  EXPECT_EQ(device.kept(), (std::vector<ReceiptRow>{{"aki", 2, 1}}));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  for (const auto& each : device.listener.of<happening::Receipt>()) told.emplace_back(each.delivered, each.read);
  EXPECT_EQ(told, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 0}, {2, 1}}));
}

TEST(SessionReceipts, WhatIsShownIsAskedForWheneverTheSessionBecomesLive) {
  Device device;
  const auto asked = [&] {
    const auto frames = device.sent();
    return std::ranges::count_if(frames, [](const auto& frame) { return frame.has_receipts_ask(); });
  };
  device.machine->show({id(kChat)});
  device.begin({event(1, kMe)});
  EXPECT_EQ(asked(), 1);
  device.machine->show({id(kChat)});
  EXPECT_EQ(asked(), 0) << "it was asked for";
  v1::ServerFrame lagged;
  lagged.mutable_lagged();
  device.give(lagged);
  device.frontier("c2");
  EXPECT_EQ(asked(), 1) << "what came meanwhile was dropped with the signals";
  device.machine->show({});
  device.close(1006);
  device.connect(v1::RESUME_EXACT, 2);
  device.frontier("c2");
  EXPECT_EQ(asked(), 0);
}

TEST(SessionReceipts, TheyGoWithTheConversation) {
  Device device;
  device.begin({event(1, kMe)});
  device.told(receipt("aki", 1, 1));
  device.batch({removed(membership(2), 3)}, {});
  device.frontier("c2");
  EXPECT_TRUE(device.kept().empty());
  device.told(receipt("aki", 1, 1));
  EXPECT_TRUE(device.kept().empty());
}

TEST(SessionProfile, TheMemberHimselfIsKnownFromWelcomeAndFromHisRegister) {
  Device device;
  device.machine->on_open(device.now);
  device.challenge();
  v1::ServerFrame frame;
  frame.mutable_welcome()->set_resume(v1::RESUME_RESET);
  frame.mutable_welcome()->set_rseq(7);
  frame.mutable_welcome()->mutable_member()->set_handle("me");
  frame.mutable_welcome()->mutable_member()->set_name("Me");
  device.give(frame);
  EXPECT_EQ(device.replica.self()->name(), "Me");
  v1::Register entry;
  entry.set_kind(v1::REGISTER_KIND_PROFILE);
  entry.set_rseq(5);  // behind Welcome's number, and all the same newer than what Welcome read
  entry.mutable_person()->set_handle("me");
  entry.mutable_person()->set_name("Somebody");
  entry.mutable_person()->set_hue(30);
  device.batch({entry}, {});
  device.frontier("c1", false);
  EXPECT_EQ(device.replica.self()->name(), "Somebody");
  EXPECT_EQ(device.listener.of<happening::Profile>().at(0).person.hue(), 30U);
}

TEST(SessionProfile, UnknownRegistersBreakNothing) {
  Device device;
  device.begin({event(1)});
  auto entry = stored_register(3, 1);
  entry.set_kind(static_cast<v1::RegisterKind>(77));
  device.batch({entry}, {});
  device.frontier("c2");
  EXPECT_TRUE(device.machine->is_live());
  EXPECT_TRUE(device.listener.of<happening::StartedOver>().empty());
}

TEST(SessionProfile, ThePeerOfADirectConversationIsCalledAsHisTieSays) {
  Device device;
  device.begin({event(1)});
  EXPECT_EQ(device.view().peer.name(), "Aki");
  auto changed = tie(3, kAki);
  changed.mutable_person()->set_name("Aki M.");
  changed.mutable_person()->set_hue(200);
  device.batch({changed}, {});
  device.frontier("c2");
  EXPECT_EQ(device.view().peer.name(), "Aki M.");
  EXPECT_EQ(device.listener.of<happening::Tie>().back().person.hue(), 200U);
}

}  // namespace
}  // namespace enishi::client
