// A file system of 2 MiB runs full, and gets its space back.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "contract/sample_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "mounting a small file system takes root";
    // In a mount namespace of this process, gone with it.
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", directory_.path().c_str(), "tmpfs", 0, "size=2m,mode=0700") != 0)
      GTEST_SKIP() << "root, but may not mount: " << std::generic_category().message(errno);
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount2(directory_.path().c_str(), MNT_DETACH);
  }

  void fill(std::size_t kilobytes) {
    std::ofstream(directory_.path() / "filler", std::ios::binary) << std::string(kilobytes * 1024, 'x');
  }
  void make_space() { std::filesystem::remove(directory_.path() / "filler"); }

  Errc send(storage::Store& store, std::uint64_t seq) {
    Change change = sample_send(1, seq, 1, seq);
    change.events[0].body.assign(4000, 'b');
    const auto done = store.writer().commit(batch_of(change));
    return done ? Errc{} : errc_of(done.error());
  }

  TempDir directory_;
  bool mounted_ = false;
};

TEST_F(FullDisk, ReadsGoOnAndWritesResumeWhenSpaceIsBack) {
  fill(512);
  auto store = std::move(storage::open_sqlite({.directory = directory_.path()}).value());
  auto reader = std::move(store->open_reader().value());
  std::uint64_t head = 0;
  Errc refused{};
  while (refused == Errc{} && head < 1000) {
    refused = send(*store, head + 1);
    if (refused == Errc{}) ++head;
  }
  ASSERT_EQ(refused, Errc::store_full);
  ASSERT_GT(head, 20U);
  for (int again = 0; again < 5; ++again) {
    EXPECT_EQ(reader->begin(), Position{head});
    EXPECT_EQ(reader->log_end(ConversationId{1}).head, Seq{head});
    EXPECT_EQ(reader->events(ConversationId{1}, Seq{1}, Seq{head}, 5000, storage::From::oldest).size(), head);
    reader->end();
    EXPECT_FALSE(reader->request(MemberId{1}, bytes_of<ClientId>((head + 1) * 1001)));
    EXPECT_EQ(send(*store, head + 1), Errc::store_full);
  }
  // A new reader can begin, too: catch-up goes on.
  EXPECT_EQ(store->open_reader().value()->counters().position, Position{head});

  make_space();
  for (int more = 0; more < 20; ++more, ++head) ASSERT_EQ(send(*store, head + 1), Errc{});
  EXPECT_EQ(reader->log_end(ConversationId{1}).head, Seq{head});
  reader.reset();
  store.reset();
  store = std::move(storage::open_sqlite({.directory = directory_.path()}).value());
  EXPECT_EQ(store->open_reader().value()->rank_at(ConversationId{1}, Seq{head}), head);
}

TEST_F(FullDisk, AnIdleMomentLosesNothing) {
  auto store = std::move(storage::open_sqlite({.directory = directory_.path()}).value());
  std::uint64_t head = 0;
  while (head < 1000 && send(*store, head + 1) == Errc{}) ++head;
  ASSERT_GT(head, 20U);
  ASSERT_EQ(send(*store, head + 1), Errc::store_full);
  // Nobody frees anything: the checkpoint may find no room for the file to grow. The log then keeps what it has.
  store->writer().idle();
  const Errc after = send(*store, head + 1);
  EXPECT_TRUE(after == Errc{} || after == Errc::store_full);
  if (after == Errc{}) ++head;
  store.reset();
  store = std::move(storage::open_sqlite({.directory = directory_.path()}).value());
  EXPECT_EQ(store->open_reader().value()->rank_at(ConversationId{1}, Seq{~0ULL}), head);
}

TEST_F(FullDisk, AStartOnAFullDiskSaysSo) {
  fill(4096);
  const auto opened = storage::open_sqlite({.directory = directory_.path()});
  ASSERT_FALSE(opened);
  EXPECT_EQ(errc_of(opened.error()), Errc::store_full);
  make_space();
  EXPECT_TRUE(storage::open_sqlite({.directory = directory_.path()}));
}

}  // namespace
}  // namespace enishi::test
