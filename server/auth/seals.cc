#include "auth/seals.h"

#include <sodium.h>

#include <span>

#include "auth/key_file.h"

namespace enishi::auth {

namespace {

// sealed := version (1 byte) nonce (24) ciphertext tag (16). The version is authenticated, and each kind has a key of
// its own, so that a cursor is never taken for a ticket. Integers are little-endian.
constexpr char kVersion = 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kHeadBytes = 1 + kNonceBytes;
constexpr std::size_t kCursorBytes = 8 + 8;
constexpr std::size_t kTicketBytes = core::PublicId::kSize + 4 + 8;

static_assert(sizeof(Seals::Key) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(sizeof(Seals::Key) == crypto_kdf_KEYBYTES);

void need_sodium() {
  // Safe to call again and from any thread; it fails only without a source of randomness.
  static const bool is_ready = sodium_init() >= 0;
  ENISHI_ASSERT(is_ready);
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <std::size_t N>
void put(unsigned char*& to, std::uint64_t value) {
  for (std::size_t i = 0; i < N; ++i) *to++ = static_cast<unsigned char>(value >> (8 * i));
}

template <std::size_t N>
std::uint64_t get(const unsigned char*& from) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < N; ++i) value |= std::uint64_t{*from++} << (8 * i);
  return value;
}

std::string seal(const Seals::Key& key, std::span<const unsigned char> plain) {
  std::string sealed(kHeadBytes + plain.size() + kTagBytes, '\0');
  sealed[0] = kVersion;
  unsigned char* at = bytes_of(sealed);
  randombytes_buf(at + 1, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(at + kHeadBytes, nullptr, plain.data(), plain.size(), at, 1, nullptr,
                                             at + 1, key.data());
  return sealed;
}

bool unseal(const Seals::Key& key, std::string_view sealed, std::span<unsigned char> plain) {
  if (sealed.size() != kHeadBytes + plain.size() + kTagBytes || sealed[0] != kVersion) return false;
  const unsigned char* at = bytes_of(sealed);
  return crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, at + kHeadBytes,
                                                    sealed.size() - kHeadBytes, at, 1, at + 1, key.data()) == 0;
}

}  // namespace

Seals::Seals(const Key& secret) {
  need_sodium();
  constexpr char kContext[crypto_kdf_CONTEXTBYTES + 1] = "enishi-1";
  crypto_kdf_derive_from_key(cursor_key_.data(), cursor_key_.size(), 1, kContext, secret.data());
  crypto_kdf_derive_from_key(ticket_key_.data(), ticket_key_.size(), 2, kContext, secret.data());
  crypto_kdf_derive_from_key(digest_key_.data(), digest_key_.size(), 3, kContext, secret.data());
}

core::Result<Seals> Seals::open(const std::string& directory) {
  auto key = read_or_make_key(directory);
  if (!key) return key.error();
  core::Result<Seals> seals = Seals(*key);
  sodium_memzero(key->data(), key->size());
  return seals;
}

std::string Seals::seal_cursor(const CursorContent& content) const {
  std::array<unsigned char, kCursorBytes> plain{};
  unsigned char* to = plain.data();
  put<8>(to, content.incarnation_random);
  put<8>(to, content.position.value);
  return seal(cursor_key_, plain);
}

std::optional<CursorContent> Seals::open_cursor(std::string_view sealed) const {
  std::array<unsigned char, kCursorBytes> plain{};
  if (!unseal(cursor_key_, sealed, plain)) return std::nullopt;
  const unsigned char* from = plain.data();
  CursorContent content;
  content.incarnation_random = get<8>(from);
  content.position.value = get<8>(from);
  return content;
}

std::string Seals::seal_ticket(const TicketContent& content) const {
  std::array<unsigned char, kTicketBytes> plain{};
  unsigned char* to = plain.data();
  for (const std::uint8_t byte : content.device.value) *to++ = byte;
  put<4>(to, content.generation);
  put<8>(to, static_cast<std::uint64_t>(content.expires.time_since_epoch().count()));
  return seal(ticket_key_, plain);
}

std::optional<TicketContent> Seals::open_ticket(std::string_view sealed) const {
  std::array<unsigned char, kTicketBytes> plain{};
  if (!unseal(ticket_key_, sealed, plain)) return std::nullopt;
  const unsigned char* from = plain.data();
  TicketContent content;
  for (std::uint8_t& byte : content.device.value) byte = *from++;
  content.generation = static_cast<std::uint32_t>(get<4>(from));
  content.expires = core::WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(get<8>(from))}};
  return content;
}

core::Digest Seals::digest(std::string_view content) const {
  core::Digest digest;
  crypto_generichash(digest.value.data(), digest.value.size(), bytes_of(content), content.size(), digest_key_.data(),
                     digest_key_.size());
  return digest;
}

core::SecretHash hash_secret(std::string_view secret) {
  need_sodium();
  core::SecretHash hash;
  crypto_generichash(hash.value.data(), hash.value.size(), bytes_of(secret), secret.size(), nullptr, 0);
  return hash;
}

bool verify_signature(const core::PublicKey& key, std::string_view text, std::string_view signature) {
  need_sodium();
  if (signature.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(bytes_of(signature), bytes_of(text), text.size(), key.value.data()) == 0;
}

void fill_random(void* bytes, std::size_t size) {
  need_sodium();
  randombytes_buf(bytes, size);
}

}  // namespace enishi::auth
