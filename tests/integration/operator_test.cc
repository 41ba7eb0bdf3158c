// The operator's commands: invite, status, check-config, config; with and without a running daemon.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <set>
#include <thread>

#include "support/process.h"

namespace enishi::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

Finished enishid(std::vector<std::string> argv, const Environment& environment = {}) {
  argv.insert(argv.begin(), program("enishid"));
  return run_command(argv, {}, std::chrono::seconds{60}, environment);
}

std::string pattern(const std::string& origin) {
  // POSIX extended: only the dots of an origin mean something else.
  std::string text;
  for (const char c : origin) text += c == '.' ? std::string("\\.") : std::string(1, c);
  return text + "/#i=" + std::string(22, '.');
}

/// Invitations in the database of a directory whose daemon has ended.
int stored_invitations(const std::string& data) {
  sqlite3* database = nullptr;
  int count = -1;
  if (sqlite3_open_v2((data + "/enishi.db").c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, "SELECT count(*) FROM invitation", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
      count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
  }
  sqlite3_close(database);
  return count;
}

TEST(Invite, WithARunningDaemonIsAUrlAndNothingElse) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto done =
      enishid({"invite", "--data", daemon.data(), "--uses", "3", "--expires", "12h", "--note", "for\nthe cellist"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, MatchesRegex(pattern(daemon.origin()) + "\n"));
}

TEST(Invite, WithoutADaemonIsAUrlAndNothingElse) {
  TempDir dir;
  const auto done = enishid({"invite", "--data", dir / "data"});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, MatchesRegex(pattern("http://127.0.0.1:8470") + "\n"));
  EXPECT_EQ(stored_invitations(dir / "data"), 1);
}

TEST(Invite, RemembersWhereTheDaemonWas) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_EQ(daemon.terminate(), 0);
  EXPECT_THAT(daemon.invite(), MatchesRegex(pattern(daemon.origin())));
  const auto named =
      enishid({"invite", "--data", daemon.data()}, {{"ENISHI_LISTEN_PUBLIC_URL", "https://chat.example.org"}});
  EXPECT_THAT(named.out, StartsWith("https://chat.example.org/#i="));
}

TEST(Invite, EverySecretIsAnother) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  std::set<std::string> links;
  for (int i = 0; i < 5; ++i) links.insert(daemon.invite());
  ASSERT_EQ(daemon.terminate(), 0);
  for (int i = 0; i < 5; ++i) links.insert(daemon.invite());
  EXPECT_EQ(links.size(), 10U);
  EXPECT_EQ(links.count(""), 0U);
  EXPECT_EQ(stored_invitations(daemon.data()), 10);
}

TEST(Invite, AtTheSameTimeWithoutADaemon) {
  TempDir dir;
  std::vector<std::string> outs(4);
  std::vector<std::thread> threads;
  for (auto& out : outs) threads.emplace_back([&out, &dir] { out = enishid({"invite", "--data", dir / "data"}).out; });
  for (auto& thread : threads) thread.join();
  for (const auto& out : outs) EXPECT_THAT(out, StartsWith("http://127.0.0.1:8470/#i="));
  EXPECT_EQ(stored_invitations(dir / "data"), 4);
}

TEST(Invite, SurvivesAKillOfTheDaemon) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_NE(daemon.invite(), "");
  daemon.kill9();
  EXPECT_THAT(daemon.invite(), MatchesRegex(pattern(daemon.origin())))
      << "a socket that nobody listens on is no daemon";
  EXPECT_EQ(stored_invitations(daemon.data()), 2);
}

TEST(Invite, ImpossibleWishesAreRefused) {
  TempDir dir;
  const std::vector<std::pair<std::vector<std::string>, std::string>> wishes{
      {{"--uses", "0"}, "BAD_REQUEST"},
      {{"--uses", "1001"}, "BAD_REQUEST"},
      {{"--expires", "500ms"}, "BAD_REQUEST"},
      {{"--expires", "367d"}, "BAD_REQUEST"},
      {{"--note", std::string(201, 'n')}, "BAD_NAME"},
      {{"--note", "\xff"}, "BAD_NAME"},
      {{"--note", "\x1b[2J"}, "BAD_NAME"}};
  for (const auto& [wish, code] : wishes) {
    std::vector<std::string> argv{"invite", "--data", dir / "data"};
    argv.insert(argv.end(), wish.begin(), wish.end());
    const auto done = enishid(argv);
    EXPECT_EQ(done.exit, 1);
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, StartsWith("enishid: " + code + ": "));
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "data")) << "nothing was made for a wish that is refused";
}

TEST(Invite, ALinkThatCouldNotBeWrittenIsNoSuccess) {
  TempDir dir;
  for (const auto* redirection : {">/dev/full", ">&-"}) {
    const auto done = run_command({"/bin/sh", "-c", std::string("exec \"$@\" ") + redirection, "sh", program("enishid"),
                                   "invite", "--data", dir / "data"});
    EXPECT_EQ(done.exit, 1) << redirection;
    EXPECT_THAT(done.err, StartsWith("enishid: OUTPUT_LOST: ")) << redirection;
  }
}

TEST(Invite, ReachesADaemonWithALongPath) {
  TempDir dir;
  DaemonProcess::Options options;
  options.data = dir / (std::string(120, 'l') + "/data");
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_THAT(daemon.invite(), MatchesRegex(pattern(daemon.origin())));
}

TEST(Status, OfARunningDaemon) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto done = enishid({"status", "--data", daemon.data()});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, StartsWith("running=yes\norigin=" + daemon.origin() + "\n"));
  EXPECT_THAT(done.out, HasSubstr("\nmembers=0\n"));
  EXPECT_THAT(done.out, HasSubstr("\nversion="));
  EXPECT_THAT(done.out, HasSubstr("\nrss_bytes="));
}

TEST(Status, OfOneThatDoesNotRun) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_EQ(daemon.terminate(), 0);
  const auto done = enishid({"status", "--data", daemon.data()});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_THAT(done.out, StartsWith("running=no\norigin=" + daemon.origin() + "\n"));
  const auto none = enishid({"status", "--data", daemon.data() + "/none"});
  EXPECT_EQ(none.exit, 1);
  EXPECT_THAT(none.err, StartsWith("enishid: STORE_UNSUITABLE: "));
}

TEST(CheckConfig, AcceptsTheShippedFile) {
  for (const auto& argv : std::vector<std::vector<std::string>>{{"check-config"}, {"--check-config"}}) {
    auto all = argv;
    all.insert(all.end(), {"--config", source_file("config/enishid.toml")});
    const auto done = enishid(all);
    EXPECT_EQ(done.exit, 0) << done.err;
    EXPECT_EQ(done.err, "");
    EXPECT_THAT(done.out, HasSubstr("are off for loopback"));
  }
}

TEST(CheckConfig, NamesTheNearestOfAnUnknownKey) {
  TempDir dir;
  const auto file = dir.write("enishid.toml", "[listen]\nadress = \"127.0.0.1:1\"\n");
  const auto done = enishid({"--check-config", "--config", file});
  EXPECT_EQ(done.exit, 1);
  EXPECT_EQ(done.err,
            "enishid: BAD_CONFIGURATION: " + file + ":2: unknown key listen.adress; did you mean listen.address?\n");
}

TEST(CheckConfig, RefusesWhatAStartWouldRefuse) {
  TempDir dir;
  const auto done = enishid({"check-config", "--config", dir.write("a.toml", "[listen]\naddress = \"0.0.0.0:1\"\n")});
  EXPECT_EQ(done.exit, 1);
  EXPECT_THAT(done.err, StartsWith("enishid: ADDRESS_NOT_ALLOWED: "));
}

TEST(Config, PrintsTheShippedFile) {
  const auto done = enishid({"config"});
  EXPECT_EQ(done.exit, 0);
  EXPECT_EQ(done.out, read_file(source_file("config/enishid.toml")));
}

}  // namespace
}  // namespace enishi::test
