#include "property/world/context.h"

#include <algorithm>
#include <cstdio>

namespace enishi::property {
namespace {

auth::Seals::Key key_of(std::uint64_t seed) {
  auth::Seals::Key key{};
  for (std::size_t i = 0; i < sizeof seed; ++i) key.at(i) = static_cast<unsigned char>(seed >> (8 * i));
  return key;
}

template <class T>
T one_of(Rng& rng, std::initializer_list<T> values) {
  return values.begin()[test::pick(rng, values.size())];
}

}  // namespace

void Trace::say(std::string line) {
  if (is_loud_) std::fprintf(stderr, "%s\n", line.c_str());
  for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  lines_.push_back(std::move(line));
  if (lines_.size() > kKept) lines_.pop_front();
}

std::string Trace::tail() const {
  std::string all;
  for (const auto& line : lines_) all += line + "\n";
  return all;
}

void SeededEntropy::fill(void* bytes, std::size_t size) {
  auto* out = static_cast<unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; i += 8) {
    auto value = rng_();
    for (std::size_t k = i; k < std::min(i + 8, size); ++k, value >>= 8U) out[k] = static_cast<unsigned char>(value);
  }
}

Settings Settings::draw(Rng& rng) {
  Settings drawn;
  const auto half = [&] { return test::pick(rng, 2) == 0; };
  if (half()) drawn.gap_events = 200, drawn.newest_page = 50;
  drawn.chunk_bytes = one_of<std::size_t>(rng, {256 * 1024, 2048, 300});
  drawn.page_bytes = one_of<std::size_t>(rng, {56 * 1024, 400});
  drawn.outbox_durable_bytes = one_of<std::size_t>(rng, {1024 * 1024, 3000, 700});
  drawn.requests_in_flight_max = one_of<std::size_t>(rng, {64, 2});
  drawn.inbox_commands_max = one_of<std::size_t>(rng, {8192, 8192, 3});
  drawn.requests_per_second = one_of<std::uint32_t>(rng, {0, 0, 0, 20});
  drawn.mailbox_delay = Instant{one_of(rng, {2, 50, 400})};
  drawn.reader_delay = Instant{one_of(rng, {2, 30, 200})};
  drawn.link_delay = Instant{one_of(rng, {1, 20, 150})};
  if (half()) drawn.slow_floor = 60;
  if (half()) drawn.failing_commit = 40;
  if (test::pick(rng, 4) == 0) drawn.failing_read = 5;
  if (half()) drawn.cutting = 8;
  return drawn;
}

Context::Context(std::uint64_t seed)
    : rng(seed), entropy(seed ^ 0x9E3779B97F4A7C15ULL), settings(Settings::draw(rng)), seals(key_of(seed)) {}

Instant Context::delay(Instant most) {
  const auto bound = static_cast<std::uint64_t>(most.count()) + 1;
  return Instant{static_cast<Instant::rep>(std::min(pick(bound), pick(bound)))};
}

core::WallTime Context::wall_now() const {
  // Any day will do; the first of January 2026.
  return core::WallTime{std::chrono::milliseconds{1'767'225'600'000} + schedule.now() + wall_skew};
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text.push_back(kDigits[static_cast<unsigned char>(c) >> 4U]);
    text.push_back(kDigits[static_cast<unsigned char>(c) & 0xFU]);
  }
  return text;
}

}  // namespace enishi::property
