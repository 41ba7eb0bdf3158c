#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "transport/admin_listener.h"
#include "unit/transport/peer.h"

namespace enishi::transport {
namespace {

namespace fs = std::filesystem;
using testing::Peer;

class AdminTest : public ::testing::Test {
 protected:
  AdminTest() {
    std::string pattern = (fs::temp_directory_path() / "enishi-admin-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~AdminTest() override { fs::remove_all(directory_); }
  static AdminResponse echo(const AdminRequest& request) {
    if (request.target == "/throw") throw std::runtime_error("secret");
    return {201, "application/json",
            request.method + " " + request.target + " " + request.body + (request.over_tcp ? " tcp" : " unix")};
  }
  std::string directory_;
};

TEST_F(AdminTest, AnswersOverTheUnixSocketOfTheOwner) {
  AdminListener listener(echo);
  ASSERT_TRUE(listener.listen_unix(directory_));
  listener.start();
  const std::string path = directory_ + "/admin.sock";
  struct stat state {};
  ASSERT_EQ(::stat(path.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 07777, 0600u);
  for (int i = 0; i < 20; ++i) {
    const auto response = admin_request(path, "POST", "/invite", std::string(40'000, 'b'));
    ASSERT_TRUE(response) << response.error().message();
    EXPECT_EQ(response->status, 201u);
    EXPECT_EQ(response->content_type, "application/json");
    EXPECT_EQ(response->body, "POST /invite " + std::string(40'000, 'b') + " unix");
  }
  EXPECT_EQ(admin_request(path, "GET", "/throw", "")->status, 500u);
  EXPECT_EQ(admin_request(path, "GET", "/throw", "")->body.find("secret"), std::string::npos);
  EXPECT_EQ(admin_request(path, "DELETE", "/", "")->status, 405u);
  EXPECT_EQ(admin_request(path, "POST", "/", std::string(kAdminBodyBytesMax + 1, 'b'))->status, 413u);
  listener.stop();
  EXPECT_FALSE(fs::exists(path));
  listener.stop();
}

TEST_F(AdminTest, PathsLongerThanAnAddressHolds) {
  const std::string deep = directory_ + "/" + std::string(120, 'd') + "/" + std::string(120, 'e');
  fs::create_directories(deep);
  AdminListener listener(echo);
  ASSERT_TRUE(listener.listen_unix(deep));
  listener.start();
  const auto response = admin_request(deep + "/admin.sock", "GET", "/metrics", "");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "GET /metrics  unix");
  listener.stop();
  EXPECT_FALSE(fs::exists(deep + "/admin.sock"));
}

TEST_F(AdminTest, LeftoverOfACrashIsReplaced) {
  {
    AdminListener listener(echo);
    ASSERT_TRUE(listener.listen_unix(directory_));
    fs::rename(directory_ + "/admin.sock", directory_ + "/kept");
  }
  fs::rename(directory_ + "/kept", directory_ + "/admin.sock");
  EXPECT_EQ(core::errc_of(admin_request(directory_ + "/admin.sock", "GET", "/", "").error()), core::Errc::not_found);
  AdminListener next(echo);
  ASSERT_TRUE(next.listen_unix(directory_));
  next.start();
  EXPECT_TRUE(admin_request(directory_ + "/admin.sock", "GET", "/", ""));
}

TEST_F(AdminTest, NobodyThereAndNobodyAnswering) {
  EXPECT_EQ(core::errc_of(admin_request(directory_ + "/admin.sock", "GET", "/", "").error()), core::Errc::not_found);
  EXPECT_EQ(core::errc_of(admin_request(directory_ + "/no/admin.sock", "GET", "/", "").error()), core::Errc::not_found);
  AdminListener mute(echo);
  ASSERT_TRUE(mute.listen_unix(directory_));  // the backlog takes it, nobody serves
  const auto late = admin_request(directory_ + "/admin.sock", "GET", "/", "", std::chrono::milliseconds{20});
  EXPECT_EQ(core::errc_of(late.error()), core::Errc::too_late);
  EXPECT_FALSE(mute.listen_unix(directory_ + "/no"));
}

TEST_F(AdminTest, PortAnswersToLoopbackNamesAndNoPage) {
  AdminListener listener(echo);
  const auto port = listener.listen_loopback("127.0.0.1", 0);
  ASSERT_TRUE(port);
  listener.start();
  const auto ask = [&](const std::string& fields) {
    Peer peer = Peer::connect(*port);
    peer.send("GET /metrics HTTP/1.1\r\n" + fields + "\r\n");
    return peer.read_to_end().substr(0, 12);
  };
  EXPECT_EQ(ask("Host: 127.0.0.1:9464\r\n"), "HTTP/1.1 201");
  EXPECT_EQ(ask("Host: localhost\r\n"), "HTTP/1.1 201");
  EXPECT_EQ(ask("Host: evil.example\r\n"), "HTTP/1.1 403");
  EXPECT_EQ(ask(""), "HTTP/1.1 403");
  EXPECT_EQ(ask("Host: localhost\r\nOrigin: http://localhost\r\n"), "HTTP/1.1 403");
  AdminListener other(echo);
  EXPECT_EQ(core::errc_of(other.listen_loopback("127.0.0.1", *port).error()), core::Errc::address_in_use);
  EXPECT_EQ(core::errc_of(other.listen_loopback("0.0.0.0", 0).error()), core::Errc::address_not_allowed);
  EXPECT_EQ(core::errc_of(other.listen_loopback("here", 0).error()), core::Errc::bad_configuration);
}

}  // namespace
}  // namespace enishi::transport
