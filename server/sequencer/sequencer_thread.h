// The thread that drives the sequencer.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "core/command.h"
#include "runtime/clock.h"
#include "runtime/mailbox.h"
#include "sequencer/messages.h"
#include "sequencer/sequencer.h"

namespace enishi::sequencer {

struct SequencerThreadOptions {
  std::size_t inbox_commands_max = 8192;     ///< more: submit() refuses, the asker gets OVERLOADED
  std::size_t group_commands_max = 1024;     ///< decided and committed together at most
  std::chrono::milliseconds quiet_time{50};  ///< without a command for so long: house work
};

/// One thread, "sequencer": takes what gathered while the last group was flushed, steps, publishes; no delay timer. All
/// methods are called by the thread that owns the object, but inbox() by any.
class SequencerThread {
 public:
  /// Gets each group, in order, on the sequencer thread.
  using Publish = std::function<void(const GroupPtr&)>;
  /// The store has failed: nothing more is decided. Called once, on the sequencer thread; should end the process.
  using StoreFailed = std::function<void()>;

  /// `sequencer` and `clock` outlive this.
  SequencerThread(Sequencer& sequencer, const runtime::Clock& clock, SequencerThreadOptions options = {});
  /// Stops.
  ~SequencerThread();
  SequencerThread(const SequencerThread&) = delete;
  SequencerThread& operator=(const SequencerThread&) = delete;

  /// Where commands are put; never waits when push() is used. Open from construction on.
  [[nodiscard]] runtime::Mailbox<core::Command>& inbox() noexcept { return inbox_; }

  /// Once.
  void start(Publish publish, StoreFailed store_failed);
  /// Takes no more commands, carries out those that wait, publishes them, and returns when the thread has ended.
  void stop();

 private:
  void run();

  Sequencer& sequencer_;
  const runtime::Clock& clock_;
  const SequencerThreadOptions options_;
  runtime::Mailbox<core::Command> inbox_;
  Publish publish_;
  StoreFailed store_failed_;
  std::thread thread_;
};

}  // namespace enishi::sequencer
