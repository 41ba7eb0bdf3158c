// The one secret of a daemon, in a file beside its database but never inside it.
#pragma once

#include <string>

#include "auth/seals.h"
#include "core/error.h"

namespace enishi::auth {

/// Reads `directory`/keys. When there is none, makes it: written beside, flushed, renamed, so that it is there whole or
/// not at all; a link that lies there is not followed. Permissions wider than 0600 are tightened. Nobody else may be
/// starting in the directory (the caller holds its lock). Errors: store_unsuitable (cannot be read, made or tightened),
/// store_broken (holds something else: never replaced, as that would void every cursor and ticket).
[[nodiscard]] core::Result<Seals::Key> read_or_make_key(const std::string& directory);

}  // namespace enishi::auth
