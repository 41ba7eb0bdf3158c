// RFC 6455 section 5, server side, as simple as it can be written: one byte after the other from a whole string, no
// limit on memory, no care for speed. What the framer must agree with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::transport::testing {

struct Decoded {
  std::vector<std::string> log;  ///< "message PAYLOAD", "ping PAYLOAD", "close CODE"
  int fault = 0;                 ///< close code; 0: none
};

struct ReferenceLimits {
  std::uint64_t message_bytes_max = 64 * 1024;
  std::uint32_t fragments_max = 32;
  std::uint32_t controls_max = 10;
};

inline bool reference_is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) {
      return k < text.size() ? static_cast<std::uint8_t>(text[k]) : std::uint8_t{0};
    };
    const std::uint8_t lead = byte(i);
    const std::size_t more = lead < 0x80                    ? 0
                             : lead >= 0xC2 && lead <= 0xDF ? 1
                             : lead >= 0xE0 && lead <= 0xEF ? 2
                             : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                            : 9;
    if (more == 9) return false;
    std::uint32_t value = more == 0 ? lead : more == 1 ? lead & 0x1Fu : more == 2 ? lead & 0x0Fu : lead & 0x07u;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
      value = value << 6 | (byte(i + k) & 0x3Fu);
    }
    if ((more == 2 && value < 0x800) || (more == 3 && value < 0x10000) || value > 0x10FFFF) return false;
    if (value >= 0xD800 && value <= 0xDFFF) return false;
    i += more + 1;
  }
  return true;
}

inline Decoded reference_decode(const std::string& bytes, ReferenceLimits limits = {}) {
  Decoded out;
  std::string message;
  bool in_message = false;
  std::uint32_t fragments = 0, controls = 0;
  std::size_t i = 0;
  const auto at = [&](std::size_t k) -> std::uint64_t { return static_cast<std::uint8_t>(bytes[k]); };
  const auto fail = [&](int code) {
    out.fault = code;
    return out;
  };
  while (i < bytes.size()) {
    const bool is_final = at(i) >= 128;
    const int reserved = static_cast<int>(at(i) / 16 % 8), opcode = static_cast<int>(at(i) % 16);
    if (reserved != 0) return fail(1002);
    if ((opcode > 2 && opcode < 8) || opcode > 10) return fail(1002);
    if (opcode >= 8 && !is_final) return fail(1002);
    if (opcode == 1) return fail(1003);
    if (opcode == 0 && !in_message) return fail(1002);
    if (opcode == 2 && in_message) return fail(1002);
    if (i + 1 >= bytes.size()) return out;
    if (at(i + 1) < 128) return fail(1002);
    std::uint64_t size = at(i + 1) - 128;
    std::size_t head = 2;
    if (opcode >= 8 && size > 125) return fail(1002);
    if (size >= 126) {
      const std::size_t count = size == 126 ? 2 : 8;
      if (i + 2 + count > bytes.size()) return out;
      size = 0;
      for (std::size_t k = 0; k < count; ++k) size = size * 256 + at(i + 2 + k);
      if (size < 126 || (count == 8 && size < 65'536) || size >= std::uint64_t{1} << 63) return fail(1002);
      head += count;
    }
    if (opcode < 8 && size + (opcode == 0 ? message.size() : 0) > limits.message_bytes_max) return fail(4502);
    if (i + head + 4 > bytes.size() || bytes.size() - i - head - 4 < size) return out;
    std::string payload;
    for (std::size_t k = 0; k < size; ++k) payload += static_cast<char>(at(i + head + 4 + k) ^ at(i + head + k % 4));
    i += head + 4 + static_cast<std::size_t>(size);
    if (opcode >= 8 && ++controls > limits.controls_max) return fail(1008);
    if (opcode == 9) out.log.push_back("ping " + payload);
    if (opcode == 8) {
      if (payload.size() == 1) return fail(1002);
      int code = 1005;
      if (payload.size() >= 2) {
        code = static_cast<std::uint8_t>(payload[0]) * 256 + static_cast<std::uint8_t>(payload[1]);
        const bool is_known = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
        if (!is_known && (code < 3000 || code > 4999)) return fail(1002);
        if (!reference_is_utf8(std::string_view(payload).substr(2))) return fail(1007);
      }
      out.log.push_back("close " + std::to_string(code));
      return out;
    }
    if (opcode > 2) continue;
    if (opcode == 2) {
      message.clear();
      fragments = 0;
    }
    const bool is_alone = opcode == 2 && is_final;
    if (!is_alone && ++fragments > limits.fragments_max) return fail(4502);
    message += payload;
    in_message = !is_final;
    if (is_final) out.log.push_back("message " + message);
  }
  return out;
}

}  // namespace enishi::transport::testing
