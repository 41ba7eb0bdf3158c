// The one writer: gather -> decide (core) -> number -> commit (storage) -> publish.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/limits.h"
#include "sequencer/messages.h"
#include "storage/store.h"

namespace enishi::auth {
class Seals;
}

namespace enishi::core {
class Entropy;
}

namespace enishi::sequencer {

/// Decides, numbers, commits and encodes; has no thread of its own. Owner: whoever calls step(): the sequencer thread,
/// or the property harness.
class Sequencer {
 public:
  /// Reads committed state through `reader`, writes through `writer`. Begins with the store's counters.
  Sequencer(storage::Writer& writer, storage::Reader& reader, const auth::Seals& seals, core::Entropy& entropy,
            core::Limits limits, core::Incarnation incarnation);
  ~Sequencer();

  /// Decides all of `commands` in order at wall time `now`, commits them as one group, and returns what to publish.
  /// A command that fails its conditions gets its own error and no number. If the commit fails, every command gets
  /// RETRY or STORE_FULL, nothing was numbered, and what was touched in memory is read again. Error: store_failed only:
  /// the process must end.
  [[nodiscard]] core::Result<GroupPtr> step(std::vector<core::Command> commands, core::WallTime now);
  /// House work when there are no commands.
  void idle();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enishi::sequencer
