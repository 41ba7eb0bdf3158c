// What is encoded reads back as it was meant, and says no more than the receiver may know.
#include "wire/encode.h"

#include <gtest/gtest.h>

#include "unit/wire/names.h"
#include "wire/error_table.h"

namespace enishi::wire {
namespace {

using namespace core;  // NOLINT: the records, all over this file
using test::bytes_of;
using test::parsed;

const auto kTime = WallTime{std::chrono::milliseconds{1'700'000'000'123}};

Event sample_event(std::uint64_t seq = 5) {
  Event event;
  event.position = Position{9};
  event.conversation = ConversationId{22};
  event.seq = Seq{seq};
  event.author = MemberId{2};
  event.device = DeviceId{12};
  event.client_id = bytes_of<ClientId>(3);
  event.at = kTime;
  event.reply_to = Seq{4};
  event.body = "\xE7\xB8\x81";
  return event;
}

Register sample_register(RegisterKind kind, std::uint64_t object, bool removed = false) {
  Register row;
  row.member = MemberId{1};
  row.kind = kind;
  row.object = object;
  row.position = Position{9};
  row.rseq = 17;
  row.removed = removed;
  row.at = kTime;
  return row;
}

v1::Register encoded(const Register& row) {
  test::Names names;
  const auto frame = parsed(encode_registers(names, {row}, row.member).at(0));
  EXPECT_EQ(frame.batch().rseq(), row.rseq);
  EXPECT_EQ(frame.batch().registers_size(), 1);
  return frame.batch().registers(0);
}

TEST(EncodeEvent, HoldsEveryField) {
  test::Names names;
  auto system = sample_event(6);
  system.kind = EventKind::added;
  system.people = {MemberId{3}};
  system.device = {};
  const auto frame = parsed(encode_events(names, {sample_event(), system}).at(0));
  EXPECT_EQ(frame.request_id(), 0U);
  ASSERT_EQ(frame.batch().events_size(), 2);
  const auto& event = frame.batch().events(0);
  EXPECT_EQ(event.conversation_id(), bytes_of<PublicId>(22).view());
  EXPECT_EQ(event.seq(), 5U);
  EXPECT_EQ(event.kind(), v1::EVENT_KIND_MESSAGE);
  EXPECT_EQ(event.author_id(), bytes_of<PublicId>(2).view());
  EXPECT_EQ(event.author(), "ben");
  EXPECT_EQ(event.device_name(), "phone of ben");
  EXPECT_EQ(event.client_id(), bytes_of<ClientId>(3).view());
  EXPECT_EQ(event.at_ms(), 1'700'000'000'123);
  EXPECT_EQ(event.reply_to(), 4U);
  EXPECT_EQ(event.body(), "\xE7\xB8\x81");
  EXPECT_EQ(frame.batch().events(1).kind(), v1::EVENT_KIND_ADDED);
  EXPECT_EQ(frame.batch().events(1).people(0).handle(), "cho");
  EXPECT_EQ(frame.batch().events(1).people(0).name(), "Name of cho");
  EXPECT_EQ(frame.batch().events(1).device_name(), "");
}

TEST(EncodeRegister, Marker) {
  auto row = sample_register(RegisterKind::marker, 22);
  row.rev = 3;
  row.seq = Seq{8};
  row.by_device = DeviceId{11};
  const auto out = encoded(row);
  EXPECT_EQ(out.kind(), v1::REGISTER_KIND_MARKER);
  EXPECT_EQ(out.rseq(), 17U);
  EXPECT_EQ(out.conversation_id(), bytes_of<PublicId>(22).view());
  EXPECT_EQ(out.rev(), 3U);
  EXPECT_EQ(out.seq(), 8U);
  EXPECT_EQ(out.device_name(), "phone of aki");
}

TEST(EncodeRegister, DraftMuteAndPin) {
  auto draft = sample_register(RegisterKind::draft, 22);
  draft.rev = 2;
  draft.text = "half";
  draft.by_device = DeviceId{11};
  EXPECT_EQ(encoded(draft).kind(), v1::REGISTER_KIND_DRAFT);
  EXPECT_EQ(encoded(draft).text(), "half");
  for (const auto kind : {RegisterKind::mute, RegisterKind::pin}) {
    const auto out = encoded(sample_register(kind, 22));
    EXPECT_EQ(static_cast<int>(out.kind()), static_cast<int>(kind));
    EXPECT_EQ(out.conversation_id(), bytes_of<PublicId>(22).view());
  }
}

TEST(EncodeRegister, ATieShowsTheNameOnlyOnceTheOtherSideHasSpoken) {
  for (const auto state : {TieState::asked_out, TieState::asked_in, TieState::mutual, TieState::ended}) {
    auto row = sample_register(RegisterKind::tie, 2);
    row.tie = state;
    const auto out = encoded(row);
    EXPECT_EQ(static_cast<int>(out.tie()), static_cast<int>(state));
    EXPECT_EQ(out.person().id(), bytes_of<PublicId>(2).view());
    EXPECT_EQ(out.person().handle(), "ben");
    EXPECT_EQ(out.person().name(), state == TieState::asked_out ? "" : "Name of ben");
    EXPECT_EQ(out.since_ms(), 1'700'000'000'123);
  }
}

TEST(EncodeRegister, ABlockShowsNoName) {
  const auto out = encoded(sample_register(RegisterKind::block, 2));
  EXPECT_EQ(out.person().handle(), "ben");
  EXPECT_EQ(out.person().name(), "");
}

TEST(EncodeRegister, MembershipOfEachKindOfConversation) {
  const auto direct = encoded(sample_register(RegisterKind::membership, 21));
  EXPECT_EQ(direct.conversation_kind(), v1::CONVERSATION_KIND_DIRECT);
  EXPECT_EQ(direct.peer().handle(), "ben") << "the other one, not oneself";
  EXPECT_EQ(direct.intervals_size(), 1);
  EXPECT_EQ(encoded(sample_register(RegisterKind::membership, 23)).conversation_kind(), v1::CONVERSATION_KIND_SELF);
  auto row = sample_register(RegisterKind::membership, 22);
  row.member = MemberId{2};
  const auto group = encoded(row);
  EXPECT_EQ(group.title(), "picnic");
  EXPECT_FALSE(group.has_peer());
  ASSERT_EQ(group.intervals_size(), 2);
  EXPECT_EQ(group.intervals(0).left_seq(), 4U);
  EXPECT_EQ(group.intervals(1).joined_seq(), 9U);
  EXPECT_EQ(group.intervals(1).left_seq(), 0U);
}

TEST(EncodeRegister, Device) {
  const auto out = encoded(sample_register(RegisterKind::device, 11));
  EXPECT_EQ(out.device_id(), bytes_of<PublicId>(11).view());
  EXPECT_EQ(out.device_name(), "phone of aki");
}

TEST(EncodeRegister, ATombstoneIsItsKeyAlone) {
  struct Tomb {
    RegisterKind kind;
    std::uint64_t object;
  };
  for (const auto& [kind, object] :
       {Tomb{RegisterKind::marker, 22}, Tomb{RegisterKind::draft, 22}, Tomb{RegisterKind::mute, 22},
        Tomb{RegisterKind::pin, 22}, Tomb{RegisterKind::membership, 22}, Tomb{RegisterKind::tie, 2},
        Tomb{RegisterKind::block, 2}, Tomb{RegisterKind::device, 11}}) {
    auto row = sample_register(kind, object, true);
    row.rev = 5;
    row.seq = Seq{5};
    row.text = "gone";
    row.by_device = DeviceId{11};
    auto out = encoded(row);
    EXPECT_TRUE(out.removed());
    EXPECT_EQ(out.person().name(), "");
    if (kind == RegisterKind::draft) {
      EXPECT_EQ(out.rev(), 5U) << "revisions go on";
      EXPECT_EQ(out.seq(), 5U) << "the message whose sending cleared it";
      out.clear_rev(), out.clear_seq();
    }
    out.clear_kind(), out.clear_rseq(), out.clear_removed();
    out.clear_conversation_id(), out.clear_person(), out.clear_device_id();
    if (kind == RegisterKind::device) out.clear_device_name();  // a key that people know it by
    EXPECT_EQ(out.ByteSizeLong(), 0U) << out.ShortDebugString();
  }
}

TEST(EncodeRegisters, TakesOnlyThoseOfTheMember) {
  test::Names names;
  auto foreign = sample_register(RegisterKind::mute, 22);
  foreign.member = MemberId{2};
  foreign.rseq = 99;
  const auto frame =
      parsed(encode_registers(names, {sample_register(RegisterKind::pin, 22), foreign}, MemberId{1}).at(0));
  EXPECT_EQ(frame.batch().registers_size(), 1);
  EXPECT_EQ(frame.batch().rseq(), 17U);
}

TEST(EncodeHead, HoldsEveryField) {
  const auto frame = parsed(encode_head({bytes_of<PublicId>(22), Seq{9}, Seq{4}, 2, 3, 0, "picnic"}));
  EXPECT_EQ(frame.head().head(), 9U);
  EXPECT_EQ(frame.head().marker(), 4U);
  EXPECT_EQ(frame.head().rev(), 2U);
  EXPECT_EQ(frame.head().unread(), 3U);
  EXPECT_EQ(frame.head().title(), "picnic");
}

TEST(EncodeHeads, AreCutBelowTheLimitOfAFrame) {
  HeadView head{bytes_of<PublicId>(22), Seq{~0ULL}, Seq{~0ULL}, ~0ULL, ~0ULL, 0, std::string(128, 't')};
  for (const std::size_t count : {0U, 1U, 250U, 251U, 1000U}) {
    const auto frames = encode_heads(7, std::vector(count, head));
    std::size_t total = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_LE(frames[i]->size(), 64U * 1024U);
      const auto frame = parsed(frames[i]);
      EXPECT_EQ(frame.request_id(), 7U);
      EXPECT_EQ(frame.heads().more(), i + 1 < frames.size());
      total += static_cast<std::size_t>(frame.heads().heads_size());
    }
    EXPECT_EQ(total, count);
    EXPECT_GE(frames.size(), 1U) << "an empty list is an answer too";
  }
}

TEST(EncodePage, CoversEverySlot) {
  test::Names names;
  const auto frame = parsed(encode_page(3, names, bytes_of<PublicId>(22), Seq{5}, Seq{9}, Seq{12},
                                        {sample_event(5), sample_event(9)}, {}, {{Seq{6}, Seq{8}}}));
  EXPECT_EQ(frame.request_id(), 3U);
  EXPECT_EQ(frame.page().from_seq(), 5U);
  EXPECT_EQ(frame.page().to_seq(), 9U);
  EXPECT_EQ(frame.page().head(), 12U);
  EXPECT_EQ(frame.page().events(1).seq(), 9U);
  EXPECT_EQ(frame.page().skipped(0).from_seq(), 6U);
  EXPECT_EQ(frame.page().skipped(0).to_seq(), 8U);
}

TEST(BatchBuilder, CutsAndKeepsRegistersFirst) {
  test::Names names;
  BatchBuilder builder(names, 1000);
  for (int i = 0; i < 20; ++i) builder.add(sample_register(RegisterKind::mute, 22));
  for (std::uint64_t seq = 1; seq <= 20; ++seq) builder.add(sample_event(seq));
  const auto frames = builder.take();
  EXPECT_GT(frames.size(), 2U);
  int registers = 0, events = 0;
  for (const auto& each : frames) {
    EXPECT_LE(each->size(), 1200U);
    const auto frame = parsed(each);
    if (frame.batch().registers_size() > 0) {
      EXPECT_EQ(events, 0);
    }
    registers += frame.batch().registers_size();
    for (const auto& event : frame.batch().events()) EXPECT_EQ(event.seq(), static_cast<std::uint64_t>(++events));
  }
  EXPECT_EQ(registers, 20);
  EXPECT_EQ(events, 20);
  EXPECT_TRUE(builder.take().empty());
}

TEST(EncodedSize, IsNoLessThanTheEvent) {
  test::Names names;
  auto event = sample_event(~0ULL);
  event.body = std::string(16 * 1024, 'x');
  event.people = {MemberId{1}, MemberId{2}, MemberId{3}};
  names.devices[DeviceId{12}].name = std::string(64, 'd');
  names.members[MemberId{2}].name = std::string(64, 'n');
  EXPECT_GE(encoded_size(event) + 64, parsed(encode_events(names, {event}).at(0)).ByteSizeLong());
}

TEST(EncodeErrors, SayHowToReact) {
  const auto stale = parsed(encode_error(8, Errc::stale_rev, 4));
  EXPECT_EQ(stale.request_id(), 8U);
  EXPECT_EQ(stale.error().code(), v1::ERROR_CODE_STALE_REV);
  EXPECT_EQ(stale.error().current_rev(), 4U);
  EXPECT_EQ(stale.error().retry_after_ms(), 0U);
  EXPECT_EQ(parsed(encode_error(8, Errc::overloaded)).error().retry_after_ms(), retry_after_ms_of(Errc::overloaded));
}

TEST(EncodeAnswers, InvitationsShowTheirState) {
  Invitation row;
  row.uses = 2;
  row.expires_at = kTime;
  const auto state = [&](WallTime now) {
    return parsed(encode_invitation_made(1, row, now)).invitation_made().invitation().state();
  };
  const auto before = kTime - std::chrono::milliseconds{1};
  EXPECT_EQ(state(before), v1::INVITATION_STATE_OPEN);
  EXPECT_EQ(state(kTime), v1::INVITATION_STATE_EXPIRED);
  row.used = 2;
  EXPECT_EQ(state(kTime), v1::INVITATION_STATE_SPENT);
  row.revoked = true;
  EXPECT_EQ(state(before), v1::INVITATION_STATE_REVOKED);
}

TEST(EncodeAnswers, DevicesOnlineWereSeenNow) {
  test::Names names;
  auto gone = names.device_of(DeviceId{12});
  gone.revoked = true;
  const auto frame = parsed(encode_devices(1, {names.device_of(DeviceId{11}), gone, names.device_of(DeviceId{13})},
                                           DeviceId{11}, {DeviceId{11}}, kTime)
                                .at(0));
  ASSERT_EQ(frame.devices().devices_size(), 2) << "revoked ones are left out";
  EXPECT_TRUE(frame.devices().devices(0).current());
  EXPECT_TRUE(frame.devices().devices(0).online());
  EXPECT_EQ(frame.devices().devices(0).last_seen_ms(), 1'700'000'000'123);
  EXPECT_FALSE(frame.devices().devices(1).online());
  EXPECT_EQ(frame.devices().devices(1).last_seen_ms(), 1'000'000);
}

TEST(EncodeAnswers, ABlockedTieShowsAsBlocked) {
  EXPECT_EQ(parsed(encode_tie_changed(1, {"ben", TieState::ended, true})).tie_changed().state(), v1::TIE_STATE_BLOCKED);
  EXPECT_EQ(parsed(encode_tie_changed(1, {"ben", TieState::none, false})).tie_changed().state(),
            v1::TIE_STATE_UNSPECIFIED);
}

}  // namespace
}  // namespace enishi::wire
