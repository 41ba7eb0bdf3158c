// A server frame as it goes out: encoded once, shared by all receivers, never changed.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace enishi::wire {

/// RFC 6455 header (server to client, unmasked, FIN, binary) followed by one serialised enishi.v1 ServerFrame.
/// Immutable and reference-counted, so that an outbox holds a pointer and all receivers share the bytes. Any thread.
using Frame = std::shared_ptr<const std::string>;

/// The ServerFrame inside, without the WebSocket header.
[[nodiscard]] std::string_view payload_of(const Frame& frame) noexcept;

/// Puts the WebSocket header before `payload`. RFC 6455 section 5.2.
[[nodiscard]] Frame frame_of(std::string_view payload);

}  // namespace enishi::wire
