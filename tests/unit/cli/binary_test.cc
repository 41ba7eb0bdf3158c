// The real binary: exit codes and streams, without a daemon.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/process.h"

namespace enishi::test {
namespace {

using ::testing::StartsWith;

class Binary : public ::testing::Test {
 protected:
  Finished run(std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), {program("enishi"), "--profile", directory_ / "profile"});
    return run_command(words, input);
  }
  /// Exit code, nothing on standard output, one line on standard error.
  static void expect_failure(const Finished& done, int exit, const std::string& code) {
    EXPECT_EQ(done.exit, exit) << done.err;
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, StartsWith("enishi: " + code + ": "));
    EXPECT_EQ(std::ranges::count(done.err, '\n'), 1) << done.err;
  }
  TempDir directory_;
};

TEST_F(Binary, WrongUsageIsTwo) {
  expect_failure(run({}), 2, "USAGE");
  expect_failure(run({"snd"}), 2, "USAGE");
  expect_failure(run({"send", "@ben"}), 2, "USAGE");
  expect_failure(run({"read", "@ben", "--limit", "many"}), 2, "USAGE");
  const auto json = run({"snd", "--json"});
  EXPECT_EQ(json.exit, 2);
  const auto error = nlohmann::json::parse(json.err);
  EXPECT_EQ(error["code"], "USAGE");
  EXPECT_EQ(error["retry_after_ms"], 0);
  EXPECT_TRUE(error["text"].is_string());
}

TEST_F(Binary, HelpIsZero) {
  const auto done = run({"--help"});
  EXPECT_EQ(done.exit, 0);
  EXPECT_THAT(done.out, StartsWith("enishi: a messenger"));
  EXPECT_EQ(done.err, "");
}

TEST_F(Binary, AnUnusedProfileIsFour) {
  for (const auto* command : {"list", "status", "devices", "watch", "ties", "invites"})
    expect_failure(run({command}), 4, "PROFILE_UNUSED");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "profile")) << "nothing is made on the way";
}

TEST_F(Binary, ABrokenProfileIsFour) {
  std::filesystem::create_directory(directory_ / "profile");
  directory_.write("profile/profile.db", "this is no database, whatever its name says; and it is long enough\n");
  expect_failure(run({"list"}), 4, "STORE_BROKEN");
}

TEST_F(Binary, WhatIsMalformedIsRefusedWithoutAConnection) {
  const std::string link = "http://127.0.0.1:1/#i=AAAAAAAAAAAAAAAAAAAAAA";
  expect_failure(run({"join", link, "--handle", "Aki!", "--device", "pc"}), 1, "BAD_HANDLE");
  expect_failure(run({"join", link, "--handle", "a", "--device", "pc"}), 1, "BAD_HANDLE");
  expect_failure(run({"join", link, "--handle", "aki", "--device", "a\x1b"}), 1, "BAD_NAME");
  expect_failure(run({"join", link, "--handle", "aki", "--name", "\xff", "--device", "pc"}), 1, "BAD_NAME");
  expect_failure(run({"join", "http://127.0.0.1:1/#i=AAAA", "--handle", "aki", "--device", "pc"}), 1,
                 "INVITATION_UNKNOWN");
  expect_failure(run({"join", "-", "--handle", "aki", "--device", "pc"}, "no link\n"), 1, "INVITATION_UNKNOWN");
  expect_failure(run({"pair", link, "--device", "pc"}), 1, "PAIRING_UNKNOWN");
  expect_failure(run({"recover", "http://127.0.0.1:1", "ABC", "--device", "pc"}), 1, "RECOVERY_UNKNOWN");
  expect_failure(run({"send", "@B!", "x"}), 1, "BAD_HANDLE");
  expect_failure(run({"tie", "ask", "a b"}), 1, "BAD_HANDLE");
  expect_failure(run({"invite", "--expires", "500d"}), 1, "BAD_REQUEST");
}

TEST_F(Binary, NobodyThereIsThree) {
  // Port 1 of loopback: nobody listens there.
  const auto done =
      run({"join", "-", "--handle", "aki", "--device", "pc"}, " http://127.0.0.1:1/#i=AAAAAAAAAAAAAAAAAAAAAA \n");
  expect_failure(done, 3, "UNREACHABLE");
}

TEST_F(Binary, AQuestionWithoutATerminalIsTwo) { expect_failure(run({"pair"}), 2, "NO_TERMINAL"); }

}  // namespace
}  // namespace enishi::test
