// What a floor needs of the rest of the daemon.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/command.h"
#include "delivery/query.h"

namespace enishi::delivery {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The ways out of a floor. All are called on the floor's loop and return at once; answers come back as
/// Floor::on_group / on_answer / on_letter. Implemented by transport (threads and mailboxes) and by the property
/// harness.
class Ports {
 public:
  virtual ~Ports() = default;
  /// To the sequencer. False: its inbox is full, nothing was taken.
  [[nodiscard]] virtual bool submit(core::Command&& command) = 0;
  /// To a reader thread. False: the queue is full, nothing was taken.
  [[nodiscard]] virtual bool ask(Query&& query) = 0;
  /// To another loop's floor (or this one's); in order between the same two. False: the mailbox is full (signals only:
  /// the letter is dropped, and said in the metrics).
  virtual bool post(std::uint32_t loop, Letter&& letter) = 0;
  [[nodiscard]] virtual SteadyTime now() const = 0;
  [[nodiscard]] virtual core::WallTime wall_now() const = 0;
  /// Fills with unpredictable bytes.
  virtual void random(void* bytes, std::size_t size) = 0;
};

}  // namespace enishi::delivery
