#include "cpp/links.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace enishi::client {
namespace {

TEST(Origin, TextIsWhatIsDialled) {
  for (const char* text : {"http://127.0.0.1:8470", "http://friends.example", "https://friends.example:8443",
                           "http://[::1]:8470", "https://a-b.example"}) {
    const auto origin = Origin::parse(text);
    ASSERT_TRUE(origin) << text;
    EXPECT_EQ(origin->text(), text);
  }
  EXPECT_EQ(Origin::parse("http://Friends.Example:80/")->text(), "http://friends.example");
  EXPECT_EQ(Origin::parse("https://x:443")->text(), "https://x");
}

TEST(Origin, RefusesWhatIsNone) {
  for (const char* text :
       {"", "127.0.0.1:8470", "ftp://x", "http://", "http://:80", "http://x:", "http://x:0", "http://x:65536",
        "http://x:8a", "http://x/path", "http://user@x", "http://[::1", "http://x y", "http://[::1]8470"})
    EXPECT_FALSE(Origin::parse(text)) << text;
}

TEST(Origin, LocalhostIsNeverLookedUp) {
  const std::vector<std::string> loopback{"127.0.0.1", "::1"};
  EXPECT_EQ(Origin::parse("https://localhost:8470")->loopback(), loopback);
  EXPECT_EQ(Origin::parse("http://Chat.LOCALHOST")->loopback(), loopback);
  for (const char* other : {"http://localhost.example.org", "http://notlocalhost", "http://127.0.0.1"})
    EXPECT_TRUE(Origin::parse(other)->loopback().empty()) << other;
}

TEST(Link, ReadsWhatItWrites) {
  scene::SeededEntropy entropy;
  for (int i = 0; i < 200; ++i) {
    const Link link{i % 2 == 0 ? LinkKind::invitation : LinkKind::pairing, *Origin::parse("http://127.0.0.1:8470"),
                    make_secret(entropy)};
    const auto text = link.text();
    EXPECT_EQ(text.size(), std::string("http://127.0.0.1:8470/#i=").size() + 22);
    const auto read = Link::parse("  " + text + "\r\n");
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->kind, link.kind);
    EXPECT_EQ(read->origin, link.origin);
    EXPECT_EQ(read->secret, link.secret);
  }
}

TEST(Link, RefusesWhatIsNone) {
  const std::string secret = to_base64url(std::string(16, '\x5A'));
  for (const std::string& text :
       {std::string(), std::string(" "), "http://x/#q=" + secret, "http://x/#i=" + secret + "A",
        "http://x/#i=" + secret.substr(1), "http://x#i=" + secret, "x/#i=" + secret,
        "http://x/#i=" + secret.substr(0, 21) + "=", "http://x/#i=" + secret.substr(0, 21) + "/"})
    EXPECT_FALSE(Link::parse(text)) << text;
}

TEST(Base64Url, VectorsOfRfc4648) {
  EXPECT_EQ(to_base64url(""), "");
  EXPECT_EQ(to_base64url("f"), "Zg");
  EXPECT_EQ(to_base64url("fo"), "Zm8");
  EXPECT_EQ(to_base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
  EXPECT_EQ(*from_base64url("Zm8"), "fo");
  EXPECT_FALSE(from_base64url("Zm9"));  // its last bits are not zero
  EXPECT_FALSE(from_base64url("Z"));
}

}  // namespace
}  // namespace enishi::client
