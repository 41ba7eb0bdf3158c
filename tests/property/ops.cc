#include "property/ops.h"

#include <utility>

namespace enishi::property {
namespace {

struct Kind {
  const char* name;
  std::uint32_t weight;
};

// In the order of OpKind. Messages and marks are most of life; what is rare there is rarer here, but never in all
// seeds.
constexpr std::array<Kind, kOpKinds> kKinds = {{
    {"send", 60},        {"read", 25},          {"mark_unread", 8},
    {"flag", 5},         {"repeat", 12},        {"group_new", 4},
    {"group_add", 6},    {"group_remove", 5},   {"group_leave", 4},
    {"group_title", 3},  {"tie", 14},           {"invite", 3},
    {"pair", 4},         {"revoke", 2},         {"recovery_codes", 2},
    {"recover", 2},      {"edit", 8},           {"remove", 4},
    {"react", 10},       {"pin_message", 3},    {"forward", 3},
    {"message_flag", 5}, {"draft", 16},         {"fetch", 5},
    {"list", 3},         {"second_session", 1}, {"signals", 4},
    {"profile", 6},      {"go_offline", 8},     {"go_online", 9},
    {"cut", 6},          {"stall", 5},          {"go_silent", 2},
    {"restart", 3},      {"jump_clock", 2},     {"wait", 2},
    {"quiet", 4},
}};

std::uint32_t number(test::Rng& rng) { return static_cast<std::uint32_t>(rng() >> 32U); }

}  // namespace

const char* name_of(OpKind kind) noexcept {
  return kind == OpKind::count_ ? "none" : kKinds.at(static_cast<std::size_t>(kind)).name;
}

Mix::Mix(test::Rng& rng) {
  for (std::size_t i = 0; i < kOpKinds; ++i) {
    const auto dice = test::pick(rng, 6);
    // Left out, as usual, or three times as often.
    const std::uint32_t factor = dice == 0 ? 0 : dice == 5 ? 3 : 1;
    weights_.at(i) = kKinds.at(i).weight * factor;
  }
  // A world without these would show nothing.
  for (const auto kind : {OpKind::send, OpKind::quiet, OpKind::go_online})
    weights_.at(static_cast<std::size_t>(kind)) = kKinds.at(static_cast<std::size_t>(kind)).weight;
  for (const auto weight : weights_) total_ += weight;
}

Op Mix::draw(test::Rng& rng) const {
  auto left = static_cast<std::uint32_t>(test::pick(rng, total_));
  std::size_t kind = 0;
  while (left >= weights_.at(kind)) left -= weights_.at(kind++);
  return {static_cast<OpKind>(kind), number(rng), number(rng), number(rng), number(rng)};
}

}  // namespace enishi::property
