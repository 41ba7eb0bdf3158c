// What a device signs to prove itself. Pure; used by server/auth and clients/cpp, so that both build the same bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.h"

namespace enishi::core {

/// 32 bytes, good once: the server's of Challenge, the client's of Prove.
using Nonce = Bytes<32, struct NonceTag>;
/// Ed25519 signature.
using Signature = Bytes<64, struct SignatureTag>;

/// The text under Prove.signature (proto/enishi/v1/session.proto): "enishi.v1", a zero byte, `origin`, a zero byte,
/// device, server nonce, client nonce. `origin` is the one that the client dialled, as in "http://127.0.0.1:8470":
/// scheme, host and port without a path; it holds no zero byte (asserted), so the text reads in one way only.
[[nodiscard]] std::string proof_text(std::string_view origin, const PublicId& device, const Nonce& server_nonce,
                                     const Nonce& client_nonce);

}  // namespace enishi::core
