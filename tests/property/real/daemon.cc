#include "property/real/daemon.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "auth/seals.h"
#include "delivery/reading.h"
#include "property/world/context.h"
#include "sequencer/sequencer_thread.h"
#include "storage/sqlite/sqlite_store.h"
#include "transport/loops.h"

namespace enishi::property::real {
namespace {

namespace files = std::filesystem;
using std::chrono::milliseconds;

constexpr std::uint32_t kReaders = 2;
/// Loop number of the operator's commands; no loop has it.
constexpr std::uint32_t kOperator = 100;
constexpr milliseconds kGrace{100};

thread_local core::WallTime told;

class KernelEntropy final : public core::Entropy {
 public:
  void fill(void* bytes, std::size_t size) override { auth::fill_random(bytes, size); }
};

delivery::FloorOptions floor_options(const Context& context, std::vector<core::Incarnation> all) {
  const auto& drawn = context.settings;
  delivery::FloorOptions options;
  options.origins = {context.origin};
  options.incarnation = all.back();
  options.incarnations = std::move(all);
  options.limits.gap_events = drawn.gap_events;
  options.limits.outbox_durable_bytes = drawn.outbox_durable_bytes;
  options.limits.outbox_signal_bytes = drawn.outbox_durable_bytes / 2;
  options.limits.catch_up_chunk_bytes = drawn.chunk_bytes;
  options.limits.requests_in_flight_max = drawn.requests_in_flight_max;
  options.limits.requests_per_second = drawn.requests_per_second;
  return options;
}

}  // namespace

core::WallTime JumpingClock::wall_now() const {
  const auto now = std::chrono::system_clock::now() + milliseconds{skew_ms_.load()};
  return told = std::chrono::time_point_cast<milliseconds>(now);
}
core::WallTime JumpingClock::last_told() { return told; }

/// Stands before the store's writer and tells the judge what was written. Owner: the sequencer's thread, but for arm().
class Daemon::Writer final : public storage::Writer {
 public:
  Writer(storage::Writer& inner, Judge& judge) : inner_(inner), judge_(judge) {}
  void arm(Death death) noexcept { death_ = death; }

  core::Result<void> commit(const core::Batch& batch) override {
    judge_.on_commit_begins();
    if (death_ == Death::before_commit) {
      judge_.on_commit_ends(false, nullptr);
      return core::Errc::store_failed;
    }
    const auto done = inner_.commit(batch);
    judge_.on_commit_ends(done && death_ == Death::none, done ? &batch : nullptr);
    if (done && death_ == Death::after_commit) return core::Errc::store_failed;
    return done;
  }
  core::Result<void> begin_incarnation(const core::Incarnation& incarnation) override {
    return inner_.begin_incarnation(incarnation);
  }
  void idle() override { inner_.idle(); }

 private:
  storage::Writer& inner_;
  Judge& judge_;
  std::atomic<Death> death_ = Death::none;
};

/// One start. In the order of construction: each may use those before it, and goes before them.
struct Daemon::Run {
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<storage::Reader> reader;
  std::optional<Writer> writer;
  std::optional<sequencer::Sequencer> sequencer;
  std::optional<sequencer::SequencerThread> thread;
  std::optional<runtime::Mailbox<core::Command>> inbox;  ///< what the loops fill
  std::optional<transport::Loops> loops;
  std::thread carrier, stopper;
  std::uint16_t port = 0;
  std::atomic<bool> publishing = false, dead = false, stopped = false;
};

Daemon::Daemon(Context& context, Judge& judge, files::path directory)
    : context_(context), judge_(judge), directory_(std::move(directory)) {}

Daemon::~Daemon() {
  if (run_ && run_->stopper.joinable()) end_stop();
  if (run_) bury();
}

void Daemon::start() {
  judge_.forget_commands();
  files::create_directories(place());
  run_ = std::make_unique<Run>();
  auto& run = *run_;
  run.store = storage::open_sqlite({.directory = place()}).value();
  run.reader = run.store->open_reader().value();
  auto incarnations = run.store->incarnations();
  core::Incarnation incarnation{
      incarnations.empty() ? 1 : incarnations.back().number + 1, 0, {run.reader->counters().position.value + 1}};
  auth::fill_random(&incarnation.random, sizeof incarnation.random);
  incarnations.push_back(incarnation);
  static KernelEntropy entropy;
  const auto& drawn = context_.settings;
  transport::LoopsOptions options;
  options.loops = kFloors;
  options.floor = floor_options(context_, std::move(incarnations));
  run.writer.emplace(run.store->writer(), judge_);
  run.sequencer.emplace(*run.writer, *run.reader, context_.seals, entropy, options.floor.limits.core, incarnation);
  run.thread.emplace(*run.sequencer, clock_);
  run.inbox.emplace(drawn.inbox_commands_max);
  const delivery::ReadingLimits limits{drawn.gap_events, drawn.newest_page, drawn.chunk_bytes, drawn.page_bytes};
  std::vector<transport::Loops::Answerer> answerers;
  for (std::uint32_t i = 0; i < kReaders; ++i) {
    std::shared_ptr<storage::Reader> reader = run.store->open_reader().value();
    answerers.emplace_back([this, reader, limits](const delivery::Query& query) {
      return delivery::answer(*reader, query, limits, clock_.wall_now());
    });
  }
  run.loops.emplace(std::move(options), context_.seals, clock_, *run.inbox, std::move(answerers));
  run.port = run.loops->listen("127.0.0.1", 0).value();
  expect(run.writer->begin_incarnation(incarnation).has_value(), "an incarnation was refused");
  run.loops->start();
  run.thread->start(
      [this, &run](const sequencer::GroupPtr& group) {
        run.publishing = true;
        judge_.on_group(*group, JumpingClock::last_told());
        run.loops->publish(group);
        ++groups_;
        run.publishing = false;
      },
      [this, &run] {
        judge_.on_death(JumpingClock::last_told());
        run.dead = true;
      });
  run.carrier = std::thread([this, &run] { carry(run); });
  run.loops->set_ready(true);
}

// Loops' inbox -> sequencer's inbox, in order. Whoever dies, dies with one command that went alone: so it is known
// which.
void Daemon::carry(Run& run) {
  while (auto gathered = run.inbox->wait_and_take(1024, milliseconds{50})) {
    for (auto& command : *gathered) {
      const auto death = death_.load();
      if (death != Death::none) judge_.wait_until_idle();
      run.writer->arm(death);
      judge_.on_command(command);
      static_cast<void>(run.thread->inbox().push_or_wait(std::move(command)));
      if (death == Death::none) continue;
      judge_.wait_until_idle();
      run.writer->arm(Death::none);
    }
  }
}

void Daemon::invite(const client::Secret& secret) {
  const core::ReplyAddress from{kOperator, 1, ++operator_requests_};
  judge_.on_operator(from, {.what = "invite", .secret = hex(secret.view()), .uses = 1, .expires_in_s = 7 * 86'400});
  core::InviteMake make{auth::hash_secret(secret.view()), 1, std::chrono::hours{24 * 7}, "", true};
  expect(run_->inbox->push(core::Command{{}, from, {}, {}, std::move(make)}), "the operator's command was refused");
}

bool Daemon::is_dead() const noexcept { return run_ && run_->dead; }

void Daemon::bury() {
  auto& run = *run_;
  death_ = Death::none;
  run.inbox->close();
  run.thread->inbox().close();
  run.carrier.join();
  run.thread->stop();
  // As the files lie now. Closing them orderly, which a killed process does not, happens to the old ones only.
  const auto from = place();
  ++copies_;
  files::create_directories(place());
  for (const auto* name : {"enishi.db", "enishi.db-wal"})
    if (files::exists(from / name)) files::copy_file(from / name, place() / name);
  run_.reset();
  files::remove_all(from);
}

void Daemon::begin_stop() {
  death_ = Death::none;
  run_->stopper = std::thread([&run = *run_] {
    run.loops->drain(kGrace);
    run.inbox->close();
    run.carrier.join();
    run.thread->stop();
    run.loops->stop(kGrace);
    run.stopped = true;
  });
}

bool Daemon::has_stopped() const noexcept { return run_->stopped; }

void Daemon::end_stop() {
  run_->stopper.join();
  run_.reset();
}

std::uint16_t Daemon::port() const noexcept { return run_ && !run_->dead ? run_->port : 0; }

std::size_t Daemon::sessions() const noexcept { return run_->loops->sessions(); }

bool Daemon::is_idle() { return run_->inbox->size() == 0 && judge_.is_idle() && !run_->publishing; }

}  // namespace enishi::property::real
