// Links and origins: ORIGIN/#i=SECRET invites, ORIGIN/#p=SECRET pairs. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "cpp/secrets.h"

namespace enishi::client {

/// Where a daemon is dialled: scheme, host, port. Its text form is what Prove.origin holds.
struct Origin {
  bool secure = false;  ///< https
  std::string host;     ///< a name, an IPv4 address, or an IPv6 address without brackets; lower case
  std::uint16_t port = 80;

  /// "http://127.0.0.1:8470"; the scheme's own port (80, 443) is left out, IPv6 in brackets.
  [[nodiscard]] std::string text() const;
  /// Reads "http://HOST[:PORT]" or https, with or without a final slash. Errors: bad_request.
  [[nodiscard]] static core::Result<Origin> parse(std::string_view text);
  /// The addresses of "localhost" and of names that end in ".localhost", which are never looked up (RFC 6761 section
  /// 6.3): a machine may have no table of hosts. Empty for any other host.
  [[nodiscard]] std::vector<std::string> loopback() const;
  friend bool operator==(const Origin&, const Origin&) = default;
};

enum class LinkKind : std::uint8_t { invitation, pairing };

/// A link that a person got. Its secret is never logged, and never part of a URL that reaches the server.
struct Link {
  LinkKind kind = LinkKind::invitation;
  Origin origin;
  Secret secret;

  [[nodiscard]] std::string text() const;
  /// Space around it is ignored. The secret is 22 characters of unpadded base64url. Errors: bad_request.
  [[nodiscard]] static core::Result<Link> parse(std::string_view text);
};

/// Unpadded base64url (RFC 4648 section 5).
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// Errors: bad_request (a character outside the alphabet, an impossible length, bits left over).
[[nodiscard]] core::Result<std::string> from_base64url(std::string_view text);

}  // namespace enishi::client
