// Client frames of RFC 6455, good and bad, made byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace enishi::transport::testing {

struct FrameShape {
  bool is_final = true;
  std::uint8_t opcode = 0x2;
  std::uint8_t reserved = 0;  ///< three bits
  bool is_masked = true;
  std::uint32_t mask = 0x37FA213D;
  int length_bytes = -1;  ///< 0, 2 or 8; -1: the least that fits
};

inline std::string client_frame(std::string_view payload, FrameShape shape = {}) {
  int length_bytes = shape.length_bytes;
  if (length_bytes < 0) length_bytes = payload.size() < 126 ? 0 : payload.size() <= 0xFFFF ? 2 : 8;
  std::string frame;
  frame += static_cast<char>((shape.is_final ? 0x80 : 0) | shape.reserved << 4 | shape.opcode);
  const int first_length = length_bytes == 0 ? static_cast<int>(payload.size()) : length_bytes == 2 ? 126 : 127;
  frame += static_cast<char>((shape.is_masked ? 0x80 : 0) | first_length);
  for (int i = length_bytes - 1; i >= 0; --i)
    frame += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> (8 * i) & 0xFF);
  if (!shape.is_masked) return frame.append(payload);
  for (int i = 3; i >= 0; --i) frame += static_cast<char>(shape.mask >> (8 * i) & 0xFF);
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(payload[i] ^ static_cast<char>(shape.mask >> (8 * (3 - i % 4)) & 0xFF));
  return frame;
}

inline std::string client_close(std::uint16_t code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return client_frame(payload.append(reason), {.opcode = 0x8});
}

}  // namespace enishi::transport::testing
