// Small values people write: durations, addresses, links, names with typing mistakes; and how a start fails.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace enishi::daemon {

/// Why a start or an operator's command ends: shown as `enishid: CODE: text`, exit 1. Thrown while starting only
/// (configuration, data directory, listening); nothing that serves throws it.
struct Failure {
  core::Errc code = core::Errc::bad_configuration;
  std::string text;
};

/// "250ms", "30s", "30m", "12h", "7d": a whole number and a unit. nullopt: anything else, or more than 100 years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The same in its greatest exact unit; parse_duration reads it back.
[[nodiscard]] std::string duration_text(std::chrono::milliseconds value);

/// A numeric address and a port, as listeners need it.
struct Address {
  std::string host;        ///< without brackets
  std::uint16_t port = 0;  ///< 0: any free one
  bool is_v6 = false;
  bool is_loopback = false;
  friend bool operator==(const Address&, const Address&) = default;
};
/// "127.0.0.1:8470", "[::1]:8470", "localhost:0" (127.0.0.1). nullopt: no port, or a host that is not numeric.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
/// "ADDR:PORT", with brackets around IPv6.
[[nodiscard]] std::string address_text(const Address& address);

/// True for scheme://host[:port] with http or https, lower case, and no path: what a browser sends as its origin.
[[nodiscard]] bool is_origin(std::string_view text);
/// A numeric address, or one with /BITS.
[[nodiscard]] bool is_network(std::string_view text);

/// The one of `candidates` with the least edit distance (Levenshtein) to `name`; empty when none is near (more than a
/// third of its letters, at least 3, would change).
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

/// base64url without padding (RFC 4648 section 5).
[[nodiscard]] std::string base64url(std::span<const unsigned char> bytes);

}  // namespace enishi::daemon
