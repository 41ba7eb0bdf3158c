// What delivery sees of a connection.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/error.h"
#include "wire/frame.h"

namespace enishi::delivery {

/// The way out to one peer. Implemented by transport::Session, and by the property harness. Owner: the session's loop.
class Outlet {
 public:
  /// Queues a frame; it is written with all others of this loop turn in one gathering write. Never blocks, never fails:
  /// the floor watches queued_bytes() and keeps the limits.
  virtual void push(const wire::Frame& frame) = 0;
  /// Bytes queued and not yet taken by the kernel.
  [[nodiscard]] virtual std::size_t queued_bytes() const noexcept = 0;
  /// Drops queued frames that have not begun to be written (revocation: nothing more may go out).
  virtual void drop_unsent() = 0;
  /// Ends the session with close code 4000 + code, after what is queued. Floor::on_closed follows later, never from
  /// inside.
  virtual void close(core::Errc code) = 0;
  /// Sends a WebSocket ping, which the peer's WebSocket layer answers by itself (a page need not do anything).
  virtual void ping() {}
  /// True when any byte came from the peer since this was last asked.
  [[nodiscard]] virtual bool take_heard() { return true; }
  /// Requests may be read again (Floor::may_read had said no).
  virtual void resume_reading() = 0;

  // What a stranger costs others is limited where addresses are known. Until proven():

  /// The peer presents a secret (of an invitation, a pairing, a recovery code). 0: look at it. Otherwise he tried too
  /// many and is to wait for so long.
  [[nodiscard]] virtual std::chrono::milliseconds try_secret() { return {}; }
  /// What try_secret allowed was no wrong secret: it does not count.
  virtual void take_try_back() {}
  /// He waits for somebody here who can only answer in person (his pairing's owner), and so takes no stranger's place.
  virtual void vouched_for() {}
  /// Welcome: he is no stranger any more.
  virtual void proven() {}

 protected:
  ~Outlet() = default;
};

}  // namespace enishi::delivery
