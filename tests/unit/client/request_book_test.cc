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

TEST(RequestBook, CutAnswersAreJoinedAndToldOnce) {
  RequestBook book;
  std::vector<Answer> answers;
  book.add(
      requests::invite_list(), [&](const Answer& answer) { answers.push_back(answer); }, OnLoss::repeat);
  const auto piece = [](int from, int to, bool more) {
    v1::ServerFrame frame;
    for (int i = from; i < to; ++i)
      frame.mutable_invitations()->add_invitations()->set_uses(static_cast<std::uint32_t>(i));
    frame.mutable_invitations()->set_more(more);
    return frame;
  };
  const auto id = book.take(Instant{0}, 8).at(0).request_id();
  auto frame = piece(0, 3, true);
  EXPECT_TRUE(book.answer(id, frame, Instant{0}));
  EXPECT_TRUE(answers.empty());
  // What came of an answer before the connection broke is no part of the next one.
  book.on_disconnected();
  ASSERT_EQ(book.take(Instant{0}, 8).size(), 1U);
  for (const auto& [from, to, more] : {std::tuple{0, 3, true}, std::tuple{3, 6, true}, std::tuple{6, 7, false}}) {
    EXPECT_TRUE(answers.empty());
    EXPECT_EQ(book.unanswered(), 1U);
    frame = piece(from, to, more);
    EXPECT_TRUE(book.answer(id, frame, Instant{0}));
  }
  ASSERT_EQ(answers.size(), 1U);
  const auto& joined = answers[0].frame.invitations();
  ASSERT_EQ(joined.invitations_size(), 7);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(joined.invitations(i).uses(), static_cast<std::uint32_t>(i));
  EXPECT_FALSE(joined.more());
  EXPECT_TRUE(book.empty());
  // Lists of every kind, and what the refusal of a half-told one is.
  const auto check = [](v1::ServerFrame first, v1::ServerFrame last, auto size_of, int size) {
    RequestBook one;
    std::vector<Answer> told;
    one.add(
        requests::list(), [&](const Answer& answer) { told.push_back(answer); }, OnLoss::fail);
    const auto number = one.take(Instant{0}, 1).at(0).request_id();
    EXPECT_TRUE(one.answer(number, first, Instant{0}));
    EXPECT_TRUE(one.answer(number, last, Instant{0}));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(size_of(told[0].frame), size);
  };
  v1::ServerFrame first, last;
  first.mutable_heads()->set_more(true), first.mutable_heads()->add_heads(), last.mutable_heads()->add_heads();
  check(
      first, last, [](const auto& f) { return f.heads().heads_size(); }, 2);
  first.mutable_devices()->set_more(true), first.mutable_devices()->add_devices(),
      last.mutable_devices()->add_devices();
  check(
      first, last, [](const auto& f) { return f.devices().devices_size(); }, 2);
  first.mutable_presences()->set_more(true), first.mutable_presences()->add_presences(),
      last.mutable_presences()->add_presences();
  check(
      first, last, [](const auto& f) { return f.presences().presences_size(); }, 2);
  v1::ServerFrame receipts, members;
  receipts.mutable_receipts()->set_more(true), receipts.mutable_receipts()->add_receipts();
  last.mutable_receipts()->add_receipts();
  check(
      receipts, last, [](const auto& f) { return f.receipts().receipts_size(); }, 2);
  members.mutable_member_views()->set_more(true), members.mutable_member_views()->add_members();
  last.mutable_member_views()->add_members();
  check(
      members, last, [](const auto& f) { return f.member_views().members_size(); }, 2);
  last = later(0);
  last.mutable_error()->set_code(v1::ERROR_CODE_NOT_FOUND);
  check(
      first, last, [](const auto& f) { return f.presences().presences_size() + (f.has_error() ? 100 : 0); }, 100);
}

}  // namespace
}  // namespace enishi::client
