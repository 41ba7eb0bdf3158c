// A wall clock that jumps under the real daemon: order, numbers and markers do not depend on it.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "integration/cli_people.h"

namespace enishi::test {
namespace {

using ::testing::SizeIs;

constexpr long kHour = 3600, kYear = 365 * 24 * kHour;

/// Before the daemon: its environment names the file.
class JumpingClock {
 protected:
  [[nodiscard]] DaemonProcess::Options jumping() const {
    DaemonProcess::Options options;
    options.environment = {{"LD_PRELOAD", program("tests/strange_system.so")},
                           {"ENISHI_CLOCK_FILE", clock_ / "off"},
                           {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
    return options;
  }
  /// At once for all that look.
  void jump(long seconds) const {
    std::filesystem::rename(clock_.write("next", std::to_string(seconds)), clock_ / "off");
  }

 private:
  TempDir clock_;
};

class CliClock : private JumpingClock, public People {
 protected:
  CliClock() : People(jumping()) {}
  void SetUp() override {
    ASSERT_EQ(access(program("tests/strange_system.so").c_str(), R_OK), 0);
    People::SetUp();
    join("aki");
    join("ben", "aki");
  }
  void jump_to(long seconds) const { jump(seconds); }
  [[nodiscard]] int unread_of(const std::string& profile, const std::string& chat) const {
    for (const auto& each : ok(profile, {"list"}))
      if (each["chat"] == chat) return each["unread"];
    return -1;
  }
};

TEST_F(CliClock, JumpsDisturbNoOrderNoNumberAndNoSession) {
  Watching watch(command("ben", {"watch"}));
  ASSERT_NE(watch.next({{"type", "ready"}}), nullptr);
  const auto invitation = one("aki", {"invite", "--expires", "2h"});
  unsigned seq = 0;
  for (const long off : {3 * kHour, -5 * kHour, kYear, -20 * kYear, 0L}) {
    jump_to(off);
    const auto sent = one("aki", {"send", "@ben", std::to_string(off)});
    EXPECT_EQ(sent["seq"], ++seq) << off;
    EXPECT_NE(watch.next({{"type", "message"}, {"seq", seq}, {"text", std::to_string(off)}}), nullptr) << off;
    EXPECT_EQ(unread_of("ben", "@aki"), 1) << off;
    EXPECT_EQ(one("ben", {"mark", "@aki"})["unread"], 0) << off;
  }
  EXPECT_EQ(watch.end(), 0);
  EXPECT_EQ(one("chie", {"join", invitation["url"], "--handle", "chie", "--device", "pc"})["inviter"], "aki")
      << "what was over in the future is not over now";
}

TEST_F(CliClock, ARestartInThePastLosesNothing) {
  one("aki", {"send", "@ben", "now"});
  daemon_.kill9();
  jump_to(-kYear);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  EXPECT_EQ(one("aki", {"send", "@ben", "a year ago"})["seq"], 2);
  EXPECT_THAT(ok("ben", {"read", "@aki"}), SizeIs(2));
  EXPECT_EQ(pair("aki", "aki-pc")["device"], "aki-pc");
  EXPECT_THAT(ok("aki-pc", {"read", "@ben"}), SizeIs(2));
}

}  // namespace
}  // namespace enishi::test
