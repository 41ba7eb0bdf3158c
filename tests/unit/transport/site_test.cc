// Files in memory, and what is said about them. No sockets.
#include "transport/site/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.h"
#include "transport/site/serving.h"

namespace enishi::transport {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

http::Request request(const std::string& more = {}, const std::string& method = "GET") {
  http::RequestReader reader({});
  EXPECT_EQ(reader.feed(method + " / HTTP/1.1\r\nHost: x\r\n" + more + "\r\n"), http::RequestReader::State::done);
  return reader.take_request();
}

/// The coding in which a file of three forms is sent.
std::string coding_for(const std::string& accepted) {
  const auto site = Site::make({{"a.js", std::string(99, 'x')}, {"a.js.gz", "gzip"}, {"a.js.br", "br"}});
  const auto answer = file_answer(*site->find("/a.js"), request("Accept-Encoding: " + accepted + "\r\n"), "", true);
  EXPECT_THAT(answer.head, HasSubstr("Vary: Accept-Encoding\r\n"));
  EXPECT_EQ(answer.body.size() == 99, answer.head.find("Content-Encoding") == std::string::npos);
  return answer.body.size() == 99 ? "plain" : std::string(answer.body);
}

std::string caching_of(const std::string& path) {
  return std::string(Site::make({{path, "x"}})->find("/" + path)->caching);
}

TEST(Site, FindsByTheExactPathAndNothingElse) {
  const auto site = Site::make({{"index.html", "<p>"}, {"assets/app-1.js", "1"}});
  EXPECT_EQ(site->find("/"), site->find("/index.html"));
  ASSERT_NE(site->find("/assets/app-1.js"), nullptr);
  for (const auto* path :
       {"", "index.html", "//", "//index.html", "/assets", "/assets/", "/./index.html", "/assets/../index.html",
        "/%69ndex.html", "/index.html/", "/index.html\\", "\\index.html", "/INDEX.HTML", "/../etc/passwd"})
    EXPECT_EQ(site->find(path), nullptr) << path;
  EXPECT_EQ(site->find(std::string_view("/index.html\0", 12)), nullptr);
}

TEST(Site, FormsBelongToTheirFileAndAreNoFilesThemselves) {
  const auto site = Site::make({{"a.js", "long enough"}, {"a.js.gz", "g"}, {"a.js.br", "b"}, {"lone.gz", "z"}});
  EXPECT_EQ(site->find("/a.js.gz"), nullptr);
  EXPECT_EQ(site->find("/a.js.br"), nullptr);
  EXPECT_NE(site->find("/lone.gz"), nullptr) << "nobody's form";
  const auto& file = *site->find("/a.js");
  EXPECT_EQ(file.gzip.bytes, "g");
  EXPECT_EQ(file.brotli.bytes, "b");
  EXPECT_NE(file.plain.etag, file.gzip.etag);
  EXPECT_NE(file.gzip.etag, file.brotli.etag);
  EXPECT_EQ(site->file_count(), 2u);
  EXPECT_EQ(site->byte_count(), 14u);
}

TEST(Site, AFormThatIsNotSmallerIsLeftOut) {
  const auto site = Site::make({{"a.svg", "abc"}, {"a.svg.gz", "abc"}, {"a.svg.br", "abcd"}});
  EXPECT_FALSE(site->find("/a.svg")->gzip.is_there());
  EXPECT_FALSE(site->find("/a.svg")->brotli.is_there());
}

TEST(Site, TagsFollowTheBytes) {
  const auto tag = [](const std::string& bytes) { return Site::make({{"a", bytes}})->find("/a")->plain.etag; };
  EXPECT_EQ(tag("one"), tag("one"));
  EXPECT_NE(tag("one"), tag("two"));
  EXPECT_THAT(tag(""), SizeIs(34));
  EXPECT_EQ(tag("x").front(), '"') << "strong";
}

TEST(Site, TypesAndCaching) {
  const auto type = [](const std::string& path) { return Site::make({{path, "x"}})->find("/" + path)->content_type; };
  EXPECT_EQ(type("a.html"), "text/html; charset=utf-8");
  EXPECT_EQ(type("a.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(type("a.css"), "text/css; charset=utf-8");
  EXPECT_EQ(type("manifest.webmanifest"), "application/manifest+json");
  EXPECT_EQ(type("a.svg"), "image/svg+xml");
  EXPECT_EQ(type("a.png"), "image/png");
  EXPECT_EQ(type("a.strange"), "application/octet-stream");
  EXPECT_EQ(caching_of("index.html"), "no-store");
  EXPECT_EQ(caching_of("assets/a-1.js"), "public, max-age=31536000, immutable");
  EXPECT_EQ(caching_of("sw.js"), "no-cache");
  EXPECT_EQ(caching_of("manifest.webmanifest"), "no-cache");
}

TEST(Site, IsReadFromADirectoryAndNothingLeadsOutOfIt) {
  const test::TempDir dir, outside;
  const auto secret = outside.write("secret", "s");
  std::filesystem::create_directories(dir.path() / "web/assets/deep");
  std::filesystem::create_directories(dir.path() / "web/.git");
  for (const auto* name : {"web/index.html", "web/assets/a.js", "web/assets/a.js.br", "web/assets/deep/b.css",
                           "web/.hidden", "web/.git/config", "web/with space", "web/50%"})
    dir.write(name, name);
  std::filesystem::create_symlink(secret, dir.path() / "web/link");
  std::filesystem::create_directory_symlink(outside.path(), dir.path() / "web/folder");
  std::filesystem::create_directory_symlink(dir.path() / "web", dir.path() / "there");
  auto loaded = Site::load(dir / "there");
  ASSERT_NE(loaded.site, nullptr) << loaded.problem;
  EXPECT_NE(loaded.site->find("/assets/deep/b.css"), nullptr);
  EXPECT_EQ(loaded.site->file_count(), 3u) << "and a.js.br, which is a form of one of them";
  for (const auto* path : {"/link", "/folder/secret", "/.hidden", "/.git/config", "/with space", "/50%"})
    EXPECT_EQ(loaded.site->find(path), nullptr) << path;
  EXPECT_THAT(loaded.warnings, SizeIs(6));
}

TEST(Site, ADirectoryThatIsNoClientIsNamedWithWhy) {
  const test::TempDir dir;
  EXPECT_THAT(Site::load(dir / "none").problem, HasSubstr("is no directory"));
  EXPECT_THAT(Site::load(dir.write("file", "x")).problem, HasSubstr("is no directory"));
  EXPECT_THAT(Site::load(dir.path().string()).problem, HasSubstr("holds no index.html"));
  dir.write("index.html", "<p>");
  EXPECT_THAT(Site::load(dir.path().string()).warnings, IsEmpty());
  std::filesystem::resize_file(dir.write("vast", ""), 65u << 20);
  EXPECT_THAT(Site::load(dir.path().string()).problem, HasSubstr("64 MiB"));
}

TEST(Site, TooManyFilesAreNoClient) {
  const test::TempDir dir;
  dir.write("index.html", "");
  for (int i = 0; i < 2000; ++i) dir.write("f" + std::to_string(i), "");
  EXPECT_THAT(Site::load(dir.path().string()).problem, HasSubstr("2000 files"));
}

TEST(FileAnswer, TheCodingIsTheSmallestThatIsAccepted) {
  EXPECT_EQ(coding_for("gzip, deflate, br, zstd"), "br");
  EXPECT_EQ(coding_for("gzip, deflate"), "gzip");
  EXPECT_EQ(coding_for("GZIP"), "gzip");
  EXPECT_EQ(coding_for("br;q=0, gzip;q=0.5"), "gzip");
  EXPECT_EQ(coding_for("br;q=0.4 , gzip; q=0.5"), "gzip");
  EXPECT_EQ(coding_for("*"), "br");
  EXPECT_EQ(coding_for("*;q=0"), "plain");
  EXPECT_EQ(coding_for("*, br;q=0"), "gzip");
  EXPECT_EQ(coding_for("identity"), "plain");
  EXPECT_EQ(coding_for("brotli, gzipped"), "plain");
  for (const auto* odd : {"", ",", ";", "br;", "br;q=", "br;q=x", "br;q=2", "br;q=0.0000", "gzip;Q=0.000"})
    EXPECT_EQ(coding_for(odd), "plain") << odd;
}

TEST(FileAnswer, WithoutTheFieldThePlainFormIsSent) {
  const auto site = Site::make({{"a.js", std::string(99, 'x')}, {"a.js.br", "br"}});
  EXPECT_THAT(file_answer(*site->find("/a.js"), request(), "", true).body, SizeIs(99));
}

TEST(FileAnswer, WhatIsHeldIsNotSentAgain) {
  const auto site = Site::make({{"a.js", std::string(99, 'x')}, {"a.js.br", "br"}});
  const auto& file = *site->find("/a.js");
  const auto ask = [&](const std::string& more) { return file_answer(file, request(more), "Field: 1\r\n", true); };
  for (const auto& value :
       {file.plain.etag, "W/" + file.plain.etag, "\"other\", " + file.plain.etag, std::string("*")}) {
    const auto answer = ask("If-None-Match: " + value + "\r\n");
    EXPECT_THAT(answer.head, ::testing::StartsWith("HTTP/1.1 304 Not Modified\r\n")) << value;
    EXPECT_THAT(answer.head, HasSubstr("ETag: " + file.plain.etag + "\r\n"));
    EXPECT_THAT(answer.head, HasSubstr("Cache-Control: no-cache\r\n"));
    EXPECT_THAT(answer.head, HasSubstr("Field: 1\r\n"));
    EXPECT_THAT(answer.head, Not(HasSubstr("Content-Length")));
    EXPECT_THAT(answer.body, IsEmpty());
  }
  EXPECT_THAT(ask("If-None-Match: \"other\"\r\n").body, SizeIs(99));
  EXPECT_THAT(ask("Accept-Encoding: br\r\nIf-None-Match: " + file.plain.etag + "\r\n").head, HasSubstr(" 200 "))
      << "another form";
}

TEST(FileAnswer, HeadHasTheSameHeadAndNoBody) {
  const auto site = Site::make({{"index.html", "<p>hello"}});
  const auto get = file_answer(*site->find("/"), request(), "", true);
  const auto head = file_answer(*site->find("/"), request("", "HEAD"), "", true);
  EXPECT_EQ(head.head, get.head);
  EXPECT_THAT(head.body, IsEmpty());
  EXPECT_THAT(head.head, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(file_answer(*site->find("/"), request(), "", false).head, HasSubstr("Connection: close\r\n"));
}

TEST(BrowserFields, NameTheSocketOfEachOriginAndNoOtherPlace) {
  const auto fields = browser_fields({"loopback", "https://chat.example.org", "http://10.0.0.1:8470"});
  EXPECT_THAT(fields, HasSubstr("default-src 'none'; "));
  EXPECT_THAT(fields, HasSubstr("connect-src 'self' wss://chat.example.org ws://10.0.0.1:8470\r\n"));
  EXPECT_THAT(browser_fields({"loopback"}), HasSubstr("connect-src 'self'\r\n"));
  EXPECT_THAT(fields, Not(HasSubstr("unsafe")));
  EXPECT_THAT(fields, Not(HasSubstr("*")));
}

}  // namespace
}  // namespace enishi::transport
