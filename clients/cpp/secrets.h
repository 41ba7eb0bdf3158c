// Randomness, keys, and the short codes that people compare or copy.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/entropy.h"
#include "core/error.h"
#include "core/ids.h"
#include "core/proof.h"

namespace enishi::client {

/// Where randomness comes from; seeded in tests.
using core::Entropy;
/// Uniform in [0, bound); `bound` > 0.
[[nodiscard]] std::uint64_t below(Entropy& entropy, std::uint64_t bound);

/// libsodium's generator. Thread-safe.
class SystemEntropy final : public Entropy {
 public:
  SystemEntropy();
  void fill(void* bytes, std::size_t size) override;
};

/// The 16 bytes of an invitation or pairing link.
using Secret = core::Bytes<16, struct SecretTag>;
[[nodiscard]] Secret make_secret(Entropy& entropy);

/// 48 bits of milliseconds, then 80 random bits, big-endian.
[[nodiscard]] core::ClientId make_client_id(core::WallTime now, Entropy& entropy);

/// Ed25519 key pair of a device. The secret half never leaves the profile.
struct DeviceKeys {
  core::PublicKey public_key;
  std::array<std::uint8_t, 64> secret_key{};
  [[nodiscard]] static DeviceKeys make(Entropy& entropy);
  [[nodiscard]] core::Signature sign(std::string_view text) const;
};
/// True when `signature` over `text` is by `key`.
[[nodiscard]] bool verify(const core::PublicKey& key, std::string_view text, const core::Signature& signature);

/// The six digits that both devices of a pairing show (member.proto, PairPresented): BLAKE2b-64 keyed with `secret`
/// over offerer's key then newcomer's key, little-endian, modulo 1,000,000, with leading zeroes.
[[nodiscard]] std::string pairing_digits(const Secret& secret, const core::PublicKey& offerer,
                                         const core::PublicKey& newcomer);

/// A recovery code as shown: 20 characters of Crockford's base 32 in four groups of five with dashes (100 bits).
[[nodiscard]] std::string make_recovery_code(Entropy& entropy);
/// The 20 upper-case characters of a code as typed: dashes, spaces and case do not matter, O reads as 0, I and L as 1.
/// Errors: bad_request.
[[nodiscard]] core::Result<std::string> normal_recovery_code(std::string_view typed);
/// BLAKE2b-256 over the 20 characters: what RecoveryCodesMake.hashes holds.
[[nodiscard]] core::SecretHash recovery_code_hash(std::string_view normal);

/// Lower-case hex, as command lines show ids.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Bytes of lower- or upper-case hex. Errors: bad_request (odd length, another character).
[[nodiscard]] core::Result<std::string> from_hex(std::string_view hex);

}  // namespace enishi::client
