// From words to options.
#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.h"
#include "cli/help.h"

namespace enishi::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

Options parsed(const Words& words) {
  const auto result = parse_arguments(words);
  EXPECT_TRUE(result) << (result ? "" : result.error().text);
  return result ? result->options : Options{};
}

void expect_usage(const Words& words) {
  const auto result = parse_arguments(words);
  ASSERT_FALSE(result) << ::testing::PrintToString(words);
  EXPECT_EQ(result.error().code, "USAGE");
  EXPECT_EQ(result.error().exit, Exit::usage);
}

TEST(Arguments, GlobalOptionsStandBeforeAndAfterTheCommand) {
  for (const Words& words : {Words{"--profile", "p", "--json", "--timeout", "2m", "list"},
                             Words{"list", "--timeout=2m", "--profile", "p", "--json"},
                             Words{"--json", "list", "--profile=p", "--timeout", "120s"}}) {
    const auto options = parsed(words);
    EXPECT_EQ(options.command, "list");
    EXPECT_EQ(options.profile, "p");
    EXPECT_TRUE(options.json);
    EXPECT_EQ(options.timeout, std::chrono::minutes{2});
    EXPECT_TRUE(options.timeout_given);
  }
  EXPECT_FALSE(parsed({"--profile", "p", "list"}).timeout_given);
}

TEST(Arguments, TextsAreTakenAsTheyAre) {
  for (const auto* text :
       {"list", "", "-", "-5 degrees", "--no-such", "[a,b]", "a,b", "%x", "日本語", "{}", "help", "=x"})
    EXPECT_EQ(parsed({"send", "@ben", text}).text, text);
  EXPECT_EQ(parsed({"send", "@ben", "--", "--json"}).text, "--json");
  EXPECT_FALSE(parsed({"send", "@ben", "--", "--json"}).json);
  const auto options = parsed({"send", "--reply", "3", "@ben", "x", "--client-id", "00", "--json"});
  EXPECT_EQ(options.reply, 3U);
  EXPECT_EQ(options.client_id, "00");
  EXPECT_TRUE(options.json);
}

TEST(Arguments, OptionValuesMayBeginWithADash) {
  EXPECT_EQ(parsed({"invite", "--note", "--json"}).note, "--json");
  EXPECT_EQ(parsed({"join", "URL", "--handle", "aki", "--name", "-A-", "--device", "pc"}).name, "-A-");
}

TEST(Arguments, AnEmptyValueIsNeitherLostNorTakenFromTheNextWord) {
  for (const Words& words : {Words{"join", "URL", "--handle", "aki", "--name", "", "--device", ""},
                             Words{"join", "URL", "--device=", "--handle", "aki", "--name="}}) {
    const auto options = parsed(words);
    EXPECT_EQ(options.name, "");
    EXPECT_EQ(options.device, "");
    EXPECT_EQ(options.handle, "aki");
  }
  EXPECT_EQ(parsed({"invite", "--note", "", "--uses", "2"}).uses, 2U);
  // Variables that are not set: another profile, a new id, another owner would not be what was meant.
  expect_usage({"--profile", "", "list"});
  expect_usage({"list", "--profile="});
  expect_usage({"send", "@ben", "x", "--client-id", ""});
  expect_usage({"group", "leave", "#walk", "--successor", ""});
}

TEST(Arguments, ANumberOfDaysIsNotTakenForSeconds) {
  EXPECT_EQ(parsed({"invite", "--expires", "2d"}).expires, std::chrono::hours{48});
  EXPECT_EQ(parsed({"watch", "--for", "2"}).watch_for, std::chrono::seconds{2});
  expect_usage({"invite", "--expires", "2"});
}

TEST(Arguments, NegativeNumbersAndWhatIsTooMuchAreToldAsTheyWereTyped) {
  expect_usage({"mark", "@ben", "-1"});
  expect_usage({"send", "@ben", "x", "--reply", "-1"});
  const auto result = parse_arguments({"list", "more", "words"});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text, HasSubstr(": more words; usage:"));
}

TEST(Arguments, CommandsOfTwoWords) {
  EXPECT_EQ(parsed({"tie", "ask", "list"}).handle, "list");
  const auto options = parsed({"group", "new", "Sunday walk", "ben", "@chie"});
  EXPECT_EQ(options.command, "group new");
  EXPECT_EQ(options.title, "Sunday walk");
  EXPECT_THAT(options.handles, ElementsAre("ben", "@chie"));
  expect_usage({"tie"});
  expect_usage({"tie", "list"});
  expect_usage({"group", "--json"});
}

TEST(Arguments, RangesOfRead) {
  EXPECT_EQ(parsed({"read", "@ben"}).limit, 50U);
  EXPECT_EQ(parsed({"read", "@ben", "--after", "0"}).after, 0U);
  EXPECT_EQ(parsed({"read", "@ben", "--around", "9", "--limit", "3"}).around, 9U);
  expect_usage({"read", "@ben", "--before", "0"});
  expect_usage({"read", "@ben", "--limit", "0"});
  expect_usage({"read", "@ben", "--before", "3", "--after", "1"});
  expect_usage({"read", "@ben", "--after", "-1"});
  expect_usage({"read", "@ben", "--after", "x"});
}

TEST(Arguments, MarkTakesASeqOrUnreadFrom) {
  EXPECT_EQ(parsed({"mark", "@ben"}).seq, std::nullopt);
  EXPECT_EQ(parsed({"mark", "@ben", "7"}).seq, 7U);
  EXPECT_EQ(parsed({"mark", "@ben", "--unread-from", "7"}).unread_from, 7U);
  expect_usage({"mark", "@ben", "0"});
  expect_usage({"mark", "@ben", "7", "--unread-from", "7"});
}

TEST(Arguments, ProfileAndReceipts) {
  const auto profile = parse_arguments({"profile", "--name", "Aki M.", "--hue", "360", "--picture", "-"});
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->options.name, "Aki M.");
  EXPECT_EQ(profile->options.hue, 360U);
  EXPECT_EQ(profile->options.picture, "-");
  EXPECT_EQ(parse_arguments({"profile", "--no-picture"})->options.picture, "") << "none any more";
  EXPECT_FALSE(parse_arguments({"profile"})->options.picture) << "as it is";
  EXPECT_EQ(parse_arguments({"receipts", "@ben"})->options.chat, "@ben");
  EXPECT_TRUE(parse_arguments({"receipts", "--off"})->options.off);
  EXPECT_EQ(parse_arguments({"picture", "ben", "--out", "ben.png"})->options.out, "ben.png");
  expect_usage({"profile", "--picture", "x", "--no-picture"});
  expect_usage({"profile", "--hue", "361"});
  expect_usage({"profile", "--hue", "-1"});
  expect_usage({"profile", "--name="});
  expect_usage({"receipts", "--on", "--off"});
  expect_usage({"receipts", "@ben", "--on"});
  expect_usage({"picture"});
  expect_usage({"members"});
}

TEST(Arguments, OthersAreWrongUsage) {
  expect_usage({});
  expect_usage({"snd"});
  expect_usage({"--no-such", "list"});
  expect_usage({"--profile"});
  expect_usage({"list", "more"});
  expect_usage({"list", "--no-such"});
  expect_usage({"send", "@ben"});
  expect_usage({"join", "URL", "--device", "pc"});
  expect_usage({"mode", "asleep"});
  expect_usage({"watch", "--for", "soon"});
  expect_usage({"--timeout", "soon", "list"});
  EXPECT_THAT(parse_arguments({"snd"}).error().text, HasSubstr("send"));
}

TEST(Arguments, HelpIsNoFailure) {
  for (const Words& words : {Words{"--help"}, Words{"help"}, Words{"-h"}}) {
    const auto result = parse_arguments(words);
    ASSERT_TRUE(result);
    for (const auto& entry : help_entries()) EXPECT_THAT(result->help, HasSubstr(std::string(entry.name)));
  }
  const auto result = parse_arguments({"send", "--help"});
  ASSERT_TRUE(result);
  EXPECT_THAT(result->help, HasSubstr("--client-id HEX"));
}

TEST(Arguments, EveryCommandHasItsHelpAndItsHandler) {
  std::vector<std::string_view> helped, handled;
  for (const auto& entry : help_entries()) helped.push_back(entry.name);
  for (const auto& command : commands()) handled.push_back(command.name);
  EXPECT_THAT(handled, ::testing::UnorderedElementsAreArray(helped));
}

TEST(Arguments, WrongUsageIsToldAsJsonWhereJsonWasAskedFor) {
  EXPECT_TRUE(wants_json({"snd", "--json"}));
  EXPECT_FALSE(wants_json({"send", "@ben", "--", "--json"}));
}

}  // namespace
}  // namespace enishi::cli
