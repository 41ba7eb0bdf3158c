#include "cpp/view/picture.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace enishi::client {
namespace {

using namespace std::string_view_literals;

/// Bytes that are read one after the other; past the end everything is 0 and `broken`.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      broken_ = true;
      count = rest_.size();
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

std::uint32_t number_of(std::string_view bytes, bool little) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    number = number << 8U | static_cast<unsigned char>(bytes[little ? bytes.size() - 1 - i : i]);
  return number;
}

std::string bytes_of(std::uint32_t number, std::size_t size, bool little) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<char>(number >> (8U * (little ? i : size - 1 - i)) & 0xFFU));
  return bytes;
}

/// PNG (ISO 15948, 5): signature, then chunks of length, type, data and CRC.
core::Result<std::string> bare_png(std::string_view bytes) {
  constexpr std::array kKept = {"tRNS"sv, "gAMA"sv, "cHRM"sv, "sRGB"sv, "iCCP"sv, "sBIT"sv, "bKGD"sv, "pHYs"sv};
  Input input(bytes);
  std::string bare(input.take(8));
  while (!input.broken()) {
    const auto chunk = input.rest();
    const auto length = number_of(input.take(4), false);
    const auto type = input.take(4);
    input.take(std::size_t{length} + 4);
    // Critical ones have a capital first.
    const bool critical = !type.empty() && type[0] >= 'A' && type[0] <= 'Z';
    if (critical || std::ranges::find(kKept, type) != kKept.end())
      bare += chunk.substr(0, chunk.size() - input.rest().size());
    if (type == "IEND" && !input.broken()) return bare;
  }
  return core::Errc::bad_request;
}

/// How the picture is to be turned (Exif 2.3, tag 274), 1 to 8; nullopt: it is not said.
std::optional<std::uint32_t> orientation_of(std::string_view exif) {
  Input header(exif);
  if (header.take(6) != "Exif\0\0"sv) return std::nullopt;
  const auto tiff = header.rest();
  const bool little = header.take(2) == "II";
  header.take(2);
  const auto at = number_of(header.take(4), little);
  if (at > tiff.size()) return std::nullopt;
  Input entries(tiff.substr(at));
  const auto count = number_of(entries.take(2), little);
  for (std::uint32_t i = 0; i < count && !entries.broken(); ++i) {
    const auto tag = number_of(entries.take(2), little);
    entries.take(6);
    const auto value = number_of(entries.take(4).substr(0, 2), little);
    if (tag == 274 && value >= 1 && value <= 8) return value;
  }
  return std::nullopt;
}

/// An Exif segment that says this and nothing else.
std::string turned(std::uint32_t orientation) {
  const auto body = std::string("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"sv) +
                    bytes_of(orientation, 1, false) + std::string(6, '\0');
  return "\xFF\xE1" + bytes_of(static_cast<std::uint32_t>(body.size()) + 2, 2, false) + body;
}

/// JPEG (ITU T.81, B.1): segments that begin with FF and a marker; what follows SOS goes up to the next marker.
core::Result<std::string> bare_jpeg(std::string_view bytes) {
  Input input(bytes);
  std::string bare(input.take(2));
  while (!input.broken()) {
    const auto marker = input.take(2);
    if (marker.size() < 2 || marker[0] != '\xFF') return core::Errc::bad_request;
    const auto kind = static_cast<unsigned char>(marker[1]);
    if (kind == 0xD9) return bare + std::string(marker);
    const auto size = input.take(2);
    const auto length = number_of(size, false);
    if (length < 2) return core::Errc::bad_request;
    const auto body = input.take(length - 2);
    // APP0 says JFIF, and APP14 how colours are stored; the others are about the picture, not of it.
    const bool beside = (kind > 0xE0 && kind <= 0xEF && kind != 0xEE) || kind == 0xFE;
    if (!beside) bare.append(marker).append(size).append(body);
    if (kind == 0xE1)
      if (const auto orientation = orientation_of(body); orientation && *orientation != 1) bare += turned(*orientation);
    if (kind != 0xDA) continue;
    const auto data = input.rest();
    std::size_t end = 0;
    const auto is_marker = [&](std::size_t at) {
      const auto next = static_cast<unsigned char>(data[at + 1]);
      return data[at] == '\xFF' && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7);
    };
    while (end + 1 < data.size() && !is_marker(end)) ++end;
    bare += input.take(end);
  }
  return core::Errc::bad_request;
}

/// WebP (RFC 9649, 2.3): RIFF, size, WEBP, then chunks of name, size and data, filled up to an even length.
core::Result<std::string> bare_webp(std::string_view bytes) {
  constexpr std::array kKept = {"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv, "ICCP"sv};
  Input input(bytes);
  input.take(12);
  std::string chunks = "WEBP";
  while (!input.rest().empty() && !input.broken()) {
    const auto name = input.take(4);
    const auto size = input.take(4);
    const auto length = number_of(size, true);
    std::string data(input.take(length));
    // The last one's filling may be missing.
    if (length % 2 == 1 && !input.rest().empty()) input.take(1);
    if (length % 2 == 1) data.push_back('\0');
    if (name == "VP8X" && !data.empty()) data[0] = static_cast<char>(static_cast<unsigned char>(data[0]) & ~0x0CU);
    if (std::ranges::find(kKept, name) != kKept.end()) chunks.append(name).append(size).append(data);
  }
  if (input.broken() || chunks.size() <= 4) return core::Errc::bad_request;
  return "RIFF" + bytes_of(static_cast<std::uint32_t>(chunks.size()), 4, true) + chunks;
}

}  // namespace

core::Result<std::string> bare_picture(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return bare_png(bytes);
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return bare_jpeg(bytes);
  if (bytes.starts_with("RIFF"sv) && bytes.substr(0, 12).ends_with("WEBP"sv)) return bare_webp(bytes);
  return core::Errc::bad_request;
}

core::PublicId picture_id_of(std::string_view bytes) {
  core::PublicId id;
  if (bytes.empty()) return id;
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  std::ranges::copy(hash.begin(), hash.begin() + core::PublicId::kSize, id.value.begin());
  return id;
}

}  // namespace enishi::client
