// A link as a picture that a phone can read.
#pragma once

#include <string>
#include <string_view>

namespace enishi::cli {

/// A QR code of half-block characters, two modules a character, with its quiet zone; dark modules are spaces on drawn
/// light ones, for terminals with a dark ground. Lines end with "\n". Empty when the text is too long for a code.
[[nodiscard]] std::string qr_code(std::string_view text);

}  // namespace enishi::cli
