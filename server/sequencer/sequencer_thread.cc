#include "sequencer/sequencer_thread.h"

#include <utility>

#include "runtime/thread_name.h"

namespace enishi::sequencer {

namespace {
// Once idle, house work comes at this pace.
constexpr std::chrono::milliseconds kHouseWorkPeriod{1000};
}  // namespace

SequencerThread::SequencerThread(Sequencer& sequencer, const runtime::Clock& clock, SequencerThreadOptions options)
    : sequencer_(sequencer), clock_(clock), options_(options), inbox_(options.inbox_commands_max) {}

SequencerThread::~SequencerThread() { stop(); }

void SequencerThread::start(Publish publish, StoreFailed store_failed) {
  publish_ = std::move(publish);
  store_failed_ = std::move(store_failed);
  thread_ = std::thread([this] { run(); });
}

void SequencerThread::stop() {
  inbox_.close();
  if (thread_.joinable()) thread_.join();
}

void SequencerThread::run() {
  runtime::name_this_thread("sequencer");
  auto wait = options_.quiet_time;
  while (auto gathered = inbox_.wait_and_take(options_.group_commands_max, wait)) {
    if (gathered->empty()) {
      sequencer_.idle();
      wait = kHouseWorkPeriod;
      continue;
    }
    wait = options_.quiet_time;
    auto group = sequencer_.step(std::move(*gathered), clock_.wall_now());
    if (!group) {
      inbox_.close();
      store_failed_();
      return;
    }
    publish_(*group);
  }
}

}  // namespace enishi::sequencer
