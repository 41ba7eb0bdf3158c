// Gap.changed_since: opaque to clients, a seq to us.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.h"

namespace enishi::wire {

/// Changes from `first` on: 8 bytes, big-endian.
[[nodiscard]] inline std::string write_since(core::Seq first) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(first.value >> shift));
  return bytes;
}

/// nullopt: of another length.
[[nodiscard]] inline std::optional<core::Seq> read_since(std::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  core::Seq first;
  for (const char byte : bytes) first.value = first.value << 8 | static_cast<std::uint8_t>(byte);
  return first;
}

}  // namespace enishi::wire
