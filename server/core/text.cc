#include "core/text.h"

#include <cstdint>

namespace enishi::core {
namespace {

/// Takes one code point off the front of `text`; -1 when it is malformed.
std::int32_t take(std::string_view& text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 1;
  std::int32_t point = first;
  std::int32_t least = 0;
  if (first >= 0x80) {
    if ((first & 0xE0U) == 0xC0)
      length = 2, point = first & 0x1F, least = 0x80;
    else if ((first & 0xF0U) == 0xE0)
      length = 3, point = first & 0x0F, least = 0x800;
    else if ((first & 0xF8U) == 0xF0)
      length = 4, point = first & 0x07, least = 0x10000;
    else
      return -1;
    if (text.size() < length) return -1;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xC0U) != 0x80) return -1;
      point = (point << 6) | (byte(i) & 0x3F);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return -1;
  }
  text.remove_prefix(length);
  return point;
}

bool is_control(std::int32_t point) noexcept { return point < 0x20 || (point >= 0x7F && point < 0xA0); }

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    // Plain ASCII is the common case and needs no decoding.
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    if (take(text) < 0) return false;
  }
  return true;
}

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char byte : text)
    if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) ++count;
  return count;
}

bool is_picture(std::string_view bytes) noexcept {
  using namespace std::string_view_literals;
  const bool is_webp = bytes.size() > 12 && bytes.starts_with("RIFF"sv) && bytes.substr(8).starts_with("WEBP"sv);
  return is_webp || bytes.starts_with("\x89PNG\r\n\x1A\n"sv) || bytes.starts_with("\xFF\xD8\xFF"sv);
}

bool is_handle(std::string_view text) noexcept {
  if (text.size() < 2 || text.size() > 24) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

bool is_name(std::string_view text, std::size_t bytes_max) noexcept {
  if (text.empty() || text.size() > bytes_max) return false;
  bool seen = false;
  while (!text.empty()) {
    const auto point = take(text);
    if (point < 0 || is_control(point)) return false;
    seen = seen || (point != ' ' && point != 0x3000 && point != 0xA0);
  }
  return seen;
}

bool is_note(std::string_view text, std::size_t bytes_max) noexcept {
  if (text.size() > bytes_max) return false;
  while (!text.empty()) {
    const auto point = take(text);
    if (point < 0 || (is_control(point) && point != '\n' && point != '\t')) return false;
  }
  return true;
}

}  // namespace enishi::core
