// A conversation goes on at another device: commands, watchers and screens of one member, real processes.
#include <gmock/gmock.h>

#include "integration/cli_people.h"
#include "support/terminal/pseudo_terminal.h"

namespace enishi::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CliBaton : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
    pair("aki", "pc");
    for (int i = 1; i <= 40; ++i) one("ben", {"send", "@aki", "line " + std::to_string(i)});
    for (const auto* device : {"aki", "pc"}) ok(device, {"list"});
  }
  [[nodiscard]] Words chat(const std::string& profile, const Words& more = {}) const {
    Words words{program("enishi"), "--profile", profiles_ / profile, "chat"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // What is on a screen is known to the daemon a moment later.
  static constexpr const char* kNothing = "no other device of yours has a conversation open";
  [[nodiscard]] Json take_over() const {
    for (int tries = 0; tries < 100; ++tries) {
      const auto done = run("aki", {"baton", "--here", "--timeout", "60s"});
      if (done.exit == 0) return lines_of(done.out).at(0);
      EXPECT_THAT(done.err, HasSubstr(kNothing));
    }
    return Json::object();
  }
  static bool takes_over(PseudoTerminal& screen, const std::string& wanted) {
    for (int tries = 0; tries < 100; ++tries) {
      screen.type("/here\r");
      const auto shows = [&](const Screen& seen, const std::string& text) {
        return seen.text().find(text) != std::string::npos;
      };
      const bool any =
          screen.wait_for([&](const Screen& seen) { return shows(seen, wanted) || shows(seen, kNothing); });
      if (!any || shows(screen.screen(), wanted)) return any;
    }
    return false;
  }
};

TEST_F(CliBaton, AScreenOpensItAtThatMessage) {
  PseudoTerminal pc(chat("pc"), 14, 80);
  ASSERT_TRUE(pc.shows("connected")) << pc.screen().text();
  Watching ben(command("ben", {"watch"}));
  ASSERT_FALSE(ben.next({{"type", "ready"}}).is_null());
  const auto done = one("aki", {"baton", "pc", "@ben", "--anchor", "5", "--timeout", "60s"});
  EXPECT_EQ(done, Json({{"device", "pc"}, {"chat", "@ben"}, {"anchor", 5}, {"taken", true}}));
  ASSERT_TRUE(pc.shows("continued from phone")) << pc.screen().text();
  EXPECT_THAT(pc.screen().row(1), HasSubstr("line 5")) << pc.screen().text();
  EXPECT_THAT(pc.screen().text(), Not(HasSubstr("line 4\n")));
  one("aki", {"send", "@ben", "seen by ben"});
  EXPECT_EQ(ben.next({{"type", "message"}})["text"], "seen by ben");
  EXPECT_EQ(ben.end(), 0);
  pc.type("\x03");
  EXPECT_EQ(pc.wait(), 0);
}

TEST_F(CliBaton, WithoutAConversationTheLastOneGoesThere) {
  one("aki", {"send", "self", "later than ben"});
  PseudoTerminal pc(chat("pc", {"@ben"}), 14, 80);
  ASSERT_TRUE(pc.shows("connected")) << pc.screen().text();
  EXPECT_EQ(one("aki", {"baton", "pc", "--timeout", "60s"})["chat"], "self");
  ASSERT_TRUE(pc.shows("continued from phone")) << pc.screen().text();
  EXPECT_THAT(pc.screen().row(0), HasSubstr("Notes to self"));
  const auto said = run_command({program("enishi"), "--profile", profiles_ / "aki", "baton", "pc", "@ben"});
  EXPECT_EQ(said.out, "continued on pc\n") << said.err;
  EXPECT_EQ(said.exit, 0);
}

TEST_F(CliBaton, WhoIsToldAndDoesNotOpenItIsSaidSo) {
  Watching pc(command("pc", {"watch"}));
  ASSERT_FALSE(pc.next({{"type", "ready"}}).is_null());
  const auto done = run("aki", {"baton", "pc", "@ben", "--timeout", "3s"});
  EXPECT_EQ(done.exit, 3);
  EXPECT_EQ(lines_of(done.out).at(0)["taken"], false);
  EXPECT_THAT(lines_of(done.err).at(0)["text"].get<std::string>(), HasSubstr("pc was told but has not opened it"));
  const auto passed = pc.next({{"type", "baton"}});
  EXPECT_EQ(passed["change"], "passed");
  EXPECT_EQ(passed["chat"], "@ben");
  EXPECT_EQ(passed["anchor"], 0);
  EXPECT_EQ(passed["from_device"], "phone");
  EXPECT_EQ(pc.end(), 0);
}

TEST_F(CliBaton, RefusalsAreSaid) {
  EXPECT_THAT(refused("aki", {"baton", "pc", "@ben"}, 1, "DEVICE_AWAY")["text"].get<std::string>(),
              HasSubstr("not connected"));
  refused("aki", {"baton", "fridge", "@ben"}, 1, "NOT_FOUND");
  refused("aki", {"baton", "phone", "@ben"}, 1, "NOT_FOUND");
  refused("aki", {"baton", "pc", "@nobody"}, 1, "NOT_FOUND");
  refused("aki", {"baton", "--here"}, 1, "DEVICE_AWAY");
  refused("aki", {"baton"}, 2, "USAGE");
  refused("aki", {"baton", "pc", "--here"}, 2, "USAGE");
  refused("aki", {"baton", "pc", "@ben", "--anchor", "0"}, 2, "USAGE");
  PseudoTerminal pc(chat("pc"), 14, 80);
  ASSERT_TRUE(pc.shows("connected")) << pc.screen().text();
  one("aki", {"revoke", "pc"});
  refused("aki", {"baton", "pc", "@ben"}, 1, "NOT_FOUND");
  EXPECT_EQ(pc.wait(), 4);
  EXPECT_THAT(pc.screen().text(), Not(HasSubstr("continued")));
}

TEST_F(CliBaton, TakenOverHereFromAScreen) {
  PseudoTerminal pc(chat("pc", {"@ben"}), 14, 80);
  ASSERT_TRUE(pc.shows("connected")) << pc.screen().text();
  pc.type("\x1b[5~");  // a page up
  ASSERT_TRUE(pc.wait_for([](const Screen& screen) { return screen.text().find("line 40\n") == std::string::npos; }));
  pc.type("half a sen");
  ASSERT_TRUE(pc.shows("> half a sen"));
  const auto here = take_over();
  EXPECT_EQ(here["chat"], "@ben");
  EXPECT_EQ(here["from_device"], "pc");
  EXPECT_EQ(here["caret"], 10);
  const auto anchor = here["anchor"].get<int>();
  EXPECT_THAT(pc.screen().text(), HasSubstr("line " + std::to_string(anchor) + "\n"));
  EXPECT_THAT(pc.screen().text(), Not(HasSubstr("line " + std::to_string(anchor - 1) + "\n")));
  ASSERT_TRUE(pc.shows("continued on phone")) << pc.screen().text();
}

TEST_F(CliBaton, FromScreenToScreenAndBack) {
  PseudoTerminal pc(chat("pc"), 14, 80), phone(chat("aki", {"@ben"}), 14, 80);
  ASSERT_TRUE(pc.shows("connected")) << pc.screen().text();
  ASSERT_TRUE(phone.shows("connected")) << phone.screen().text();
  phone.type("/baton fridge\r");
  ASSERT_TRUE(phone.shows("you have no device fridge")) << phone.screen().text();
  phone.type("/baton pc\r");
  ASSERT_TRUE(pc.shows("continued from phone")) << pc.screen().text();
  ASSERT_TRUE(phone.shows("continued on pc")) << phone.screen().text();
  EXPECT_THAT(pc.screen().row(0), HasSubstr("@ben"));
  phone.type("\x1b");
  ASSERT_TRUE(phone.shows("Enishi  @aki on phone")) << phone.screen().text();
  ASSERT_TRUE(takes_over(phone, "continued from pc")) << phone.screen().text();
  ASSERT_TRUE(pc.shows("continued on phone")) << pc.screen().text();
  EXPECT_THAT(phone.screen().row(0), HasSubstr("@ben"));
}

}  // namespace
}  // namespace enishi::test
