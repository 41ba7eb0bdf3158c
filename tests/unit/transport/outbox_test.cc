#include "transport/outbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace enishi::transport {
namespace {

wire::Frame frame(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0); }
  ~OutboxTest() override {
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  [[nodiscard]] std::string read_available() const {
    std::string text;
    std::array<char, 64 * 1024> chunk;
    for (ssize_t got = 0; (got = ::recv(ends_[1], chunk.data(), chunk.size(), 0)) > 0;)
      text.append(chunk.data(), static_cast<std::size_t>(got));
    return text;
  }
  std::array<int, 2> ends_{-1, -1};
  Outbox outbox_;
};

TEST_F(OutboxTest, JoinsEverythingInOneWriteAndLetsTheFramesGo) {
  const auto shared = frame("abc");
  outbox_.push(shared);
  outbox_.push(frame("defg"));
  outbox_.push(frame(""));
  outbox_.push(nullptr);
  EXPECT_EQ(outbox_.queued_bytes(), 7u);
  EXPECT_EQ(shared.use_count(), 2);
  EXPECT_EQ(outbox_.flush(ends_[0]), Outbox::Flushed::drained);
  EXPECT_EQ(outbox_.writes(), 1u);
  EXPECT_EQ(read_available(), "abcdefg");
  EXPECT_TRUE(outbox_.is_empty());
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(OutboxTest, NothingQueuedIsNothingWritten) {
  EXPECT_EQ(outbox_.flush(ends_[0]), Outbox::Flushed::drained);
  EXPECT_EQ(outbox_.writes(), 0u);
}

TEST_F(OutboxTest, GoesOnInTheMiddleOfAFrameInOrder) {
  std::string expected, received;
  for (int i = 0; i < 2'000; ++i) {
    std::string text(static_cast<std::size_t>(1 + i * 37 % 4'000), static_cast<char>('a' + i % 26));
    expected += text;
    outbox_.push(frame(std::move(text)));
  }
  EXPECT_EQ(outbox_.queued_bytes(), expected.size());
  int blocked = 0;
  for (;;) {
    const auto flushed = outbox_.flush(ends_[0]);
    ASSERT_NE(flushed, Outbox::Flushed::broken);
    received += read_available();
    EXPECT_EQ(outbox_.queued_bytes(), expected.size() - received.size());
    if (flushed == Outbox::Flushed::drained) break;
    ++blocked;
  }
  EXPECT_GT(blocked, 1);
  EXPECT_EQ(received, expected);
}

TEST_F(OutboxTest, DropsWhatHasNotBegunAndFinishesWhatHas) {
  const std::string large(4 * 1024 * 1024, 'x');
  outbox_.push(frame(large));
  outbox_.push(frame("secret"));
  ASSERT_EQ(outbox_.flush(ends_[0]), Outbox::Flushed::blocked);
  outbox_.drop_unsent();
  outbox_.push(frame("bye"));
  std::string received = read_available();
  while (outbox_.flush(ends_[0]) != Outbox::Flushed::drained) received += read_available();
  received += read_available();
  EXPECT_EQ(received, large + "bye");
}

TEST_F(OutboxTest, DropsAllWhenNothingHasBegun) {
  const auto shared = frame("secret");
  outbox_.push(shared);
  outbox_.drop_unsent();
  EXPECT_TRUE(outbox_.is_empty());
  EXPECT_EQ(shared.use_count(), 1);
  outbox_.drop_unsent();
  EXPECT_EQ(outbox_.flush(ends_[0]), Outbox::Flushed::drained);
}

TEST_F(OutboxTest, TellsThatThePeerIsGone) {
  ::close(std::exchange(ends_[1], -1));
  outbox_.push(frame("x"));
  EXPECT_EQ(outbox_.flush(ends_[0]), Outbox::Flushed::broken);
}

}  // namespace
}  // namespace enishi::transport
