// Seeded repetitions. Environment: ENISHI_SEED runs that seed only; ENISHI_SEEDS is the most seeds one test runs (short
// stages); ENISHI_SEEDS_FACTOR multiplies each test's own number (long ones); ENISHI_KILLS does for kills what
// ENISHI_SEEDS does for seeds.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace enishi::test {

/// The same numbers on every platform; use its raw values, for the standard's distributions differ between libraries.
using Rng = std::mt19937_64;

/// 0 to `bound` - 1; `bound` 1 or more.
[[nodiscard]] inline std::uint64_t pick(Rng& rng, std::uint64_t bound) { return rng() % bound; }

/// Value of a variable that holds a whole number; `otherwise` when it is not set or is none.
[[nodiscard]] inline std::uint64_t environment_number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  if (!text || !*text) return otherwise;
  char* end = nullptr;
  const auto number = std::strtoull(text, &end, 10);
  return *end ? otherwise : number;
}

[[nodiscard]] inline std::uint64_t seed_count(std::uint64_t default_n) {
  const auto wanted = default_n * environment_number("ENISHI_SEEDS_FACTOR", 1);
  return std::max<std::uint64_t>(1, std::min(wanted, environment_number("ENISHI_SEEDS", wanted)));
}
[[nodiscard]] inline std::uint64_t kill_count(std::uint64_t default_n) {
  return std::max<std::uint64_t>(1, std::min(default_n, environment_number("ENISHI_KILLS", default_n)));
}

/// Runs `body(rng, seed)` or `body(rng)` for the seeds 1 to `default_n` (see above). Ends with the first seed that
/// fails and prints how to run it again.
template <class Body>
void for_each_seed(std::uint64_t default_n, Body&& body) {
  const auto only = environment_number("ENISHI_SEED", 0);
  const auto last = only ? only : seed_count(default_n);
  for (std::uint64_t seed = only ? only : 1; seed <= last; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    if constexpr (std::is_invocable_v<Body&, Rng&, std::uint64_t>) {
      body(rng, seed);
    } else {
      body(rng);
    }
    if (::testing::Test::HasFailure()) {
      std::fprintf(stderr, "failed with seed %llu; again: ENISHI_SEED=%llu\n", static_cast<unsigned long long>(seed),
                   static_cast<unsigned long long>(seed));
      return;
    }
  }
}

}  // namespace enishi::test
