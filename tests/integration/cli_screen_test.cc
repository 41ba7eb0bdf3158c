// `enishi chat` on a terminal of its own, on a real daemon.
#include <gmock/gmock.h>

#include <csignal>

#include "integration/cli_people.h"
#include "support/terminal/pseudo_terminal.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kAlternateScreen = 1049, kPasteBrackets = 2004, kLineWrap = 7, kCursor = 25, kFocusReports = 1004;

class CliScreen : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    const auto url = daemon_.invite();
    one("aki", {"join", url, "--handle", "aki", "--name", "亜紀", "--device", "phone"});
    const auto more = one("aki", {"invite"})["url"].get<std::string>();
    one("ben", {"join", more, "--handle", "ben", "--name", "山本ベン", "--device", "phone"});
  }
  [[nodiscard]] Words chat(const std::string& profile, const Words& more = {}) const {
    Words words{program("enishi"), "--profile", profiles_ / profile, "chat"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  /// The number that the list shows on this device.
  [[nodiscard]] int unread(const std::string& profile, const std::string& chat) const {
    for (const auto& each : ok(profile, {"list"}))
      if (each["chat"] == chat) return each["unread"].get<int>();
    return -1;
  }
  /// All bytes that it wrote were understood, and the terminal is what it was before.
  static void expect_restored(const PseudoTerminal& terminal, const termios& before) {
    const auto& screen = terminal.screen();
    EXPECT_THAT(screen.complaints(), IsEmpty());
    for (const int mode : {kAlternateScreen, kPasteBrackets, kFocusReports}) EXPECT_FALSE(screen.mode(mode)) << mode;
    for (const int mode : {kLineWrap, kCursor}) EXPECT_TRUE(screen.mode(mode)) << mode;
    const auto after = terminal.settings();
    EXPECT_EQ(after.c_lflag, before.c_lflag);
    EXPECT_EQ(after.c_iflag, before.c_iflag);
    EXPECT_EQ(after.c_oflag, before.c_oflag);
    EXPECT_EQ(after.c_cflag, before.c_cflag);
  }
  /// The settings that the terminal of `settings` has; those of a fresh one.
  static termios fresh() {
    PseudoTerminal terminal({"/bin/true"}, 24, 80);
    terminal.wait();
    return terminal.settings();
  }
};

TEST_F(CliScreen, IsForATerminal) {
  refused("aki", {"chat"}, 2, "USAGE");
  const auto done = run_command(chat("aki"));
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("enishi: NO_TERMINAL: "));
  EXPECT_THAT(done.out, IsEmpty());
}

TEST_F(CliScreen, WhatIsWrongIsSaidBeforeTheScreen) {
  PseudoTerminal terminal(chat("aki", {"@nobody"}), 24, 80);
  EXPECT_TRUE(terminal.shows("enishi: NOT_FOUND"));
  EXPECT_EQ(terminal.wait(), 1);
  EXPECT_FALSE(terminal.screen().mode(kAlternateScreen));
}

TEST_F(CliScreen, MessagesGoBothWays) {
  const auto before = fresh();
  PseudoTerminal terminal(chat("aki", {"@ben"}), 24, 80);
  ASSERT_TRUE(terminal.shows("connected")) << terminal.screen().text();
  EXPECT_TRUE(terminal.screen().mode(kAlternateScreen));
  EXPECT_THAT(terminal.screen().row(0), HasSubstr("山本ベン @ben"));
  one("ben", {"send", "@aki", "お茶は四時で\x1b[2Jいい？"});
  ASSERT_TRUE(terminal.shows("お茶は四時で\\x1b[2Jいい？")) << terminal.screen().text();

  terminal.type("四時で大丈夫です e\u0301");
  ASSERT_TRUE(terminal.shows("> 四時で大丈夫です e\u0301"));
  EXPECT_EQ(terminal.screen().cursor_column(), 2U + 18U);
  // Two to the left, a word erased, a line broken, a paste with a line of its own; then it goes.
  terminal.type("\x1b[D\x7f。\x1b[F\x7f\x1b\r\x1b[200~二\r行目\x1b[201~");
  ASSERT_TRUE(terminal.shows("  行目")) << terminal.screen().text();
  EXPECT_THAT(terminal.screen().text(), HasSubstr("> 四時で大丈夫です。\n  二\n  行目\n"));
  terminal.type("\r");
  ASSERT_TRUE(terminal.shows("you       四時で大丈夫です。")) << terminal.screen().text();
  ASSERT_TRUE(wait_until([&] { return texts("ben", "@aki").size() == 2; }));
  EXPECT_EQ(texts("ben", "@aki")[1], "四時で大丈夫です。\n二\n行目");

  terminal.type("/quit\r");
  EXPECT_EQ(terminal.wait(), 0);
  expect_restored(terminal, before);
}

TEST_F(CliScreen, WhatWasReadHereIsReadOnTheOtherDevice) {
  pair("aki", "aki-pc");
  for (int at = 1; at <= 60; ++at) one("ben", {"send", "@aki", "line " + std::to_string(at)});
  ASSERT_EQ(unread("aki-pc", "@ben"), 60);
  PseudoTerminal terminal(chat("aki"), 24, 80);
  ASSERT_TRUE(terminal.shows("  60   山本ベン @ben")) << terminal.screen().text();
  ASSERT_TRUE(terminal.shows("connected"));
  EXPECT_EQ(unread("aki-pc", "@ben"), 60) << "a list reads nothing";
  terminal.type("\r");
  // It opens where the new begins: of sixty lines some twenty fit, and those are read.
  ASSERT_TRUE(terminal.shows("─ new ─")) << terminal.screen().text();
  ASSERT_TRUE(wait_until([&] { return unread("aki-pc", "@ben") < 60; }));
  ASSERT_TRUE(terminal.shows("PageDown")) << terminal.screen().text();
  EXPECT_THAT(terminal.screen().text(), Not(HasSubstr("line 60\n")));
  EXPECT_GE(unread("aki-pc", "@ben"), 60 - 20) << "never more than was shown";
  for (int page = 0; page < 4; ++page) terminal.type("\x1b[6~");
  ASSERT_TRUE(terminal.shows("line 60")) << terminal.screen().text();
  // However fast they are turned, every page was shown.
  ASSERT_TRUE(wait_until([&] { return unread("aki-pc", "@ben") == 0; }));
  terminal.type("\x0f");
  ASSERT_TRUE(terminal.shows("Enishi  @aki on phone")) << terminal.screen().text();
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(CliScreen, MarkedUnreadElsewhereStaysUnread) {
  pair("aki", "aki-pc");
  for (const char* text : {"one", "two", "three"}) one("ben", {"send", "@aki", text});
  PseudoTerminal terminal(chat("aki", {"@ben"}), 24, 80);
  ASSERT_TRUE(terminal.shows("three")) << terminal.screen().text();
  ASSERT_TRUE(wait_until([&] { return unread("aki-pc", "@ben") == 0; }));
  one("aki-pc", {"mark", "@ben", "--unread-from", "2"});
  one("ben", {"send", "@aki", "four"});
  ASSERT_TRUE(terminal.shows("four")) << terminal.screen().text();
  terminal.type("a");
  ASSERT_TRUE(terminal.shows("> a"));
  EXPECT_EQ(unread("aki-pc", "@ben"), 3);
  // Whoever answers has seen it.
  terminal.type("\x7fok\r");
  ASSERT_TRUE(wait_until([&] { return unread("aki-pc", "@ben") == 0; }));
  terminal.type("\x04");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(CliScreen, OfflineItSaysSoAndSendsLater) {
  const auto before = fresh();
  PseudoTerminal terminal(chat("aki", {"@ben"}), 12, 40);
  ASSERT_TRUE(terminal.shows("connected")) << terminal.screen().text();
  daemon_.kill9();
  ASSERT_TRUE(terminal.shows("offline since")) << terminal.screen().text();
  terminal.type("あとで届く\rand this\r");
  ASSERT_TRUE(terminal.shows(", 2 unsent")) << terminal.screen().text();
  EXPECT_THAT(terminal.screen().text(), HasSubstr("  and this\n  waiting to be sent\n"));
  terminal.type("half a line");
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  ASSERT_TRUE(terminal.shows("connected")) << terminal.screen().text();
  ASSERT_TRUE(terminal.wait_for(
      [](const Screen& screen) { return screen.text().find("waiting to be sent") == std::string::npos; }));
  ASSERT_TRUE(wait_until([&] { return texts("ben", "@aki").size() == 2; }));
  EXPECT_THAT(texts("ben", "@aki"), ::testing::ElementsAre("あとで届く", "and this"));
  EXPECT_THAT(terminal.screen().text(), HasSubstr("> half a line"));
  terminal.signal(SIGTERM);
  EXPECT_EQ(terminal.wait(), 0);
  expect_restored(terminal, before);
}

TEST_F(CliScreen, AnotherSizeKeepsWhatIsBeingWritten) {
  one("ben", {"send", "@aki", "駅前の喫茶店でお茶を飲みましょう"});
  PseudoTerminal terminal(chat("aki", {"@ben"}), 24, 80);
  ASSERT_TRUE(terminal.shows("connected")) << terminal.screen().text();
  terminal.type("書きかけの文");
  ASSERT_TRUE(terminal.shows("> 書きかけの文"));
  terminal.resize(8, 24);
  ASSERT_TRUE(terminal.shows("> 書きかけの文")) << terminal.screen().text();
  ASSERT_TRUE(terminal.shows("  駅前の喫茶店でお茶を飲\n")) << terminal.screen().text();
  terminal.resize(3, 10);
  ASSERT_TRUE(terminal.shows("の文")) << terminal.screen().text();
  terminal.resize(30, 100);
  ASSERT_TRUE(terminal.shows("駅前の喫茶店でお茶を飲みましょう")) << terminal.screen().text();
  EXPECT_EQ(terminal.screen().row(29), "> 書きかけの文");
  EXPECT_THAT(terminal.screen().complaints(), IsEmpty());
}

TEST_F(CliScreen, OneSeesWhoIsThereAndWhoTypes) {
  PseudoTerminal aki(chat("aki"), 24, 80);
  PseudoTerminal ben(chat("ben", {"@aki"}), 24, 80);
  ASSERT_TRUE(aki.shows("* 山本ベン @ben")) << aki.screen().text();
  ASSERT_TRUE(ben.shows("亜紀 @aki  active")) << ben.screen().text();
  ben.type("は");
  ASSERT_TRUE(aki.shows("山本ベン is typing")) << aki.screen().text();
  aki.type("@ben\r");
  ASSERT_TRUE(aki.shows("山本ベン @ben  active")) << aki.screen().text();
  ben.type("い\r");
  ASSERT_TRUE(aki.shows("山本ベン  はい")) << aki.screen().text();
  // Closing says goodbye at once.
  ben.type("\x03");
  EXPECT_EQ(ben.wait(), 0);
  ASSERT_TRUE(aki.wait_for([](const Screen& screen) { return screen.row(0).find("active") == std::string::npos; }))
      << aki.screen().text();
}

TEST_F(CliScreen, RefusedMessagesAreShownUntilTheyAreForgotten) {
  PseudoTerminal terminal(chat("aki", {"@ben"}), 24, 80);
  ASSERT_TRUE(terminal.shows("connected"));
  one("ben", {"tie", "end", "aki"});
  terminal.type("anybody?\r");
  ASSERT_TRUE(terminal.shows("refused: ")) << terminal.screen().text();
  ASSERT_TRUE(terminal.shows("connected, 1 refused")) << terminal.screen().text();
  terminal.type("/clear\r");
  ASSERT_TRUE(
      terminal.wait_for([](const Screen& screen) { return screen.text().find("refused") == std::string::npos; }));
  EXPECT_EQ(one("aki", {"status"})["outbox"], 0);
}

TEST_F(CliScreen, StopsAndGoesOn) {
  const auto before = fresh();
  PseudoTerminal terminal(chat("aki", {"@ben"}), 24, 80);
  ASSERT_TRUE(terminal.shows("connected"));
  terminal.type("text\x1a");
  ASSERT_TRUE(terminal.wait_until_stopped());
  ASSERT_TRUE(terminal.wait_for([](const Screen& screen) { return !screen.mode(kAlternateScreen); }));
  EXPECT_EQ(terminal.settings().c_lflag, before.c_lflag);
  terminal.signal(SIGCONT);
  ASSERT_TRUE(terminal.wait_for([](const Screen& screen) { return screen.mode(kAlternateScreen); }));
  ASSERT_TRUE(terminal.shows("> text")) << terminal.screen().text();
  terminal.signal(SIGHUP);
  EXPECT_EQ(terminal.wait(), 0);
  expect_restored(terminal, before);
}

TEST_F(CliScreen, AllIsReadByCommand) {
  for (int at = 1; at <= 40; ++at) one("ben", {"send", "@aki", "line " + std::to_string(at)});
  PseudoTerminal terminal(chat("aki", {"@ben"}), 12, 80);
  ASSERT_TRUE(terminal.shows("line 1\n")) << terminal.screen().text();
  terminal.type("\x1b[F");
  ASSERT_TRUE(terminal.shows("line 40\n")) << terminal.screen().text();
  EXPECT_GT(unread("aki", "@ben"), 20);
  terminal.type("/read\r");
  ASSERT_TRUE(wait_until([&] { return unread("aki", "@ben") == 0; }));
  terminal.type("/nonsense\r");
  ASSERT_TRUE(terminal.shows("/list /quit")) << terminal.screen().text();
  EXPECT_EQ(texts("ben", "@aki").size(), 40U) << "a mistyped command is no message";
}

TEST_F(CliScreen, AnAbortLeavesTheTerminalAsItWas) {
  const auto before = fresh();
  PseudoTerminal terminal(chat("aki"), 24, 80);
  ASSERT_TRUE(terminal.shows("connected")) << terminal.screen().text();
  terminal.signal(SIGABRT);
  EXPECT_EQ(terminal.wait(), 128 + SIGABRT);
  expect_restored(terminal, before);
}

TEST_F(CliScreen, ARevokedDeviceIsToldAndTheTerminalIsItself) {
  const auto before = fresh();
  pair("aki", "aki-pc");
  PseudoTerminal terminal(chat("aki-pc"), 24, 80);
  ASSERT_TRUE(terminal.shows("connected"));
  one("aki", {"revoke", "aki-pc"});
  EXPECT_EQ(terminal.wait(), 4);
  EXPECT_THAT(terminal.screen().text(), HasSubstr("enishi: DEVICE_REVOKED"));
  expect_restored(terminal, before);
}

}  // namespace
}  // namespace enishi::test
