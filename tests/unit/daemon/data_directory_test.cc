#include "daemon/data_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.h"

namespace enishi::daemon {
namespace {

using test::TempDir;

unsigned mode_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0U;
}

TEST(DataDirectory, IsMadePrivate) {
  TempDir dir;
  const auto locked = DataDirectory::try_lock(dir / "deep/er/data/");
  ASSERT_TRUE(locked);
  EXPECT_EQ(locked->path(), dir / "deep/er/data");
  EXPECT_EQ(mode_of(locked->path()), 0700U);
  EXPECT_EQ(mode_of(locked->path() + "/lock"), 0600U);
}

TEST(DataDirectory, HasOneHolderAtATime) {
  TempDir dir;
  {
    auto first = DataDirectory::try_lock(dir / "data");
    ASSERT_TRUE(first);
    EXPECT_FALSE(DataDirectory::try_lock(dir / "data"));
    const DataDirectory moved(std::move(*first));
    EXPECT_FALSE(DataDirectory::try_lock(dir / "data")) << "moving keeps the lock";
  }
  EXPECT_TRUE(DataDirectory::try_lock(dir / "data"));
}

TEST(DataDirectory, WhatIsNoDirectoryIsUnsuitable) {
  TempDir dir;
  const auto file = dir.write("file", "");
  for (const auto& path : {file, file + "/data"}) {
    try {
      (void)DataDirectory::try_lock(path);
      ADD_FAILURE() << path;
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.code, core::Errc::store_unsuitable);
      EXPECT_NE(failure.text.find(file), std::string::npos);
    }
  }
}

TEST(DataDirectory, RemembersTheOrigin) {
  TempDir dir;
  const auto locked = DataDirectory::try_lock(dir / "data");
  ASSERT_TRUE(locked);
  EXPECT_EQ(remembered_origin(dir / "data"), std::nullopt);
  locked->remember_origin("http://127.0.0.1:1");
  locked->remember_origin("https://chat.example.org");
  EXPECT_EQ(remembered_origin(dir / "data"), "https://chat.example.org");
  (void)dir.write("data/origin", "nonsense\n");
  EXPECT_EQ(remembered_origin(dir / "data"), std::nullopt);
}

TEST(AdminSocketPath, FitsASocketAddress) {
  TempDir dir;
  EXPECT_EQ(admin_socket_path("d"), "d/admin.sock");
  const auto deep = dir / std::string(150, 'd');
  ASSERT_TRUE(DataDirectory::try_lock(deep));
  EXPECT_LT(admin_socket_path(deep).size(), 108U);
}

}  // namespace
}  // namespace enishi::daemon
