// One event loop: its floor, its sessions, its mail.
#pragma once

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <latch>
#include <memory>
#include <variant>
#include <vector>

#include "auth/seals.h"
#include "core/command.h"
#include "delivery/floor.h"
#include "delivery/ports.h"
#include "delivery/query.h"
#include "runtime/clock.h"
#include "runtime/loop_thread.h"
#include "runtime/mailbox.h"
#include "runtime/worker_pool.h"
#include "transport/counters.h"
#include "transport/door.h"
#include "transport/listener.h"
#include "transport/loops.h"
#include "transport/session.h"
#include "transport/threshold/guesses.h"

namespace enishi::transport {

class Loop;

/// What all loops share; constant after construction but for the atomics.
struct Shared {
  Shared(LoopsOptions the_options, const auth::Seals& the_seals, const runtime::Clock& the_clock,
         runtime::Mailbox<core::Command>& inbox);
  const LoopsOptions options;
  const auth::Seals& seals;
  const runtime::Clock& clock;
  runtime::Mailbox<core::Command>& sequencer_inbox;
  Admission admission;
  Guesses guesses;
  std::atomic<bool> is_ready{false};
  std::atomic<std::size_t> sockets{0};  ///< accepted and not gone, at all loops
  std::unique_ptr<runtime::WorkerPool<delivery::Query>> readers;
  std::vector<std::unique_ptr<Loop>> loops;
};

/// Stopping, in two steps.
struct Drain {
  std::chrono::milliseconds spread{};
  std::shared_ptr<std::latch> done;  ///< counted down once what the loop has to say to the sequencer is in its inbox
};
struct Stop {
  std::chrono::milliseconds grace{};
};

/// All that a loop is told.
using Mail = std::variant<sequencer::GroupPtr, delivery::Answer, delivery::Letter, Arrival, Drain, Stop,
                          std::shared_ptr<const TlsIdentity>, std::shared_ptr<const Site>>;

/// Handles its mail in order, ticks four times a second, and is the way out of its floor. Owner: its thread, but for
/// mailbox(), load() and counters(), which any thread uses.
class Loop final : public delivery::Ports {
 public:
  Loop(Shared& shared, std::uint32_t index);
  ~Loop() override;

  [[nodiscard]] runtime::Mailbox<Mail>& mailbox() noexcept { return mailbox_; }
  [[nodiscard]] const LoopCounters& counters() const noexcept { return counters_; }
  /// Sockets given to this loop and not gone; includes those still in its mailbox.
  [[nodiscard]] std::atomic<std::size_t>& load() noexcept { return load_; }
  [[nodiscard]] runtime::LoopThread& thread() noexcept { return thread_; }
  /// Before start(): this loop accepts.
  Listener& make_listener();
  void start();

  // delivery::Ports
  [[nodiscard]] bool submit(core::Command&& command) override;
  [[nodiscard]] bool ask(delivery::Query&& query) override;
  bool post(std::uint32_t loop, delivery::Letter&& letter) override;
  [[nodiscard]] delivery::SteadyTime now() const override { return shared_.clock.now(); }
  [[nodiscard]] core::WallTime wall_now() const override { return shared_.clock.wall_now(); }
  void random(void* bytes, std::size_t size) override { auth::fill_random(bytes, size); }

 private:
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;
  void read_mail();
  void handle(sequencer::GroupPtr&& group);
  void handle(delivery::Answer&& answer);
  void handle(delivery::Letter&& letter);
  void handle(Arrival&& arrival);
  void handle(Drain&& drain);
  void handle(Stop&& stop);
  void handle(std::shared_ptr<const TlsIdentity>&& identity);
  void handle(std::shared_ptr<const Site>&& site) { doors_.use(std::move(site)); }
  void wait_for_tick();
  void on_tick();
  void on_socket_gone();
  void finish();
  [[nodiscard]] delivery::FloorOptions floor_options() const;
  [[nodiscard]] DoorOptions door_options();

  Shared& shared_;
  const std::uint32_t index_;
  LoopCounters counters_;
  std::atomic<std::size_t> load_{0};
  runtime::Mailbox<Mail> mailbox_;
  std::vector<Mail> mail_;
  std::vector<core::Command> commands_;  ///< of this turn; room is kept for them in the sequencer's inbox
  // The thread, and with it the context, goes last: what follows holds sockets and timers in it.
  runtime::LoopThread thread_;
  delivery::Floor floor_;
  Sessions sessions_;
  Doors doors_;
  std::unique_ptr<Listener> listener_;
  Timer timer_;
  std::chrono::steady_clock::time_point stop_at_{};
  bool is_stopping_ = false;
};

}  // namespace enishi::transport
