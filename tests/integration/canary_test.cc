// Secrets and words that must appear nowhere but where they are kept.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/http.h"
#include "support/process.h"

namespace enishi::test {
namespace {

namespace fs = std::filesystem;

/// Fails where `canary` is in a file of `data` other than the database and the keys.
void expect_nowhere(const std::string& canary, const std::string& data) {
  ASSERT_FALSE(canary.empty());
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    const auto name = fs::relative(entry.path(), data).string();
    if (!entry.is_regular_file() || name.starts_with("enishi.db") || name.starts_with("keys")) continue;
    EXPECT_EQ(read_file(entry.path()).find(canary), std::string::npos) << canary << " is in " << name;
  }
}

TEST(Canary, InvitationSecretAndNoteAreInNoLogAndNoOtherFile) {
  TempDir dir;
  DaemonProcess::Options options;
  options.data = dir / "data";
  options.arguments = {"--set", "log.level=debug", "--set", "log.file=" + dir / "enishid.log"};
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();

  const std::string note = "canary-note-5b7c1e";
  const auto link = daemon.invite({"--note", note});
  ASSERT_NE(link.find("#i="), std::string::npos) << daemon.log();
  const auto secret = link.substr(link.find("#i=") + 3);
  ASSERT_EQ(secret.size(), 22U);
  // A person who pastes the link into a browser sends no fragment; one who mangles it does.
  (void)exchange_tcp(daemon.port(), get_request("/?i=" + secret));
  (void)exchange_tcp(daemon.port(), get_request("/v1/connect/" + secret));
  const auto metrics = exchange_unix(daemon.data() + "/admin.sock", get_request("/metrics", "localhost"));
  ASSERT_EQ(daemon.terminate(), 0) << daemon.log();
  const auto late_link = daemon.invite({"--note", note});
  ASSERT_NE(late_link, "");

  for (const auto& canary : {note, secret, late_link.substr(late_link.find("#i=") + 3)}) {
    expect_nowhere(canary, daemon.data());
    EXPECT_EQ(daemon.log().find(canary), std::string::npos) << canary;
    EXPECT_EQ(metrics.find(canary), std::string::npos) << canary;
    EXPECT_EQ(read_file(dir / "enishid.log").find(canary), std::string::npos) << canary;
  }
  EXPECT_NE(read_file(dir / "enishid.log").find("event=listening"), std::string::npos) << "the log was looked at";
  for (const auto* file : {"/enishi.db", "/enishi.db-wal"})
    EXPECT_EQ(read_file(daemon.data() + file).find(secret), std::string::npos) << "only the hash is stored";
}

}  // namespace
}  // namespace enishi::test
