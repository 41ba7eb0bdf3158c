// What the real binary does when the disk does not: full, and failing to flush.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/http.h"
#include "support/process.h"
#include "support/small_disk.h"

namespace enishi::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Finished invite(const DaemonProcess& daemon) {
  return run_command({program("enishid"), "invite", "--data", daemon.data()});
}

TEST(FullDisk, RefusesWritesAndServesOnUntilThereIsRoom) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "this machine allows no mounts";
  DaemonProcess::Options options;
  options.data = disk.path() + "/data";
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_EQ(invite(daemon).exit, 0);

  disk.fill();
  // What SQLite holds already may take a few more commits; then there is no page left for one.
  Finished refused;
  for (int i = 0; i < 5000 && refused.exit != 1; ++i) refused = invite(daemon);
  ASSERT_EQ(refused.exit, 1) << "the disk never filled up";
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, StartsWith("enishid: STORE_FULL: "));
  ASSERT_TRUE(daemon.is_running());
  EXPECT_EQ(status_of(exchange_tcp(daemon.port(), get_request("/healthz"))), 200);
  EXPECT_THAT(run_command({program("enishid"), "status", "--data", daemon.data()}).out, HasSubstr("members=0"))
      << "reads go on";

  disk.clear();
  const auto again = invite(daemon);
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(daemon.terminate(), 0) << daemon.log();
}

TEST(DyingDisk, FailedFlushEndsTheProcessAndClaimsNothing) {
  TempDir dir;
  const auto trigger = dir / "dying";
  const auto shim = program("tests/failing_sync.so");
  ASSERT_EQ(access(shim.c_str(), R_OK), 0) << shim;
  const auto data = dir / "data";
  {
    DaemonProcess::Options options;
    options.data = data;
    options.environment = {
        {"LD_PRELOAD", shim}, {"ENISHI_FAIL_SYNC", trigger}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
    DaemonProcess daemon(options);
    ASSERT_TRUE(daemon.start()) << daemon.log();
    ASSERT_EQ(invite(daemon).exit, 0);
    (void)dir.write("dying", "");
    const auto unclaimed = invite(daemon);
    EXPECT_EQ(unclaimed.exit, 1);
    EXPECT_EQ(unclaimed.out, "") << "no link is shown for what is not known to be on the disk";
    EXPECT_EQ(daemon.wait_for_end(), 1);
    EXPECT_THAT(daemon.log(), HasSubstr("\nenishid: STORE_FAILED: "));
  }
  DaemonProcess::Options healthy;
  healthy.data = data;
  DaemonProcess daemon(healthy);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(invite(daemon).exit, 0) << "recovered at the next start";
}

}  // namespace
}  // namespace enishi::test
