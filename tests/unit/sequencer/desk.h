// The sequencer on the memory store, stepped by hand.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/seals.h"
#include "enishi/v1/frame.pb.h"
#include "sequencer/sequencer.h"
#include "storage/faulty/faulty_store.h"
#include "unit/core/world.h"

namespace enishi::test {

/// Parses a frame; fails the test when it is no ServerFrame.
v1::ServerFrame read_frame(const wire::Frame& frame);

/// A daemon's middle: store, keys and sequencer. restart() is a new process on the same store. Owner: one test.
class Desk {
 public:
  explicit Desk(core::Limits limits = {});

  /// The next incarnation on what is stored.
  void restart();
  /// A command with an address and client_id of its own.
  core::Command command(const core::Sender& sender, core::CommandBody body);
  core::Result<sequencer::GroupPtr> try_step(std::vector<core::Command> commands);
  /// As try_step, for steps that succeed; null, and the test fails, when one does not.
  sequencer::GroupPtr step(std::vector<core::Command> commands);
  sequencer::GroupPtr step(const core::Sender& sender, core::CommandBody body);
  /// The answer to one command of a group; Errc{} stands for none.
  v1::ServerFrame answer(const sequencer::GroupPtr& group, const core::Command& command);
  /// Runs one command and gives its answer.
  v1::ServerFrame ask(const core::Sender& sender, core::CommandBody body);

  /// Joins by the operator's invitation: tied with the first member, with nobody else.
  Person join(const std::string& handle);
  void tie(const Person& a, const Person& b);
  /// Names as committed.
  core::PublicId direct(const Person& a, const Person& b);
  core::PublicId self(const Person& a);
  core::PublicId group(const Person& owner, std::vector<std::string> handles);
  core::PublicId device(const Person& of);

  storage::FaultyStore store;
  const auth::Seals seals;
  core::WallTime now{std::chrono::milliseconds{1'700'000'000'000}};
  core::Incarnation incarnation;
  std::unique_ptr<storage::Reader> reader;  ///< for tests; not the sequencer's

 private:
  const core::Limits limits_;
  CountedEntropy entropy_;
  std::unique_ptr<storage::Reader> sequencer_reader_;
  std::unique_ptr<sequencer::Sequencer> sequencer_;
  std::uint64_t numbers_ = 0;
};

}  // namespace enishi::test
