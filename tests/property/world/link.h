// One connection: two ordered streams of frames with delays, that may stall, be cut, or go silent.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "delivery/outlet.h"
#include "property/world/context.h"
#include "property/world/daemon.h"

namespace enishi::property {

/// The client's end.
class Caller {
 public:
  virtual void on_open() = 0;
  /// `told_up_to`: nothing in it is of a later commit.
  virtual void on_frame(std::string_view payload, core::Position told_up_to) = 0;
  virtual void on_close(std::uint16_t code) = 0;

 protected:
  ~Caller() = default;
};

/// Made when a client dials; lives as long as the world. The two ends hear of an end apart from each other.
class Link final : public delivery::Outlet {
 public:
  /// `line.device` and `line.handle` say who dials.
  Link(Context& context, Daemon& daemon, Oracle& oracle, Caller& caller, Line line);

  /// The upgrade arrives at the daemon. Refused while that is down.
  void open();
  /// The client sends a frame, or closes.
  void send(std::string frame);
  void leave();
  /// Both ends lose what is on its way, and hear of it sooner or later.
  void cut();
  /// Both ways drop everything from now on, and nobody hears of it.
  void go_silent() { silent_ = true; }
  [[nodiscard]] bool is_silent() const noexcept { return silent_; }
  /// The client reads nothing, and so the outbox grows.
  void stall(bool on);
  void on_daemon_gone();
  [[nodiscard]] bool is_open() const noexcept { return client_open_ || server_open_; }
  [[nodiscard]] const Line& line() const noexcept { return line_; }

  void push(const wire::Frame& frame) override;
  std::size_t queued_bytes() const noexcept override { return queued_bytes_; }
  void drop_unsent() override;
  void close(core::Errc code) override;
  void ping() override;
  bool take_heard() override;
  void resume_reading() override;

 private:
  void plan_pump();
  void pump();
  void to_client(Schedule::Work work);
  void close_client(std::uint16_t code);
  void close_server();
  void read();

  Context& context_;
  Daemon& daemon_;
  Oracle& oracle_;
  Caller& caller_;
  Line line_;
  delivery::SeatId seat_ = 0;
  std::deque<std::pair<wire::Frame, core::Position>> queue_;  ///< pushed, not taken by the kernel
  std::deque<std::string> unread_;                            ///< arrived at the daemon, not read by it
  std::size_t queued_bytes_ = 0;
  Instant to_client_at_{0}, to_server_at_{0};
  std::uint16_t close_code_ = 0;  ///< the daemon closes after what is queued
  bool client_open_ = false, server_open_ = false;
  bool silent_ = false, stalled_ = false, heard_ = true, pump_planned_ = false;
};

}  // namespace enishi::property
