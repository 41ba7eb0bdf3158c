// No frame of the server is longer than the least frame_bytes_max that can be configured: the worst case of each kind.
#include <gtest/gtest.h>

#include "core/limits.h"
#include "unit/wire/names.h"
#include "wire/encode.h"

namespace enishi::wire {
namespace {

using namespace core;  // NOLINT: the words of the core, all over this file
using test::bytes_of;
using test::parsed;

constexpr std::size_t kFrameBytesMax = 32 * 1024;  // limits.frame_bytes_max, minimum; the default is twice that
constexpr auto kMost = ~0ULL;
const std::string kTitle(1024, 't');  // the largest that can be configured
const std::string kName(64, 'n');
const WallTime kTime{std::chrono::milliseconds{0x7FFF'FFFF'FFFF}};

/// Names as long as they can be, a group with a thousand members, and one who came 500 times.
class FrameLimits : public testing::Test {
 protected:
  FrameLimits() {
    for (std::uint64_t id = 1; id <= 1000; ++id) {
      auto& member = names_.members[MemberId{id}] = names_.members[MemberId{1}];
      member.id = MemberId{id};
      member.name = kName;
      member.handle = std::string(24 - 4, 'h') + std::to_string(1000 + id % 1000);
    }
    names_.devices[DeviceId{11}].name = kName;
    names_.conversations[ConversationId{22}].title = kTitle;
    auto& membership = names_.memberships[{MemberId{1}, ConversationId{22}}];
    membership.intervals.assign(kIntervalsMax,
                                Interval{ConversationId{22}, MemberId{1}, Seq{kMost - 1}, Seq{kMost}, {}});
  }
  static Event event(EventKind kind, std::string body, std::size_t people = 0) {
    Event row;
    row.conversation = ConversationId{22};
    row.seq = row.reply_to = Seq{kMost};
    row.kind = kind;
    row.author = MemberId{1};
    row.device = DeviceId{11};
    row.client_id = bytes_of<ClientId>(1);
    row.at = kTime;
    row.body = std::move(body);
    for (std::uint64_t id = 1; id <= people; ++id) row.people.push_back(MemberId{id});
    return row;
  }
  static Register row(RegisterKind kind, std::uint64_t object) {
    Register entry;
    entry.member = MemberId{1};
    entry.kind = kind;
    entry.object = object;
    entry.rseq = entry.rev = kMost;
    entry.seq = Seq{kMost};
    entry.at = kTime;
    entry.tie = TieState::mutual;
    return entry;
  }
  static void expect_fit(const std::vector<Frame>& frames, const char* what) {
    ASSERT_FALSE(frames.empty()) << what;
    for (const auto& frame : frames) EXPECT_LE(frame->size(), kFrameBytesMax) << what;
  }

  test::Names names_;
};

TEST_F(FrameLimits, EventsOfOneCommand) {
  std::vector<Event> created{event(EventKind::created, kTitle, kEventPeopleMax)};
  for (int i = 0; i < 5; ++i) created.push_back(event(EventKind::added, {}, kEventPeopleMax));
  const auto frames = encode_events(names_, created);
  expect_fit(frames, "a group of over a thousand");
  EXPECT_EQ(frames.size(), 6U);
  EXPECT_LE(encoded_size(created[0]), kFrameContentMax) << "it is alone in a frame at most";
  expect_fit(encode_events(names_, {event(EventKind::message, std::string(16 * 1024, 'b'))}), "the longest message");
  for (const auto& each : created) EXPECT_GE(encoded_size(each), payload_of(encode_events(names_, {each})[0]).size());
}

TEST_F(FrameLimits, RegistersOfOneCommandAndOfACatchUp) {
  std::vector<Register> rows(20, row(RegisterKind::membership, 22));
  for (int i = 0; i < 2000; ++i) rows.push_back(row(RegisterKind::tie, 2));
  const auto frames = encode_registers(names_, rows, MemberId{1});
  expect_fit(frames, "registers");
  int total = 0;
  for (const auto& frame : frames) total += parsed(frame).batch().registers_size();
  EXPECT_EQ(total, 2020);
  BatchBuilder builder(names_);
  for (int i = 0; i < 500; ++i) {
    builder.add(row(RegisterKind::membership, 22));
    builder.add(event(EventKind::message, std::string(16 * 1024, 'b')));
    builder.add(event(EventKind::added, {}, kEventPeopleMax));
  }
  builder.reaches(kMost);
  expect_fit(builder.take(), "a chunk of a catch-up");
}

TEST_F(FrameLimits, PagesWithTheirSkippedRanges) {
  // As reading.cc cuts it: ranges first, then events up to the limit, one at least.
  const std::vector<std::pair<Seq, Seq>> skipped(251, {Seq{kMost - 1}, Seq{kMost}});
  std::vector<Event> events;
  auto bytes = skipped.size() * 24;
  const auto message = event(EventKind::message, std::string(100, 'b'));
  while (bytes + encoded_size(message) <= kFrameContentMax) {
    events.push_back(message);
    bytes += encoded_size(message);
  }
  const auto id = bytes_of<PublicId>(22);
  expect_fit({encode_page(kMost, names_, id, Seq{kMost}, Seq{kMost}, Seq{kMost}, events, {}, skipped)}, "many events");
  expect_fit({encode_page(kMost, names_, id, Seq{kMost}, Seq{kMost}, Seq{kMost},
                          {event(EventKind::created, kTitle, kEventPeopleMax)}, {}, skipped)},
             "one large event");
}

TEST_F(FrameLimits, AMessageWithAllThatCanBecomeOfIt) {
  constexpr Limits limits;
  auto message = event(EventKind::message, std::string(limits.body_bytes_max, 'b'), limits.mentions_max);
  MessageState state;
  state.as_of = Seq{kMost};
  state.edits.assign(limits.edits_max, {Seq{kMost}, kTime});
  state.body = std::string(limits.body_bytes_max, 'e');
  state.mentions.assign(limits.mentions_max, MemberId{2});
  for (std::size_t at = 0; at < limits.emoji_max; ++at)
    state.reactions.push_back({std::string(limits.emoji_bytes_max, 'r'), {}});
  for (std::size_t at = 0; at < limits.reactions_max; ++at)
    state.reactions[at % limits.emoji_max].people.push_back(MemberId{2});
  state.pinned = Seq{kMost};
  BatchBuilder builder(names_);
  builder.add(message, &state);
  for (const auto& frame : builder.take()) {
    EXPECT_LE(payload_of(frame).size(), 64U * 1024) << "a frame of its own";
    EXPECT_LE(payload_of(frame).size(), encoded_size(message, &state));
  }
}

TEST_F(FrameLimits, Lists) {
  Invitation invitation;
  invitation.public_id = bytes_of<PublicId>(5);
  invitation.uses = invitation.used = ~0U;
  invitation.expires_at = kTime;
  invitation.note = std::string(1024, 'n');
  const auto invitations = encode_invitations(kMost, std::vector(1000, invitation), kTime);
  expect_fit(invitations, "invitations");
  auto device = names_.devices[DeviceId{11}];
  device.created_at = device.last_seen = kTime;
  const auto devices = encode_devices(kMost, std::vector(1000, device), device.id, {device.id}, kTime);
  expect_fit(devices, "devices");
  const auto presences =
      encode_presences(kMost, std::vector(5000, PresenceView{std::string(24, 'h'), Presence::active, kTime}));
  expect_fit(presences, "presences");
  const auto heads = encode_heads(
      kMost, std::vector(1000, HeadView{bytes_of<PublicId>(1), Seq{kMost}, Seq{kMost}, kMost, kMost, kMost, kTitle}));
  expect_fit(heads, "heads");
  const auto count = [](const std::vector<Frame>& frames, auto&& size_of, auto&& says_more) {
    int total = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto frame = parsed(frames[i]);
      EXPECT_EQ(frame.request_id(), kMost);
      EXPECT_EQ(says_more(frame), i + 1 < frames.size());
      total += size_of(frame);
    }
    return total;
  };
  EXPECT_EQ(count(
                invitations, [](auto& f) { return f.invitations().invitations_size(); },
                [](auto& f) { return f.invitations().more(); }),
            1000);
  EXPECT_EQ(
      count(
          devices, [](auto& f) { return f.devices().devices_size(); }, [](auto& f) { return f.devices().more(); }),
      1000);
  EXPECT_EQ(count(
                presences, [](auto& f) { return f.presences().presences_size(); },
                [](auto& f) { return f.presences().more(); }),
            5000);
  EXPECT_EQ(count(
                heads, [](auto& f) { return f.heads().heads_size(); }, [](auto& f) { return f.heads().more(); }),
            1000);
  for (const auto& empty : {encode_invitations(1, {}, kTime), encode_devices(1, {}, {}, {}, kTime),
                            encode_presences(1, {}), encode_heads(1, {})})
    EXPECT_EQ(empty.size(), 1U) << "an empty list is an answer too";
}

}  // namespace
}  // namespace enishi::wire
