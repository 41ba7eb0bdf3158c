// The daemon in one thread: real sequencer, floors and readers, joined by queues with seeded delays instead of threads.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "delivery/floor.h"
#include "delivery/reading.h"
#include "property/oracle/oracle.h"
#include "property/world/context.h"
#include "sequencer/sequencer.h"
#include "storage/faulty/faulty_store.h"

namespace enishi::property {

/// Passes everything on, and keeps what the last commit held and came to. One stands beside the rows (what was
/// written), one before the faults (what the sequencer was told).
class WatchedStore final : public storage::Store {
 public:
  explicit WatchedStore(std::unique_ptr<storage::Store> inner);
  ~WatchedStore() override;
  storage::Writer& writer() override;
  core::Result<std::unique_ptr<storage::Reader>> open_reader() override { return inner_->open_reader(); }
  std::vector<core::Incarnation> incarnations() override { return inner_->incarnations(); }

  storage::Store& inner() noexcept { return *inner_; }
  /// The batch of a commit that succeeded since the last call.
  std::optional<core::Batch> take_written();
  /// True when a commit failed since the last call.
  bool take_failed();

 private:
  class Watcher;
  std::unique_ptr<storage::Store> inner_;
  std::unique_ptr<Watcher> writer_;
};

/// Where the daemon ends and starts again: links must let go of their seats.
class RestartListener {
 public:
  virtual void on_daemon_gone() = 0;

 protected:
  ~RestartListener() = default;
};

/// Real code: storage memory and faulty, sequencer, delivery. Not real: threads, mailboxes, clocks. The mailboxes keep
/// the promises of ports.h and no more: groups in order for each floor, letters in order between two floors, answers in
/// any.
class Daemon {
 public:
  /// Loop number of the operator's commands; no floor has it.
  static constexpr std::uint32_t kOperator = 100;

  Daemon(Context& context, Oracle& oracle);
  ~Daemon();

  void start();
  /// As kill -9: what was not committed is gone. It starts again after `pause`.
  void kill(Instant pause);
  [[nodiscard]] bool is_up() const noexcept { return sequencer_ != nullptr; }
  void on_gone(RestartListener& listener) { listeners_.push_back(&listener); }

  [[nodiscard]] delivery::Floor& floor(std::uint32_t index) { return *floors_.at(index); }
  /// True while `floor` is told a committed group.
  [[nodiscard]] bool is_in_group() const noexcept { return in_group_; }
  /// Nothing that is told now is of a later commit.
  [[nodiscard]] core::Position telling() const noexcept { return in_group_ ? group_last_ : oracle_.history.newest(); }
  /// What a reader answers to a member's question now, without a way between.
  [[nodiscard]] std::vector<v1::ServerFrame> ask_now(core::MemberId member, const v1::ClientFrame& frame) const;
  /// The operator's invitation.
  void invite(const client::Secret& secret, std::uint32_t uses);
  /// Nothing waits for the sequencer.
  [[nodiscard]] bool is_idle() const noexcept { return inbox_.empty(); }
  /// No faults from now on, or (false) faults again.
  void heal(bool on) noexcept { healed_ = on; }
  /// All floors, again and again, while it is up.
  void tick();

 private:
  class FloorPorts;
  friend class FloorPorts;

  [[nodiscard]] bool submit(core::Command&& command);
  [[nodiscard]] bool ask(std::uint32_t loop, delivery::Query&& query);
  void post(std::uint32_t from, std::uint32_t to, delivery::Letter&& letter);
  void read(std::uint32_t loop, const delivery::Query& query);
  void plan_step();
  void step();
  void order_faults();
  void publish(sequencer::GroupPtr group);
  /// Work of this start: not done any more after a kill.
  void later(Instant at, Schedule::Work work);

  Context& context_;
  Oracle& oracle_;
  storage::FaultyStore* faults_ = nullptr;  ///< inside store_
  WatchedStore* rows_ = nullptr;            ///< inside faults_
  std::unique_ptr<WatchedStore> store_;
  std::unique_ptr<storage::Reader> sequencer_reader_, reader_;
  std::unique_ptr<sequencer::Sequencer> sequencer_;
  std::vector<std::unique_ptr<FloorPorts>> ports_;
  std::vector<std::unique_ptr<delivery::Floor>> floors_;
  std::vector<RestartListener*> listeners_;
  std::deque<core::Command> inbox_;
  std::array<Instant, kFloors> group_lane_{};
  std::array<Instant, kFloors * kFloors> letter_lane_{};
  std::uint64_t starts_ = 0;
  std::uint64_t operator_requests_ = 0;
  bool step_planned_ = false;
  bool in_group_ = false;
  core::Position group_last_;
  bool healed_ = false;
};

}  // namespace enishi::property
