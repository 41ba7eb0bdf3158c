// Names of things: dense numbers inside, 128 random bits on the wire.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace enishi::core {

/// A dense number with the type of what it names; 0 names nothing. Given by the sequencer, never seen on the wire.
template <class Tag>
struct Id {
  std::uint64_t value = 0;
  explicit operator bool() const noexcept { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using MemberId = Id<struct MemberTag>;
using DeviceId = Id<struct DeviceTag>;
using ConversationId = Id<struct ConversationTag>;
using InvitationId = Id<struct InvitationTag>;
/// Number of an event within its conversation, dense from 1.
using Seq = Id<struct SeqTag>;
/// Place of a command in the commit order, ascending over the life of the database; 0 is before everything.
using Position = Id<struct PositionTag>;

/// Fixed bytes: public ids, keys, hashes.
template <std::size_t N, class Tag>
struct Bytes {
  std::array<std::uint8_t, N> value{};
  static constexpr std::size_t kSize = N;
  [[nodiscard]] std::string_view view() const noexcept { return {reinterpret_cast<const char*>(value.data()), N}; }
  /// Copies exactly N bytes; false, and nothing changed, when `from` has another size.
  [[nodiscard]] bool assign(std::string_view from) noexcept {
    if (from.size() != N) return false;
    std::memcpy(value.data(), from.data(), N);
    return true;
  }
  [[nodiscard]] bool is_zero() const noexcept { return *this == Bytes{}; }
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

/// Random name on the wire of a member, device, conversation or invitation.
using PublicId = Bytes<16, struct PublicIdTag>;
/// 48 bits of milliseconds, then 80 random bits; unique per author for ever.
using ClientId = Bytes<16, struct ClientIdTag>;
/// Ed25519 public key.
using PublicKey = Bytes<32, struct PublicKeyTag>;
/// Hash of a secret (invitation, pairing, recovery code); the secrets themselves are never stored.
using SecretHash = Bytes<32, struct SecretHashTag>;
/// Keyed digest of a request's content, to tell a repeat from a reuse of its client_id.
using Digest = Bytes<16, struct DigestTag>;

/// Wall-clock time in milliseconds. For show and for stated expiries only, never for order.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace enishi::core

template <class Tag>
struct std::hash<enishi::core::Id<Tag>> {
  // Dense numbers: a multiplicative mix (Fibonacci hashing) spreads them over the buckets.
  std::size_t operator()(const enishi::core::Id<Tag>& id) const noexcept { return id.value * 0x9E3779B97F4A7C15ULL; }
};

template <std::size_t N, class Tag>
struct std::hash<enishi::core::Bytes<N, Tag>> {
  std::size_t operator()(const enishi::core::Bytes<N, Tag>& bytes) const noexcept {
    return std::hash<std::string_view>{}(bytes.view());
  }
};
