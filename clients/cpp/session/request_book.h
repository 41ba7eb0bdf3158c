// Requests that wait for their answer.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cpp/driven.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::client {

/// What came of a request.
struct Answer {
  v1::ServerFrame frame;  ///< the answer, `error` among them; without a body when `lost`
  bool lost = false;      ///< the connection ended before it came (OnLoss::fail), or the machine stopped
  [[nodiscard]] bool ok() const { return !lost && !frame.has_error(); }
  /// The refusal; a default Error when there is none.
  [[nodiscard]] const v1::Error& error() const { return frame.error(); }
};
using AnswerCallback = std::function<void(const Answer&)>;

/// What a request does when the connection ends before its answer, or the server says "repeat later" (codes 200-299):
/// `repeat`: it goes out again with the same client_id, at its place; `fail`: the callback is told.
enum class OnLoss : std::uint8_t { repeat, fail };

/// Pairs answers with requests. Sends in the order of adding, at most `window` unanswered. Owner: one machine.
class RequestBook {
 public:
  /// Returns the request_id: ascending from 1, never used again by this book.
  std::uint64_t add(v1::ClientFrame frame, AnswerCallback callback, OnLoss on_loss);
  /// A request_id for a frame that no book keeps (Hello, Prove).
  [[nodiscard]] std::uint64_t next_id() noexcept { return ++last_id_; }
  /// Frames to send now; they count as unanswered from here.
  [[nodiscard]] std::vector<v1::ClientFrame> take(Instant now, std::size_t window);
  /// False when nothing waits for it. The callback has been called on return, unless the request was put off or more of
  /// the answer follows: a cut answer (Heads.more and its like) is joined and told once.
  /// `keep`: more answers with this request_id follow (PairPresent).
  bool answer(std::uint64_t request_id, v1::ServerFrame& frame, Instant now, bool keep = false);
  void on_disconnected();
  /// The machine stopped: all that wait are told that they are lost.
  void fail_all();
  /// When a request that was put off goes out again.
  [[nodiscard]] std::optional<Instant> wakeup_at() const;
  /// What the server said to a request that was put off and waits for its time; the longest wait of several.
  [[nodiscard]] std::optional<v1::Error> put_off() const;
  [[nodiscard]] std::size_t unanswered() const noexcept { return unanswered_; }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

 private:
  struct Entry {
    v1::ClientFrame frame;
    AnswerCallback callback;
    OnLoss on_loss = OnLoss::repeat;
    bool sent = false;
    std::optional<Instant> not_before;
    std::optional<v1::Error> put_off;       ///< set with not_before
    std::optional<v1::ServerFrame> pieces;  ///< of an answer that is cut; more follows
    bool offered = false;                   ///< sent, or held back by the window: it belongs to the present connection
  };
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t last_id_ = 0;
  std::size_t unanswered_ = 0;
  bool full_ = false;  // as of the last take()
};

}  // namespace enishi::client
