#include "transport/outbox.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace enishi::transport {

namespace {
// Frames per write. The kernel allows 1,024 (IOV_MAX); past some hundred nothing is gained, and the array is on the
// stack.
constexpr std::size_t kFramesPerWrite = 256;
// Written frames are cut off the front once there are so many and they are the larger half: linear in all.
constexpr std::uint32_t kCutAt = 64;
}  // namespace

void Outbox::push(const wire::Frame& frame) {
  if (!frame || frame->empty()) return;
  frames_.push_back(frame);
  bytes_ += frame->size();
}

void Outbox::drop_unsent() {
  if (is_empty()) return;
  if (offset_ == 0) {
    *this = Outbox{};
    return;
  }
  frames_.resize(first_ + 1);
  bytes_ = frames_.back()->size() - offset_;
}

void Outbox::take(std::size_t written) {
  bytes_ -= written;
  if (bytes_ == 0) {
    std::vector<wire::Frame>().swap(frames_);
    first_ = offset_ = 0;
    return;
  }
  while (written > 0) {
    const std::size_t left = frames_[first_]->size() - offset_;
    if (written < left) {
      offset_ += static_cast<std::uint32_t>(written);
      break;
    }
    written -= left;
    offset_ = 0;
    frames_[first_++].reset();
  }
  if (first_ >= kCutAt && first_ * 2 >= frames_.size()) {
    frames_.erase(frames_.begin(), frames_.begin() + first_);
    first_ = 0;
  }
}

Outbox::Flushed Outbox::flush(int fd) {
  writes_ = 0;
  while (!is_empty()) {
    std::array<iovec, kFramesPerWrite> parts;
    const std::size_t count = std::min(kFramesPerWrite, frames_.size() - first_);
    std::size_t asked = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t skip = i == 0 ? offset_ : 0;
      const std::string& frame = *frames_[first_ + i];
      // sendmsg() does not write through the pointer.
      parts[i] = {const_cast<char*>(frame.data()) + skip, frame.size() - skip};
      asked += parts[i].iov_len;
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t written = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Flushed::blocked : Flushed::broken;
    }
    ++writes_;
    take(static_cast<std::size_t>(written));
    // Less than asked: the buffer is full, asking again would only tell EAGAIN.
    if (static_cast<std::size_t>(written) < asked) return Flushed::blocked;
  }
  return Flushed::drained;
}

}  // namespace enishi::transport
