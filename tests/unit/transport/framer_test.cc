// Families as the Autobahn test suite orders them: framing, pings, reserved bits, opcodes, fragments, close, limits,
// chopping.
#include "transport/framer.h"

#include <gtest/gtest.h>

#include <vector>

#include "unit/transport/client_frames.h"

namespace enishi::transport {
namespace {

using testing::client_close;
using testing::client_frame;
using testing::FrameShape;
using Log = std::vector<std::string>;

const Framer::Time kStart{std::chrono::hours{1}};
constexpr std::uint8_t kContinuation = 0x0, kText = 0x1, kBinary = 0x2, kPing = 0x9, kPong = 0xA;

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 131 >> 3);
  return text;
}

// A framer as a session uses it.
class Receiver {
 public:
  explicit Receiver(FramerLimits limits = {}) : limits_(limits) {}

  void receive(std::string_view bytes, Framer::Time now = kStart) {
    std::string buffer(framer.rest());
    buffer += bytes;
    framer.feed(buffer, now);
    while (const auto incoming = framer.next(limits_)) {
      switch (incoming->kind) {
        case Incoming::Kind::message:
          log.push_back("message " + std::string(incoming->payload));
          break;
        case Incoming::Kind::ping:
          log.push_back("ping " + std::string(incoming->payload));
          break;
        case Incoming::Kind::close:
          log.push_back("close " + std::to_string(incoming->code));
          break;
      }
    }
    framer.keep_rest();
  }
  void receive_chopped(std::string_view bytes, std::size_t size) {
    for (std::size_t i = 0; i < bytes.size(); i += size) receive(bytes.substr(i, size));
  }

  Framer framer;
  Log log;

 private:
  const FramerLimits limits_;
};

std::optional<CloseCode> fault_of(std::string_view bytes, FramerLimits limits = {}) {
  Receiver whole(limits);
  whole.receive(bytes);
  Receiver chopped(limits);
  chopped.receive_chopped(bytes, 1);
  EXPECT_EQ(whole.framer.fault(), chopped.framer.fault());
  EXPECT_EQ(whole.log, chopped.log);
  EXPECT_EQ(whole.framer.held_bytes(), 0u);
  return whole.framer.fault();
}

TEST(FramerFraming, EveryLengthFormInEveryChopping) {
  for (const std::size_t size : {0, 1, 3, 7, 8, 9, 124, 125, 126, 127, 128, 255, 256, 65'535, 65'536}) {
    const std::string payload = pattern(size);
    for (const std::size_t chop : {std::size_t{1}, std::size_t{997}, std::size_t{1} << 20}) {
      Receiver receiver;
      receiver.receive_chopped(client_frame(payload), chop);
      EXPECT_EQ(receiver.log, Log{"message " + payload}) << size << " by " << chop;
      EXPECT_EQ(receiver.framer.held_bytes(), 0u);
    }
  }
}

TEST(FramerFraming, AnyMaskGivesTheSamePayload) {
  for (const std::uint32_t mask : {0u, 0xFFFFFFFFu, 0x00000001u, 0x80000000u, 0x12345678u}) {
    Receiver receiver;
    receiver.receive(client_frame(pattern(77), {.mask = mask}));
    EXPECT_EQ(receiver.log, Log{"message " + pattern(77)});
  }
}

TEST(FramerFraming, ManyInOneReadAndTheRestOfTheLastIsKept) {
  Receiver receiver;
  const std::string last = client_frame("last");
  receiver.receive(client_frame("a") + client_frame("") + client_frame("b") + last.substr(0, 5));
  EXPECT_EQ(receiver.log, (Log{"message a", "message ", "message b"}));
  EXPECT_EQ(receiver.framer.rest().size(), 5u);
  receiver.receive(last.substr(5));
  EXPECT_EQ(receiver.log.back(), "message last");
  EXPECT_EQ(receiver.framer.held_bytes(), 0u);
}

TEST(FramerFraming, UnmaskedIsRefusedBeforeItsPayload) {
  EXPECT_EQ(fault_of(client_frame("x", {.is_masked = false}).substr(0, 2)), CloseCode::protocol_error);
}

TEST(FramerFraming, LengthsThatAreNotTheShortestAreRefused) {
  EXPECT_EQ(fault_of(client_frame("x", {.length_bytes = 2})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame(pattern(125), {.length_bytes = 8})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame(pattern(200), {.length_bytes = 8})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(std::string("\x82\xFF\x80\0\0\0\0\0\0\1", 10)), CloseCode::protocol_error);
}

TEST(FramerPing, PingsComeThroughWithTheirPayloadPongsAreDropped) {
  Receiver receiver;
  receiver.receive(client_frame("", {.opcode = kPing}) + client_frame(pattern(125), {.opcode = kPing}) +
                   client_frame("unasked", {.opcode = kPong}));
  EXPECT_EQ(receiver.log, (Log{"ping ", "ping " + pattern(125)}));
  EXPECT_FALSE(receiver.framer.fault());
}

TEST(FramerPing, LongControlFramesAreRefused) {
  EXPECT_EQ(fault_of(client_frame(pattern(126), {.opcode = kPing})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame(pattern(126), {.opcode = kPong})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame(pattern(126), {.opcode = 0x8})), CloseCode::protocol_error);
}

TEST(FramerPing, TenASecondAreTakenTheEleventhIsTooMany) {
  Receiver receiver;
  for (int second = 0; second < 3; ++second)
    for (int i = 0; i < 10; ++i)
      receiver.receive(client_frame("p", {.opcode = kPing}), kStart + std::chrono::seconds{second});
  EXPECT_EQ(receiver.log.size(), 30u);
  EXPECT_FALSE(receiver.framer.fault());
  receiver.receive(client_frame("p", {.opcode = kPong}), kStart + std::chrono::seconds{2});
  EXPECT_EQ(receiver.framer.fault(), CloseCode::policy_violation);
}

TEST(FramerReserved, NoReservedBitMeansAnything) {
  for (std::uint8_t bits = 1; bits < 8; ++bits) {
    EXPECT_EQ(fault_of(client_frame("x", {.reserved = bits})), CloseCode::protocol_error) << int{bits};
    EXPECT_EQ(fault_of(client_frame("x", {.opcode = kPing, .reserved = bits})), CloseCode::protocol_error);
  }
}

TEST(FramerOpcodes, UnknownOnesAreRefused) {
  for (const std::uint8_t opcode : std::initializer_list<std::uint8_t>{3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    EXPECT_EQ(fault_of(client_frame("", {.opcode = opcode})), CloseCode::protocol_error) << int{opcode};
}

TEST(FramerOpcodes, WhatCameBeforeTheFaultIsStillHandedOut) {
  Receiver receiver;
  receiver.receive(client_frame("good") + client_frame("", {.opcode = 5}) + client_frame("late"));
  EXPECT_EQ(receiver.log, Log{"message good"});
  receiver.receive(client_frame("later"));
  EXPECT_EQ(receiver.log.size(), 1u);
}

TEST(FramerOpcodes, TextIsUnsupportedData) {
  EXPECT_EQ(fault_of(client_frame("hello", {.opcode = kText})), CloseCode::unsupported_data);
  EXPECT_EQ(fault_of(client_frame("hel", {.is_final = false, .opcode = kText})), CloseCode::unsupported_data);
}

TEST(FramerFragments, ArePutTogetherWithControlFramesBetween) {
  Receiver receiver;
  receiver.receive_chopped(client_frame("one ", {.is_final = false}) + client_frame("p", {.opcode = kPing}) +
                               client_frame("", {.is_final = false, .opcode = kContinuation}) +
                               client_frame("two", {.opcode = kContinuation}) + client_frame("next"),
                           3);
  EXPECT_EQ(receiver.log, (Log{"ping p", "message one two", "message next"}));
  EXPECT_EQ(receiver.framer.held_bytes(), 0u);
}

TEST(FramerFragments, OutOfOrderIsRefused) {
  EXPECT_EQ(fault_of(client_frame("x", {.opcode = kContinuation})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame("x", {.is_final = false, .opcode = kContinuation})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame("x", {.is_final = false}) + client_frame("y")), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame("x", {.is_final = false}) + client_frame("y", {.opcode = kContinuation}) +
                     client_frame("z", {.opcode = kContinuation})),
            CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_frame("x", {.is_final = false, .opcode = kPing})), CloseCode::protocol_error);
}

std::string in_fragments(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i)
    bytes += client_frame("", {.is_final = i + 1 == count, .opcode = i == 0 ? kBinary : kContinuation});
  return bytes;
}

TEST(FramerFragments, ThirtyTwoAreTakenOneMoreIsNot) {
  Receiver receiver;
  receiver.receive(in_fragments(32));
  EXPECT_EQ(receiver.log, Log{"message "});
  EXPECT_EQ(fault_of(in_fragments(33)), CloseCode::frame_too_large);
  EXPECT_EQ(fault_of(in_fragments(5'000)), CloseCode::frame_too_large);
}

TEST(FramerClose, CodesAndReasons) {
  Receiver empty;
  empty.receive(client_frame("", {.opcode = 0x8}) + client_frame("after"));
  EXPECT_EQ(empty.log, Log{"close 1005"});
  for (const std::uint16_t code : std::initializer_list<std::uint16_t>{
           1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999}) {
    Receiver receiver;
    receiver.receive(client_close(code, "bye \xE7\xB8\x81"));
    EXPECT_EQ(receiver.log, Log{"close " + std::to_string(code)});
    EXPECT_FALSE(receiver.framer.fault());
  }
}

TEST(FramerClose, BadCodesReasonsAndLengthsAreRefused) {
  for (const std::uint16_t code :
       std::initializer_list<std::uint16_t>{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65'535})
    EXPECT_EQ(fault_of(client_close(code)), CloseCode::protocol_error) << code;
  EXPECT_EQ(fault_of(client_frame("\x03", {.opcode = 0x8})), CloseCode::protocol_error);
  EXPECT_EQ(fault_of(client_close(1000, "\xCE\xBA\xED\xA0\x80")), CloseCode::invalid_payload);
}

TEST(FramerClose, NothingIsReadAfterIt) {
  Receiver receiver;
  receiver.receive(client_frame("x", {.is_final = false}) + client_close(1000));
  receiver.receive(client_frame("later", {.is_masked = false}));
  EXPECT_EQ(receiver.log, Log{"close 1000"});
  EXPECT_FALSE(receiver.framer.fault());
  EXPECT_EQ(receiver.framer.held_bytes(), 0u);
}

TEST(FramerLimits, SizeIsInclusiveAndToldBeforeThePayload) {
  const FramerLimits limits{.message_bytes_max = 1000};
  Receiver receiver(limits);
  receiver.receive(client_frame(pattern(1000)));
  EXPECT_EQ(receiver.log.size(), 1u);
  EXPECT_EQ(fault_of(client_frame(pattern(1001)).substr(0, 4), limits), CloseCode::frame_too_large);
  EXPECT_EQ(fault_of(std::string("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10)), CloseCode::frame_too_large);
}

TEST(FramerLimits, FragmentsCountTogether) {
  const FramerLimits limits{.message_bytes_max = 1000};
  const std::string first = client_frame(pattern(600), {.is_final = false});
  Receiver receiver(limits);
  receiver.receive(first + client_frame(pattern(400), {.opcode = kContinuation}));
  EXPECT_EQ(receiver.log.size(), 1u);
  EXPECT_EQ(fault_of(first + client_frame(pattern(401), {.opcode = kContinuation}), limits),
            CloseCode::frame_too_large);
}

TEST(FramerLimits, StoppedHalfWayItGoesOnWhereItWas) {
  Framer framer;
  std::string buffer = client_frame("one") + client_frame("two") + client_frame("three").substr(0, 7);
  framer.feed(buffer, kStart);
  ASSERT_EQ(framer.next({})->payload, "one");
  framer.keep_rest();
  buffer.assign(framer.rest());
  framer.feed(buffer, kStart);
  ASSERT_EQ(framer.next({})->payload, "two");
  EXPECT_FALSE(framer.next({}));
  framer.keep_rest();
  EXPECT_EQ(framer.rest(), client_frame("three").substr(0, 7));
}

TEST(FramerChopping, CutAtEveryByteItTellsTheSame) {
  const std::string bytes = client_frame("a") + client_frame(pattern(200)) + client_frame("f1", {.is_final = false}) +
                            client_frame("", {.opcode = kPing}) +
                            client_frame(pattern(130), {.opcode = kContinuation}) + client_close(1000, "done");
  Receiver whole;
  whole.receive(bytes);
  ASSERT_EQ(whole.log.size(), 5u);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Receiver receiver;
    receiver.receive(std::string_view(bytes).substr(0, cut));
    receiver.receive(std::string_view(bytes).substr(cut));
    EXPECT_EQ(receiver.log, whole.log) << cut;
  }
}

TEST(FramerAnswers, AreUnmaskedAndWhole) {
  EXPECT_EQ(pong_frame("hi"), "\x8A\x02hi");
  EXPECT_EQ(ping_frame(), std::string("\x89\0", 2));
  EXPECT_EQ(close_frame(4300), std::string("\x88\x02\x10\xCC", 4));
  EXPECT_EQ(close_frame(1005), std::string("\x88\0", 2));
}

}  // namespace
}  // namespace enishi::transport
