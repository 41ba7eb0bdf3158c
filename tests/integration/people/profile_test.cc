// Names, colours, pictures and who is in a conversation, by the command line.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "integration/cli_people.h"

namespace enishi::test {
namespace {

using namespace std::string_literals;

std::string chunk(const std::string& type, const std::string& data) {
  const auto size = static_cast<std::uint32_t>(data.size());
  std::string bytes;
  for (const auto shift : {24U, 16U, 8U, 0U}) bytes.push_back(static_cast<char>(size >> shift & 0xFFU));
  return bytes + type + data + "CRC!";
}
const std::string kPng =
    "\x89PNG\r\n\x1A\n" + chunk("IHDR", "0123456789012") + chunk("IDAT", "pixels\0and more"s) + chunk("IEND", "");

class CliProfile : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
    join("cho", "aki");  // no tie with ben
  }
  Json tie(const std::string& profile, const std::string& handle) {
    for (auto& each : ok(profile, {"ties"}))
      if (each["handle"] == handle) return each;
    return nullptr;
  }
  std::string file(const std::string& name, const std::string& bytes) {
    const std::string path = profiles_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

TEST_F(CliProfile, AChangeIsSeenByATieAndByNobodyElse) {
  pair("ben", "ben-pc");
  EXPECT_EQ(one("ben", {"profile"}),
            Json({{"handle", "ben"}, {"name", "ben"}, {"hue", 0}, {"picture", nullptr}, {"device", "phone"}}));
  Watching watching(command("aki", {"watch"}));
  watching.next({{"type", "ready"}});
  const auto changed = one("ben", {"profile", "--name", "Ben M.", "--hue", "200"});
  EXPECT_EQ(changed["name"], "Ben M.");
  EXPECT_EQ(changed["hue"], 200);
  EXPECT_EQ(watching.next({{"type", "tie"}, {"handle", "ben"}})["name"], "Ben M.");
  EXPECT_EQ(watching.end(), 0);
  EXPECT_EQ(tie("aki", "ben")["hue"], 200);
  EXPECT_TRUE(tie("cho", "ben").is_null());
  EXPECT_EQ(one("ben-pc", {"profile"})["name"], "Ben M.") << "all his devices know";
  EXPECT_EQ(one("ben", {"profile", "--hue", "0"})["name"], "Ben M.") << "the other stays";
  bool found = false;
  for (const auto& each : ok("aki", {"list"}))
    if (each["chat"] == "@ben") found = each["title"] == "Ben M.";
  EXPECT_TRUE(found);
  // Who is asked for a tie sees who asks; who asks sees no name before he is answered.
  one("cho", {"tie", "ask", "ben"});
  EXPECT_EQ(tie("cho", "ben")["name"], "");
  EXPECT_EQ(tie("ben", "cho")["name"], "cho");
}

TEST_F(CliProfile, APictureGoesThereAndBack) {
  const auto path = file("me.png", kPng);
  const auto shown = one("ben", {"profile", "--picture", path});
  EXPECT_EQ(shown["picture"].get<std::string>().size(), 32U);
  EXPECT_EQ(tie("aki", "ben")["picture"], shown["picture"]);
  const std::string out = profiles_ / "got.png";
  const auto got = one("aki", {"picture", "@ben", "--out", out});
  EXPECT_EQ(got["picture"], shown["picture"]);
  EXPECT_EQ(got["bytes"], kPng.size());
  EXPECT_EQ(bytes_of(out), kPng);
  EXPECT_EQ(one("aki", {"picture", "ben"})["data"].get<std::string>().substr(0, 12), "iVBORw0KGgoA");
  const auto raw = run_command({program("enishi"), "--profile", profiles_ / "aki", "picture", "ben"});
  EXPECT_EQ(raw.out, kPng) << "to a pipe as it is";
  EXPECT_EQ(one("ben", {"picture", "ben"})["bytes"], kPng.size()) << "his own";
  refused("cho", {"picture", "ben"}, 1, "NOT_FOUND");
  one("aki", {"group", "new", "tea", "ben", "cho"});
  EXPECT_EQ(one("cho", {"picture", "ben"})["picture"], shown["picture"]) << "they are in a group";
  EXPECT_TRUE(one("ben", {"profile", "--no-picture"})["picture"].is_null());
  refused("aki", {"picture", "ben"}, 1, "NOT_FOUND");
}

TEST_F(CliProfile, NothingOfTheCameraIsSent) {
  const auto told = "\x89PNG\r\n\x1A\n" + chunk("IHDR", "0123456789012") + chunk("eXIf", "where I live") +
                    chunk("IDAT", "pixels\0and more"s) + chunk("IEND", "");
  one("ben", {"profile", "--picture", "-"}, told);
  const std::string out = profiles_ / "got.png";
  one("aki", {"picture", "ben", "--out", out});
  EXPECT_EQ(bytes_of(out), kPng);
}

TEST_F(CliProfile, WhatIsNoPictureIsRefusedBeforeItIsSent) {
  const auto large = "\x89PNG\r\n\x1A\n" + chunk("IDAT", std::string(25'000, 'x')) + chunk("IEND", "");
  refused("ben", {"profile", "--picture", file("large.png", large)}, 1, "BODY_TOO_LARGE");
  refused("ben", {"profile", "--picture", file("a.gif", "GIF89a and more")}, 1, "BAD_REQUEST");
  refused("ben", {"profile", "--picture", file("half.png", kPng.substr(0, 30))}, 1, "BAD_REQUEST");
  refused("ben", {"profile", "--picture", profiles_ / "none.png"}, 2, "USAGE");
  refused("ben", {"profile", "--picture", "x", "--no-picture"}, 2, "USAGE");
  refused("ben", {"profile", "--hue", "361"}, 2, "USAGE");
  refused("ben", {"profile", "--name", " "}, 1, "BAD_NAME");
  EXPECT_TRUE(one("ben", {"profile"})["picture"].is_null());
}

TEST_F(CliProfile, WhoIsInAConversation) {
  one("ben", {"profile", "--name", "Ben M.", "--hue", "10"});
  one("aki", {"group", "new", "tea", "ben", "cho"});
  const auto members = ok("cho", {"members", "#tea"});
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0]["handle"], "aki");
  EXPECT_EQ(members[0]["owner"], true);
  EXPECT_EQ(members[1], Json({{"chat", "#tea"},
                              {"handle", "ben"},
                              {"name", "Ben M."},
                              {"hue", 10},
                              {"picture", nullptr},
                              {"owner", false}}));
  EXPECT_EQ(ok("aki", {"members", "@ben"}).size(), 2U);
  EXPECT_EQ(ok("aki", {"members", "self"}).size(), 1U);
  join("dai", "aki");
  refused("dai", {"members", "#tea"}, 1, "NOT_FOUND");
}

}  // namespace
}  // namespace enishi::test
