// What a loop counts. No member, no address in it.
#pragma once

#include <atomic>
#include <cstdint>

namespace enishi::transport {

/// Written by one loop, read by anybody; all relaxed, so a reader sees each number whole but not all at one instant.
struct LoopCounters {
  using Count = std::atomic<std::uint64_t>;
  Count sessions{0};         ///< open now (a gauge)
  Count sessions_opened{0};  ///< upgrades that became sessions
  Count sessions_closed_by_peer{0};
  Count sessions_closed_by_us{0};
  Count handshakes_refused{0};  ///< HTTP requests and upgrades that came to nothing
  Count files_sent{0};          ///< answers with a file of the web client, or that it has not changed
  Count accepts_put_off{0};     ///< pauses for want of file descriptors (loop 0 only)
  Count handshakes_late{0};     ///< no whole request within the deadline
  Count frames_in{0};           ///< messages handed to the floor
  Count frames_out{0};
  Count bytes_in{0};
  Count bytes_out{0};
  Count writes{0};            ///< gathering writes; frames_out / writes tells how well frames are joined
  Count faults{0};            ///< sessions ended for a violation of RFC 6455 or of a limit
  Count turns{0};             ///< flushes of the dirty list
  Count letters_dropped{0};   ///< signals to another loop whose mailbox was full
  Count queries_refused{0};   ///< the readers' queue was full
  Count commands_refused{0};  ///< the sequencer's inbox was full
};

inline void add(LoopCounters::Count& count, std::uint64_t by = 1) noexcept {
  // One writer: a load and a store are enough, and cost no locked instruction.
  count.store(count.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}
inline void subtract(LoopCounters::Count& count, std::uint64_t by = 1) noexcept {
  count.store(count.load(std::memory_order_relaxed) - by, std::memory_order_relaxed);
}

}  // namespace enishi::transport
