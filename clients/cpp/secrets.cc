#include "cpp/secrets.h"

#include <sodium.h>

#include <algorithm>

namespace enishi::client {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeCharacters = 20;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::uint64_t below(Entropy& entropy, std::uint64_t bound) {
  ENISHI_ASSERT(bound > 0);
  // Values of the last, incomplete stretch of `bound` would make small results likelier.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = 0;
  do entropy.fill(&value, sizeof value);
  while (value >= limit);
  return value % bound;
}

SystemEntropy::SystemEntropy() { ENISHI_ASSERT(sodium_init() >= 0); }

void SystemEntropy::fill(void* bytes, std::size_t size) { randombytes_buf(bytes, size); }

Secret make_secret(Entropy& entropy) {
  Secret secret;
  entropy.fill(secret.value.data(), secret.value.size());
  return secret;
}

core::ClientId make_client_id(core::WallTime now, Entropy& entropy) {
  core::ClientId id;
  entropy.fill(id.value.data(), id.value.size());
  const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = 0; i < 6; ++i) id.value.at(i) = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  return id;
}

DeviceKeys DeviceKeys::make(Entropy& entropy) {
  std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed{};
  entropy.fill(seed.data(), seed.size());
  DeviceKeys keys;
  static_assert(crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_PUBLICKEYBYTES == core::PublicKey::kSize);
  crypto_sign_seed_keypair(keys.public_key.value.data(), keys.secret_key.data(), seed.data());
  sodium_memzero(seed.data(), seed.size());
  return keys;
}

core::Signature DeviceKeys::sign(std::string_view text) const {
  core::Signature signature;
  crypto_sign_detached(signature.value.data(), nullptr, bytes_of(text), text.size(), secret_key.data());
  return signature;
}

bool verify(const core::PublicKey& key, std::string_view text, const core::Signature& signature) {
  return crypto_sign_verify_detached(signature.value.data(), bytes_of(text), text.size(), key.value.data()) == 0;
}

std::string pairing_digits(const Secret& secret, const core::PublicKey& offerer, const core::PublicKey& newcomer) {
  crypto_generichash_state state;
  std::array<std::uint8_t, 8> hash{};
  static_assert(Secret::kSize >= crypto_generichash_KEYBYTES_MIN);
  crypto_generichash_blake2b_init(&state, secret.value.data(), secret.value.size(), hash.size());
  crypto_generichash_blake2b_update(&state, offerer.value.data(), offerer.value.size());
  crypto_generichash_blake2b_update(&state, newcomer.value.data(), newcomer.value.size());
  crypto_generichash_blake2b_final(&state, hash.data(), hash.size());
  std::uint64_t number = 0;
  for (std::size_t i = hash.size(); i-- > 0;) number = (number << 8) | hash.at(i);
  auto digits = std::to_string(number % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

std::string make_recovery_code(Entropy& entropy) {
  std::string code;
  for (std::size_t i = 0; i < kCodeCharacters; ++i) {
    if (i > 0 && i % 5 == 0) code.push_back('-');
    code.push_back(kCrockford[static_cast<std::size_t>(below(entropy, kCrockford.size()))]);
  }
  return code;
}

core::Result<std::string> normal_recovery_code(std::string_view typed) {
  std::string normal;
  for (char c : typed) {
    if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (kCrockford.find(c) == std::string_view::npos) return core::Errc::bad_request;
    normal.push_back(c);
  }
  if (normal.size() != kCodeCharacters) return core::Errc::bad_request;
  return normal;
}

core::SecretHash recovery_code_hash(std::string_view normal) {
  core::SecretHash hash;
  crypto_generichash_blake2b(hash.value.data(), hash.value.size(), bytes_of(normal), normal.size(), nullptr, 0);
  return hash;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(kDigits[byte >> 4U]);
    hex.push_back(kDigits[byte & 0xFU]);
  }
  return hex;
}

core::Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return core::Errc::bad_request;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit_of(hex[i]);
    const int low = digit_of(hex[i + 1]);
    if (high < 0 || low < 0) return core::Errc::bad_request;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

}  // namespace enishi::client
