// One session of one command: connect, catch up, ask, flush the outbox, leave.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "cli/commands.h"
#include "cli/session/loop.h"
#include "cli/session/profile.h"
#include "cpp/connection.h"
#include "cpp/session_machine.h"

namespace enishi::cli {

/// Patience: a daemon that is not proven to be there within --timeout is not reachable; without --timeout a second
/// failed dial says so at once. Once welcome, --timeout counts from the last progress. Refusals of queued messages are
/// told on standard error as they come. Owner: main; context and profile outlive it.
class Visit final : private client::Listener {
 public:
  /// `stays`: a session that stays (watch): it is active, sees presence and typing, and pays debts.
  Visit(Context& context, Profile& profile, bool stays = false);
  /// Leaves.
  ~Visit() override;

  /// Dials. Work is done in the waiting functions below, which call it themselves.
  void start();
  /// Waits until everything but debts is held. Errors: UNREACHABLE, those of stopped_failure.
  [[nodiscard]] Outcome<void> arrive();
  /// Asks and waits for the answer; repeats after a loss and, where the server says so, later. Frames that need a
  /// client_id must hold one. Errors: the server's, UNREACHABLE, those of stopped_failure.
  [[nodiscard]] Outcome<v1::ServerFrame> ask(const v1::ClientFrame& frame);
  /// Waits until the outbox entry is committed or rejected, and returns it. Errors: UNREACHABLE, those of
  /// stopped_failure.
  [[nodiscard]] Outcome<client::OutboxEntry> settle(const core::ClientId& id);
  /// This entry's rejection is the command's own affair: it is not told as that of a queued one.
  void claim_entry(const core::ClientId& id) { claimed_.insert(id); }

  /// From here on refusals are not told on standard error: the command shows them by itself.
  void keep_refusals_quiet() { quiet_ = true; }

  /// Waits for `done`, for as long as patience lasts. Returns done().
  bool wait(const std::function<bool()>& done);
  /// Waits for `done` for `limit`, or until the machine has stopped. Returns done().
  bool wait_for(const std::function<bool()>& done, std::chrono::milliseconds limit);
  /// Why a wait was in vain.
  [[nodiscard]] Failure failure() const;
  /// Lets the outbox flush (once welcome) and ends the session with a close frame. Nothing may be asked afterwards.
  void leave();

  /// Called with every happening, before it is handled here.
  void on_each(std::function<void(const client::Happening&)> listener) { each_ = std::move(listener); }
  [[nodiscard]] client::SessionMachine& machine() noexcept { return machine_; }
  [[nodiscard]] client::Connection& connection() noexcept { return connection_; }
  [[nodiscard]] Loop& loop() noexcept { return loop_; }
  [[nodiscard]] bool has_stopped() const noexcept { return stopped_.has_value(); }

 private:
  void on_happening(const client::Happening& happening) override;
  [[nodiscard]] bool is_out_of_reach() const;

  Context& context_;
  Profile& profile_;
  Loop loop_;
  client::SessionMachine machine_;
  client::Connection connection_;
  std::function<void(const client::Happening&)> each_;
  std::optional<client::happening::Stopped> stopped_;
  std::set<core::ClientId> claimed_;
  client::Instant progress_at_{0};
  bool started_ = false;
  bool left_ = false;
  bool quiet_ = false;
};

}  // namespace enishi::cli
