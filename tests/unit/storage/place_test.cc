// Where a database may lie.
#include "storage/sqlite/place.h"

#include <gtest/gtest.h>

namespace enishi::test {
namespace {

using storage::is_network_file_system;

constexpr std::uint64_t kFuse = 0x65735546;

TEST(Place, NetworkFileSystemsAreKnown) {
  for (const std::uint64_t magic : {0x6969ULL, 0x517BULL, 0xFF534D42ULL, 0xFE534D42ULL, 0x01021997ULL, 0x00C36400ULL})
    EXPECT_TRUE(is_network_file_system(magic, "")) << std::hex << magic;
  EXPECT_TRUE(is_network_file_system(kFuse, "fuse.sshfs"));
}

TEST(Place, LocalOnesPass) {
  constexpr std::uint64_t kExt4 = 0xEF53, kTmpfs = 0x01021994, kBtrfs = 0x9123683E, kXfs = 0x58465342,
                          kOverlay = 0x794C7630, kZfs = 0x2FC12FC1;
  for (const std::uint64_t magic : {kExt4, kTmpfs, kBtrfs, kXfs, kOverlay, kZfs})
    EXPECT_FALSE(is_network_file_system(magic, "")) << std::hex << magic;
  // Local file systems also come through FUSE; only what is clearly remote is refused.
  EXPECT_FALSE(is_network_file_system(kFuse, "fuseblk"));
  EXPECT_FALSE(is_network_file_system(kFuse, "fuse.bindfs"));
  EXPECT_FALSE(is_network_file_system(kFuse, ""));
}

}  // namespace
}  // namespace enishi::test
