// The one place where core::Errc and enishi.v1's ErrorCode meet.
#pragma once

#include <cstdint>

#include "core/error.h"

namespace enishi::wire {

/// Number on the wire. Codes that never leave the daemon (from 900 on) become RETRY.
[[nodiscard]] int wire_code_of(core::Errc code) noexcept;
/// Close code of RFC 6455 section 7.4.2 for an end of the session: 4000 + number.
[[nodiscard]] std::uint16_t close_code_of(core::Errc code) noexcept;
/// How long a client waits before it repeats, in milliseconds; 0 outside the range "retry".
[[nodiscard]] std::uint32_t retry_after_ms_of(core::Errc code) noexcept;

}  // namespace enishi::wire
