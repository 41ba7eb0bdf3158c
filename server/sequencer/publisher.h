// Puts a committed group into frames: each encoded once, for all who get it.
#pragma once

#include <vector>

#include "core/change.h"
#include "core/decision/state.h"
#include "sequencer/messages.h"
#include "wire/encode.h"

namespace enishi::auth {
class Seals;
}

namespace enishi::sequencer {

/// Owner: the sequencer. Reads names and numbers from `state`, which must hold what the group wrote.
class Publisher {
 public:
  Publisher(core::State& state, const auth::Seals& seals, core::Incarnation incarnation)
      : state_(state), seals_(seals), incarnation_(incarnation) {}

  /// What loops must know of one command whatever becomes of its frames: revocations, ties, changed audiences.
  void announce(Group& group, const core::Change& change);
  /// Registers, numbers, events and notices of one command, in the order in which they travel. Throws StoreError.
  void publish(Group& group, const core::Command& command, const core::Change& change);
  void answer(Group& group, const core::Command& command, const core::Result<core::Outcome>& outcome,
              core::WallTime now);
  /// Ends the group: up to here everything is told.
  void close(Group& group, bool numbered);

 private:
  wire::HeadView head_of(core::MemberId member, core::ConversationId conversation);
  wire::Frame frame_of(const core::Command& command, const core::Outcome& outcome, core::WallTime now);
  void publish_receipts(Group& group, const core::Change& change);
  void publish_direct(Group& group, const core::Change& change);

  core::State& state_;
  const auth::Seals& seals_;
  const core::Incarnation incarnation_;
};

}  // namespace enishi::sequencer
