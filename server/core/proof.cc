#include "core/proof.h"

#include "core/error.h"

namespace enishi::core {

std::string proof_text(std::string_view origin, const PublicId& device, const Nonce& server_nonce,
                       const Nonce& client_nonce) {
  ENISHI_ASSERT(origin.find('\0') == std::string_view::npos);
  constexpr std::string_view kProtocol = "enishi.v1";
  std::string text;
  text.reserve(kProtocol.size() + origin.size() + 2 + PublicId::kSize + 2 * Nonce::kSize);
  text.append(kProtocol).push_back('\0');
  text.append(origin).push_back('\0');
  text.append(device.view()).append(server_nonce.view()).append(client_nonce.view());
  return text;
}

}  // namespace enishi::core
