// The one recovery path: whatever age a cursor has, it is answered from the logs and registers.
#pragma once

#include <vector>

#include "delivery/query.h"
#include "delivery/reading.h"
#include "delivery/reading/snapshot.h"

namespace enishi::delivery {

/// One chunk of everything of `member` in (from.after, from.through]: registers first, then conversation by
/// conversation the missing events (or newest page and Gap), Skipped ranges and the Head. `read_at` is the snapshot's
/// newest position, taken as `through` by the first chunk. Frames are appended to `frames`; the frontier is the
/// caller's. A conversation that the member left meanwhile is passed over, also for its earlier events.
[[nodiscard]] CaughtUp catch_up(Snapshot& snapshot, core::MemberId member, CatchUp from, core::Position read_at,
                                const ReadingLimits& limits, std::vector<wire::Frame>& frames);

}  // namespace enishi::delivery
