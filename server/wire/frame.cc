#include "wire/frame.h"

#include <cstdint>
#include <utility>

namespace enishi::wire {
namespace {

constexpr char kBinaryFinal = static_cast<char>(0x82);
constexpr std::size_t kShortMax = 125;

std::size_t header_size(std::string_view frame) noexcept {
  const auto length = static_cast<unsigned char>(frame[1]);
  return length <= kShortMax ? 2 : length == 126 ? 4 : 10;
}

}  // namespace

std::string_view payload_of(const Frame& frame) noexcept {
  std::string_view bytes = *frame;
  bytes.remove_prefix(header_size(bytes));
  return bytes;
}

Frame frame_of(std::string_view payload) {
  std::string bytes;
  const std::uint64_t size = payload.size();
  bytes.reserve(size + 10);
  bytes.push_back(kBinaryFinal);
  int length_bytes = 0;
  if (size <= kShortMax) {
    bytes.push_back(static_cast<char>(size));
  } else {
    length_bytes = size <= 0xFFFF ? 2 : 8;
    bytes.push_back(static_cast<char>(length_bytes == 2 ? 126 : 127));
  }
  for (int i = length_bytes - 1; i >= 0; --i) bytes.push_back(static_cast<char>((size >> (8 * i)) & 0xFF));
  bytes.append(payload);
  return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace enishi::wire
