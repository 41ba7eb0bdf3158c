// A half-written message on all devices of one member: commands and a screen, real processes.
#include <gmock/gmock.h>

#include "integration/cli_people.h"
#include "support/terminal/pseudo_terminal.h"

namespace enishi::test {
namespace {

class CliDraft : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
    pair("aki", "pc");
  }
};

TEST_F(CliDraft, FollowsItsMember) {
  const auto put = one("aki", {"draft", "@ben", "see you at", "--caret", "3"});
  EXPECT_EQ(put["rev"], 1);
  EXPECT_EQ(put["by_device"], "phone");
  const auto seen = one("pc", {"draft", "@ben"});
  EXPECT_EQ(seen["text"], "see you at");
  EXPECT_EQ(seen["caret"], 3);
  EXPECT_EQ(seen["by_device"], "phone");
  EXPECT_EQ(seen["kept"], Json::array());
  EXPECT_EQ(one("pc", {"drafts"})["chat"], "@ben");
  EXPECT_EQ(one("aki", {"draft", "@ben", "--clear"})["text"], "");
  EXPECT_TRUE(ok("pc", {"drafts"}).empty());
}

TEST_F(CliDraft, WhatAnotherDeviceWroteIsKeptAndComesBack) {
  one("aki", {"draft", "@ben", "one thing"});
  const auto replaced = one("pc", {"draft", "@ben", "another"});
  ASSERT_EQ(replaced["kept"].size(), 1U);
  EXPECT_EQ(replaced["kept"][0]["text"], "one thing");
  EXPECT_EQ(replaced["kept"][0]["by_device"], "phone");
  const auto restored = one("pc", {"draft", "@ben", "--restore", "1"});
  EXPECT_EQ(restored["text"], "one thing");
  ASSERT_EQ(restored["kept"].size(), 1U) << "what it replaces is kept in its turn";
  EXPECT_EQ(restored["kept"][0]["text"], "another");
  const auto place = restored["kept"][0]["place"].get<int>();
  EXPECT_EQ(one("pc", {"draft", "@ben", "--drop", std::to_string(place)})["kept"], Json::array());
}

TEST_F(CliDraft, SendingItClearsItOnAllDevices) {
  one("aki", {"draft", "@ben", "tea at four?"});
  one("pc", {"send", "@ben", "something else"});
  EXPECT_EQ(one("pc", {"draft", "@ben"})["text"], "tea at four?") << "another message clears nothing";
  EXPECT_EQ(one("pc", {"send", "@ben", "--draft"})["state"], "committed");
  EXPECT_EQ(one("aki", {"draft", "@ben"})["text"], "");
  refused("aki", {"send", "@ben", "--draft"}, 1, "BODY_EMPTY");
}

TEST_F(CliDraft, WhatIsTypedWithoutADaemonIsSavedLaterAndLosesNothing) {
  EXPECT_EQ(daemon_.terminate(), 0);
  const auto away = run("pc", {"draft", "@ben", "typed offline"});
  EXPECT_EQ(away.exit, 3) << away.err;
  EXPECT_EQ(lines_of(away.out).at(0)["saved"], false);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  one("aki", {"draft", "@ben", "typed on the phone"});
  const auto both = one("pc", {"drafts"});
  EXPECT_EQ(both["text"], "typed on the phone");
  ASSERT_EQ(both["kept"].size(), 1U);
  EXPECT_EQ(both["kept"][0]["text"], "typed offline");
  EXPECT_EQ(one("aki", {"draft", "@ben"})["kept"], both["kept"]);
}

TEST_F(CliDraft, WhatIsRefused) {
  refused("aki", {"draft", "@ben", "x", "--caret", "7"}, 2, "USAGE");
  refused("aki", {"draft", "@ben", "--restore", "1"}, 1, "NOT_FOUND");
  refused("aki", {"draft", "@nobody", "x"}, 1, "NOT_FOUND");
}

TEST_F(CliDraft, TheScreenSavesWhatIsTypedAndShowsWhatIsTypedElsewhere) {
  PseudoTerminal screen({program("enishi"), "--profile", profiles_ / "pc", "chat", "@ben"}, 14, 80);
  ASSERT_TRUE(screen.shows("connected")) << screen.screen().text();
  one("aki", {"draft", "@ben", "from the phone"});
  ASSERT_TRUE(screen.shows("from the phone")) << screen.screen().text();
  screen.type(" and the pc");
  ASSERT_TRUE(screen.shows("from the phone and the pc")) << screen.screen().text();
  screen.type("\x03");
  EXPECT_EQ(screen.wait(), 0);
  const auto saved = one("aki", {"draft", "@ben"});
  EXPECT_EQ(saved["text"], "from the phone and the pc");
  EXPECT_EQ(saved["by_device"], "pc");
}

}  // namespace
}  // namespace enishi::test
