// Bad input through the command line: a clear error, and nothing lost.
#include <gmock/gmock.h>

#include <algorithm>

#include "integration/cli_people.h"
#include "support/small_disk.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class CliInput : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
  }
};

TEST_F(CliInput, AnUnknownASpentAndAnExpiredInvitationAreToldApart) {
  const auto refuse = [this](const std::string& url, const std::string& code) {
    refused("chie", {"join", "-", "--handle", "chie", "--device", "pc"}, 1, code, url + "\r\n");
  };
  refuse(daemon_.origin() + "/#i=" + std::string(22, 'A'), "INVITATION_UNKNOWN");
  refuse("not a link", "INVITATION_UNKNOWN");
  const auto once = one("aki", {"invite"})["url"].get<std::string>();
  one("dai", {"join", once, "--handle", "dai", "--device", "pc"});
  refuse(once, "INVITATION_SPENT");
  const auto brief = one("aki", {"invite", "--expires", "1s"});
  const auto& id = brief["id"];
  const auto is_over = [&] {
    const auto listed = ok("aki", {"invites"});
    return std::ranges::any_of(listed,
                               [&](const Json& each) { return each["id"] == id && each["state"] == "expired"; });
  };
  ASSERT_TRUE(wait_until(is_over));
  refuse(brief["url"], "INVITATION_EXPIRED");
  EXPECT_EQ(one("chie", {"join", daemon_.invite(), "--handle", "chie", "--device", "pc"})["handle"], "chie")
      << "the profile that was refused is of use still";
}

TEST_F(CliInput, ARepeatedClientIdIsKnownAfterAnyEnd) {
  const std::string id = "0f112233445566778899aabbccddeeff";
  auto first = one("aki", {"send", "@ben", "x", "--client-id", id});
  first["duplicate"] = true;
  for (const bool killed : {false, true}) {
    if (killed)
      daemon_.kill9();
    else
      ASSERT_EQ(daemon_.terminate(), 0);
    ASSERT_TRUE(daemon_.start()) << daemon_.log();
    EXPECT_EQ(one("aki", {"send", "@ben", "x", "--client-id", id}), first);
    refused("aki", {"send", "@ben", "y", "--client-id", id}, 1, "CLIENT_ID_REUSED");
    refused("aki", {"send", "self", "x", "--client-id", id}, 1, "CLIENT_ID_REUSED");
  }
  EXPECT_THAT(texts("ben", "@aki"), ElementsAre("x"));
}

TEST_F(CliInput, AHandleIsTakenOrMalformed) {
  const auto url = daemon_.invite();
  refused("x", {"join", url, "--handle", "aki", "--device", "pc"}, 1, "HANDLE_TAKEN");
  for (const std::string handle : {"a", "", "has space", "dash-ed", "日本", "aaaaaaaaaaaaaaaaaaaaaaaaa"})
    refused("x", {"join", url, "--handle", handle, "--device", "pc"}, 1, "BAD_HANDLE");
  for (const std::string name : {"", "\x1b[2J", "\xff"})
    refused("x", {"join", url, "--handle", "fumi", "--device", name}, 1, "BAD_NAME");
  EXPECT_EQ(one("x", {"join", url, "--handle", "fumi", "--device", "pc"})["handle"], "fumi")
      << "refusals use nothing up";
}

TEST_F(CliInput, TwoGroupsOfOneTitleCanBeToldApartInAListForPeople) {
  const auto first = one("aki", {"group", "new", "walk", "ben"})["id"].get<std::string>();
  const auto second = one("aki", {"group", "new", "walk"})["id"].get<std::string>();
  const auto done = run_command({program("enishi"), "--profile", profiles_ / "aki", "list"});
  EXPECT_THAT(done.out, HasSubstr(first + "  #walk"));
  EXPECT_THAT(done.out, HasSubstr(second + "  #walk"));
}

TEST_F(CliInput, AFullDiskUnderTheProfileIsToldAndPasses) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "this machine allows no mounts";
  const auto here = [&](const Words& words) {
    Words argv{program("enishi"), "--profile", disk.path() + "/chie", "--json"};
    argv.insert(argv.end(), words.begin(), words.end());
    return run_command(argv);
  };
  ASSERT_EQ(here({"join", daemon_.invite(), "--handle", "chie", "--device", "pc"}).exit, 0);
  disk.fill();
  for (const Words& words : {Words{"list"}, Words{"send", "self", "x"}, Words{"status"}}) {
    const auto done = here(words);
    EXPECT_EQ(done.exit, 4);
    EXPECT_EQ(lines_of(done.err).at(0)["code"], "STORE_FULL") << done.err;
  }
  disk.clear();
  EXPECT_EQ(here({"send", "self", "x"}).exit, 0);
}

/// Members before daemon: it must be there when the daemon's place is chosen.
class OnSmallDisk {
 protected:
  [[nodiscard]] DaemonProcess::Options on_disk() const {
    DaemonProcess::Options options;
    options.data = disk_.path() + "/data";
    return options;
  }
  SmallDisk disk_;
};

class CliFullDisk : private OnSmallDisk, public People {
 protected:
  CliFullDisk() : People(on_disk()) {}
  void SetUp() override {
    if (!disk_.is_mounted()) GTEST_SKIP() << "this machine allows no mounts";
    People::SetUp();
    join("aki");
    join("ben", "aki");
    one("aki", {"send", "@ben", "before"});
  }
  void fill() const { disk_.fill(); }
  void clear() const { disk_.clear(); }
};

TEST_F(CliFullDisk, ReadsGoOnAndWhatWasQueuedGoesOutWhenThereIsRoom) {
  fill();
  const std::string large(16'000, 'x');
  // What SQLite holds already may take a few more; then there is no page left for one.
  Finished sent;
  std::size_t committed = 0;
  for (; committed < 200; ++committed) {
    sent = run("aki", {"--timeout", "1s", "send", "@ben", "-"}, large);
    if (sent.exit != 0) break;
  }
  ASSERT_EQ(sent.exit, 3) << "the disk never filled up";
  EXPECT_EQ(lines_of(sent.out).at(0)["state"], "queued");
  EXPECT_THAT(ok("ben", {"read", "@aki", "--limit", "1000"}), SizeIs(committed + 1));
  const auto error = refused("ben", {"--timeout", "1s", "invite"}, 1, "STORE_FULL");
  EXPECT_GT(error["retry_after_ms"], 0);

  clear();
  const auto is_out = [this] {
    ok("aki", {"list"});
    return one("aki", {"status"})["outbox"] == 0;
  };
  ASSERT_TRUE(wait_until(is_out));
  EXPECT_THAT(ok("ben", {"read", "@aki", "--limit", "1000"}), SizeIs(committed + 2)) << "once";
  EXPECT_EQ(one("ben", {"invite"})["state"], "open");
}

}  // namespace
}  // namespace enishi::test
