// What enishid says over HTTP: health on the listener, metrics on the admin socket and a loopback port.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "support/http.h"
#include "support/process.h"

namespace enishi::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Every line is a comment or a sample; every sample belongs to a family that was declared; no family twice.
void expect_prometheus(const std::string& page) {
  std::set<std::string> families;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, second, name;
    words >> first >> second >> name;
    if (first == "#") {
      EXPECT_TRUE(second == "HELP" || second == "TYPE") << line;
      EXPECT_TRUE(second != "TYPE" || families.insert(name).second) << line;
      continue;
    }
    auto family = first.substr(0, first.find('{'));
    for (const std::string suffix : {"_bucket", "_sum", "_count"})
      if (families.count(family) == 0 && family.ends_with(suffix)) family.resize(family.size() - suffix.size());
    EXPECT_EQ(families.count(family), 1U) << line;
    EXPECT_TRUE(family.starts_with("enishi_")) << line;
    EXPECT_NE(second, "") << line;
  }
}

double sample(const std::string& page, const std::string& name) {
  const auto at = page.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
}

TEST(DaemonHttp, HealthAndReadiness) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  for (const auto* target : {"/healthz", "/readyz"})
    EXPECT_EQ(status_of(exchange_tcp(daemon.port(), get_request(target))), 200) << target;
  EXPECT_EQ(status_of(exchange_tcp(daemon.port(), get_request("/metrics"))), 404) << "metrics are not for the public";
  EXPECT_EQ(status_of(exchange_tcp(daemon.port(), get_request("/status"))), 404);
}

TEST(DaemonHttp, MetricsOnTheAdminSocket) {
  DaemonProcess daemon;
  ASSERT_TRUE(daemon.start()) << daemon.log();
  ASSERT_NE(daemon.invite(), "");
  const auto response = exchange_unix(daemon.data() + "/admin.sock", get_request("/metrics", "localhost"));
  ASSERT_EQ(status_of(response), 200) << response;
  EXPECT_THAT(response, HasSubstr("text/plain; version=0.0.4"));
  const auto page = body_of(response);
  expect_prometheus(page);
  EXPECT_EQ(sample(page, "enishi_groups_total"), 1) << "one invitation, one group";
  EXPECT_EQ(sample(page, "enishi_commit_seconds_count"), 1);
  EXPECT_EQ(sample(page, "enishi_commit_seconds_bucket{le=\"+Inf\"}"), 1);
  EXPECT_GT(sample(page, "enishi_resident_bytes"), 0);
  EXPECT_GE(sample(page, "enishi_sessions{loop=\"0\"}"), 0);
  EXPECT_EQ(sample(page, "enishi_sequencer_inbox"), 0);
}

TEST(DaemonHttp, MetricsPortOffersNothingElseAndNothingToPages) {
  DaemonProcess::Options options;
  options.arguments = {"--set", "metrics.listen=127.0.0.1:0"};
  DaemonProcess daemon(options);
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto log = daemon.log();
  const std::string word = "event=metrics_listening port=";
  ASSERT_THAT(log, HasSubstr(word));
  const auto port = static_cast<std::uint16_t>(std::stoi(log.substr(log.find(word) + word.size())));
  const auto host = "127.0.0.1:" + std::to_string(port);
  EXPECT_THAT(exchange_tcp(port, get_request("/metrics", host)), HasSubstr("enishi_build_info{version="));
  EXPECT_THAT(exchange_tcp(port, get_request("/status", host)), Not(HasSubstr("members=")));
  EXPECT_THAT(exchange_tcp(port, "POST /invite HTTP/1.1\r\nHost: " + host +
                                     "\r\nContent-Length: 8\r\nConnection: close\r\n\r\n1 86400\n"),
              Not(HasSubstr("#i=")));
  const auto foreign = exchange_tcp(port, get_request("/metrics", "evil.example.org"));
  EXPECT_THAT(foreign, Not(HasSubstr("enishi_build_info")));
  const auto page = exchange_tcp(port, "GET /metrics HTTP/1.1\r\nHost: " + host +
                                           "\r\nOrigin: http://evil.example.org\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(page, Not(HasSubstr("enishi_build_info")));
}

}  // namespace
}  // namespace enishi::test
