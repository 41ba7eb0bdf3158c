#include "cpp/session/backoff.h"

#include "scene.h"

namespace enishi::client {
namespace {

/// Always the greatest number that `below` accepts for these bounds, or always zero.
class FixedEntropy final : public Entropy {
 public:
  explicit FixedEntropy(std::uint64_t value) : value_(value) {}
  void fill(void* bytes, std::size_t size) override {
    ASSERT_EQ(size, sizeof value_);
    std::memcpy(bytes, &value_, size);
  }

 private:
  std::uint64_t value_;
};

TEST(Backoff, NeverLeavesItsBoundsAndUsesThem) {
  scene::SeededEntropy entropy;
  for (int round = 0; round < 500; ++round) {
    Backoff backoff(entropy);
    Instant bound = Backoff::kBase;
    for (int attempt = 0; attempt < 12; ++attempt) {
      const auto wait = backoff.on_closed(Instant{attempt});
      EXPECT_GE(wait, Instant{0});
      EXPECT_LE(wait, bound);
      bound = std::min(bound * 2, Instant{Backoff::kCap});
    }
    EXPECT_EQ(bound, Backoff::kCap);
  }
}

TEST(Backoff, JitterIsFull) {
  FixedEntropy none(0);
  EXPECT_EQ(Backoff(none).on_closed(Instant{0}), Instant{0});
  FixedEntropy half(250);
  EXPECT_EQ(Backoff(half).on_closed(Instant{0}), Instant{250});
  FixedEntropy most(500);
  EXPECT_EQ(Backoff(most).on_closed(Instant{0}), Instant{500});
}

TEST(Backoff, OnlyAStableMinuteStartsAgain) {
  scene::SeededEntropy entropy;
  Backoff backoff(entropy);
  for (int i = 0; i < 5; ++i) static_cast<void>(backoff.on_closed(Instant{0}));
  backoff.on_proven(Instant{10'000});
  static_cast<void>(backoff.on_closed(Instant{69'999}));
  EXPECT_EQ(backoff.attempts(), 6U);
  backoff.on_proven(Instant{100'000});
  static_cast<void>(backoff.on_closed(Instant{160'000}));
  EXPECT_EQ(backoff.attempts(), 1U);
}

TEST(Backoff, GoAwayIsObeyedOnce) {
  FixedEntropy none(0);
  Backoff backoff(none);
  backoff.on_go_away(Instant{1'234});
  EXPECT_EQ(backoff.on_closed(Instant{0}), Instant{1'234});
  EXPECT_EQ(backoff.on_closed(Instant{0}), Instant{0});
}

}  // namespace
}  // namespace enishi::client
