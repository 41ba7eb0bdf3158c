// The number by ranks equals the number slot by slot.
#include "core/derived/rank.h"

#include <gtest/gtest.h>

#include "core/derived/unread.h"
#include "storage/memory/memory_store.h"
#include "support/seeds.h"
#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

constexpr ConversationId kChat{7};

/// A log with random authors, kinds, deletions and mentions, of which `viewer` hid some messages; in a store and as
/// slots.
struct Log {
  std::vector<Slot<MemberId>> slots;
  std::unique_ptr<storage::Reader> reader;
  storage::MemoryStore store;
  LogEnd end;

  Log(Rng& rng, MemberId viewer) {
    Change change;
    change.position = Position{1};
    change.conversations.push_back({kChat, bytes_with<PublicId>(7), ConversationKind::group, "g", MemberId{1}, {}, {}});
    std::uint64_t rank = 0;
    std::array<std::uint64_t, 6> author_ranks{};
    const auto length = pick(rng, 60);
    for (std::uint64_t seq = 1; seq <= length; ++seq) {
      Event event;
      event.position = change.position;
      event.conversation = kChat;
      event.seq = Seq{seq};
      event.author = MemberId{1 + pick(rng, 5)};
      event.kind = pick(rng, 4) == 0 ? static_cast<EventKind>(2 + pick(rng, 5)) : EventKind::message;
      rank += event.is_countable() ? 1 : 0;
      author_ranks[event.author.value] += event.is_countable() ? 1 : 0;
      event.rank = rank;
      event.author_rank = author_ranks[event.author.value];
      auto& slot = slots.emplace_back(Slot<MemberId>{event.seq, event.kind, event.author});
      if (event.is_countable()) mark(rng, change, viewer, slot);
      end = {event.seq, event.position, rank};
      change.events.push_back(event);
    }
    EXPECT_TRUE(store.writer().commit({{change}, change.position}));
    reader = store.open_reader().value();
  }

  static void mark(Rng& rng, Change& change, MemberId viewer, Slot<MemberId>& slot) {
    const auto of = [&](MemberId member) { return MessageMark{kChat, slot.seq, slot.author, member}; };
    slot.deleted = pick(rng, 5) == 0;
    if (slot.deleted) change.deleted.push_back(of({}));
    for (std::uint64_t member = 0; member <= 5; ++member) {
      if (pick(rng, 6) != 0) continue;
      change.mentioned.push_back(of(MemberId{member}));
      slot.mentioned = slot.mentioned || member == 0 || member == viewer.value;
    }
    slot.hidden = pick(rng, 5) == 0;
    if (slot.hidden) {
      Register row;
      row.member = viewer;
      row.kind = RegisterKind::hide;
      row.object = message_object(kChat, slot.seq);
      change.registers.push_back(row);
    }
  }
};

TEST(RankProperty, EqualsTheCountSlotBySlot) {
  for_each_seed(2000, [](Rng& rng) {
    Viewer<MemberId> viewer{MemberId{1 + pick(rng, 5)}, {}, {}};
    const Log log(rng, viewer.self);
    for (std::uint64_t author = 1; author <= 6; ++author)
      if (author != viewer.self.value && pick(rng, 4) == 0) viewer.blocked.push_back(MemberId{author});
    Membership membership{kChat, {}};
    std::uint64_t at = pick(rng, 3);  // 0 stands for the beginning
    do {
      const bool open = pick(rng, 3) == 0;
      const Seq joined{at};
      const Seq left{open ? 0 : std::max<std::uint64_t>(1, at + pick(rng, 20))};
      membership.intervals.push_back({kChat, viewer.self, joined, left, Position{1}});
      viewer.intervals.push_back({joined, left});
      if (open) break;
      at = left.value + 1 + pick(rng, 10);
    } while (at <= log.end.head.value + 5);
    const Seq marker{pick(rng, 65)};
    const std::span<const Slot<MemberId>> slots(log.slots);
    const auto numbers = numbers_by_rank(*log.reader, membership, viewer.self, viewer.blocked, marker, log.end);
    EXPECT_EQ(numbers.unread, unread(slots, viewer, marker));
    EXPECT_EQ(numbers.mentions, unread_mentions(slots, viewer, marker));
  });
}

TEST(Rank, LooksUpNothingWhenAllIsRead) {
  World world;
  const auto aki = world.join("aki");
  const auto ben = world.join("ben");
  const auto chat = world.direct(aki, ben);
  for (int i = 0; i < 50; ++i) world.send(aki, chat);
  const auto& live = *world.state->conversation(world.number_of(ben, chat));
  const auto& membership = *world.state->membership(ben.sender.member, chat);
  const auto before = world.store.read_count();
  EXPECT_EQ(numbers_by_rank(world.state->lookup(), membership, ben.sender.member, {}, Seq{50}, live.end).unread, 0U);
  EXPECT_EQ(world.store.read_count(), before);
  EXPECT_EQ(numbers_by_rank(world.state->lookup(), membership, ben.sender.member, {}, Seq{20}, live.end).unread, 30U);
  EXPECT_LE(world.store.read_count() - before, 8U) << "whatever the length of the log";
}

}  // namespace
}  // namespace enishi::test
