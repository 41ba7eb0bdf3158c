// The database as a file: its rights, its place, and what is refused.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "contract/describe.h"
#include "contract/sample_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

class DatabaseFile : public testing::Test {
 protected:
  TempDir directory_;
  const std::filesystem::path file_ = directory_.path() / storage::kSqliteFile;

  Result<std::unique_ptr<storage::Store>> open() { return storage::open_sqlite({.directory = directory_.path()}); }
  Errc refusal() {
    const auto opened = open();
    return opened ? Errc{} : errc_of(opened.error());
  }
  void make(std::uint64_t messages) {
    auto store = std::move(open().value());
    Batch batch;
    for (std::uint64_t seq = 1; seq <= messages; ++seq) batch.changes.push_back(sample_send(1, seq, 1, seq));
    batch.last = Position{messages};
    ASSERT_TRUE(store->writer().commit(batch));
  }
  void overwrite(std::streamoff at, const std::string& with) {
    std::fstream stream(file_, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(at);
    stream << with;
    ASSERT_TRUE(stream.flush().good());
  }
};

TEST_F(DatabaseFile, OnlyTheOwnerMayReadAnyOfIt) {
  const mode_t before = ::umask(0);
  const auto store = std::move(open().value());
  const auto reader = std::move(store->open_reader().value());
  ASSERT_TRUE(store->writer().commit(batch_of(sample_send(1, 1, 1, 1))));
  ::umask(before);
  for (const char* end : {"", "-wal", "-shm"}) {
    struct stat about {};
    ASSERT_EQ(::stat((file_.string() + end).c_str(), &about), 0) << end;
    EXPECT_EQ(about.st_mode & 0777, 0600U) << end;
  }
}

TEST_F(DatabaseFile, RightsOfOthersAreTakenAway) {
  make(1);
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
  ASSERT_TRUE(open());
  struct stat about {};
  ASSERT_EQ(::stat(file_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(DatabaseFile, AStopLeavesNoLogBehind) {
  make(100);
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-wal"));
}

TEST_F(DatabaseFile, WhatIsNoDatabaseIsRefusedAndKept) {
  const std::string text(5000, 'x');
  std::ofstream(file_, std::ios::binary) << text;
  EXPECT_EQ(refusal(), Errc::store_broken);
  std::ifstream stream(file_, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), text);
}

TEST_F(DatabaseFile, AShortOneIsRefused) {
  std::ofstream(file_, std::ios::binary) << "SQLite form";
  EXPECT_EQ(refusal(), Errc::store_broken);
}

TEST_F(DatabaseFile, ALogWithoutItsDatabaseIsRefused) {
  std::ofstream(file_.string() + "-wal", std::ios::binary) << std::string(8192, 'x');
  EXPECT_EQ(refusal(), Errc::store_broken);
  EXPECT_EQ(std::filesystem::file_size(file_.string() + "-wal"), 8192U);
}

TEST_F(DatabaseFile, ACutOneIsRefused) {
  make(500);
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2 / 4096 * 4096);
  EXPECT_EQ(refusal(), Errc::store_broken);
}

TEST_F(DatabaseFile, AnOverwrittenPageIsFound) {
  make(500);
  const auto pages = std::filesystem::file_size(file_) / 4096;
  ASSERT_GT(pages, 30U);
  overwrite(static_cast<std::streamoff>((pages - 5) * 4096), std::string(4096, '\xEE'));
  EXPECT_EQ(refusal(), Errc::store_broken);
}

TEST_F(DatabaseFile, AnOverwrittenSchemaIsFoundWithoutTheFullCheck) {
  make(500);
  overwrite(100, std::string(3000, '\xEE'));
  const auto opened = storage::open_sqlite({.directory = directory_.path(), .checked_bytes_max = 0});
  ASSERT_FALSE(opened);
  EXPECT_EQ(errc_of(opened.error()), Errc::store_broken);
}

TEST_F(DatabaseFile, AMissingDirectoryIsUnsuitable) {
  const auto opened = storage::open_sqlite({.directory = directory_.path() / "missing"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(errc_of(opened.error()), Errc::store_unsuitable);
}

TEST_F(DatabaseFile, AReadOnlyDirectoryIsUnsuitable) {
  make(1);
  if (::geteuid() != 0) {
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0500), 0);
    EXPECT_EQ(refusal(), Errc::store_unsuitable);
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0700), 0);
    return;
  }
  // Rights do not bind root; a read-only mount does. In a mount namespace of this process, gone with it.
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount(directory_.path().c_str(), directory_.path().c_str(), nullptr, MS_BIND, nullptr) != 0 ||
      ::mount(nullptr, directory_.path().c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0)
    GTEST_SKIP() << "root, but may not mount: " << std::generic_category().message(errno);
  EXPECT_EQ(refusal(), Errc::store_unsuitable);
  ASSERT_EQ(::umount2(directory_.path().c_str(), MNT_DETACH), 0);
  EXPECT_EQ(refusal(), Errc{});
}

}  // namespace
}  // namespace enishi::test
