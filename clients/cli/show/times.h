// Times and durations as people and scripts write them. Pure, but for the time zone of local_time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace enishi::cli {

/// RFC 3339 in UTC with milliseconds, "2026-01-02T03:04:05.006Z". `ms`: since 1970-01-01 UTC.
[[nodiscard]] std::string rfc3339(std::int64_t ms);
/// "2026-01-02 03:04" in the local time zone; "-" for 0.
[[nodiscard]] std::string local_time(std::int64_t ms);
/// "14:02" and "Thu 26 Nov 2026" in the local time zone.
[[nodiscard]] std::string local_clock(std::int64_t ms);
[[nodiscard]] std::string local_day(std::int64_t ms);
/// "500ms", "5s", "2m", "12h", "7d", also with a decimal part ("1.5s"); a bare number is seconds. Nullopt: none of
/// these, or over ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "3 s", "4 min", "5 h", "6 d": the greatest unit that fits, for people.
[[nodiscard]] std::string rough_duration(std::chrono::seconds duration);
/// Now, by the system's clock.
[[nodiscard]] std::int64_t wall_now_ms();

}  // namespace enishi::cli
