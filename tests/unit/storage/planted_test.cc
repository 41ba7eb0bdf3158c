// The search for destroyed content bites: a store that keeps it is found out, and by the same search nothing is found
// when no bug is planted (destroyed_test.cc runs in this build too).
#include "core/planted.h"
#include "unit/storage/destroyed.h"

namespace enishi::test {
namespace {

class PlantedOnDisk : public Destroyed {
 protected:
  ~PlantedOnDisk() override { planted_bug.clear(); }
};

TEST_F(PlantedOnDisk, TombstoneKeptOnDiskIsFound) {
  planted_bug = "tombstone_kept_on_disk";
  auto store = open();
  fill(*store);
  destroy(*store);
  store.reset();  // a checkpoint that truncates the WAL: what is there now stays
  const auto found = holders();
  EXPECT_FALSE(found.empty()) << "the search does not find what was never destroyed";
}

}  // namespace
}  // namespace enishi::test
