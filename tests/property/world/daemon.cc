#include "property/world/daemon.h"

#include <algorithm>
#include <utility>

#include "property/oracle/known.h"
#include "storage/memory/memory_store.h"

namespace enishi::property {
namespace {

constexpr Instant kTick{500};

core::Batch copy_of(const core::Batch& batch) { return batch; }

}  // namespace

class WatchedStore::Watcher final : public storage::Writer {
 public:
  explicit Watcher(storage::Store& inner) : inner_(inner) {}
  core::Result<void> commit(const core::Batch& batch) override {
    auto done = inner_.writer().commit(batch);
    failed = !done;
    if (done) written = copy_of(batch);
    return done;
  }
  core::Result<void> begin_incarnation(const core::Incarnation& incarnation) override {
    return inner_.writer().begin_incarnation(incarnation);
  }
  void idle() override { inner_.writer().idle(); }

  std::optional<core::Batch> written;
  bool failed = false;

 private:
  storage::Store& inner_;
};

WatchedStore::WatchedStore(std::unique_ptr<storage::Store> inner)
    : inner_(std::move(inner)), writer_(std::make_unique<Watcher>(*inner_)) {}
WatchedStore::~WatchedStore() = default;
storage::Writer& WatchedStore::writer() { return *writer_; }
std::optional<core::Batch> WatchedStore::take_written() { return std::exchange(writer_->written, std::nullopt); }
bool WatchedStore::take_failed() { return std::exchange(writer_->failed, false); }

class Daemon::FloorPorts final : public delivery::Ports {
 public:
  FloorPorts(Daemon& daemon, std::uint32_t loop) : daemon_(daemon), loop_(loop) {}
  bool submit(core::Command&& command) override { return daemon_.submit(std::move(command)); }
  bool ask(delivery::Query&& query) override { return daemon_.ask(loop_, std::move(query)); }
  bool post(std::uint32_t loop, delivery::Letter&& letter) override {
    daemon_.post(loop_, loop, std::move(letter));
    return true;
  }
  delivery::SteadyTime now() const override { return delivery::SteadyTime{daemon_.context_.now()}; }
  core::WallTime wall_now() const override { return daemon_.context_.wall_now(); }
  void random(void* bytes, std::size_t size) override { daemon_.context_.entropy.fill(bytes, size); }

 private:
  Daemon& daemon_;
  const std::uint32_t loop_;
};

Daemon::Daemon(Context& context, Oracle& oracle) : context_(context), oracle_(oracle) {
  auto rows = std::make_unique<WatchedStore>(std::make_unique<storage::MemoryStore>());
  rows_ = rows.get();
  auto faults = std::make_unique<storage::FaultyStore>(std::move(rows));
  faults_ = faults.get();
  store_ = std::make_unique<WatchedStore>(std::move(faults));
}
Daemon::~Daemon() = default;

void Daemon::start() {
  faults_->restart();
  reader_ = std::move(*store_->open_reader());
  sequencer_reader_ = std::move(*store_->open_reader());
  const auto known = store_->incarnations();
  core::Incarnation incarnation{
      known.empty() ? 1 : known.back().number + 1, 0, {reader_->counters().position.value + 1}};
  context_.entropy.fill(&incarnation.random, sizeof incarnation.random);
  expect(store_->writer().begin_incarnation(incarnation).has_value(), "an incarnation was refused");

  const auto& drawn = context_.settings;
  delivery::FloorOptions options;
  options.loops = kFloors;
  options.origins = {context_.origin};
  options.incarnation = incarnation;
  options.incarnations = store_->incarnations();
  options.limits.gap_events = drawn.gap_events;
  options.limits.outbox_durable_bytes = drawn.outbox_durable_bytes;
  options.limits.outbox_signal_bytes = drawn.outbox_durable_bytes / 2;
  options.limits.catch_up_chunk_bytes = drawn.chunk_bytes;
  options.limits.requests_in_flight_max = drawn.requests_in_flight_max;
  options.limits.requests_per_second = drawn.requests_per_second;
  sequencer_ = std::make_unique<sequencer::Sequencer>(store_->writer(), *sequencer_reader_, context_.seals,
                                                      context_.entropy, options.limits.core, incarnation);
  for (std::uint32_t loop = 0; loop < kFloors; ++loop) {
    options.loop = loop;
    ports_.push_back(std::make_unique<FloorPorts>(*this, loop));
    floors_.push_back(std::make_unique<delivery::Floor>(options, *ports_.back(), context_.seals));
  }
  group_lane_.fill(context_.now());
  letter_lane_.fill(context_.now());
  context_.trace.say("daemon starts, first position " + std::to_string(incarnation.first.value));
  tick();
}

void Daemon::kill(Instant pause) {
  if (!is_up()) return;
  context_.trace.say("daemon dies");
  ++starts_;
  for (auto* listener : listeners_) listener->on_daemon_gone();
  floors_.clear();
  ports_.clear();
  sequencer_.reset();
  inbox_.clear();
  step_planned_ = false;
  context_.schedule.work_at(context_.now() + pause, [this] { start(); });
}

void Daemon::later(Instant at, Schedule::Work work) {
  context_.schedule.work_at(at, [this, start = starts_, work = std::move(work)] {
    if (start == starts_) work();
  });
}

void Daemon::tick() {
  for (auto& floor : floors_) floor->on_tick();
  context_.schedule.timer_at(context_.now() + kTick, [this, start = starts_] {
    if (start == starts_) tick();
  });
}

void Daemon::invite(const client::Secret& secret, std::uint32_t uses) {
  const core::ReplyAddress from{kOperator, 1, ++operator_requests_};
  oracle_.on_operator(from, {.what = "invite", .secret = hex(secret.view()), .uses = uses, .expires_in_s = 7 * 86'400});
  core::InviteMake make{auth::hash_secret(secret.view()), uses, std::chrono::hours{24 * 7}, "", true};
  inbox_.push_back(core::Command{{}, from, {}, {}, std::move(make)});
  plan_step();
}

std::vector<v1::ServerFrame> Daemon::ask_now(core::MemberId member, const v1::ClientFrame& frame) const {
  const auto id = [](const std::string& bytes) { return client::id_of(bytes); };
  delivery::Query query{{}, {member, {}, 0}, delivery::ListHeads{}};
  if (frame.has_receipts_ask()) query.what = delivery::ReceiptsOf{id(frame.receipts_ask().conversation_id())};
  if (frame.has_member_list()) query.what = delivery::MembersOf{id(frame.member_list().conversation_id())};
  if (frame.has_picture_fetch())
    query.what = delivery::PictureOf{frame.picture_fetch().handle(), id(frame.picture_fetch().conversation_id())};
  std::vector<v1::ServerFrame> frames;
  for (const auto& each : delivery::answer(*reader_, query, {}, context_.wall_now()).frames) {
    const auto payload = wire::payload_of(each);
    expect(frames.emplace_back().ParseFromArray(payload.data(), static_cast<int>(payload.size())),
           "the daemon encoded what nobody can read");
  }
  return frames;
}

bool Daemon::submit(core::Command&& command) {
  if (inbox_.size() >= context_.settings.inbox_commands_max && !healed_) return false;
  inbox_.push_back(std::move(command));
  plan_step();
  return true;
}

void Daemon::plan_step() {
  if (std::exchange(step_planned_, true)) return;
  later(context_.now() + context_.delay(Instant{20}), [this] { step(); });
}

void Daemon::order_faults() {
  faults_->restart();
  if (healed_ || !context_.chance(context_.settings.failing_commit)) return;
  switch (context_.pick(4)) {
    case 0:
      return faults_->fail_commits(core::Errc::store_full);
    case 1:
      return faults_->fail_commits(core::Errc::store_failed);
    case 2:
      return faults_->fail_commits(core::Errc::store_failed, 1, storage::Aftermath::written);
    default:
      return faults_->fail_commits(core::Errc::retry);
  }
}

void Daemon::step() {
  step_planned_ = false;
  const auto size = 1 + context_.pick(inbox_.size());
  std::vector<core::Command> commands;
  std::vector<Asked> asked;
  for (std::size_t i = 0; i < size; ++i) {
    asked.push_back({inbox_.front().reply_to, wants_answer(inbox_.front().body), model_name_of(inbox_.front().body)});
    commands.push_back(std::move(inbox_.front()));
    inbox_.pop_front();
  }
  if (!inbox_.empty()) plan_step();
  order_faults();
  context_.trace.say("step of " + std::to_string(size));
  const auto wall = context_.wall_now();
  const auto done = sequencer_->step(std::move(commands), wall);
  const auto written = rows_->take_written();
  const bool failed = store_->take_failed();
  oracle_.judge(asked, {done ? done->get() : nullptr, written ? &*written : nullptr, failed, wall});
  if (done)
    publish(*done);
  else
    kill(context_.delay(Instant{3000}));
}

void Daemon::publish(sequencer::GroupPtr group) {
  for (std::uint32_t loop = 0; loop < kFloors; ++loop) {
    auto at = context_.now() + context_.delay(context_.settings.mailbox_delay);
    if (!healed_ && context_.chance(context_.settings.slow_floor)) at += context_.delay(Instant{2000});
    group_lane_.at(loop) = at = std::max(at, group_lane_.at(loop));
    later(at, [this, loop, group] {
      for (const auto& [position, device] : group->revoked) oracle_.on_revoking(loop, device);
      in_group_ = true;
      group_last_ = group->last;
      floors_.at(loop)->on_group(*group);
      in_group_ = false;
      for (const auto& [position, device] : group->revoked) oracle_.on_revoked(loop, device);
    });
  }
}

bool Daemon::ask(std::uint32_t loop, delivery::Query&& query) {
  if (!healed_ && context_.chance(10)) return false;  // the queue is full
  later(context_.now() + context_.delay(context_.settings.reader_delay),
        [this, loop, asked = std::make_shared<delivery::Query>(std::move(query))] { read(loop, *asked); });
  return true;
}

void Daemon::read(std::uint32_t loop, const delivery::Query& query) {
  faults_->restart();
  if (!healed_ && context_.chance(context_.settings.failing_read)) faults_->fail_reads(core::Errc::retry);
  const auto& drawn = context_.settings;
  const delivery::ReadingLimits limits{drawn.gap_events, drawn.newest_page, drawn.chunk_bytes, drawn.page_bytes,
                                       drawn.chunk_bytes < 1000 ? std::size_t{3} : std::size_t{500}};
  auto answer = std::make_shared<delivery::Answer>(delivery::answer(*reader_, query, limits, context_.wall_now()));
  faults_->restart();
  later(context_.now() + context_.delay(drawn.reader_delay),
        [this, loop, answer] { floors_.at(loop)->on_answer(std::move(*answer)); });
}

void Daemon::post(std::uint32_t from, std::uint32_t to, delivery::Letter&& letter) {
  auto& lane = letter_lane_.at(from * kFloors + to);
  lane = std::max(lane, context_.now() + context_.delay(context_.settings.mailbox_delay));
  later(lane, [this, to, letter = std::make_shared<delivery::Letter>(std::move(letter))] {
    floors_.at(to)->on_letter(std::move(*letter));
  });
}

}  // namespace enishi::property
