// Questions to the store: pages of history, heads, and that who may not know learns nothing.
#include "delivery/reading.h"

#include <gtest/gtest.h>

#include "delivery/reading/snapshot.h"
#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::Seq;
using Seqs = std::vector<std::uint64_t>;

class Reading : public testing::Test {
 protected:
  v1::ServerFrame ask(const Person& who, decltype(delivery::Query::what) what) {
    const delivery::Query query{{0, 1, 5}, who.sender, std::move(what)};
    const auto before = desk_.store.read_count();
    const auto answer = delivery::answer(*desk_.reader, query, limits_, desk_.now);
    reads_ = desk_.store.read_count() - before;
    EXPECT_EQ(answer.to.request, 5U);
    return answer.frames.empty() ? v1::ServerFrame{} : read_frame(answer.frames[0]);
  }
  v1::Page page(const Person& who, Seq first, Seq last, std::uint32_t limit = 50, bool newest = false) {
    return ask(who, delivery::PageOf{chat_, first, last, limit, newest}).page();
  }
  static Seqs seqs(const v1::Page& page) {
    Seqs found;
    for (const auto& event : page.events()) found.push_back(event.seq());
    return found;
  }
  /// Every slot of the page is an event or skipped.
  static void expect_whole(const v1::Page& page) {
    std::uint64_t slots = static_cast<std::uint64_t>(page.events_size());
    for (const auto& range : page.skipped()) slots += range.to_seq() - range.from_seq() + 1;
    EXPECT_EQ(slots, page.to_seq() - page.from_seq() + 1);
  }

  Desk desk_;
  Person aki_ = desk_.join("aki");
  Person ben_ = desk_.join("ben");
  Person cho_ = desk_.join("cho");
  core::PublicId chat_ = desk_.group(aki_, {"ben"});  // 1 is its making
  delivery::ReadingLimits limits_;
  std::size_t reads_ = 0;

  void send(int count, const std::string& body = "hello") {
    for (int i = 0; i < count; ++i) desk_.step(aki_.sender, core::Send{chat_, body, {}});
  }
};

TEST_F(Reading, PagesByRange) {
  send(9);
  EXPECT_EQ(seqs(page(ben_, {}, {}, 3)), (Seqs{1, 2, 3}));
  EXPECT_EQ(seqs(page(ben_, {}, {}, 3, true)), (Seqs{8, 9, 10})) << "ascending all the same";
  EXPECT_EQ(seqs(page(ben_, Seq{4}, Seq{6})), (Seqs{4, 5, 6}));
  EXPECT_EQ(seqs(page(ben_, Seq{4}, Seq{6}, 2, true)), (Seqs{5, 6}));
  EXPECT_EQ(seqs(page(ben_, Seq{9}, Seq{99})), (Seqs{9, 10}));
  EXPECT_EQ(page(ben_, Seq{9}, Seq{99}).to_seq(), 10U);
  EXPECT_EQ(page(ben_, {}, {}).head(), 10U);
  const auto empty = page(ben_, Seq{11}, {});
  EXPECT_EQ(empty.from_seq(), 0U);
  EXPECT_EQ(empty.to_seq(), 0U);
  EXPECT_EQ(empty.head(), 10U);
}

TEST_F(Reading, PagesShowNothingOfOtherIntervals) {
  send(2);                                                   // 2 3
  desk_.step(aki_.sender, core::GroupRemove{chat_, "ben"});  // 4
  send(3);                                                   // 5 6 7
  desk_.step(aki_.sender, core::GroupAdd{chat_, "ben"});     // 8
  send(1);                                                   // 9
  const auto all = page(ben_, {}, {});
  EXPECT_EQ(seqs(all), (Seqs{1, 2, 3, 4, 8, 9}));
  ASSERT_EQ(all.skipped_size(), 1);
  EXPECT_EQ(all.skipped(0).from_seq(), 5U);
  EXPECT_EQ(all.skipped(0).to_seq(), 7U);
  for (std::uint64_t first = 1; first <= 9; ++first)
    for (std::uint64_t last = first; last <= 9; ++last) {
      expect_whole(page(ben_, Seq{first}, Seq{last}));
      expect_whole(page(ben_, Seq{first}, Seq{last}, 2));
      expect_whole(page(ben_, Seq{first}, Seq{last}, 2, true));
    }
  desk_.step(aki_.sender, core::GroupAdd{chat_, "cho"});  // 10
  EXPECT_EQ(seqs(page(cho_, {}, {})), (Seqs{10})) << "from joining on";
  EXPECT_EQ(page(cho_, {}, {}).from_seq(), 10U);
}

TEST_F(Reading, PagesAreCutBelowTheLimitOfAFrame) {
  send(20, std::string(16'000, 'x'));
  for (const bool newest : {false, true}) {
    Seq first{1}, last{21};
    Seqs found;
    while (first <= last) {
      const delivery::Query query{{0, 1, 5}, ben_.sender, delivery::PageOf{chat_, first, last, 500, newest}};
      const auto answer = delivery::answer(*desk_.reader, query, limits_, desk_.now);
      ASSERT_LE(answer.frames.at(0)->size(), 64U * 1024U);
      const auto part = read_frame(answer.frames[0]).page();
      expect_whole(part);
      for (const auto seq : seqs(part)) found.push_back(seq);
      if (newest)
        last = Seq{part.from_seq() - 1};
      else
        first = Seq{part.to_seq() + 1};
    }
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found.size(), 21U);
    EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());
  }
}

TEST_F(Reading, WhatIsNotTheAskersDoesNotExist) {
  send(3);
  const auto foreign = ask(cho_, delivery::PageOf{chat_, {}, {}, 50, false});
  const auto reads = reads_;
  const auto absent = ask(cho_, delivery::PageOf{bytes_with<core::PublicId>(99), {}, {}, 50, false});
  EXPECT_EQ(foreign.SerializeAsString(), absent.SerializeAsString()) << "the same bytes";
  EXPECT_EQ(reads, reads_) << "and the same number of reads";
  EXPECT_EQ(foreign.error().code(), v1::ERROR_CODE_NOT_FOUND);
  desk_.step(aki_.sender, core::GroupRemove{chat_, "ben"});
  EXPECT_EQ(ask(ben_, delivery::PageOf{chat_, {}, {}, 50, false}).SerializeAsString(), foreign.SerializeAsString())
      << "at once";
}

TEST_F(Reading, HeadsNewestFirstWithTheirNumbers) {
  const auto direct = desk_.direct(aki_, ben_);
  send(2);
  desk_.step(aki_.sender, core::Send{direct, "later", {}});
  const auto heads = ask(ben_, delivery::ListHeads{}).heads();
  ASSERT_EQ(heads.heads_size(), 3);
  EXPECT_EQ(heads.heads(0).conversation_id(), direct.view());
  EXPECT_EQ(heads.heads(0).unread(), 1U);
  EXPECT_EQ(heads.heads(1).conversation_id(), chat_.view());
  EXPECT_EQ(heads.heads(1).head(), 3U);
  EXPECT_EQ(heads.heads(1).unread(), 2U);
  EXPECT_EQ(heads.heads(1).title(), "picnic");
  EXPECT_EQ(heads.heads(2).head(), 0U);
}

TEST_F(Reading, AStoreThatCannotBeReadIsSaidSo) {
  desk_.store.fail_reads(core::Errc::store_failed);
  const auto failed =
      delivery::answer(*desk_.reader, {{0, 1, 5}, ben_.sender, delivery::ListHeads{}}, limits_, desk_.now);
  EXPECT_TRUE(failed.store_failed);
  EXPECT_TRUE(failed.frames.empty());
}

TEST(SkippedRanges, AreWhatNoIntervalHolds) {
  using Ranges = std::vector<std::pair<Seq, Seq>>;
  const auto interval = [](std::uint64_t joined, std::uint64_t left) {
    return core::Interval{{}, {}, Seq{joined}, Seq{left}, {}};
  };
  const core::Membership two{{}, {interval(3, 5), interval(9, 0)}};
  EXPECT_EQ(delivery::skipped_ranges(two, Seq{1}, Seq{12}), (Ranges{{Seq{1}, Seq{2}}, {Seq{6}, Seq{8}}}));
  EXPECT_EQ(delivery::skipped_ranges(two, Seq{4}, Seq{7}), (Ranges{{Seq{6}, Seq{7}}}));
  EXPECT_EQ(delivery::skipped_ranges(two, Seq{9}, Seq{12}), Ranges{});
  EXPECT_EQ(delivery::skipped_ranges(two, Seq{6}, Seq{8}), (Ranges{{Seq{6}, Seq{8}}}));
  const core::Membership closed{{}, {interval(0, 4)}};
  EXPECT_EQ(delivery::skipped_ranges(closed, Seq{1}, Seq{6}), (Ranges{{Seq{5}, Seq{6}}}));
}

}  // namespace
}  // namespace enishi::test
