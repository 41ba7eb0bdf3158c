// What the kept databases hold: a small community of every kind of row.
#pragma once

#include <vector>

#include "core/change.h"

namespace enishi::test {

/// The commands that fill a database of schema 1, positions 1 to 9; three batches. Never changed: v1.db holds them.
std::vector<core::Batch> kept_batches_v1();
core::Incarnation kept_incarnation_v1();

}  // namespace enishi::test
