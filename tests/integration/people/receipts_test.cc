// Sent, delivered, read: as the author sees it, by the command line, and by nobody who may not.
#include <gmock/gmock.h>

#include "integration/cli_people.h"

namespace enishi::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CliReceipts : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
  }
  Json slot(const std::string& profile, const std::string& chat, std::uint64_t seq) {
    for (auto& each : ok(profile, {"read", chat, "--limit", "1000"}))
      if (each["seq"] == seq) return each;
    ADD_FAILURE() << "no slot " << seq;
    return {};
  }
  /// "read: to ben, cho; by ben"
  std::string fate(const std::string& profile, const std::string& chat, std::uint64_t seq) {
    const auto seen = slot(profile, chat, seq);
    const auto list = [](const Json& handles) {
      std::string text;
      for (const std::string handle : handles) text += (text.empty() ? "" : " ") + handle;
      return text;
    };
    return seen["state"].get<std::string>() + ": to " + list(seen["delivered_to"]) + "; by " + list(seen["read_by"]);
  }
};

TEST_F(CliReceipts, SentThenDeliveredThenRead) {
  one("aki", {"send", "@ben", "one"});
  EXPECT_EQ(fate("aki", "@ben", 1), "sent: to ; by ") << "no device of ben's was there";
  EXPECT_THAT(ok("aki", {"receipts", "@ben"}), IsEmpty());
  EXPECT_FALSE(slot("ben", "@aki", 1).contains("state")) << "of his own messages only";
  // That visit was short, and has told all the same what it stored.
  EXPECT_EQ(fate("aki", "@ben", 1), "delivered: to ben; by ");
  one("ben", {"mark", "@aki"});
  EXPECT_EQ(fate("aki", "@ben", 1), "read: to ben; by ben");
  one("aki", {"send", "@ben", "two"});
  EXPECT_EQ(fate("aki", "@ben", 2), "sent: to ; by ");
  EXPECT_EQ(one("aki", {"receipts", "@ben"}),
            Json({{"chat", "@ben"}, {"handle", "ben"}, {"delivered", 1}, {"read", 1}}));
  one("ben", {"mark", "@aki", "--unread-from", "1"});
  EXPECT_EQ(fate("aki", "@ben", 1), "read: to ben; by ben") << "never back";
}

TEST_F(CliReceipts, AnyCommandThatCatchesUpDelivers) {
  one("aki", {"send", "@ben", "one"});
  ok("ben", {"status"});
  EXPECT_EQ(fate("aki", "@ben", 1), "delivered: to ben; by ");
  // A second device sees the same of its member's messages.
  pair("aki", "aki-pc");
  EXPECT_EQ(fate("aki-pc", "@ben", 1), "delivered: to ben; by ");
}

TEST_F(CliReceipts, TheyComeByThemselves) {
  Watching watching(command("aki", {"watch"}));
  watching.next({{"type", "ready"}});
  one("aki", {"send", "@ben", "one"});
  ok("ben", {"list"});
  const auto delivered = watching.next({{"type", "receipt"}});
  EXPECT_EQ(delivered, Json({{"type", "receipt"}, {"chat", "@ben"}, {"handle", "ben"}, {"delivered", 1}, {"read", 0}}));
  one("ben", {"mark", "@aki"});
  EXPECT_EQ(watching.next({{"type", "receipt"}})["read"], 1);
  EXPECT_EQ(watching.end(), 0);
}

TEST_F(CliReceipts, WhoGivesNoneGetsNone) {
  EXPECT_EQ(one("ben", {"receipts"}), Json({{"receipts", true}}));
  EXPECT_EQ(one("ben", {"receipts", "--off"}), Json({{"receipts", false}}));
  EXPECT_EQ(one("ben", {"receipts"}), Json({{"receipts", false}}));
  one("aki", {"send", "@ben", "one"});
  one("ben", {"send", "@aki", "two"});
  one("ben", {"mark", "@aki"});
  one("aki", {"mark", "@ben"});
  EXPECT_EQ(fate("aki", "@ben", 1), "delivered: to ben; by ") << "that it is there he may know";
  EXPECT_EQ(fate("ben", "@aki", 2), "delivered: to aki; by ");
  one("ben", {"receipts", "--on"});
  EXPECT_EQ(fate("ben", "@aki", 2), "read: to aki; by aki") << "aki had it on all the time";
  EXPECT_EQ(fate("aki", "@ben", 1), "delivered: to ben; by ") << "what was read meanwhile is not told";
  refused("ben", {"receipts", "--on", "--off"}, 2, "USAGE");
  refused("ben", {"receipts", "@aki", "--off"}, 2, "USAGE");
  refused("ben", {"receipts", "@nobody"}, 1, "NOT_FOUND");
}

TEST_F(CliReceipts, InAGroupOnlyThoseTiedLetItBeKnown) {
  join("cho", "aki");
  join("dai", "aki");
  one("aki", {"group", "new", "tea", "ben", "cho"});
  one("ben", {"send", "#tea", "one"});  // 2
  ok("cho", {"read", "#tea"});
  one("cho", {"mark", "#tea"});
  ok("aki", {"read", "#tea"});
  EXPECT_EQ(fate("ben", "#tea", 2), "delivered: to aki; by ") << "cho and ben have no tie";
  one("aki", {"group", "add", "#tea", "dai"});  // 3
  one("aki", {"send", "#tea", "two"});          // 4
  for (const std::string who : {"ben", "cho", "dai"}) one(who, {"mark", "#tea"});
  EXPECT_EQ(fate("aki", "#tea", 4), "read: to ben cho dai; by ben cho dai");
  one("aki", {"group", "remove", "#tea", "cho"});
  one("aki", {"send", "#tea", "three"});  // 6
  EXPECT_EQ(fate("aki", "#tea", 6), "sent: to ; by ");
  EXPECT_EQ(fate("aki", "#tea", 4), "read: to ben cho dai; by ben cho dai") << "he had it";
}

TEST_F(CliReceipts, OfWhatWasSaidBeforeSomebodyCameNothingIsClaimed) {
  join("cho", "aki");
  one("aki", {"group", "new", "tea", "ben"});
  one("aki", {"send", "#tea", "before"});       // 2
  one("aki", {"group", "add", "#tea", "cho"});  // 3
  one("aki", {"send", "#tea", "after"});        // 4
  one("cho", {"mark", "#tea"});
  EXPECT_EQ(fate("aki", "#tea", 2), "sent: to ; by ");
  EXPECT_EQ(fate("aki", "#tea", 4), "read: to cho; by cho");
}

TEST_F(CliReceipts, AnEndedTieTellsNothingMore) {
  one("aki", {"send", "@ben", "one"});
  ok("ben", {"status"});
  EXPECT_EQ(fate("aki", "@ben", 1), "delivered: to ben; by ");
  one("ben", {"tie", "block", "aki"});
  one("ben", {"mark", "@aki"});
  EXPECT_EQ(fate("aki", "@ben", 1), "delivered: to ben; by ");
}

TEST_F(CliReceipts, AGapThatIsOwedIsNotDelivered) {
  // Further behind than a conversation is told exactly; a short visit pays no debts.
  one("aki", {"send", "@ben", "one"});
  ok("ben", {"status"});
  for (int i = 0; i < 300; ++i) one("aki", {"send", "@ben", "more"});
  ok("ben", {"status"});
  ASSERT_GT(one("ben", {"status"})["holes"], 0) << "the test means this";
  EXPECT_EQ(one("aki", {"receipts", "@ben"})["delivered"], 1) << "what lies behind the gap is no whole";
  EXPECT_EQ(fate("aki", "@ben", 301), "sent: to ; by ");
  EXPECT_THAT(ok("ben", {"read", "@aki", "--limit", "1000"}), SizeIs(301));
  EXPECT_EQ(fate("aki", "@ben", 301), "delivered: to ben; by ");
}

TEST_F(CliReceipts, WithoutTheDaemonWhatWasKnownIsShown) {
  one("aki", {"send", "@ben", "one"});
  one("ben", {"mark", "@aki"});
  ASSERT_EQ(fate("aki", "@ben", 1), "read: to ben; by ben");
  daemon_.kill9();
  const auto done = run("aki", {"read", "@ben"});
  EXPECT_EQ(done.exit, 3);
  EXPECT_EQ(lines_of(done.out).at(0)["state"], "read");
  const auto receipts = run("aki", {"receipts", "@ben"});
  EXPECT_EQ(receipts.exit, 3);
  EXPECT_EQ(lines_of(receipts.out).at(0)["read"], 1);
}

TEST_F(CliReceipts, ThePagesForPeopleSayItInWords) {
  one("aki", {"send", "@ben", "one"});
  one("ben", {"mark", "@aki"});
  const auto page = run_command({program("enishi"), "--profile", profiles_ / "aki", "read", "@ben"});
  EXPECT_THAT(page.out, ::testing::HasSubstr("one (read)"));
  const auto table = run_command({program("enishi"), "--profile", profiles_ / "aki", "receipts", "@ben"});
  EXPECT_THAT(table.out, ::testing::HasSubstr("@ben"));
}

}  // namespace
}  // namespace enishi::test
