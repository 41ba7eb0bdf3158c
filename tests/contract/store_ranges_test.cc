// Every adapter: reads over ranges, and counting.
#include <gtest/gtest.h>

#include "contract/describe.h"
#include "contract/sample_rows.h"
#include "contract/store_world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file
using storage::From;

constexpr ConversationId kRoom{1};
constexpr ConversationId kOther{2};

std::vector<std::uint64_t> seqs_of(const std::vector<Event>& events) {
  std::vector<std::uint64_t> seqs;
  for (const auto& event : events) seqs.push_back(event.seq.value);
  return seqs;
}

std::vector<std::uint64_t> rseqs_of(const std::vector<Register>& registers) {
  std::vector<std::uint64_t> rseqs;
  for (const auto& one : registers) rseqs.push_back(one.rseq);
  return rseqs;
}

class StoreLog : public StoreContract {
 protected:
  /// 40 events, two a command at positions 10, 20, ..., 200; each fourth is of the system; members 1, 2, 3 take turns.
  /// Beside them a log of one event, so that a range that runs over its end shows.
  void SetUp() override {
    std::uint64_t rank = 0;
    std::uint64_t author_rank[4] = {};
    for (std::uint64_t seq = 1; seq <= 40; ++seq) {
      const std::uint64_t author = seq % 3 + 1;
      Event event = sample_event(kRoom.value, seq, author, (seq + 1) / 2 * 10, 0, 0);
      if (seq % 4 == 0) event.kind = EventKind::titled;
      if (event.is_countable()) {
        ++rank;
        ++author_rank[author];
      }
      event.rank = rank;
      event.author_rank = author_rank[author];
      all_.push_back(event);
    }
    for (std::size_t at = 0; at < all_.size(); at += 2) {
      Change change = change_at(all_[at].position.value);
      change.events = {all_[at], all_[at + 1]};
      commit(change);
    }
    Change other = change_at(201);
    other.events = {sample_event(kOther.value, 1, 1, 201, 1, 1)};
    commit(other);
  }

  std::vector<Event> all_;
};

TEST_P(StoreLog, TheEndIsTheLastEvent) {
  EXPECT_EQ(describe(reader().log_end(kRoom)), describe(LogEnd{Seq{40}, Position{200}, 30}));
  EXPECT_EQ(describe(reader().log_end(kOther)), describe(LogEnd{Seq{1}, Position{201}, 1}));
}

TEST_P(StoreLog, PagesAscendFromEitherEnd) {
  using Seqs = std::vector<std::uint64_t>;
  EXPECT_EQ(describe(reader().events(kRoom, Seq{1}, Seq{40}, 100, From::oldest)), describe(all_));
  EXPECT_EQ(seqs_of(reader().events(kRoom, Seq{5}, Seq{30}, 3, From::oldest)), (Seqs{5, 6, 7}));
  EXPECT_EQ(seqs_of(reader().events(kRoom, Seq{5}, Seq{30}, 3, From::newest)), (Seqs{28, 29, 30}));
  EXPECT_EQ(seqs_of(reader().events(kRoom, Seq{39}, Seq{~0ULL}, 100, From::newest)), (Seqs{39, 40}));
  EXPECT_EQ(seqs_of(reader().events(kRoom, Seq{0}, Seq{2}, 100, From::oldest)), (Seqs{1, 2}));
  EXPECT_TRUE(reader().events(kRoom, Seq{41}, Seq{50}, 100, From::oldest).empty());
  EXPECT_TRUE(reader().events(kRoom, Seq{9}, Seq{8}, 100, From::newest).empty());
  EXPECT_TRUE(reader().events(kRoom, Seq{1}, Seq{40}, 0, From::oldest).empty());
}

TEST_P(StoreLog, TheFirstEventBehindAPosition) {
  for (std::uint64_t after = 0; after < 205; ++after) {
    const std::uint64_t behind = after / 10 * 2 + 1;
    const Seq expected{behind <= 40 ? behind : 0};
    EXPECT_EQ(reader().first_after(kRoom, Position{after}), expected) << after;
  }
  EXPECT_EQ(reader().first_after(kOther, Position{200}), Seq{1});
  EXPECT_EQ(reader().first_after(kOther, Position{201}), Seq{});
}

TEST_P(StoreLog, RanksEqualACount) {
  for (std::uint64_t through = 0; through <= 45; ++through) {
    std::uint64_t rank = 0;
    std::uint64_t author_rank[5] = {};
    for (const auto& event : all_)
      if (event.seq.value <= through && event.is_countable()) {
        ++rank;
        ++author_rank[event.author.value];
      }
    EXPECT_EQ(reader().rank_at(kRoom, Seq{through}), rank) << through;
    for (std::uint64_t author = 1; author <= 4; ++author)
      EXPECT_EQ(reader().author_rank_at(kRoom, MemberId{author}, Seq{through}), author_rank[author]) << through;
  }
  EXPECT_EQ(reader().rank_at(kRoom, Seq{~0ULL}), 30U);
  EXPECT_EQ(reader().rank_at(kOther, Seq{~0ULL}), 1U);
}

INSTANTIATE_TEST_SUITE_P(Adapters, StoreLog, testing::ValuesIn(world_kinds()),
                         [](const auto& about) { return about.param.name; });

TEST_P(StoreContract, RegistersBetweenPositionsInPages) {
  using Rseqs = std::vector<std::uint64_t>;
  std::uint64_t rseq = 0;
  // Rseqs 1 to 30, three a command, positions 5, 10, ..., 50. Then key 0 again and again, so that rseqs 1, 31, 32, 33
  // go.
  for (std::uint64_t position = 5; position <= 50; position += 5) {
    Change change = change_at(position);
    for (std::uint64_t n = 0; n < 3; ++n, ++rseq)
      change.registers.push_back(sample_register(1, RegisterKind::marker, rseq, position, rseq + 1));
    commit(change);
  }
  for (std::uint64_t position = 60; position <= 90; position += 10) {
    Change change = change_at(position);
    change.registers.push_back(sample_register(1, RegisterKind::marker, 0, position, ++rseq));
    change.registers.back().removed = position == 90;
    change.registers.push_back(sample_register(2, RegisterKind::marker, 0, position, rseq - 30));
    commit(change);
  }
  const auto between = [&](std::uint64_t after, std::uint64_t through, std::uint64_t after_rseq, std::size_t limit) {
    return reader().registers_between(MemberId{1}, Position{after}, Position{through}, after_rseq, limit);
  };
  EXPECT_EQ(between(0, 1000, 0, 1000).size(), 30U);
  EXPECT_EQ(rseqs_of(between(0, 1000, 0, 3)), (Rseqs{2, 3, 4}));
  EXPECT_EQ(rseqs_of(between(0, 1000, 28, 3)), (Rseqs{29, 30, 34}));
  EXPECT_EQ(rseqs_of(between(9, 15, 0, 100)), (Rseqs{4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(rseqs_of(between(9, 15, 5, 2)), (Rseqs{6, 7}));
  EXPECT_EQ(rseqs_of(between(45, 89, 0, 100)), (Rseqs{28, 29, 30}));
  EXPECT_EQ(rseqs_of(between(80, 90, 0, 100)), (Rseqs{34}));
  EXPECT_TRUE(between(80, 90, 0, 100).front().removed);
  EXPECT_TRUE(between(90, 1000, 0, 100).empty());
  EXPECT_TRUE(between(50, 80, 0, 100).empty());
  EXPECT_TRUE(between(0, 1000, 34, 100).empty());
  EXPECT_TRUE(between(0, 1000, 0, 0).empty());

  Rseqs paged;
  std::uint64_t last = 0;
  for (auto page = between(12, 90, last, 4); !page.empty(); page = between(12, 90, last, 4)) {
    for (const auto one : rseqs_of(page)) paged.push_back(one);
    last = paged.back();
  }
  EXPECT_EQ(paged, rseqs_of(between(12, 90, 0, 1000)));
  EXPECT_EQ(paged.size(), 25U);
}

TEST_P(StoreContract, OpenMembershipsInPages) {
  Change change = change_at(1);
  for (std::uint64_t id = 1; id <= 9; ++id) {
    change.conversations.push_back(sample_group(id));
    change.intervals.push_back(sample_interval(id, 5, 1, 3, 1));                   // was there once
    if (id % 2 == 1) change.intervals.push_back(sample_interval(id, 5, 6, 0, 2));  // and is again
    change.intervals.push_back(sample_interval(id, 6, 0, 0, 1));
  }
  commit(change);
  const auto numbers = [](const std::vector<Membership>& page) {
    std::vector<std::uint64_t> all;
    for (const auto& one : page) all.push_back(one.conversation.value);
    return all;
  };
  using Numbers = std::vector<std::uint64_t>;
  EXPECT_EQ(numbers(reader().memberships(MemberId{5}, {}, 100)), (Numbers{1, 3, 5, 7, 9}));
  EXPECT_EQ(numbers(reader().memberships(MemberId{5}, {}, 2)), (Numbers{1, 3}));
  EXPECT_EQ(numbers(reader().memberships(MemberId{5}, ConversationId{3}, 2)), (Numbers{5, 7}));
  EXPECT_EQ(numbers(reader().memberships(MemberId{5}, ConversationId{8}, 2)), (Numbers{9}));
  EXPECT_TRUE(reader().memberships(MemberId{5}, ConversationId{9}, 2).empty());
  EXPECT_TRUE(reader().memberships(MemberId{5}, {}, 0).empty());
  EXPECT_EQ(describe(reader().memberships(MemberId{5}, {}, 1).front()),
            describe(Membership{ConversationId{1}, {sample_interval(1, 5, 1, 3, 1), sample_interval(1, 5, 6, 0, 2)}}));
  EXPECT_EQ(reader().membership_count(MemberId{5}), 5U);
  EXPECT_EQ(reader().membership_count(MemberId{6}), 9U);
  EXPECT_EQ(reader().membership_count(MemberId{7}), 0U);
}

}  // namespace
}  // namespace enishi::test
