// Small pictures of people, as they are sent. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "core/ids.h"

namespace enishi::client {

/// The same picture without what a camera or a program wrote beside it: place, time, device, previews, comments. How it
/// is to be turned stays. Errors: bad_request (no PNG, JPEG or WebP, or a broken one).
[[nodiscard]] core::Result<std::string> bare_picture(std::string_view bytes);
/// Person.picture_id: the first 16 bytes of the SHA-256; zero for an empty one.
[[nodiscard]] core::PublicId picture_id_of(std::string_view bytes);

}  // namespace enishi::client
