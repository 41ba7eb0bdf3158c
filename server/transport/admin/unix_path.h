// Unix socket addresses of any length.
#pragma once

#include <sys/un.h>

#include <string>

#include "core/error.h"
#include "transport/listener.h"

namespace enishi::transport {

/// A sockaddr_un holds 107 bytes of path. A longer one is reached through the directory, opened, by its descriptor:
/// /proc/self/fd/N/NAME. `directory` must stay open while the address is used. Errors: not_found (no such directory, or
/// a name over 60 bytes).
struct UnixAddress {
  sockaddr_un address{};
  OwnedFd directory;
};
[[nodiscard]] core::Result<UnixAddress> unix_address(const std::string& directory, const std::string& name);

}  // namespace enishi::transport
