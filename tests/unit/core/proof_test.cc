#include "core/proof.h"

#include <gtest/gtest.h>

namespace enishi::core {
namespace {

TEST(Proof, TextIsWhatTheProtocolSays) {
  PublicId device;
  device.value.fill(0xD1);
  Nonce server;
  server.value.fill(0x51);
  Nonce client;
  client.value.fill(0xC1);
  const auto expected = std::string("enishi.v1\0http://127.0.0.1:8470\0", 32) + std::string(16, '\xD1') +
                        std::string(32, '\x51') + std::string(32, '\xC1');
  EXPECT_EQ(proof_text("http://127.0.0.1:8470", device, server, client), expected);
}

}  // namespace
}  // namespace enishi::core
