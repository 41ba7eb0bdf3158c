#include "cpp/session/request_book.h"

#include <gtest/gtest.h>

#include "cpp/requests.h"

namespace enishi::client {
namespace {

v1::ServerFrame ok() {
  v1::ServerFrame frame;
  frame.mutable_ok();
  return frame;
}

v1::ServerFrame later(std::uint32_t ms) {
  v1::ServerFrame frame;
  frame.mutable_error()->set_code(v1::ERROR_CODE_OVERLOADED);
  frame.mutable_error()->set_retry_after_ms(ms);
  return frame;
}

TEST(RequestBook, SendsInOrderWithinItsWindow) {
  RequestBook book;
  std::string answered;
  for (int i = 0; i < 4; ++i)
    book.add(
        requests::list(), [&answered, i](const Answer& answer) { answered += answer.ok() ? std::to_string(i) : "!"; },
        OnLoss::repeat);
  const auto frames = book.take(Instant{0}, 2);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(book.take(Instant{0}, 2).empty());
  auto frame = ok();
  EXPECT_TRUE(book.answer(frames[1].request_id(), frame, Instant{0}));
  frame = ok();
  EXPECT_FALSE(book.answer(frames[1].request_id(), frame, Instant{0})) << "answered once";
  EXPECT_EQ(book.take(Instant{0}, 2).size(), 1U);
  EXPECT_EQ(answered, "1");
}

TEST(RequestBook, PutOffRequestsGoAgainUnderTheSameIds) {
  RequestBook book;
  int calls = 0;
  const auto client_id = core::ClientId{};
  book.add(
      requests::group_new(client_id, "t", {}), [&](const Answer&) { ++calls; }, OnLoss::repeat);
  const auto first = book.take(Instant{0}, 8);
  auto frame = later(200);
  EXPECT_TRUE(book.answer(first[0].request_id(), frame, Instant{1'000}));
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(book.wakeup_at(), Instant{1'200});
  EXPECT_TRUE(book.take(Instant{1'199}, 8).empty());
  const auto second = book.take(Instant{1'200}, 8);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].SerializeAsString(), first[0].SerializeAsString());
  frame = ok();
  EXPECT_TRUE(book.answer(second[0].request_id(), frame, Instant{1'300}));
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(book.empty());
}

TEST(RequestBook, LossRepeatsOrFails) {
  RequestBook book;
  std::string told;
  book.add(
      requests::list(), [&](const Answer& answer) { told += answer.lost ? "a" : "A"; }, OnLoss::fail);
  book.add(
      requests::list(), [&](const Answer& answer) { told += answer.lost ? "b" : "B"; }, OnLoss::repeat);
  static_cast<void>(book.take(Instant{0}, 8));
  book.add(
      requests::list(), [&](const Answer& answer) { told += answer.lost ? "c" : "C"; }, OnLoss::fail);
  book.on_disconnected();
  EXPECT_EQ(told, "a") << "what was not sent is not lost";
  EXPECT_EQ(book.take(Instant{0}, 8).size(), 2U);
  book.fail_all();
  EXPECT_EQ(told, "abc");
  EXPECT_TRUE(book.empty());
}

TEST(RequestBook, ACallbackMayAddMore) {
  RequestBook book;
  book.add(
      requests::list(), [&](const Answer&) { book.add(requests::list(), {}, OnLoss::repeat); }, OnLoss::repeat);
  const auto frames = book.take(Instant{0}, 8);
  auto frame = ok();
  EXPECT_TRUE(book.answer(frames[0].request_id(), frame, Instant{0}));
  EXPECT_EQ(book.take(Instant{0}, 8).size(), 1U);
}

TEST(RequestBook, AnAnswerMayBeKeptForTheNext) {
  RequestBook book;
  int calls = 0;
  book.add(
      requests::list(), [&](const Answer&) { ++calls; }, OnLoss::repeat);
  const auto frames = book.take(Instant{0}, 8);
  auto frame = ok();
  EXPECT_TRUE(book.answer(frames[0].request_id(), frame, Instant{0}, true));
  frame = ok();
  EXPECT_TRUE(book.answer(frames[0].request_id(), frame, Instant{0}));
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace enishi::client
