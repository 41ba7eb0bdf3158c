// What waits to be written to one peer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wire/frame.h"

namespace enishi::transport {

/// Queue of shared frames: pointers and one offset, no copy of any byte. Owns no heap while it is empty. Keeps no limit
/// itself: delivery watches queued_bytes(). Owner: its session.
class Outbox {
 public:
  enum class Flushed : std::uint8_t {
    drained,  ///< everything was taken by the kernel
    blocked,  ///< the kernel takes no more for now
    broken,   ///< the connection is gone
  };

  void push(const wire::Frame& frame);
  /// Bytes that the kernel has not taken.
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool is_empty() const noexcept { return bytes_ == 0; }
  /// Drops all frames but one that is partly written: its rest must go out, or the peer could not read on.
  void drop_unsent();
  /// Writes with as few gathering writes as the kernel allows (one, nearly always). `fd` is a non-blocking stream
  /// socket.
  Flushed flush(int fd);
  /// Gathering writes made by the last flush().
  [[nodiscard]] std::uint32_t writes() const noexcept { return writes_; }

 private:
  void take(std::size_t written);

  std::vector<wire::Frame> frames_;
  std::uint32_t first_ = 0;   // frames before it are written
  std::uint32_t offset_ = 0;  // bytes of frames_[first_] that are written
  std::size_t bytes_ = 0;
  std::uint32_t writes_ = 0;
};

}  // namespace enishi::transport
