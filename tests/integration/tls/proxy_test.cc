// The samples of deploy/ with the real proxies, where those are installed; elsewhere skipped, and said so.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "integration/cli_people.h"
#include "support/http.h"
#include "support/tls/certificates.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

using ::testing::HasSubstr;

/// A port that was free a moment ago.
std::string free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  return bound ? std::to_string(ntohs(address.sin_port)) : "";
}

bool takes_connections(const std::string& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool taken = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return taken;
}

std::string installed(const std::string& name) {
  for (const auto* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
    if (access((folder + name).c_str(), X_OK) == 0) return folder + name;
  return {};
}

/// `text` with every `from` as `to`; the sample must hold it.
void replace(std::string& text, const std::string& from, const std::string& to) {
  ASSERT_NE(text.find(from), std::string::npos) << "the sample has changed: " << from;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// One daemon on plain HTTP, one proxy in front of it, one authority that the commands trust.
class Proxied : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto pem = authority_.issue();
    files_.write("cert.pem", pem.certificate);
    files_.write("key.pem", pem.key);
    setenv("ENISHI_CA_FILE", files_.write("ca.crt", authority_.certificate()).c_str(), 1);
    DaemonProcess::Options options;
    options.listen = "127.0.0.1:" + inner_;
    options.arguments = {"--set", "listen.public_url=" + origin(), "--set", "proxy.trusted=127.0.0.1"};
    daemon_ = std::make_unique<DaemonProcess>(options);
    ASSERT_TRUE(daemon_->start()) << daemon_->log();
  }
  void TearDown() override {
    unsetenv("ENISHI_CA_FILE");
    if (proxy_) {
      proxy_->signal(SIGTERM);
      proxy_->wait();
    }
  }
  [[nodiscard]] std::string origin() const { return "https://localhost:" + outer_; }
  /// Starts it and waits until it takes connections.
  void start(const Words& command) {
    proxy_ = std::make_unique<RunningCommand>(command);
    ASSERT_TRUE(wait_until([&] { return takes_connections(outer_); })) << command.front() << " does not serve";
  }
  [[nodiscard]] Finished enishi(const Words& words, const std::string& input = {}) const {
    Words argv{program("enishi"), "--profile", files_ / "profile", "--json"};
    argv.insert(argv.end(), words.begin(), words.end());
    return run_command(argv, input, std::chrono::seconds{100});
  }
  /// What a device does, and what the doctor says.
  void expect_service() {
    const auto joined = enishi({"join", "-", "--handle", "aki", "--device", "d"}, daemon_->invite() + "\n");
    ASSERT_EQ(joined.exit, 0) << joined.err;
    EXPECT_EQ(enishi({"send", "self", "through the proxy"}).exit, 0);
    EXPECT_THAT(enishi({"read", "self"}).out, HasSubstr("through the proxy"));
    const auto seen = enishi({"doctor", origin(), "--idle", "3s"});
    EXPECT_EQ(seen.exit, 0) << seen.out << seen.err;
    EXPECT_THAT(seen.out, HasSubstr(R"({"check":"idle","state":"ok")"));
  }
  /// `seconds` of silence that the proxy does not bear: the doctor finds it.
  void expect_cut_in_silence(const std::string& seconds) {
    const auto seen = enishi({"doctor", origin(), "--idle", seconds});
    EXPECT_EQ(seen.exit, 1) << seen.out;
    EXPECT_THAT(seen.out, HasSubstr(R"({"check":"idle","state":"bad")"));
    EXPECT_THAT(seen.out, HasSubstr("proxy_read_timeout"));
  }

  const std::string inner_ = free_port(), outer_ = free_port(), http_ = free_port();
  TempDir files_;
  Authority authority_;
  std::unique_ptr<DaemonProcess> daemon_;
  std::unique_ptr<RunningCommand> proxy_;
};

class Nginx : public Proxied {
 protected:
  void SetUp() override {
    binary_ = installed("nginx");
    if (binary_.empty()) GTEST_SKIP() << "nginx is not installed (apt-get install nginx-light)";
    Proxied::SetUp();
    sample_ = read_file(source_file("deploy/nginx/enishi.conf"));
    replace(sample_, "listen 443 ssl", "listen 127.0.0.1:" + outer_ + " ssl");
    replace(sample_, "listen 80;", "listen 127.0.0.1:" + http_ + ";");
    replace(sample_, "listen [::]:443 ssl http2;", "");
    replace(sample_, "listen [::]:80;", "");
    replace(sample_, "/etc/letsencrypt/live/chat.example.org/fullchain.pem", files_ / "cert.pem");
    replace(sample_, "/etc/letsencrypt/live/chat.example.org/privkey.pem", files_ / "key.pem");
    replace(sample_, "server_name chat.example.org;", "server_name localhost;");
    replace(sample_, "127.0.0.1:8470", "127.0.0.1:" + inner_);
  }
  void serve() {
    std::string places;
    for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      places += std::string("  ") + kind + "_temp_path " + (files_ / kind) + ";\n";
    const auto file = files_.write("nginx.conf", "daemon off;\nmaster_process off;\npid " + (files_ / "nginx.pid") +
                                                     ";\nerror_log stderr;\nevents {}\nhttp {\n  access_log off;\n" +
                                                     places + sample_ + "}\n");
    start({binary_, "-c", file, "-p", files_.path().string(), "-e", "stderr"});
  }
  std::string binary_, sample_;
};

TEST_F(Nginx, SampleCarriesSessionsAndSilence) {
  serve();
  if (HasFatalFailure()) return;
  expect_service();
  const auto plain = exchange_tcp(static_cast<std::uint16_t>(std::stoi(http_)), get_request("/", "localhost"));
  EXPECT_EQ(status_of(plain), 301) << plain;
}

TEST_F(Nginx, ItsOwnTimeoutIsFoundByTheDoctor) {
  replace(sample_, "proxy_read_timeout 10m;", "proxy_read_timeout 2s;");
  serve();
  if (HasFatalFailure()) return;
  ASSERT_EQ(enishi({"join", "-", "--handle", "aki", "--device", "d"}, daemon_->invite() + "\n").exit, 0);
  expect_cut_in_silence("6s");
}

TEST_F(Nginx, WithoutTheUpgradeTheDoctorNamesTheHeaders) {
  replace(sample_, "proxy_set_header Upgrade $http_upgrade;", "");
  serve();
  if (HasFatalFailure()) return;
  const auto seen = enishi({"doctor", origin()});
  EXPECT_EQ(seen.exit, 1);
  EXPECT_THAT(seen.out, HasSubstr(R"({"check":"upgrade","state":"bad")"));
  EXPECT_THAT(seen.out, HasSubstr("pass on the headers Upgrade and Connection"));
}

TEST_F(Nginx, ADaemonThatIsGoneIsToldFromAProxyThatIs) {
  serve();
  if (HasFatalFailure()) return;
  daemon_->kill9();
  const auto seen = enishi({"doctor", origin()});
  EXPECT_EQ(seen.exit, 1);
  EXPECT_THAT(seen.out, HasSubstr("the proxy does not reach the daemon"));
}

class Caddy : public Proxied {};

TEST_F(Caddy, SampleCarriesSessionsAndSilence) {
  const auto binary = installed("caddy");
  if (binary.empty()) GTEST_SKIP() << "caddy is not installed (apt-get install caddy)";
  auto sample = read_file(source_file("deploy/caddy/Caddyfile"));
  replace(sample, "127.0.0.1:8470", "127.0.0.1:" + inner_);
  replace(sample, "\nchat.example.org {\n",
          "\n{\n\tadmin off\n\tauto_https disable_redirects\n}\nhttps://localhost:" + outer_ +
              " {\n\tbind 127.0.0.1\n\ttls " + (files_ / "cert.pem") + " " + (files_ / "key.pem") + "\n");
  const auto file = files_.write("Caddyfile", sample);
  start({"/usr/bin/env", "HOME=" + files_.path().string(), "XDG_DATA_HOME=" + files_.path().string(),
         "XDG_CONFIG_HOME=" + files_.path().string(), binary, "run", "--config", file, "--adapter", "caddyfile"});
  if (HasFatalFailure()) return;
  expect_service();
}

}  // namespace
}  // namespace enishi::test
