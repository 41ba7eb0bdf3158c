#include "transport/outbox.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "transport/tls/stream.h"

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

void Outbox::drop_unsent(std::size_t held) {
  if (is_empty()) return;
  if (offset_ == 0 && held == 0) {
    *this = Outbox{};
    return;
  }
  std::size_t kept = first_ + 1;
  bytes_ = frames_[first_]->size() - offset_;
  while (bytes_ < held) bytes_ += frames_[kept++]->size();
  frames_.resize(kept);
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

// Where it ends one record short of a frame's end, the next one begins there. A record that was begun is repeated byte
// for byte: frames are only ever added behind it.
std::string_view Outbox::next_record(std::size_t held, std::span<char> scratch) const {
  const std::string_view first = std::string_view(*frames_[first_]).substr(offset_);
  const std::size_t size = held != 0 ? held : std::min(bytes_, kRecordBytes);
  if (first.size() >= size) return first.substr(0, size);  // no copy of large frames and lone ones
  std::size_t filled = first.copy(scratch.data(), size);
  for (std::size_t i = first_ + 1; filled < size; ++i)
    filled += frames_[i]->copy(scratch.data() + filled, size - filled);
  return {scratch.data(), size};
}

Outbox::Flushed Outbox::flush(TlsStream& tls, std::span<char> scratch) {
  writes_ = 0;
  while (!is_empty()) {
    const Step step = tls.write(next_record(tls.held(), scratch));
    switch (step.is) {
      case Step::Is::done:
        ++writes_;
        take(step.bytes);
        break;
      case Step::Is::wants_write:
        return Flushed::blocked;
      case Step::Is::wants_read:
        return Flushed::starved;
      default:
        return Flushed::broken;
    }
  }
  return Flushed::drained;
}

}  // namespace enishi::transport
