// Texts that are to be sent.
#pragma once

#include <string>

#include "cli/failure.h"

namespace enishi::cli {

/// What is to be said: `typed`, or for "-" standard input without one final newline.
[[nodiscard]] std::string body_of(const std::string& typed);
/// The server's own checks, before anything is stored or dialled. Errors: BODY_EMPTY, BODY_TOO_LARGE, NOT_UTF8.
[[nodiscard]] Outcome<void> check_body(const std::string& body);

}  // namespace enishi::cli
