// The web client as the real daemon finds, serves and reads it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "support/http.h"
#include "support/process.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class WebClient : public ::testing::Test {
 protected:
  WebClient() { lay_client("web", "one"); }
  void lay_client(const std::string& folder, const std::string& text) const {
    fs::create_directories(files_.path() / folder / "assets");
    files_.write(folder + "/index.html", "<p>" + text);
    files_.write(folder + "/assets/app.js", "// " + text);
  }
  [[nodiscard]] DaemonProcess::Options options(const std::string& directory) const {
    DaemonProcess::Options options;
    options.arguments = {"--set", "web.directory=" + directory};
    return options;
  }
  [[nodiscard]] static std::string page(const DaemonProcess& daemon) {
    return exchange_tcp(daemon.port(), get_request("/"));
  }
  TempDir files_;
};

TEST_F(WebClient, IsServedAndReadAgainOnSighupAndAHalfOneIsNotTaken) {
  DaemonProcess daemon(options(files_ / "web"));
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_THAT(daemon.log(), HasSubstr("event=web_client files=2 "));
  EXPECT_EQ(body_of(page(daemon)), "<p>one");
  EXPECT_EQ(body_of(exchange_tcp(daemon.port(), get_request("/assets/app.js"))), "// one");
  lay_client("web", "two");
  EXPECT_EQ(body_of(page(daemon)), "<p>one") << "no request touches the disk";
  daemon.signal(SIGHUP);
  EXPECT_TRUE(wait_until([&] { return body_of(page(daemon)) == "<p>two"; }));
  fs::remove(files_.path() / "web/index.html");
  daemon.signal(SIGHUP);
  EXPECT_TRUE(wait_until([&] { return daemon.log().find("event=web_client_kept") != std::string::npos; }));
  EXPECT_THAT(daemon.log(), HasSubstr("holds no index.html"));
  EXPECT_EQ(body_of(page(daemon)), "<p>two");
}

TEST_F(WebClient, OneThatIsNamedAndNotThereRefusesTheStart) {
  DaemonProcess daemon(options(files_ / "none"));
  EXPECT_FALSE(daemon.start());
  EXPECT_EQ(daemon.exit_code(), 1);
  EXPECT_THAT(daemon.log(), AllOf(HasSubstr("BAD_CONFIGURATION"), HasSubstr("web.directory"), HasSubstr("none")));
  const auto checked = run_command({program("enishid"), "check-config"}, {}, std::chrono::seconds{60},
                                   {{"ENISHI_WEB_DIRECTORY", files_ / "none"}});
  EXPECT_EQ(checked.exit, 1);
}

TEST_F(WebClient, TurnedOffThePageSaysWhatIsMissing) {
  DaemonProcess daemon(options(""));
  ASSERT_TRUE(daemon.start()) << daemon.log();
  EXPECT_EQ(status_of(page(daemon)), 404);
  EXPECT_THAT(body_of(page(daemon)), HasSubstr("without its web client"));
}

TEST_F(WebClient, IsFoundBesideTheProgramOrWhereAPackagePutsIt) {
  fs::create_directories(files_.path() / "place/bin");
  const auto copy = files_ / "place/bin/enishid";
  fs::copy_file(program("enishid"), copy);
  const auto notes = [&] {
    const auto done = run_command({copy, "check-config"});
    EXPECT_EQ(done.exit, 0) << done.err;
    return done.out;
  };
  EXPECT_THAT(notes(), AllOf(HasSubstr("no web client is served"), HasSubstr("place/bin/web holds none")));
  lay_client("place/share/enishi/web", "packaged");
  EXPECT_THAT(notes(), Not(HasSubstr("no web client")));
  fs::create_directory(files_.path() / "place/bin/web");
  EXPECT_THAT(notes(), HasSubstr("place/bin/web: holds no index.html")) << "what lies beside goes first";
  lay_client("place/bin/web", "built");
  EXPECT_THAT(notes(), Not(HasSubstr("web client")));
}

}  // namespace
}  // namespace enishi::test
