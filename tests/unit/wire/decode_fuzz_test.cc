// Decoding whatever arrives: never a crash, never an answer to what is no request; and what a client_id stands for.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "auth/seals.h"
#include "enishi/v1/frame.pb.h"
#include "support/seeds.h"
#include "wire/request.h"

namespace enishi::wire {
namespace {

using core::Errc;
using test::pick;

v1::ClientFrame sample_send() {
  v1::ClientFrame frame;
  frame.set_request_id(77);
  frame.set_client_id(std::string(16, 'c'));
  frame.mutable_send()->set_conversation_id(std::string(16, 'i'));
  frame.mutable_send()->set_body("\xE7\xB8\x81 hello");
  frame.mutable_send()->set_reply_to(12);
  return frame;
}

/// One frame of each request, filled as far as it goes.
std::vector<std::string> samples() {
  std::vector<std::string> all{sample_send().SerializeAsString()};
  const auto* body = v1::ClientFrame::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    v1::ClientFrame frame;
    frame.set_request_id(static_cast<std::uint64_t>(i + 1));
    frame.set_client_id(std::string(16, 'c'));
    auto* message = frame.GetReflection()->MutableMessage(&frame, body->field(i));
    const auto* reflection = message->GetReflection();
    for (int k = 0; k < message->GetDescriptor()->field_count(); ++k) {
      const auto* field = message->GetDescriptor()->field(k);
      using Field = google::protobuf::FieldDescriptor;
      if (field->cpp_type() == Field::CPPTYPE_STRING && field->is_repeated())
        reflection->AddString(message, field, std::string(16, 'a'));
      else if (field->cpp_type() == Field::CPPTYPE_STRING)
        reflection->SetString(message, field, std::string(32, 'a'));
      else if (field->cpp_type() == Field::CPPTYPE_UINT64)
        reflection->SetUInt64(message, field, 1234567);
      else if (field->cpp_type() == Field::CPPTYPE_BOOL)
        reflection->SetBool(message, field, true);
    }
    all.push_back(frame.SerializeAsString());
  }
  return all;
}

/// What must hold of every answer of decode: an error of the frame, or a request with a body or an error that says so.
void check(const std::string& bytes) {
  const auto request = decode(bytes, auth::hash_secret);
  if (!request) {
    EXPECT_EQ(core::errc_of(request.error()), Errc::protocol_violation);
    return;
  }
  if (request->id == 0) {
    EXPECT_FALSE(request->body);
  }
  if (!request->body) {
    EXPECT_LT(static_cast<int>(core::errc_of(request->body.error())), 200) << "refused, and nothing worse";
  }
  EXPECT_LE(request->content.size(), bytes.size() + 16);
}

TEST(DecodeFuzz, GarbageIsAProtocolViolation) {
  for (const auto& bytes : {std::string("\xFF\xFF\xFF\xFF"), std::string("{\"json\":1}"), std::string("\x0A"),
                            std::string("\xA2\x01\x7F")}) {
    const auto request = decode(bytes, auth::hash_secret);
    ASSERT_FALSE(request);
    EXPECT_EQ(core::errc_of(request.error()), Errc::protocol_violation);
  }
}

TEST(DecodeFuzz, EveryTruncationOfEveryRequest) {
  for (const auto& bytes : samples())
    for (std::size_t size = 0; size <= bytes.size(); ++size) check(bytes.substr(0, size));
}

TEST(DecodeFuzz, Mutations) {
  const auto seeds = samples();
  test::for_each_seed(5000, [&](test::Rng& rng) {
    auto bytes = seeds[pick(rng, seeds.size())];
    for (auto changes = 1 + pick(rng, 6); changes > 0 && !bytes.empty(); --changes) {
      const auto at = pick(rng, bytes.size());
      switch (pick(rng, 4)) {
        case 0:
          bytes[at] = static_cast<char>(pick(rng, 256));
          break;
        case 1:
          bytes.insert(at, 1 + pick(rng, 20), static_cast<char>(pick(rng, 256)));
          break;
        case 2:
          bytes.erase(at, 1 + pick(rng, 8));
          break;
        default:
          bytes += seeds[pick(rng, seeds.size())];
          break;
      }
    }
    check(bytes);
  });
}

TEST(DecodeContent, IsTheSameWhateverTheRequestId) {
  auto frame = sample_send();
  const auto first = decode(frame.SerializeAsString(), auth::hash_secret)->content;
  EXPECT_FALSE(first.empty());
  frame.set_request_id(9'000'000'000);
  EXPECT_EQ(decode(frame.SerializeAsString(), auth::hash_secret)->content, first);
}

TEST(DecodeContent, HoldsNoUnknownFields) {
  const auto bytes = sample_send().SerializeAsString();
  const auto first = decode(bytes, auth::hash_secret)->content;
  EXPECT_EQ(decode(bytes + "\xBA\x3E\x03xyz", auth::hash_secret)->content, first);
  // Also inside the request: Send (field 20) once more, with only an unknown field 900 in it, is merged.
  EXPECT_EQ(decode(bytes + "\xA2\x01\x03\xA0\x38\x01", auth::hash_secret)->content, first);
}

TEST(DecodeContent, DoesNotDependOnTheOrderOfFields) {
  const auto frame = sample_send();
  v1::ClientFrame head = frame;
  head.clear_send();
  v1::ClientFrame body;
  *body.mutable_send() = frame.send();
  const auto swapped = body.SerializeAsString() + head.SerializeAsString();
  EXPECT_EQ(decode(swapped, auth::hash_secret)->content, decode(frame.SerializeAsString(), auth::hash_secret)->content);
}

TEST(DecodeContent, DiffersWithEveryFieldOfTheRequest) {
  const auto first = decode(sample_send().SerializeAsString(), auth::hash_secret)->content;
  auto frame = sample_send();
  frame.mutable_send()->set_body("other");
  EXPECT_NE(decode(frame.SerializeAsString(), auth::hash_secret)->content, first);
  frame = sample_send();
  frame.mutable_send()->set_reply_to(13);
  EXPECT_NE(decode(frame.SerializeAsString(), auth::hash_secret)->content, first);
  frame = sample_send();
  frame.mutable_typing()->set_conversation_id(std::string(16, 'i'));
  EXPECT_NE(decode(frame.SerializeAsString(), auth::hash_secret)->content, first);
}

}  // namespace
}  // namespace enishi::wire
