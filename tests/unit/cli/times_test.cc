// Times and durations as scripts read and write them.
#include "cli/show/times.h"

#include <gtest/gtest.h>

namespace enishi::cli {
namespace {

using std::chrono::milliseconds;

TEST(Times, AreUtcWithMilliseconds) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(1'767'323'045'006), "2026-01-02T03:04:05.006Z");
  EXPECT_EQ(rfc3339(951'782'400'000), "2000-02-29T00:00:00.000Z");
}

TEST(Times, NoTimeIsADash) { EXPECT_EQ(local_time(0), "-"); }

TEST(Times, DurationsHaveUnits) {
  EXPECT_EQ(parse_duration("5s"), milliseconds{5000});
  EXPECT_EQ(parse_duration("5"), milliseconds{5000});
  EXPECT_EQ(parse_duration("500ms"), milliseconds{500});
  EXPECT_EQ(parse_duration("1.5s"), milliseconds{1500});
  EXPECT_EQ(parse_duration("2m"), milliseconds{120'000});
  EXPECT_EQ(parse_duration("12h"), std::chrono::hours{12});
  EXPECT_EQ(parse_duration("7d"), std::chrono::hours{24 * 7});
  EXPECT_EQ(parse_duration("0"), milliseconds{0});
}

TEST(Times, OtherTextsAreNoDurations) {
  for (const auto* text : {"", "s", "-5s", "5 s", "5x", "5ss", "nan", "inf", "1e9999", "99999999999d", " 5s"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Times, RoughDurationsAreForPeople) {
  EXPECT_EQ(rough_duration(std::chrono::seconds{5}), "5 s");
  EXPECT_EQ(rough_duration(std::chrono::minutes{10}), "10 min");
  EXPECT_EQ(rough_duration(std::chrono::hours{5}), "5 h");
  EXPECT_EQ(rough_duration(std::chrono::hours{72}), "3 d");
}

}  // namespace
}  // namespace enishi::cli
