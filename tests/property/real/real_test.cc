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

/// One line for people: a run that was too easy shows here.
void tell(std::uint64_t seed, World& world, std::chrono::steady_clock::time_point begun) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  const auto& tally = world.tally();
  const auto text = [](std::uint64_t number, const char* what) { return ", " + std::to_string(number) + ' ' + what; };
  auto& arrived = world.oracle().arrived;
  auto line = "seed " + std::to_string(seed) + text(tally.groups, "groups") + text(tally.quiets, "times quiet");
  line += text(tally.deaths, "deaths") + text(tally.stops, "stops") + text(tally.cuts, "cuts within bytes");
  line += text(tally.new_processes, "new processes") + text(arrived[v1::ServerFrame::kWelcome], "welcomes");
  line += text(arrived[v1::ServerFrame::kFrontier], "frontiers") + text(arrived[v1::ServerFrame::kGap], "gaps");
  line += text(arrived[v1::ServerFrame::kLagged], "lagged") + text(static_cast<std::uint64_t>(ms.count()), "ms");
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

TEST(Real, NoWorldBreaksAPromise) {
  test::for_each_seed(kSeeds, [](Rng&, std::uint64_t seed) {
    const auto begun = std::chrono::steady_clock::now();
    World world(seed);
    const auto verdict = world.live();
    tell(seed, world, begun);
    EXPECT_EQ(verdict.broken, "") << "in the end:\n" << verdict.trace;
    EXPECT_GT(world.tally().quiets, 0U);
    EXPECT_GT(world.oracle().history.newest().value, 0U);
  });
}

}  // namespace
}  // namespace enishi::property::real
