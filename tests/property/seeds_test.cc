// A thousand worlds, none of which may break a promise. ENISHI_SEED=n runs one, ENISHI_SEEDS=n the first n.
#include <gtest/gtest.h>

#include "property/oracle/known.h"
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

// Devices that were live have an old snapshot and the events since, those that begin have a new one; both are what the
// model says after each command there is. One that nobody gives would be compared by nobody.
TEST(Seeds, EveryCommandIsCarriedOutSomewhere) {
  auto missing = all_model_names();
  for (std::uint64_t seed = 1; seed <= 60 && !missing.empty(); ++seed)
    for (const auto& name : run_seed(seed).carried_out) missing.erase(name);
  std::string names;
  for (const auto& name : missing) names += name + ' ';
  EXPECT_EQ(names, "") << "nobody does this (tests/property/ops.h)";
}

TEST(Seeds, ASeedRepeatsItself) {
  for (const std::uint64_t seed : {3U, 14U, 159U}) EXPECT_EQ(run_seed(seed).hash, run_seed(seed).hash) << seed;
}

}  // namespace
}  // namespace enishi::property
