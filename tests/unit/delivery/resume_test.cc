// Where the log continues: cursors of any age, chunks, gaps, and what lies between two memberships.
#include <gtest/gtest.h>

#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::Position;
using core::Seq;

class Resuming : public testing::Test {
 protected:
  explicit Resuming(delivery::FloorLimits limits = {}) : rig_(1, limits) {}

  v1::Resume resume_of(const std::string& cursor) {
    auto client = rig_.open();
    return client->ask(rig_.hello(ben_, cursor)).welcome().resume();
  }
  /// Cursor of the newest position.
  std::string newest() { return rig_.cursor(rig_.desk.reader->counters().position); }
  v1::Frontier last_frontier(const Client& client) {
    for (auto at = client.frames.rbegin(); at != client.frames.rend(); ++at)
      if (at->has_frontier()) return at->frontier();
    return {};
  }

  Rig rig_;
  Person aki_ = rig_.desk.join("aki");
  Person ben_ = rig_.desk.join("ben");
  core::PublicId chat_ = rig_.desk.direct(aki_, ben_);
};

TEST_F(Resuming, WithoutACursorEverythingFollows) {
  rig_.send(aki_, chat_);
  rig_.send(aki_, chat_);
  auto client = rig_.connect(ben_);
  EXPECT_EQ(client->frames[1].welcome().resume(), v1::RESUME_RESET);
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{1, 2}));
  std::uint64_t rseq = 0;
  for (const auto& frame : client->frames)
    for (const auto& row : frame.batch().registers())
      EXPECT_EQ(row.rseq(), ++rseq) << "dense, so that a lost one shows";
  EXPECT_EQ(client->frames[1].welcome().rseq(), rseq);
  const auto heads = those(client->frames, [](const auto& frame) { return frame.has_head(); });
  EXPECT_EQ(heads.size(), 2U) << "the direct one and his own";
  EXPECT_TRUE(last_frontier(*client).live());
}

TEST_F(Resuming, ACursorIsAnsweredByWhatLiesBehindIt) {
  rig_.send(aki_, chat_);
  const auto cursor = newest();
  rig_.send(aki_, chat_);
  auto client = rig_.connect(ben_, 0, cursor);
  EXPECT_EQ(client->frames[1].welcome().resume(), v1::RESUME_EXACT);
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{2}));
  EXPECT_TRUE(those(client->frames, [](const auto& frame) { return frame.batch().registers_size() > 0; }).empty());
  const auto heads = those(client->frames, [](const auto& frame) { return frame.has_head(); });
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_EQ(heads[0].head().unread(), 2U);

  auto idle = rig_.connect(ben_, 0, newest());
  EXPECT_EQ(idle->frames.size(), 3U) << "Challenge, Welcome, Frontier";
}

TEST_F(Resuming, ForeignCursorsReset) {
  EXPECT_EQ(resume_of("rubbish"), v1::RESUME_RESET);
  EXPECT_EQ(resume_of(rig_.desk.seals.seal_cursor({4711, Position{1}})), v1::RESUME_RESET)
      << "an incarnation nobody knows";
  EXPECT_EQ(resume_of(auth::Seals(auth::Seals::Key{8}).seal_cursor({rig_.desk.incarnation.random, Position{1}})),
            v1::RESUME_RESET);
  EXPECT_EQ(resume_of(newest()), v1::RESUME_EXACT);
}

TEST_F(Resuming, APositionPastTheNextStartIsOfAnotherHistory) {
  const auto first = rig_.desk.incarnation;
  rig_.send(aki_, chat_);
  rig_.desk.restart();
  ASSERT_GT(rig_.desk.incarnation.first, Position{1});
  delivery::FloorOptions options{
      0, 1, rig_.limits, {"loopback"}, rig_.desk.incarnation, rig_.desk.store.incarnations()};
  rig_.loops[0]->floor = std::make_unique<delivery::Floor>(std::move(options), *rig_.loops[0], rig_.desk.seals);
  const auto at = [&](Position position) { return rig_.desk.seals.seal_cursor({first.random, position}); };
  const auto begin = rig_.desk.incarnation.first.value;
  EXPECT_EQ(resume_of(at(Position{begin - 1})), v1::RESUME_EXACT) << "the last of the start before";
  EXPECT_EQ(resume_of(at(Position{begin})), v1::RESUME_RESET) << "written by a history that was put aside";
}

class SmallChunks : public Resuming {
 protected:
  static delivery::FloorLimits small() {
    delivery::FloorLimits limits;
    limits.catch_up_chunk_bytes = 500;
    return limits;
  }
  SmallChunks() : Resuming(small()) {}
};

TEST_F(SmallChunks, OneAfterAnotherAndOneFrontierAtTheEnd) {
  const auto cursor = newest();
  for (int i = 0; i < 5; ++i) {
    const auto group = rig_.desk.group(aki_, {"ben"});
    for (int k = 0; k < 3; ++k) rig_.send(aki_, group, std::string(100, 'x'));
  }
  auto client = rig_.open();
  client->say(rig_.hello(ben_, cursor));
  rig_.read();
  int chunks = 0;
  while (!rig_.queries.empty()) {
    rig_.read();
    ++chunks;
    rig_.flush();
  }
  rig_.settle();
  EXPECT_GE(chunks, 5);
  EXPECT_EQ(event_seqs(client->frames).size(), 20U);
  const auto frontiers = those(client->frames, [](const auto& frame) { return frame.has_frontier(); });
  ASSERT_EQ(frontiers.size(), 1U) << "no cursor before everything up to it was sent";
  EXPECT_EQ(frontiers[0].frontier().done(), frontiers[0].frontier().total());
  EXPECT_TRUE(frontiers[0].frontier().live());
}

TEST_F(SmallChunks, ASlowReaderSetsThePace) {
  for (int i = 0; i < 5; ++i) rig_.send(aki_, rig_.desk.group(aki_, {"ben"}), std::string(300, 'x'));
  auto client = rig_.open();
  client->reads = false;
  client->say(rig_.hello(ben_));
  rig_.settle();
  EXPECT_GT(client->queued, 500U);
  EXPECT_LT(client->queued, 5000U) << "not all at once";
  EXPECT_TRUE(rig_.queries.empty());
  client->reads = true;
  rig_.settle();
  EXPECT_TRUE(last_frontier(*client).live());
  EXPECT_EQ(event_seqs(client->frames).size(), 10U);
}

TEST_F(Resuming, ItGoesLiveExactlyWhenItHasReachedWhatItsLoopDelivered) {
  auto client = rig_.open();
  client->say(rig_.hello(ben_, newest()));
  rig_.read();                       // Welcome; the first chunk is asked for
  auto chunk = rig_.take_answers();  // reads before the next send
  rig_.send(aki_, chat_, "between");
  rig_.deliver(0);  // the loop is ahead of the chunk
  EXPECT_TRUE(event_seqs(client->frames).empty()) << "nothing live while it catches up";
  rig_.floor(0).on_answer(std::move(chunk.at(0)));
  EXPECT_FALSE(last_frontier(*client).live());
  rig_.settle();
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{1}));
  EXPECT_TRUE(last_frontier(*client).live());
}

TEST_F(Resuming, WhatWasReadFromTheStoreIsNotToldAgainLive) {
  auto client = rig_.open();
  client->say(rig_.hello(ben_, newest()));
  rig_.read();
  rig_.send(aki_, chat_, "committed, not delivered yet");
  rig_.read();  // the chunk has it
  EXPECT_TRUE(last_frontier(*client).live());
  EXPECT_EQ(event_seqs(client->take()), (std::vector<std::uint64_t>{1}));
  rig_.deliver(0);  // the group of the same message
  EXPECT_TRUE(client->take().empty()) << "no item, and no frontier either";
  rig_.send(aki_, chat_, "after");
  rig_.settle();
  const auto fresh = client->take();
  EXPECT_EQ(event_seqs(fresh), (std::vector<std::uint64_t>{2}));
  EXPECT_TRUE(fresh.back().has_frontier());
}

TEST_F(Resuming, WhatIsCommittedBetweenTwoChunksBelongsToTheNextRound) {
  rig_.send(aki_, chat_);
  auto client = rig_.open();
  client->say(rig_.hello(ben_));
  rig_.read();
  auto first = rig_.queries.at(0);
  ASSERT_TRUE(std::holds_alternative<delivery::CatchUp>(first.what));
  std::get<delivery::CatchUp>(first.what).through =
      rig_.desk.reader->counters().position;  // as if a chunk had been read
  rig_.send(aki_, chat_);
  rig_.queries.at(0) = first;
  rig_.read();
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{1}));
  rig_.settle();
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(Resuming, AChunkThatCouldNotBeAskedForIsAskedForAtATick) {
  auto client = rig_.open();
  client->say(rig_.hello(ben_));
  auto found = rig_.take_answers();
  rig_.loops[0]->takes_queries = false;
  rig_.floor(0).on_answer(std::move(found.at(0)));
  rig_.settle();
  EXPECT_FALSE(last_frontier(*client).live());
  rig_.loops[0]->takes_queries = true;
  rig_.wait(std::chrono::milliseconds{500});
  EXPECT_TRUE(last_frontier(*client).live()) << "not only at the next heartbeat";
}

TEST_F(Resuming, AStoreThatCannotBeReadClosesToResumeLater) {
  auto client = rig_.open();
  client->say(rig_.hello(ben_));
  rig_.read();
  rig_.desk.store.fail_reads(core::Errc::retry);
  rig_.settle();
  EXPECT_EQ(*client->closed, core::Errc::going_away);
}

class Gaps : public Resuming {
 protected:
  static delivery::FloorLimits five() {
    delivery::FloorLimits limits;
    limits.gap_events = 5;
    return limits;
  }
  Gaps() : Resuming(five()) {}
  std::vector<v1::Gap> gaps(const Client& client) {
    std::vector<v1::Gap> found;
    for (const auto& frame : client.frames)
      if (frame.has_gap()) found.push_back(frame.gap());
    return found;
  }
};

TEST_F(Gaps, FiveBehindIsExactSixIsNot) {
  rig_.send(aki_, chat_);
  const auto cursor = newest();
  for (int i = 0; i < 5; ++i) rig_.send(aki_, chat_);
  auto exact = rig_.connect(ben_, 0, cursor);
  EXPECT_TRUE(gaps(*exact).empty());
  EXPECT_EQ(event_seqs(exact->frames), (std::vector<std::uint64_t>{2, 3, 4, 5, 6}));
  rig_.send(aki_, chat_);
  rig_.settle();
  auto gapped = rig_.connect(ben_, 0, cursor);
  EXPECT_EQ(event_seqs(gapped->frames), (std::vector<std::uint64_t>{3, 4, 5, 6, 7})) << "the newest page";
  ASSERT_EQ(gaps(*gapped).size(), 1U);
  EXPECT_EQ(gaps(*gapped)[0].from_seq(), 2U);
  EXPECT_EQ(gaps(*gapped)[0].to_seq(), 2U);
  const auto heads = those(gapped->frames, [](const auto& frame) { return frame.has_head(); });
  EXPECT_EQ(heads.back().head().head(), 7U);
  EXPECT_EQ(heads.back().head().unread(), 7U) << "the number does not depend on what was sent";
  EXPECT_TRUE(gapped->frames.back().has_frontier());
}

TEST_F(Gaps, WhatLiesBetweenTwoMembershipsIsSkippedNotOwed) {
  const auto group = rig_.desk.group(aki_, {"ben"});       // 1
  rig_.run(aki_.sender, core::GroupRemove{group, "ben"});  // 2
  rig_.send(aki_, group, "not for ben");                   // 3
  rig_.run(aki_.sender, core::GroupAdd{group, "ben"});     // 4
  rig_.settle();
  auto client = rig_.connect(ben_);
  std::vector<std::uint64_t> seqs;
  for (const auto& frame : client->frames) {
    for (const auto& event : frame.batch().events())
      if (event.conversation_id() == group.view()) seqs.push_back(event.seq());
    if (frame.has_skipped()) {
      EXPECT_EQ(frame.skipped().conversation_id(), group.view());
      EXPECT_EQ(frame.skipped().slots().from_seq(), 3U);
      EXPECT_EQ(frame.skipped().slots().to_seq(), 3U);
    }
  }
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2, 4})) << "the earlier interval is restored";
  EXPECT_EQ(those(client->frames, [](const auto& frame) { return frame.has_skipped(); }).size(), 1U);
}

TEST_F(Gaps, ComingBackBehindACursorTellsTheEarlierIntervalAgain) {
  const auto group = rig_.desk.group(aki_, {"ben"});  // 1
  rig_.send(aki_, group);                             // 2
  const auto cursor = newest();
  rig_.run(aki_.sender, core::GroupRemove{group, "ben"});  // 3
  rig_.run(aki_.sender, core::GroupAdd{group, "ben"});     // 4
  rig_.settle();
  auto client = rig_.connect(ben_, 0, cursor);
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{1, 2, 3, 4}))
      << "devices drop what they held on leaving";
}

TEST_F(Resuming, AConversationThatWasLeftIsPassedOver) {
  const auto group = rig_.desk.group(aki_, {"ben"});
  const auto cursor = newest();
  rig_.send(aki_, group, "before");
  rig_.run(aki_.sender, core::GroupRemove{group, "ben"});
  rig_.settle();
  auto client = rig_.connect(ben_, 0, cursor);
  EXPECT_TRUE(event_seqs(client->frames).empty()) << "also its unsent earlier events";
  const auto batches = those(client->frames, [](const auto& frame) { return frame.has_batch(); });
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_TRUE(batches[0].batch().registers(0).removed());
}

TEST_F(SmallChunks, RegistersWrittenAgainBetweenTwoChunksAreNamedAndFollow) {
  std::vector<core::PublicId> groups;
  for (int i = 0; i < 520; ++i) groups.push_back(rig_.desk.group(ben_, {"aki"}));  // a membership and a marker each
  for (const std::size_t behind : {0U, 1U, 3U}) {
    auto client = rig_.open();
    client->say(rig_.hello(ben_));
    rig_.read();  // Welcome; the first chunk is asked for
    const auto named = client->frames[1].welcome().rseq();
    rig_.read();
    rig_.flush();
    // Its newest registers are written again before the last chunk is read: they leave the round.
    for (std::size_t i = 0; i < behind + 1; ++i) {
      const auto number = rig_.desk.reader->membership(ben_.sender.member, groups[groups.size() - 1 - i])->conversation;
      const auto rev =
          rig_.desk.reader->find_register(ben_.sender.member, core::RegisterKind::marker, number.value)->rev;
      rig_.run(ben_.sender, core::MarkUnread{groups[groups.size() - 1 - i], rev, Seq{1}});
    }
    std::uint64_t seen = 0, reached = 0;
    bool is_live = false;
    const auto look = [&] {
      for (const auto& frame : client->take()) {
        for (const auto& row : frame.batch().registers()) {
          if (is_live) {
            EXPECT_EQ(row.rseq(), reached + 1) << "live, each comes in its turn";
          }
          seen = row.rseq();
        }
        reached = std::max({reached, seen, frame.batch().rseq()});
        if (!frame.has_frontier()) continue;
        EXPECT_GE(reached, named) << "as the client checks it at a frontier";
        is_live = frame.frontier().live();
      }
    };
    while (rig_.read() || rig_.flush()) look();
    look();
    EXPECT_GE(reached, named);
    rig_.settle();
    look();
    EXPECT_TRUE(is_live);
    rig_.run(ben_.sender, core::SetFlag{groups[0], core::RegisterKind::mute, behind % 2 == 0});
    rig_.settle();
    look();
    EXPECT_EQ(reached, rig_.desk.reader->newest_rseq(ben_.sender.member));
  }
}

/// Sessions that come back with their ticket and everything.
class ComingBack : public Resuming {
 protected:
  /// The session ends; its last cursor is kept.
  void leave(std::unique_ptr<Client>& client) {
    rig_.settle();
    last_ = last_frontier(*client).cursor();
    client.reset();
    rig_.settle();
  }
  /// Comes back; true when nobody was asked anything: it is live in the same turn.
  bool returns_unread(std::unique_ptr<Client>& client, const std::string& cursor) {
    client = rig_.open();
    client->say(rig_.hello(ben_, cursor));
    const bool unread = rig_.queries.empty() && client->frames.size() == 3 && last_frontier(*client).live();
    rig_.settle();
    EXPECT_TRUE(client->frames.at(1).has_welcome());
    EXPECT_TRUE(last_frontier(*client).live());
    return unread;
  }

  std::string last_;
};

TEST_F(ComingBack, WithEverythingNeedsNoReader) {
  auto client = rig_.connect(ben_);
  rig_.send(aki_, chat_, "one");
  leave(client);
  const auto others = rig_.desk.join("cho");
  rig_.send(others, rig_.desk.direct(aki_, others), "not for ben");
  rig_.settle();
  ASSERT_TRUE(returns_unread(client, last_));
  EXPECT_EQ(client->frames[1].welcome().resume(), v1::RESUME_EXACT);
  EXPECT_EQ(client->frames[1].welcome().rseq(), rig_.desk.reader->newest_rseq(ben_.sender.member));
  EXPECT_EQ(client->frames[1].welcome().member().handle(), "ben");
  client->take();
  rig_.send(aki_, chat_, "two");
  rig_.settle();
  EXPECT_EQ(event_seqs(client->take()), (std::vector<std::uint64_t>{2})) << "live from there on";
}

TEST_F(ComingBack, WithLessIsReadToHim) {
  auto client = rig_.connect(ben_);
  leave(client);
  rig_.send(aki_, chat_, "while he was away");
  rig_.settle();
  EXPECT_FALSE(returns_unread(client, last_));
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{1}));
  leave(client);
  rig_.run(ben_.sender, core::SetFlag{chat_, core::RegisterKind::mute, true});
  rig_.settle();
  EXPECT_FALSE(returns_unread(client, last_)) << "a register of his own";
  leave(client);
  EXPECT_TRUE(returns_unread(client, last_));
  EXPECT_EQ(client->frames[1].welcome().rseq(), rig_.desk.reader->newest_rseq(ben_.sender.member));
  leave(client);
  EXPECT_FALSE(returns_unread(client, "")) << "nothing at all";
}

TEST_F(ComingBack, ItsCursorMayBeAheadOfThisLoop) {
  auto client = rig_.connect(ben_);
  leave(client);
  rig_.send(aki_, chat_, "told by another loop");
  client = rig_.open();
  client->say(rig_.hello(ben_, newest()));
  EXPECT_TRUE(last_frontier(*client).live());
  rig_.settle();
  EXPECT_TRUE(event_seqs(client->frames).empty()) << "what he holds is not told again";
  rig_.send(aki_, chat_, "next");
  rig_.settle();
  EXPECT_EQ(event_seqs(client->frames), (std::vector<std::uint64_t>{2}));
}

TEST_F(ComingBack, ARevokedDeviceIsNotLetInByWhatIsRemembered) {
  auto client = rig_.connect(ben_);
  leave(client);
  const auto hello = rig_.hello(ben_, newest());
  rig_.run(ben_.sender, core::DeviceRevoke{rig_.desk.device(ben_)});
  rig_.settle();
  client = rig_.open();
  EXPECT_TRUE(client->ask(hello).has_proof_wanted());
}

TEST_F(ComingBack, AGroupThatCouldNotBeToldForgetsWhatWasKnown) {
  auto client = rig_.connect(ben_);
  leave(client);
  sequencer::Group group;
  group.last = rig_.desk.reader->counters().position;
  group.must_resume = true;
  rig_.floor(0).on_group(group);
  EXPECT_FALSE(returns_unread(client, last_));
}

}  // namespace
}  // namespace enishi::test
