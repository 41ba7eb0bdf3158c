#include "transport/http/head.h"

#include <gtest/gtest.h>

namespace enishi::transport::http {
namespace {

using State = RequestReader::State;

const std::string kUpgrade =
    "GET /v1/connect?x=1 HTTP/1.1\r\nHost: chat.example\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: other, enishi.v1\r\nOrigin: https://chat.example\r\n\r\n";

Request read(const std::string& text) {
  RequestReader reader({});
  EXPECT_EQ(reader.feed(text), State::done) << text;
  return reader.take_request();
}

unsigned status_of(const std::string& text, HeadLimits limits = {}) {
  RequestReader whole(limits);
  EXPECT_EQ(whole.feed(text), State::refused) << text.substr(0, 200);
  RequestReader chopped(limits);
  auto state = State::unfinished;
  for (std::size_t i = 0; i < text.size() && state == State::unfinished; ++i) state = chopped.feed(text.substr(i, 1));
  EXPECT_EQ(state, State::refused);
  return whole.status();
}

unsigned upgrade_status(const std::string& from, const std::string& to) {
  std::string text = kUpgrade;
  text.replace(text.find(from), from.size(), to);
  unsigned status = 0;
  EXPECT_FALSE(read_upgrade(read(text), status)) << to;
  return status;
}

TEST(RequestReader, ReadsAHeadInOneOrInBytesAndKeepsWhatFollows) {
  RequestReader whole({}), chopped({});
  EXPECT_EQ(whole.feed(kUpgrade + "rest"), State::done);
  EXPECT_EQ(whole.take_rest(), "rest");
  for (std::size_t i = 0; i + 1 < kUpgrade.size(); ++i)
    ASSERT_EQ(chopped.feed(kUpgrade.substr(i, 1)), State::unfinished);
  EXPECT_EQ(chopped.feed("\n"), State::done);
  const Request a = whole.take_request(), b = chopped.take_request();
  EXPECT_EQ(a.target, "/v1/connect?x=1");
  EXPECT_EQ(a.path(), "/v1/connect");
  EXPECT_EQ(a.method, "GET");
  EXPECT_EQ(a.fields, b.fields);
  EXPECT_EQ(a.field("HOST"), "chat.example");
  EXPECT_TRUE(a.lists("connection", "upgrade"));
}

TEST(RequestReader, RefusesWhatIsNotHttpOrTooLarge) {
  EXPECT_EQ(status_of("hello\r\n\r\n"), 400u);
  EXPECT_EQ(status_of(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)), 400u);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\n\r\n"), 400u);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nBad Name: x\r\n\r\n"), 400u);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'a') + "\r\n\r\n"), 431u);
  EXPECT_EQ(status_of("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n\r\n"), 431u);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 65; ++i) many += "a: b\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431u);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400u);
}

TEST(RequestReader, BodiesOnlyWhereTheyAreWantedAndNeverInChunks) {
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"), 413u);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 400u);
  const HeadLimits limits{.body_bytes_max = 5};
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nhello!", limits), 413u);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", limits), 400u);
  RequestReader reader(limits);
  EXPECT_EQ(reader.feed("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe"), State::unfinished);
  EXPECT_EQ(reader.feed("llo"), State::done);
  EXPECT_EQ(reader.take_request().body, "hello");
}

TEST(Upgrade, TakesACorrectOne) {
  unsigned status = 0;
  const auto upgrade = read_upgrade(read(kUpgrade), status);
  ASSERT_TRUE(upgrade);
  EXPECT_TRUE(upgrade->offers_enishi);
  EXPECT_EQ(upgrade->first_subprotocol, "other");
  EXPECT_EQ(upgrade->origin, "https://chat.example");
  // The example of RFC 6455 section 1.3.
  EXPECT_EQ(accept_of(upgrade->key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const std::string response = upgrade_response(*upgrade, "enishi.v1");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 101 "));
  EXPECT_NE(response.find("Sec-WebSocket-Protocol: enishi.v1\r\n"), std::string::npos);
  EXPECT_TRUE(response.ends_with("\r\n\r\n"));
}

TEST(Upgrade, SaysWhatIsWrong) {
  EXPECT_EQ(upgrade_status("upgrade: WebSocket", "upgrade: h2c"), 426u);
  EXPECT_EQ(upgrade_status("keep-alive, Upgrade", "keep-alive"), 426u);
  EXPECT_EQ(upgrade_status("Version: 13", "Version: 8"), 426u);
  EXPECT_EQ(upgrade_status("dGhlIHNhbXBsZSBub25jZQ==", "short=="), 400u);
  EXPECT_EQ(upgrade_status("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQQQ"), 400u);
  EXPECT_EQ(upgrade_status("HTTP/1.1", "HTTP/1.0"), 400u);
  EXPECT_EQ(upgrade_status("Host: chat.example\r\n", ""), 400u);
  EXPECT_EQ(upgrade_status("GET", "HEAD"), 400u);
}

TEST(Upgrade, SubprotocolIsComparedWithCase) {
  std::string text = kUpgrade;
  text.replace(text.find("enishi.v1"), 9, "Enishi.v1");
  unsigned status = 0;
  const auto upgrade = read_upgrade(read(text), status);
  ASSERT_TRUE(upgrade);
  EXPECT_FALSE(upgrade->offers_enishi);
}

TEST(Responses, AreNeverSniffedIndexedOrKept) {
  const std::string head = plain_response(404, "not found\n", true);
  for (const char* field : {"X-Content-Type-Options: nosniff\r\n", "X-Robots-Tag: noindex",
                            "Cache-Control: no-store\r\n", "Content-Length: 10\r\n", "Connection: close\r\n"})
    EXPECT_NE(head.find(field), std::string::npos) << field;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_TRUE(plain_response(200, "ok\n").ends_with("\r\n\r\nok\n"));
}

TEST(Responses, CanBeReadAgain) {
  const auto response = parse_response(plain_response(503, "later", false, "application/json"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503u);
  EXPECT_EQ(response->body, "later");
  EXPECT_EQ(response->content_type, "application/json");
  EXPECT_FALSE(parse_response("nonsense"));
  EXPECT_FALSE(parse_response(""));
}

TEST(Names, LoopbackOnes) {
  for (const char* host :
       {"localhost", "LOCALHOST:80", "chat.localhost:1", "127.0.0.1", "127.9.8.7:8470", "[::1]", "[::1]:80"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host : {"", "example.org", "127.0.0.1.example.org", "localhost.example.org", "notlocalhost", "[::2]",
                           "[::1", "[::1]x", "128.0.0.1", "127.1", "10.0.0.1:80"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(Names, Origins) {
  const std::vector<std::string> named{"https://chat.example"};
  EXPECT_TRUE(is_allowed_origin("https://chat.example", named));
  EXPECT_FALSE(is_allowed_origin("http://chat.example", named));
  EXPECT_FALSE(is_allowed_origin("https://chat.example.org", named));
  EXPECT_FALSE(is_allowed_origin("http://localhost:8470", named));
  EXPECT_FALSE(is_allowed_origin("null", {"loopback"}));
  EXPECT_TRUE(is_allowed_origin("http://localhost:8470", {"loopback"}));
  EXPECT_TRUE(is_allowed_origin("https://127.0.0.1", {"x", "loopback"}));
  EXPECT_FALSE(is_allowed_origin("https://evil.example", {"loopback"}));
}

}  // namespace
}  // namespace enishi::transport::http
