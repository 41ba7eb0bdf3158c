// Every adapter: what changes messages, and what is counted apart.
#include <gtest/gtest.h>

#include "contract/describe.h"
#include "contract/sample_rows.h"
#include "contract/store_world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

constexpr ConversationId kChat{1};

MessageMark mark_of(std::uint64_t seq, std::uint64_t author, std::uint64_t member = 0) {
  return {kChat, Seq{seq}, MemberId{author}, MemberId{member}};
}

std::vector<std::uint64_t> seqs(const std::vector<Event>& events) {
  std::vector<std::uint64_t> found;
  for (const auto& event : events) found.push_back(event.seq.value);
  return found;
}

class StoreChanges : public StoreContract {
 protected:
  /// Messages 1 to 4, then changes 5 to 8: of 2, of 1, of 2, of 4.
  void SetUp() override {
    for (std::uint64_t seq = 1; seq <= 4; ++seq) commit(sample_send(1, seq, seq % 2 + 1, seq));
    const std::uint64_t targets[] = {2, 1, 2, 4};
    for (std::uint64_t seq = 5; seq <= 8; ++seq) {
      auto change = sample_send(1, seq, 1, seq);
      auto& event = change.events.at(0);
      event.kind = EventKind::edited;
      event.target = Seq{targets[seq - 5]};
      event.target_author = MemberId{2};
      event.mentions_all = event.former_mentions_all = event.on = event.counted = seq % 2 == 0;
      event.people = {MemberId{1}, MemberId{2}};
      event.former_people = {MemberId{seq}};
      commit(change);
    }
  }
};

TEST_P(StoreChanges, AreFoundByTheirMessageAndSinceASeq) {
  EXPECT_EQ(seqs(reader().changes(kChat, Seq{1}, Seq{4})), (std::vector<std::uint64_t>{6, 5, 7, 8}));
  EXPECT_EQ(seqs(reader().changes(kChat, Seq{2}, Seq{3})), (std::vector<std::uint64_t>{5, 7}));
  EXPECT_TRUE(reader().changes(kChat, Seq{3}, Seq{3}).empty());
  EXPECT_TRUE(reader().changes(ConversationId{2}, Seq{1}, Seq{9}).empty());
  EXPECT_EQ(seqs(reader().changes_since(kChat, Seq{6}, 9)), (std::vector<std::uint64_t>{6, 7, 8}));
  EXPECT_EQ(seqs(reader().changes_since(kChat, Seq{}, 2)), (std::vector<std::uint64_t>{5, 6}));
  EXPECT_TRUE(reader().changes_since(kChat, Seq{9}, 9).empty());
}

TEST_P(StoreChanges, ComeBackWithEveryField) {
  const auto kept = reader().event(kChat, Seq{6});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->target, Seq{1});
  EXPECT_EQ(kept->target_author, MemberId{2});
  EXPECT_TRUE(kept->mentions_all && kept->former_mentions_all && kept->on && kept->counted);
  EXPECT_EQ(kept->people, (std::vector{MemberId{1}, MemberId{2}}));
  EXPECT_EQ(kept->former_people, std::vector{MemberId{6}});
  auto without_text = *kept;
  without_text.body.clear();
  EXPECT_EQ(describe(without_text), describe(reader().changes(kChat, Seq{1}, Seq{1}).at(0)));
}

TEST_P(StoreChanges, DestroyedContentIsGoneAndTheRestStays) {
  Change change = change_at(9);
  change.destroyed = {{kChat, Seq{2}}, {kChat, Seq{5}}};
  change.deleted = {mark_of(2, 1)};
  const auto digest = reader().request(MemberId{1}, reader().event(kChat, Seq{2})->client_id)->digest;
  EXPECT_NE(digest, Digest{});
  commit(change);
  for (const std::uint64_t seq : {2U, 5U}) {
    const auto kept = reader().event(kChat, Seq{seq});
    ASSERT_TRUE(kept);
    EXPECT_TRUE(kept->destroyed);
    EXPECT_EQ(kept->body, "");
    EXPECT_TRUE(kept->people.empty() && kept->former_people.empty());
    EXPECT_EQ(kept->rank, seq);
    const auto request = reader().request(MemberId{1}, kept->client_id);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->digest, Digest{});
  }
  EXPECT_FALSE(reader().event(kChat, Seq{3})->destroyed);
  restart();
  EXPECT_TRUE(reader().event(kChat, Seq{5})->destroyed);
}

TEST_P(StoreChanges, DeletedOnesAndMentionsAreCountedApart) {
  Change change = change_at(9);
  change.deleted = {mark_of(1, 2), mark_of(3, 2)};
  change.mentioned = {mark_of(2, 1, 7), mark_of(2, 1), mark_of(4, 1, 7)};
  commit(change);
  EXPECT_EQ(reader().deleted(kChat, Seq{}, Seq{9}), (std::vector{mark_of(1, 2), mark_of(3, 2)}));
  EXPECT_EQ(reader().deleted(kChat, Seq{1}, Seq{2}), std::vector<MessageMark>{});
  EXPECT_EQ(reader().mentions(kChat, MemberId{7}, Seq{1}, Seq{4}), (std::vector{mark_of(2, 1, 7), mark_of(4, 1, 7)}));
  EXPECT_EQ(reader().mentions(kChat, MemberId{}, Seq{}, Seq{9}), std::vector{mark_of(2, 1)});
  EXPECT_TRUE(reader().mentions(kChat, MemberId{8}, Seq{}, Seq{9}).empty());
  Change later = change_at(10);
  later.unmentioned = {mark_of(2, 1, 7)};
  later.mentioned = {mark_of(2, 1)};
  commit(later);
  EXPECT_EQ(reader().mentions(kChat, MemberId{7}, Seq{}, Seq{9}), std::vector{mark_of(4, 1, 7)});
  EXPECT_EQ(reader().mentions(kChat, MemberId{}, Seq{}, Seq{9}), std::vector{mark_of(2, 1)}) << "once, however often";
}

TEST_P(StoreChanges, RegistersOfOneConversationAreARange) {
  Change change = change_at(9);
  for (const std::uint64_t object : {5U, 6U, 8U})
    change.registers.push_back(sample_register(1, RegisterKind::hide, object, 9, object));
  change.registers.back().removed = true;
  commit(change);
  std::vector<std::uint64_t> objects;
  for (const auto& row : reader().registers_in(MemberId{1}, RegisterKind::hide, 6, 9)) objects.push_back(row.object);
  EXPECT_EQ(objects, std::vector<std::uint64_t>{6}) << "tombstones left out";
}

INSTANTIATE_TEST_SUITE_P(Adapters, StoreChanges, testing::ValuesIn(world_kinds()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace enishi::test
