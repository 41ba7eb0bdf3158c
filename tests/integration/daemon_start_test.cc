// How enishid starts, refuses to start, and ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "support/http.h"
#include "support/process.h"
#include "support/running.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

/// `enishid run` that is expected to end by itself.
Finished failing_run(const std::string& data, const std::string& listen = "127.0.0.1:0",
                     std::vector<std::string> more = {}) {
  std::vector<std::string> argv{program("enishid"), "run", "--data", data, "--listen", listen};
  argv.insert(argv.end(), more.begin(), more.end());
  return run_command(argv);
}

/// The one line of a failure.
void expect_refused(const Finished& done, const std::string& code) {
  EXPECT_EQ(done.exit, 1) << done.err;
  EXPECT_EQ(done.out, "");
  const auto at = done.err.find("enishid: ");
  ASSERT_NE(at, std::string::npos) << done.err;
  EXPECT_THAT(done.err.substr(at), StartsWith("enishid: " + code + ": "));
  EXPECT_EQ(std::count(done.err.begin() + static_cast<std::ptrdiff_t>(at), done.err.end(), '\n'), 1) << done.err;
}

unsigned mode_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0U;
}

/// The database is not open anywhere.
void execute_sql(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
  sqlite3_free(error);
  sqlite3_close(database);
}

TEST(DaemonStart, SaysReadyOnceItServes) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_THAT(daemon.out(), MatchesRegex("ready http://127\\.0\\.0\\.1:[1-9][0-9]*\n"));
  EXPECT_EQ(status_of(exchange_tcp(daemon.port(), get_request("/readyz"))), 200);
  EXPECT_THAT(daemon.log(), HasSubstr("event=listening origin=" + daemon.origin()));
}

TEST(DaemonStart, AClosedStandardOutputIsNoFileOfItsDirectory) {
  TempDir dir;
  const auto data = dir / "data";
  // The lock is the first file that is opened, and nothing else is ever written there.
  RunningCommand daemon(
      {"/bin/sh", "-c", "exec \"$@\" >&-", "sh", program("enishid"), "run", "--data", data, "--listen", "127.0.0.1:0"});
  const auto serves = [&] {
    return run_command({program("enishid"), "status", "--data", data}).out.starts_with("running=yes");
  };
  ASSERT_TRUE(wait_until(serves));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait(), 0) << "nobody waits for its word; it serves all the same";
  EXPECT_EQ(fs::file_size(data + "/lock"), 0U);
}

TEST(DaemonStart, KeepsItsDirectoryPrivate) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(mode_of(daemon.data()), 0700U);
  EXPECT_EQ(mode_of(daemon.data() + "/admin.sock"), 0600U);
  for (const auto& entry : fs::recursive_directory_iterator(daemon.data()))
    EXPECT_EQ(mode_of(entry.path().string()) & 077U, 0U) << entry.path();
}

TEST(DaemonStart, StopsWithCodeZero) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(daemon.terminate(), 0) << daemon.log();
  EXPECT_EQ(exchange_tcp(daemon.port(), get_request("/healthz")), "") << "nobody listens any more";
  EXPECT_FALSE(fs::exists(daemon.data() + "/admin.sock"));
  EXPECT_THAT(daemon.log(), HasSubstr("event=stopped"));
}

TEST(DaemonStart, SecondSignalStillEndsWithZero) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  daemon.ask_to_stop();
  daemon.ask_to_stop();
  EXPECT_EQ(daemon.wait_for_end(), 0) << daemon.log();
}

TEST(DaemonStart, InterruptIsAStopToo) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_EQ(kill(daemon.pid(), SIGINT), 0);
  EXPECT_EQ(daemon.wait_for_end(), 0) << daemon.log();
}

TEST(DaemonStart, ComesBackOnTheSamePortAfterKill) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto origin = daemon.origin();
  for (int i = 0; i < 3; ++i) {
    daemon.kill9();
    EXPECT_EQ(daemon.exit_code(), 128 + SIGKILL);
    ASSERT_TRUE(daemon.start()) << daemon.log();
    EXPECT_EQ(daemon.origin(), origin);
  }
}

TEST(DaemonStart, SecondOneOnTheDirectoryIsRefused) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  expect_refused(failing_run(daemon.data()), "DATA_DIR_LOCKED");
  EXPECT_EQ(status_of(exchange_tcp(daemon.port(), get_request("/readyz"))), 200) << "the first one goes on";
}

TEST(DaemonStart, PortInUseIsRefused) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  TempDir dir;
  const auto done = failing_run(dir / "data", "127.0.0.1:" + std::to_string(daemon.port()));
  expect_refused(done, "ADDRESS_IN_USE");
  EXPECT_THAT(done.err, StartsWith("enishid: ")) << "one line, and nothing before it";
  EXPECT_THAT(done.err, HasSubstr(std::to_string(daemon.port())));
}

TEST(DaemonStart, BeyondLoopbackIsRefusedWithTheReason) {
  TempDir dir;
  for (const auto* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
    const auto done = failing_run(dir / "data", address);
    expect_refused(done, "ADDRESS_NOT_ALLOWED");
    EXPECT_THAT(done.err, HasSubstr("neither TLS nor a declared proxy"));
  }
  EXPECT_FALSE(fs::exists(dir / "data")) << "refused before anything was made";
}

TEST(DaemonStart, DeclaredProxyAllowsIt) {
  DaemonProcess::Options options;
  options.listen = "0.0.0.0:0";
  options.arguments = {"--set", "proxy.trusted=127.0.0.1"};
  DaemonProcess daemon(options);
  EXPECT_TRUE(daemon.start()) << daemon.log();
}

TEST(DaemonStart, PublicNameIsTheOrigin) {
  DaemonProcess::Options options;
  options.environment = {{"ENISHI_LISTEN_PUBLIC_URL", "https://chat.example.org"}};
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(daemon.origin(), "https://chat.example.org");
  EXPECT_THAT(daemon.invite(), StartsWith("https://chat.example.org/#i="));
}

TEST(DaemonStart, UnknownKeyOnlyWarns) {
  TempDir dir;
  const auto file = dir.write("enishid.toml", "[limits]\nbody_byte_max = 5\n");
  DaemonProcess::Options options;
  options.arguments = {"--config", file};
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_THAT(daemon.log(), HasSubstr("unknown key limits.body_byte_max; did you mean limits.body_bytes_max?"));
}

TEST(DaemonStart, WrongValueIsRefusedWithKeyAndLine) {
  TempDir dir;
  const auto file = dir.write("enishid.toml", "[limits]\n\nbody_bytes_max = \"many\"\n");
  const auto done = failing_run(dir / "data", "127.0.0.1:0", {"--config", file});
  expect_refused(done, "BAD_CONFIGURATION");
  EXPECT_THAT(done.err, HasSubstr("enishid.toml:3: limits.body_bytes_max"));
  expect_refused(failing_run(dir / "data", "127.0.0.1:0", {"--config", dir / "none.toml"}), "BAD_CONFIGURATION");
}

TEST(DaemonStart, NewerDatabaseIsRefusedAndLeftAlone) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_EQ(daemon.terminate(), 0);
  const auto file = daemon.data() + "/enishi.db";
  execute_sql(file, "PRAGMA user_version = 1000000");
  const auto before = read_file(file);
  expect_refused(failing_run(daemon.data()), "STORE_NEWER");
  EXPECT_EQ(read_file(file), before);
}

TEST(DaemonStart, BrokenDatabaseIsRefusedAndLeftAlone) {
  TempDir dir;
  ASSERT_EQ(mkdir((dir / "data").c_str(), 0700), 0);
  const std::string rubbish(8192, 'x');
  const auto file = dir.write("data/enishi.db", rubbish);
  expect_refused(failing_run(dir / "data"), "STORE_BROKEN");
  EXPECT_EQ(read_file(file), rubbish);
}

TEST(DaemonStart, DirectoryThatIsAFileIsRefused) {
  TempDir dir;
  expect_refused(failing_run(dir.write("data", "")), "STORE_UNSUITABLE");
}

TEST(DaemonStart, ReadOnlyDirectoryIsRefused) {
  TempDir dir;
  const auto data = dir / "data";
  {
    DaemonProcess::Options options;
    options.data = data;
    DaemonProcess daemon(options);
    ASSERT_TRUE(daemon.start()) << daemon.log();
    ASSERT_EQ(daemon.terminate(), 0);
  }
  if (geteuid() != 0) {
    ASSERT_EQ(chmod(data.c_str(), 0500), 0);
    ASSERT_EQ(chmod((data + "/lock").c_str(), 0400), 0);
    expect_refused(failing_run(data), "STORE_UNSUITABLE");
    chmod(data.c_str(), 0700);
    return;
  }
  // Root may write anywhere but on a file system that is mounted read-only.
  if (mount(data.c_str(), data.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
      mount(nullptr, data.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
    umount2(data.c_str(), MNT_DETACH);
    GTEST_SKIP() << "this machine allows no mounts";
  }
  expect_refused(failing_run(data), "STORE_UNSUITABLE");
  EXPECT_EQ(umount2(data.c_str(), MNT_DETACH), 0);
}

TEST(DaemonStart, NetworkFileSystemIsRefused) {
  TempDir dir;
  const auto shim = program("tests/strange_system.so");
  ASSERT_EQ(access(shim.c_str(), R_OK), 0) << shim;
  constexpr const char* kNfs = "26985";  // NFS_SUPER_MAGIC of statfs(2)
  const auto done = run_command(
      {program("enishid"), "run", "--data", dir / "data", "--listen", "127.0.0.1:0"}, {}, std::chrono::seconds{60},
      {{"LD_PRELOAD", shim}, {"ENISHI_STATFS_MAGIC", kNfs}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
  expect_refused(done, "STORE_UNSUITABLE");
  EXPECT_FALSE(fs::exists(dir / "data/enishi.db"));
}

TEST(DaemonStart, WrongUsageEndsWithTwo) {
  for (const auto& argv : std::vector<std::vector<std::string>>{{"run"},
                                                                {"run", "--data"},
                                                                {"no-such-command"},
                                                                {},
                                                                {"run", "--data", "d", "--no-such-flag"},
                                                                {"invite", "--data", "d", "--uses", "many"},
                                                                {"invite", "--data", "d", "--expires", "soon"}}) {
    std::vector<std::string> all{program("enishid")};
    all.insert(all.end(), argv.begin(), argv.end());
    const auto done = run_command(all);
    EXPECT_EQ(done.exit, 2) << ::testing::PrintToString(argv) << done.err;
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, StartsWith("enishid: USAGE: "));
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1) << done.err;
  }
}

TEST(DaemonStart, HelpAndVersionGoToStandardOutput) {
  for (const auto* argument : {"--help", "--version", "version"}) {
    const auto done = run_command({program("enishid"), argument});
    EXPECT_EQ(done.exit, 0);
    EXPECT_THAT(done.out, HasSubstr("enishid"));
    EXPECT_EQ(done.err, "");
  }
  EXPECT_THAT(run_command({program("enishid"), "invite", "--help"}).out, HasSubstr("--expires"));
}

TEST(DaemonStart, RaisesItsDescriptorLimitAndLeavesNoCore) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto limits = read_file("/proc/" + std::to_string(daemon.pid()) + "/limits");
  const auto numbers = [&](const std::string& name) {
    const auto at = limits.find(name) + name.size();
    std::istringstream line(limits.substr(at, limits.find('\n', at) - at));
    std::string soft, hard;
    line >> soft >> hard;
    return std::pair(soft, hard);
  };
  EXPECT_EQ(numbers("Max open files").first, numbers("Max open files").second);
  EXPECT_EQ(numbers("Max core file size").first, "0");
}

}  // namespace
}  // namespace enishi::test
