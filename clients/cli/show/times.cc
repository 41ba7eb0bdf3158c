#include "cli/show/times.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace enishi::cli {
namespace {

using std::chrono::milliseconds;

constexpr double kDurationMsMax = 10.0 * 366 * 24 * 3600 * 1000;

std::optional<double> factor_of(std::string_view unit) {
  if (unit.empty() || unit == "s") return 1e3;
  if (unit == "ms") return 1.0;
  if (unit == "m") return 60e3;
  if (unit == "h") return 3600e3;
  if (unit == "d") return 86'400e3;
  return std::nullopt;
}

std::string formatted(std::int64_t ms, const char* format) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  std::array<char, 64> text{};
  if (localtime_r(&seconds, &parts) == nullptr) return "-";
  std::strftime(text.data(), text.size(), format, &parts);
  return text.data();
}

}  // namespace

std::string rfc3339(std::int64_t ms) {
  const std::chrono::sys_time<milliseconds> time{milliseconds{ms}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::string local_time(std::int64_t ms) { return ms == 0 ? "-" : formatted(ms, "%Y-%m-%d %H:%M"); }
std::string local_clock(std::int64_t ms) { return formatted(ms, "%H:%M"); }
std::string local_day(std::int64_t ms) { return formatted(ms, "%a %-d %b %Y"); }

std::optional<milliseconds> parse_duration(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  const auto factor = factor_of(text.substr(static_cast<std::size_t>(end - text.data())));
  // Written so that NaN fails as well.
  if (!factor || !(number >= 0) || !(number * *factor <= kDurationMsMax)) return std::nullopt;
  return milliseconds{static_cast<std::int64_t>(number * *factor + 0.5)};
}

std::string rough_duration(std::chrono::seconds duration) {
  const auto s = duration.count();
  if (s < 90) return std::to_string(s) + " s";
  if (s < 90 * 60) return std::to_string(s / 60) + " min";
  if (s < 48 * 3600) return std::to_string(s / 3600) + " h";
  return std::to_string(s / 86'400) + " d";
}

std::int64_t wall_now_ms() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace enishi::cli
