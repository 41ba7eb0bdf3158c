// What the kept databases hold: a small community of every kind of row.
#pragma once

#include <vector>

#include "core/change.h"

namespace enishi::test {

/// The commands that fill a database of schema 1, positions 1 to 9; three batches. Never changed: v1.db holds them.
std::vector<core::Batch> kept_batches_v1();
/// What schema 2 added, positions 10 to 12; three batches, after those of schema 1. Never changed: v2.db holds them.
std::vector<core::Batch> kept_batches_v2();
/// What schema 3 added, position 13; one batch, after those of schema 2. Never changed: v3.db holds it.
std::vector<core::Batch> kept_batches_v3();
core::Incarnation kept_incarnation_v1();

}  // namespace enishi::test
