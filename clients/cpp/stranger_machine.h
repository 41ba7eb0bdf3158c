// The journeys of a device that is nobody's yet: look at an invitation, join, be paired, recover.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "cpp/driven.h"
#include "cpp/session/backoff.h"
#include "cpp/session/request_book.h"
#include "cpp/store/local_store.h"

namespace enishi::client {

/// A session before Welcome. Requests go out once the server's Challenge is there, and again after a loss: Join,
/// Recover and PairPresent are keyed by the device's key, so a repeat gets the original answer. Store the keys (a
/// pending Identity) before asking. Owner: one thread.
class StrangerMachine final : public Driven {
 public:
  explicit StrangerMachine(Entropy& entropy) : backoff_(entropy) {}

  void on_open(Instant now) override;
  void on_frame(std::string_view bytes, Instant now) override;
  void on_close(std::uint16_t code, Instant now) override;
  void tick(Instant now) override;
  [[nodiscard]] std::vector<std::string> take_frames() override;
  [[nodiscard]] bool wants_close() const override { return wants_close_; }
  [[nodiscard]] std::optional<Instant> connect_at() const override { return connect_at_; }
  [[nodiscard]] std::optional<Instant> wakeup_at() const override;

  /// `frame`: one of requests.h "before Welcome". Called once; for PairPresent: PairPresented (again on each new
  /// connection), then Joined or Error.
  void request(v1::ClientFrame frame, AnswerCallback callback);
  /// Ends it and dials no more.
  void stop();
  /// The close code's number when the server said stop (range 500), else 0.
  /// The server's refusal of a request that goes out again later by itself (RATE_LIMITED, say); none: nothing waits so.
  [[nodiscard]] std::optional<v1::Error> put_off() const { return requests_.put_off(); }
  [[nodiscard]] std::uint32_t stopped_by() const noexcept { return stopped_by_; }

 private:
  void flush();

  Backoff backoff_;
  RequestBook requests_;
  Instant now_{0};
  std::optional<Instant> connect_at_ = Instant{0};
  std::optional<Instant> silence_at_;
  std::deque<std::string> frames_;
  bool open_ = false;
  bool challenged_ = false;
  bool wants_close_ = false;
  bool stopped_ = false;
  std::uint32_t stopped_by_ = 0;
};

/// The identity that a Joined makes of a pending one.
[[nodiscard]] Identity finish_identity(Identity pending, const v1::Joined& joined);

}  // namespace enishi::client
