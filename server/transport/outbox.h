// What waits to be written to one peer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "wire/frame.h"

namespace enishi::transport {

class TlsStream;

/// Queue of shared frames: pointers and one offset, no copy of any byte. Owns no heap while it is empty. Keeps no limit
/// itself: delivery watches queued_bytes(). Owner: its session.
class Outbox {
 public:
  enum class Flushed : std::uint8_t {
    drained,  ///< everything was taken by the kernel
    blocked,  ///< the kernel takes no more for now
    starved,  ///< TLS must read before it can write on
    broken,   ///< the connection is gone
  };

  void push(const wire::Frame& frame);
  /// Bytes that the kernel has not taken.
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool is_empty() const noexcept { return bytes_ == 0; }
  /// Drops all frames but one that is partly written: its rest must go out, or the peer could not read on. `held`:
  /// bytes that are in a record of TLS already; what they belong to goes out, too.
  void drop_unsent(std::size_t held = 0);
  /// Writes with as few gathering writes as the kernel allows (one, nearly always). `fd` is a non-blocking stream
  /// socket.
  Flushed flush(int fd);
  /// The same as records of TLS, small frames joined: `scratch` has room for kRecordBytes, and is free afterwards.
  Flushed flush(TlsStream& tls, std::span<char> scratch);
  /// Gathering writes, or records, made by the last flush().
  [[nodiscard]] std::uint32_t writes() const noexcept { return writes_; }

 private:
  void take(std::size_t written);
  [[nodiscard]] std::string_view next_record(std::size_t held, std::span<char> scratch) const;

  std::vector<wire::Frame> frames_;
  std::uint32_t first_ = 0;   // frames before it are written
  std::uint32_t offset_ = 0;  // bytes of frames_[first_] that are written
  std::size_t bytes_ = 0;
  std::uint32_t writes_ = 0;
};

}  // namespace enishi::transport
