// A thousand worlds, none of which may break a promise. ENISHI_SEED=n runs one, ENISHI_SEEDS=n the first n.
#include <gtest/gtest.h>

#include "property/world/world.h"
#include "support/seeds.h"

namespace enishi::property {
namespace {

constexpr std::uint64_t kSeeds = 1000;

TEST(Seeds, NoWorldBreaksAPromise) {
  test::for_each_seed(kSeeds, [](Rng&, std::uint64_t seed) {
    const auto verdict = run_seed(seed);
    EXPECT_EQ(verdict.broken, "") << "in the end:\n" << verdict.trace;
  });
}

TEST(Seeds, ASeedRepeatsItself) {
  for (const std::uint64_t seed : {3U, 14U, 159U}) EXPECT_EQ(run_seed(seed).hash, run_seed(seed).hash) << seed;
}

}  // namespace
}  // namespace enishi::property
