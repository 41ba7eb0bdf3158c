#include "sequencer/sequencer.h"

#include <optional>

#include "core/decision/decision.h"
#include "core/planted.h"
#include "sequencer/publisher.h"

namespace enishi::sequencer {

using core::Errc;

namespace {

/// Reads inside one snapshot cost a fifteenth of reads by themselves.
class OneSnapshot {
 public:
  explicit OneSnapshot(storage::Reader& reader) : reader_(reader) { reader_.begin(); }
  ~OneSnapshot() { reader_.end(); }
  OneSnapshot(const OneSnapshot&) = delete;
  OneSnapshot& operator=(const OneSnapshot&) = delete;

 private:
  storage::Reader& reader_;
};

}  // namespace

class Sequencer::Impl {
 public:
  Impl(storage::Writer& writer, storage::Reader& reader, const auth::Seals& seals, core::Entropy& entropy,
       core::Limits limits, core::Incarnation incarnation)
      : writer_(writer),
        reader_(reader),
        entropy_(entropy),
        state_(reader, limits),
        publisher_(state_, seals, incarnation) {
    if (state_.counters.position < incarnation.first)
      state_.counters.position = core::Position{incarnation.first.value - 1};
    state_.settle();
  }

  core::Result<GroupPtr> step(std::vector<core::Command> commands, core::WallTime now) {
    commands_ = std::move(commands);
    outcomes_.clear();
    changes_.clear();
    batch_ = {};
    is_durable_ = false;
    auto failure = decide_all(now);
    if (!failure && is_durable_)
      if (const auto done = writer_.commit(batch_); !done) failure = core::errc_of(done.error());
    if (failure) {
      if (*failure == Errc::store_failed) return *failure;
      return refuse_all(*failure, now);
    }
    return accept_all(now);
  }

  void idle() { writer_.idle(); }

 private:
  /// Decides each command on what those before it staged. An error: the store could not be read.
  std::optional<Errc> decide_all(core::WallTime now) {
    try {
      const OneSnapshot snapshot(reader_);
      state_.begin_group(batch_);
      for (const auto& command : commands_) {
        core::Decision decision(state_, entropy_, now);
        outcomes_.push_back(decision.decide(command));
        changes_.push_back(std::nullopt);
        if (!outcomes_.back()) continue;
        batch_.changes.push_back(decision.take());
        changes_.back() = batch_.changes.size() - 1;
        const auto& change = batch_.changes.back();
        if (change.position) batch_.last = change.position;
        // A group that leaves nothing behind (a pairing's offer) needs no transaction.
        is_durable_ = is_durable_ || change.position || !change.seen.empty();
      }
      return std::nullopt;
    } catch (const core::StoreError& error) {
      return error.code == Errc::store_failed ? Errc::retry : error.code;
    }
  }

  GroupPtr accept_all(core::WallTime now) {
    auto group = std::make_shared<Group>();
    for (const auto& change : batch_.changes) publisher_.announce(*group, change);
    try {
      const OneSnapshot snapshot(reader_);
      for (std::size_t i = 0; i < commands_.size(); ++i)
        if (changes_[i]) publisher_.publish(*group, commands_[i], batch_.changes[*changes_[i]]);
      for (std::size_t i = 0; i < commands_.size(); ++i) publisher_.answer(*group, commands_[i], outcomes_[i], now);
    } catch (const core::StoreError&) {
      // Committed, but what to say of it could not be read: everybody resumes from the log, and a repeat of a request
      // gets its answer.
      group->items.clear();
      group->replies.clear();
      group->must_resume = true;
      for (const auto& command : commands_) publisher_.answer(*group, command, Errc::retry, now);
    }
    publisher_.close(*group, static_cast<bool>(batch_.last));
    state_.settle();
    return group;
  }

  GroupPtr refuse_all(Errc code, core::WallTime now) {
    auto group = std::make_shared<Group>();
    if (ENISHI_PLANT("ack_before_commit"))
      for (std::size_t i = 0; i < outcomes_.size(); ++i) publisher_.answer(*group, commands_[i], outcomes_[i], now);
    state_.drop_touched();
    if (group->replies.empty())
      for (const auto& command : commands_) publisher_.answer(*group, command, code, now);
    publisher_.close(*group, false);
    return group;
  }

  storage::Writer& writer_;
  storage::Reader& reader_;
  core::Entropy& entropy_;
  core::State state_;
  Publisher publisher_;
  std::vector<core::Command> commands_;
  std::vector<core::Result<core::Outcome>> outcomes_;
  std::vector<std::optional<std::size_t>> changes_;  ///< beside commands_: index into the batch
  core::Batch batch_;
  bool is_durable_ = false;
};

Sequencer::Sequencer(storage::Writer& writer, storage::Reader& reader, const auth::Seals& seals, core::Entropy& entropy,
                     core::Limits limits, core::Incarnation incarnation)
    : impl_(std::make_unique<Impl>(writer, reader, seals, entropy, limits, incarnation)) {}
Sequencer::~Sequencer() = default;

core::Result<GroupPtr> Sequencer::step(std::vector<core::Command> commands, core::WallTime now) {
  return impl_->step(std::move(commands), now);
}
void Sequencer::idle() { impl_->idle(); }

}  // namespace enishi::sequencer
