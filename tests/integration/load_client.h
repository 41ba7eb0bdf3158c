// A member who sends without a pause, through every restart, and records what was acked.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/ids.h"

namespace enishi::test {

/// One committed message as its sender was told.
struct Ack {
  core::PublicId conversation;
  std::uint64_t seq = 0;
  core::ClientId client_id;
  std::string text;  ///< "AUTHOR NUMBER": the numbers of one author in one conversation ascend in the order of sending
};

/// Drives the profile in `directory` on a thread of its own with the client library: real store, real socket. Keeps
/// some messages queued in each conversation of the profile. Acks are appended to `record` as they come, one line each.
class LoadClient {
 public:
  LoadClient(std::string directory, std::string record);
  ~LoadClient();
  LoadClient(const LoadClient&) = delete;
  LoadClient& operator=(const LoadClient&) = delete;

  [[nodiscard]] std::uint64_t acked() const noexcept { return acked_.load(); }
  /// Queues no more, and waits until everything that was queued is settled. False: it was not within a minute.
  [[nodiscard]] bool drain();
  /// Messages that were refused: there must be none.
  [[nodiscard]] std::uint64_t rejected() const noexcept { return rejected_.load(); }

 private:
  void run();

  const std::string directory_, record_;
  std::atomic<std::uint64_t> acked_{0}, rejected_{0}, open_{0};
  std::atomic<bool> draining_{false}, stopping_{false};
  std::thread thread_;
};

/// Reads a record back.
[[nodiscard]] std::vector<Ack> read_record(const std::string& path);

}  // namespace enishi::test
