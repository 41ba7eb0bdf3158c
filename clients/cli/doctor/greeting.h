// One greeting of a daemon by a device that nobody knows: how far the protocol goes, and what the daemon thinks of the
// origin that was dialled.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cpp/driven.h"
#include "cpp/secrets.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::cli {

/// Hello and Prove with keys of the moment: the daemon judges the origin before it looks at the device, so that
/// PROOF_FAILED says that the origin is among its own. Dials once. Owner: one thread.
class Greeting final : public client::Driven {
 public:
  Greeting(std::string origin, client::Entropy& entropy) : origin_(std::move(origin)), entropy_(entropy) {}

  void on_open(client::Instant now) override;
  void on_frame(std::string_view bytes, client::Instant now) override;
  void on_close(std::uint16_t code, client::Instant now) override;
  void tick(client::Instant) override {}
  [[nodiscard]] std::vector<std::string> take_frames() override;
  [[nodiscard]] bool wants_close() const override { return wants_close_; }
  [[nodiscard]] std::optional<client::Instant> connect_at() const override {
    return dialled_ ? std::nullopt : std::optional(client::Instant{0});
  }
  [[nodiscard]] std::optional<client::Instant> wakeup_at() const override { return std::nullopt; }

  [[nodiscard]] bool is_over() const noexcept { return is_over_; }
  [[nodiscard]] bool was_open() const noexcept { return opened_at_.has_value(); }
  /// The daemon's clock less ours, milliseconds, as far as the way there lets it be known; none without a Challenge.
  [[nodiscard]] const std::optional<std::int64_t>& clock_ahead_ms() const noexcept { return clock_ahead_ms_; }
  /// The daemon's number for how it ended: an error's, or a close code's; 0 for none.
  [[nodiscard]] std::uint32_t verdict() const noexcept { return verdict_; }
  [[nodiscard]] std::uint16_t close_code() const noexcept { return close_code_; }

 private:
  const std::string origin_;
  client::Entropy& entropy_;
  std::vector<std::string> frames_;
  std::optional<client::Instant> opened_at_;
  std::optional<std::int64_t> clock_ahead_ms_;
  std::uint32_t verdict_ = 0;
  std::uint16_t close_code_ = 0;
  bool dialled_ = false;
  bool wants_close_ = false;
  bool is_over_ = false;
};

}  // namespace enishi::cli
