// Twenty worlds with real SQLite files, threads and sockets, none of which may break a promise. ENISHI_SEED=n runs one,
// ENISHI_SEEDS=n the first n, twenty at most.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "property/real/world.h"
#include "support/seeds.h"

namespace enishi::property::real {
namespace {

constexpr std::uint64_t kSeeds = 20;
static_assert(World::kSteps >= 200);

TEST(Real, NoWorldBreaksAPromise) {
  test::for_each_seed(kSeeds, [](Rng&, std::uint64_t seed) {
    const auto begun = std::chrono::steady_clock::now();
    World world(seed);
    const auto verdict = world.live();
    const auto tally = world.tally();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    std::printf("seed %2llu: %4llu groups, %5llu frames, %llu quiet, daemon died %llu and stopped %llu times, %llu cut "
                "within bytes, %llu devices restarted, %lld ms\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(tally.groups),
                static_cast<unsigned long long>(tally.frames), static_cast<unsigned long long>(tally.quiets),
                static_cast<unsigned long long>(tally.deaths), static_cast<unsigned long long>(tally.stops),
                static_cast<unsigned long long>(tally.cuts), static_cast<unsigned long long>(tally.restarts_of_devices),
                static_cast<long long>(took.count()));
    EXPECT_EQ(verdict.broken, "") << "in the end:\n" << verdict.trace;
    EXPECT_GT(tally.quiets, 0U);
  });
}

}  // namespace
}  // namespace enishi::property::real
