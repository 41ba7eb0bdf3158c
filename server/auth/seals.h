// What the daemon hands out sealed: cursors and tickets; and the keyed digests that tell a repeat from a reuse.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/change.h"
#include "core/error.h"
#include "core/ids.h"

namespace enishi::auth {

/// A point in the log as a cursor carries it.
struct CursorContent {
  std::uint64_t incarnation_random = 0;
  core::Position position;
};

/// What a ticket proves.
struct TicketContent {
  core::PublicId device;
  std::uint32_t generation = 0;
  core::WallTime expires{};
};

/// Authenticated encryption (XChaCha20-Poly1305, libsodium) under keys that live outside the database. Immutable after
/// construction: any thread.
class Seals {
 public:
  using Key = std::array<unsigned char, 32>;
  /// Derives its keys from one secret.
  explicit Seals(const Key& secret);
  /// Reads the secret from `directory`/keys, making it (0600) at the first start. Errors: store_unsuitable,
  /// store_broken.
  [[nodiscard]] static core::Result<Seals> open(const std::string& directory);

  [[nodiscard]] std::string seal_cursor(const CursorContent& content) const;
  /// nullopt: not one of ours.
  [[nodiscard]] std::optional<CursorContent> open_cursor(std::string_view sealed) const;
  [[nodiscard]] std::string seal_ticket(const TicketContent& content) const;
  [[nodiscard]] std::optional<TicketContent> open_ticket(std::string_view sealed) const;
  /// Digest of a request's content.
  [[nodiscard]] core::Digest digest(std::string_view content) const;

 private:
  Key cursor_key_{}, ticket_key_{}, digest_key_{};
};

/// Hash of a secret as it is stored (BLAKE2b-256). The secrets have 100 bits or more, so no salt is needed.
[[nodiscard]] core::SecretHash hash_secret(std::string_view secret);
/// Ed25519 (RFC 8032).
[[nodiscard]] bool verify_signature(const core::PublicKey& key, std::string_view text, std::string_view signature);
/// Unpredictable bytes from the kernel.
void fill_random(void* bytes, std::size_t size);

}  // namespace enishi::auth
