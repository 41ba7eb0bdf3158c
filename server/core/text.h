// What is a valid text. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace enishi::core {

/// True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). Empty is valid.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
/// Code points of well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;
/// True for bytes that begin as a PNG, a JPEG or a WebP file does.
[[nodiscard]] bool is_picture(std::string_view bytes) noexcept;
/// True for 2 to 24 of a-z, 0-9 and underscore.
[[nodiscard]] bool is_handle(std::string_view text) noexcept;
/// True for 1 to `bytes_max` bytes of UTF-8 without control characters (C0, DEL, C1) and not only spaces.
[[nodiscard]] bool is_name(std::string_view text, std::size_t bytes_max) noexcept;
/// True for 0 to `bytes_max` bytes of UTF-8 without control characters other than newline and tab.
[[nodiscard]] bool is_note(std::string_view text, std::size_t bytes_max) noexcept;

}  // namespace enishi::core
