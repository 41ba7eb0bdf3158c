// What the doctor looked at, and what came of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace enishi::cli {

enum class Health : std::uint8_t {
  ok,
  warning,  ///< works today
  bad,      ///< does not work
  skipped,  ///< was not checked, and why
};
[[nodiscard]] constexpr const char* name_of(Health health) noexcept {
  constexpr const char* kNames[] = {"ok", "warning", "bad", "skipped"};
  return kNames[static_cast<std::size_t>(health)];
}

/// One check. Texts are one sentence each.
struct Finding {
  const char* check = "";  ///< name, connect, tls, health, ready, upgrade, greeting, clock, origin, idle
  Health health = Health::ok;
  std::string text;  ///< what was seen
  std::string next;  ///< what to do; empty where nothing is to be done
};
using Findings = std::vector<Finding>;

}  // namespace enishi::cli
