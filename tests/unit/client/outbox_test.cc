#include "cpp/store/outbox.h"

#include <gtest/gtest.h>

#include "stores.h"

namespace enishi::client {
namespace {

using namespace scene;

constexpr core::WallTime kNow{std::chrono::milliseconds{1'000}};
constexpr std::uint8_t kOther = 0x55;

template <class Kind>
class OutboxTest : public OnEachStore<Kind> {
 protected:
  OutboxEntry queue(const std::string& body, std::uint8_t chat = kChat) {
    const auto entry = outbox_.enqueue({id(chat), body, 0, std::nullopt}, kNow, this->entropy_);
    EXPECT_TRUE(entry);
    return entry ? *entry : OutboxEntry{};
  }
  std::vector<std::string> take(Outbox& outbox) {
    const auto taken = outbox.take();
    EXPECT_TRUE(taken);
    std::vector<std::string> bodies;
    for (const auto& each : *taken) {
      bodies.push_back(each.body);
      ids_[each.body] = each.client_id;
    }
    return bodies;
  }
  Outbox outbox_{*this->store_};
  std::map<std::string, core::ClientId> ids_;
};
TYPED_TEST_SUITE(OutboxTest, StoreKinds);
using Bodies = std::vector<std::string>;

TYPED_TEST(OutboxTest, GoesInOrderOneInFlightForEachConversation) {
  for (const char* body : {"1", "2", "3"}) this->queue(body);
  this->queue("other", kOther);
  EXPECT_EQ(this->take(this->outbox_), (Bodies{"1", "other"}));
  EXPECT_EQ(this->take(this->outbox_), Bodies{});
  const auto done = this->outbox_.committed(this->ids_["1"], 7, kNow, false);
  ASSERT_TRUE(done && *done);
  EXPECT_EQ((*done)->seq, 7U);
  EXPECT_EQ(this->take(this->outbox_), Bodies{"2"});
  // A refusal of one does not hold up the next.
  ASSERT_TRUE(this->outbox_.rejected(this->ids_["2"], v1::ERROR_CODE_NOT_TIED, "no"));
  EXPECT_EQ(this->take(this->outbox_), Bodies{"3"});
  ASSERT_TRUE(this->outbox_.committed(this->ids_["3"], 8, kNow, false));
  ASSERT_TRUE(this->outbox_.committed(this->ids_["other"], 1, kNow, true));
  EXPECT_EQ(this->take(this->outbox_), Bodies{});
  const auto left = this->outbox_.pending();
  ASSERT_TRUE(left);
  ASSERT_EQ(left->size(), 1U);
  EXPECT_EQ(left->front().code, 110U);
  EXPECT_EQ(left->front().text, "no");
  ASSERT_TRUE(this->outbox_.dismiss(left->front().client_id));
  EXPECT_TRUE(this->outbox_.pending()->empty());
  EXPECT_TRUE((*this->outbox_.find(this->ids_["other"]))->duplicate);
}

TYPED_TEST(OutboxTest, WhatIsQueuedByNameWaitsUntilItIsKnownAndNothingOvertakesIt) {
  const auto queue_for = [this](const std::string& to, const std::string& body) {
    ASSERT_TRUE(this->outbox_.enqueue({{}, body, 0, std::nullopt, to}, kNow, this->entropy_));
  };
  this->queue("before");
  queue_for("@ben", "to ben");
  queue_for("@nobody", "to nobody");
  this->queue("behind", kOther);
  EXPECT_EQ(this->take(this->outbox_), Bodies{"before"});
  const auto find = [](const std::string& to) { return to == "@ben" ? std::optional(id(kChat)) : std::nullopt; };
  const auto rejected = this->outbox_.resolve(find);
  ASSERT_TRUE(rejected);
  ASSERT_EQ(rejected->size(), 1U);
  EXPECT_EQ(rejected->front().body, "to nobody");
  EXPECT_EQ(rejected->front().text, "@nobody");
  EXPECT_EQ(rejected->front().code, static_cast<std::uint32_t>(v1::ERROR_CODE_NOT_FOUND));
  EXPECT_TRUE(this->outbox_.resolve(find)->empty()) << "told once";
  EXPECT_EQ(this->take(this->outbox_), Bodies{"behind"}) << "\"before\" is still in flight to the same person";
  ASSERT_TRUE(this->outbox_.committed(this->ids_["before"], 1, kNow, false));
  EXPECT_EQ(this->take(this->outbox_), Bodies{"to ben"});
  EXPECT_EQ((*this->outbox_.find(this->ids_["to ben"]))->conversation, id(kChat));
}

TYPED_TEST(OutboxTest, UnansweredGoesAgainWithTheSameId) {
  const auto entry = this->queue("1");
  this->queue("2");
  EXPECT_EQ(this->take(this->outbox_), Bodies{"1"});
  this->outbox_.on_disconnected();
  EXPECT_EQ(this->take(this->outbox_), Bodies{"1"});
  EXPECT_EQ(this->ids_["1"], entry.client_id);
  this->outbox_.put_back(entry.client_id);
  EXPECT_EQ(this->take(this->outbox_), Bodies{"1"}) << "a retry keeps the order";
}

TYPED_TEST(OutboxTest, OneFlushesAtATime) {
  Outbox other(*this->store_);
  this->queue("1");
  EXPECT_EQ(this->take(this->outbox_), Bodies{"1"});
  EXPECT_EQ(this->take(other), Bodies{});
  EXPECT_TRUE(other.is_blocked());
  ASSERT_TRUE(this->outbox_.committed(this->ids_["1"], 1, kNow, false));
  EXPECT_EQ(this->take(this->outbox_), Bodies{});  // gives the lock back
  ASSERT_TRUE(other.enqueue({id(kChat), "2", 0, std::nullopt}, kNow, this->entropy_));
  EXPECT_EQ(this->take(other), Bodies{"2"});
  EXPECT_FALSE(other.is_blocked());
}

TYPED_TEST(OutboxTest, RefusesWhatTheServerWould) {
  const auto error_of = [this](const std::string& body) {
    const auto entry = this->outbox_.enqueue({id(kChat), body, 0, std::nullopt}, kNow, this->entropy_, 10);
    return entry ? std::string() : core::name_of(core::errc_of(entry.error()));
  };
  EXPECT_EQ(error_of(""), "BODY_EMPTY");
  EXPECT_EQ(error_of("12345678901"), "BODY_TOO_LARGE");
  EXPECT_EQ(error_of("\xFF"), "NOT_UTF8");
  EXPECT_EQ(error_of("1234567890"), "");
  EXPECT_EQ(this->outbox_.pending()->size(), 1U);
}

TYPED_TEST(OutboxTest, ARepeatedClientIdIsOneMessage) {
  core::ClientId client_id;
  client_id.value.fill(9);
  Draft draft{id(kChat), "hello", 0, client_id};
  ASSERT_TRUE(this->outbox_.enqueue(draft, kNow, this->entropy_));
  ASSERT_TRUE(this->outbox_.enqueue(draft, kNow, this->entropy_));
  EXPECT_EQ(this->outbox_.pending()->size(), 1U);
  draft.body = "other";
  EXPECT_EQ(this->outbox_.enqueue(draft, kNow, this->entropy_).error(), core::Errc::client_id_reused);
  EXPECT_EQ(this->take(this->outbox_), Bodies{"hello"});
  ASSERT_TRUE(this->outbox_.committed(client_id, 1, kNow, false));
  // Once settled, the server is the judge of the same id.
  ASSERT_TRUE(this->outbox_.enqueue(draft, kNow, this->entropy_));
  EXPECT_EQ(this->take(this->outbox_), Bodies{"other"});
}

TYPED_TEST(OutboxTest, KeepsTheLastSettledOnesOnly) {
  for (int i = 0; i < 230; ++i) {
    this->queue(std::to_string(i));
    ASSERT_EQ(this->take(this->outbox_).size(), 1U);
    ASSERT_TRUE(this->outbox_.committed(this->ids_[std::to_string(i)], 1, kNow, false));
  }
  this->queue("last");
  ASSERT_EQ(this->take(this->outbox_).size(), 1U);
  std::size_t kept = 0;
  ASSERT_TRUE(this->store_->read([&](Rows& rows) { kept = rows.outbox().size(); }));
  EXPECT_LE(kept, 202U);
  EXPECT_GE(kept, 200U);
}

}  // namespace
}  // namespace enishi::client
