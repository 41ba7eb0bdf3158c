// Several devices, several commands at once, and a daemon that is not there.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "integration/cli_people.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CliDevice : public People {
 protected:
  explicit CliDevice(DaemonProcess::Options options = {}) : People(std::move(options)) {}
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
    EXPECT_THAT(ok("aki", {"list"}), SizeIs(2)) << "so that @ben is known also without the daemon";
  }
};

TEST_F(CliDevice, APairedDeviceHoldsTheSame) {
  one("ben", {"send", "@aki", "before"});
  const auto joined = pair("aki", "aki-pc");
  EXPECT_EQ(joined["handle"], "aki");
  EXPECT_EQ(joined["device"], "aki-pc");
  EXPECT_THAT(texts("aki-pc", "@ben"), ElementsAre("before"));
  one("aki-pc", {"mark", "@ben"});
  EXPECT_EQ(ok("aki", {"list"}).at(0)["unread"], 0);
  const auto devices = ok("aki", {"devices"});
  ASSERT_THAT(devices, SizeIs(2));
  EXPECT_EQ(devices[0]["name"], "phone");
  EXPECT_EQ(devices[0]["current"], true);
  EXPECT_EQ(devices[1]["name"], "aki-pc");
  EXPECT_EQ(devices[1]["current"], false);
}

TEST_F(CliDevice, APairingLinkServesOnce) {
  RunningCommand offer(command("aki", {"pair", "--yes"}));
  const auto url = Json::parse(offer.next_line())["url"].get<std::string>();
  one("aki-pc", {"pair", "-", "--device", "pc"}, url + "\n");
  EXPECT_EQ(offer.wait(), 0);
  refused("aki-tablet", {"pair", url, "--device", "tablet"}, 1, "PAIRING_UNKNOWN");
}

TEST_F(CliDevice, ANewcomerWhoseNameIsTakenDoesNotWaitForNothing) {
  RunningCommand offer(command("aki", {"pair", "--yes"}));
  const auto url = Json::parse(offer.next_line())["url"].get<std::string>();
  refused("aki-pc", {"pair", url, "--device", "phone"}, 1, "PAIRING_REFUSED");
  EXPECT_EQ(offer.wait(), 1);
  EXPECT_EQ(pair("aki", "aki-pc")["device"], "aki-pc") << "with another name the same profile is let in";
}

TEST_F(CliDevice, ANewcomerThatWasCutAfterTheApprovalIsPairedByTheSameCommand) {
  // Refused for its secret, the command leaves its keys in the profile: what a cut leaves too. A copy stands for the
  // one that never heard of the approval.
  const auto wrong = daemon_.origin() + "/#p=AAAAAAAAAAAAAAAAAAAAAA";
  refused("aki-pc", {"pair", wrong, "--device", "pc"}, 1, "PAIRING_UNKNOWN");
  std::filesystem::copy(profiles_ / "aki-pc", profiles_ / "aki-cut", std::filesystem::copy_options::recursive);
  RunningCommand offer(command("aki", {"pair", "--yes"}));
  const auto url = Json::parse(offer.next_line())["url"].get<std::string>();
  const auto paired = one("aki-pc", {"pair", url, "--device", "pc"});
  EXPECT_EQ(offer.wait(), 0);
  const auto again = one("aki-cut", {"pair", url, "--device", "pc"});
  EXPECT_EQ(again, paired) << "the original answer";
  EXPECT_EQ(daemon_.terminate(), 0);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  refused("aki-other", {"pair", url, "--device", "pc"}, 1, "PAIRING_UNKNOWN");
  one("aki-cut", {"send", "@ben", "here I am"});
  EXPECT_THAT(texts("ben", "@aki"), ElementsAre("here I am"));
  EXPECT_THAT(ok("aki", {"devices"}), SizeIs(2)) << "one device was made";
}

/// The far end of a pseudo-terminal that is a command's standard input.
class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (master_ >= 0 && grantpt(master_) == 0 && unlockpt(master_) == 0) name_ = ptsname(master_);
  }
  ~Terminal() { close(master_); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  void type(const std::string& line) const {
    const auto text = line + "\n";
    EXPECT_EQ(write(master_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  /// `argv` with this as its standard input, by a shell.
  [[nodiscard]] Words behind(const Words& argv) const {
    Words words{"/bin/sh", "-c", R"(terminal=$1; shift; exec "$@" <"$terminal")", "sh", name_};
    words.insert(words.end(), argv.begin(), argv.end());
    return words;
  }

 private:
  int master_;
  std::string name_;
};

/// The six digits on standard error of the newcomer.
std::string digits_in(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto end = std::ranges::find_if_not(text, is_digit);
  return {text.begin(), end};
}

TEST_F(CliDevice, TheOwnerTypesTheNewcomersDigits) {
  const Terminal terminal;
  RunningCommand offer(terminal.behind(command("aki", {"pair"})));
  const auto url = Json::parse(offer.next_line())["url"].get<std::string>();
  const auto errors = profiles_ / "digits";
  Words newcomer{"/bin/sh", "-c", R"(errors=$1; shift; exec "$@" 2>"$errors")", "sh", errors};
  const auto command = this->command("aki-pc", {"pair", url, "--device", "pc"});
  newcomer.insert(newcomer.end(), command.begin(), command.end());
  RunningCommand paired(newcomer);
  ASSERT_TRUE(wait_until([&] { return digits_in(read_file(errors)).size() == 6; })) << read_file(errors);
  const auto digits = digits_in(read_file(errors));
  terminal.type(digits == "000000" ? "000001" : "000000");
  terminal.type(digits.substr(0, 3) + " " + digits.substr(3));
  EXPECT_EQ(Json::parse(offer.next_line()), Json({{"approved", true}, {"device", "pc"}}));
  EXPECT_EQ(offer.wait(), 0);
  EXPECT_EQ(Json::parse(paired.next_line())["handle"], "aki");
  EXPECT_EQ(paired.wait(), 0);
}

TEST_F(CliDevice, TheOwnerRefuses) {
  const Terminal terminal;
  RunningCommand offer(terminal.behind(command("aki", {"pair"})));
  const auto url = Json::parse(offer.next_line())["url"].get<std::string>();
  terminal.type("no");
  refused("aki-pc", {"pair", url, "--device", "pc"}, 1, "PAIRING_REFUSED");
  EXPECT_EQ(Json::parse(offer.next_line()), Json({{"approved", false}, {"device", "pc"}}));
  EXPECT_EQ(offer.wait(), 1);
}

TEST_F(CliDevice, ARecoveryCodeBringsOneBack) {
  const auto codes = ok("aki", {"recovery-codes"});
  ASSERT_THAT(codes, SizeIs(10));
  const auto recovered = one("aki-new", {"recover", daemon_.origin(), codes[3]["code"], "--device", "new"});
  EXPECT_EQ(recovered["handle"], "aki");
  refused("aki-newer", {"recover", daemon_.origin(), codes[3]["code"], "--device", "newer"}, 1, "RECOVERY_UNKNOWN");
  EXPECT_THAT(ok("aki-new", {"devices"}), SizeIs(2));
}

TEST_F(CliDevice, ARevokedDeviceCanDoNothingMore) {
  pair("aki", "aki-pc");
  Watching watching(command("aki-pc", {"watch"}));
  EXPECT_FALSE(watching.next({{"type", "ready"}}).is_null());
  one("aki", {"revoke", "aki-pc"});
  EXPECT_EQ(watching.wait(), 4);
  for (const Words& words : {Words{"list"}, Words{"send", "@ben", "x"}, Words{"status"}, Words{"read", "@ben"}})
    refused("aki-pc", words, 4, "DEVICE_REVOKED");
  refused("aki", {"revoke", "aki-pc"}, 1, "NOT_FOUND");
  one("aki", {"revoke", "phone"});
  refused("aki", {"list"}, 4, "DEVICE_REVOKED");
}

TEST_F(CliDevice, ARevokedDevicesQueuedMessageIsNeverCommitted) {
  pair("aki", "aki-pc");
  const auto data = daemon_.data();
  EXPECT_EQ(daemon_.terminate(), 0);
  EXPECT_EQ(run("aki-pc", {"send", "@ben", "late"}).exit, 3);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  one("aki", {"revoke", "aki-pc"});
  refused("aki-pc", {"list"}, 4, "DEVICE_REVOKED");
  EXPECT_THAT(texts("ben", "@aki"), IsEmpty());
}

TEST_F(CliDevice, NotReachableQueuesAndShowsWhatIsStored) {
  one("ben", {"send", "@aki", "stored"});
  EXPECT_THAT(texts("aki", "@ben"), ElementsAre("stored"));
  EXPECT_EQ(daemon_.terminate(), 0);

  for (const auto* text : {"a", "b", "c"}) {
    const auto done = run("aki", {"send", "@ben", text});
    EXPECT_EQ(done.exit, 3);
    const auto queued = Json::parse(done.out);
    EXPECT_EQ(queued["state"], "queued");
    EXPECT_EQ(queued["seq"], 0);
    EXPECT_EQ(Json::parse(done.err)["code"], "UNREACHABLE");
  }
  const auto read = run("aki", {"read", "@ben"});
  EXPECT_EQ(read.exit, 3);
  EXPECT_EQ(lines_of(read.out).at(0)["text"], "stored");
  const auto list = run("aki", {"list"});
  EXPECT_EQ(list.exit, 3);
  EXPECT_EQ(lines_of(list.out).at(0)["chat"], "@ben");
  const auto status = one("aki", {"status"});
  EXPECT_EQ(status["state"], "offline");
  EXPECT_EQ(status["outbox"], 3);
  refused("aki", {"mark", "@ben"}, 3, "UNREACHABLE");
  refused("aki", {"send", "@ben", ""}, 1, "BODY_EMPTY");

  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  EXPECT_EQ(one("aki", {"send", "@ben", "d"})["seq"], 5);
  EXPECT_THAT(texts("ben", "@aki"), ElementsAre("stored", "a", "b", "c", "d"));
  EXPECT_EQ(one("aki", {"status"})["outbox"], 0);
}

TEST_F(CliDevice, WhoIsNotKnownHereYetIsQueuedForByName) {
  // By an invitation of Aki's, who was not here since.
  join("chie", "aki");
  EXPECT_EQ(daemon_.terminate(), 0);
  const auto queue = [this](const std::string& chat, const std::string& text) {
    const auto done = run("aki", {"--timeout", "0", "send", chat, text});
    EXPECT_EQ(done.exit, 3);
    return lines_of(done.out).at(0);
  };
  const auto queued = queue("@Chie", "one");
  EXPECT_EQ(queued["chat"], "@chie");
  EXPECT_EQ(queued["seq"], 0);
  EXPECT_EQ(queued["state"], "queued");
  queue("@chie", "two");
  queue("@nobody", "lost");
  queue("@ben", "after");
  EXPECT_EQ(one("aki", {"status"})["outbox"], 4);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  const auto list = run("aki", {"list"});
  EXPECT_EQ(list.exit, 0);
  const auto error = Json::parse(list.err);
  EXPECT_EQ(error["code"], "NOT_FOUND");
  EXPECT_THAT(error["text"].get<std::string>(), ::testing::HasSubstr("@nobody"));
  EXPECT_THAT(texts("chie", "@aki"), ElementsAre("one", "two"));
  EXPECT_THAT(texts("ben", "@aki"), ElementsAre("after"));
  const auto status = one("aki", {"status"});
  EXPECT_EQ(status["outbox"], 1) << "the refused one is kept";
  EXPECT_EQ(status["refused"][0]["chat"], "@nobody");
  EXPECT_EQ(status["refused"][0]["text"], "lost");
}

TEST_F(CliDevice, WhoIsThereWhenTheDaemonStopsWasSeenThen) {
  pair("aki", "aki-pc");
  Watching watching(command("aki-pc", {"watch"}));
  watching.next({{"type", "ready"}});
  const auto then = one("aki", {"send", "@ben", "still here?"})["at"].get<std::string>();
  ASSERT_EQ(daemon_.terminate(), 0);
  EXPECT_EQ(watching.end(), 0);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  int found = 0;
  for (const auto& device : ok("aki", {"devices"})) {
    if (device["name"] != "aki-pc") continue;
    EXPECT_GE(device["last_seen"].get<std::string>(), then);
    ++found;
  }
  EXPECT_EQ(found, 1);
}

TEST_F(CliDevice, AGroupThatIsNotKnownHereCannotBeQueuedFor) {
  EXPECT_EQ(daemon_.terminate(), 0);
  const auto error = refused("aki", {"send", "#walk", "x"}, 3, "UNREACHABLE");
  EXPECT_THAT(error["text"].get<std::string>(), ::testing::HasSubstr("not queued"));
  EXPECT_EQ(one("aki", {"status"})["outbox"], 0);
}

TEST_F(CliDevice, AQueuedMessageThatIsRefusedIsToldAndKept) {
  EXPECT_EQ(daemon_.terminate(), 0);
  EXPECT_EQ(run("aki", {"send", "@ben", "too late"}).exit, 3);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  one("ben", {"tie", "end", "aki"});
  const auto list = run("aki", {"list"});
  EXPECT_EQ(list.exit, 0) << "the list itself is fine";
  EXPECT_EQ(Json::parse(list.err)["code"], "NOT_TIED");
  auto status = one("aki", {"status"});
  EXPECT_EQ(status["outbox"], 1);
  ASSERT_THAT(status["refused"], SizeIs(1));
  EXPECT_EQ(status["refused"][0]["code"], "NOT_TIED");
  EXPECT_EQ(status["refused"][0]["text"], "too late");
  EXPECT_EQ(one("aki", {"status", "--clear"})["outbox"], 0);
  EXPECT_EQ(one("aki", {"status"})["outbox"], 0);
}

TEST_F(CliDevice, WatchShowsWhatWasMissedThenReadyThenAllThatComes) {
  one("ben", {"send", "@aki", "missed"});
  Watching watching(command("aki", {"watch"}));
  const auto missed = watching.next({{"type", "message"}, {"text", "missed"}});
  EXPECT_EQ(missed["chat"], "@ben");
  EXPECT_EQ(missed["kind"], "message");
  EXPECT_FALSE(watching.next({{"type", "ready"}}).is_null());

  one("ben", {"send", "@aki", "live"});
  EXPECT_EQ(watching.next({{"type", "message"}})["text"], "live");
  // Another command of the same profile, beside it.
  one("aki", {"send", "@ben", "own"});
  EXPECT_EQ(watching.next({{"type", "message"}})["author"], "aki");
  one("aki", {"mark", "@ben"});
  EXPECT_EQ(watching.next({{"type", "marker"}, {"seq", 3}})["by_device"], "phone");
  one("aki", {"group", "new", "walk", "ben"});
  EXPECT_EQ(watching.next({{"type", "member"}, {"handle", "ben"}})["change"], "added");
  one("ben", {"group", "leave", "#walk"});
  EXPECT_EQ(watching.next({{"type", "member"}, {"handle", "ben"}})["change"], "left");
  one("ben", {"tie", "end", "aki"});
  EXPECT_EQ(watching.next({{"type", "tie"}, {"handle", "ben"}})["state"], "ended");
  pair("aki", "aki-pc");
  EXPECT_EQ(watching.next({{"type", "device"}, {"name", "aki-pc"}})["change"], "added");
  EXPECT_EQ(watching.end(), 0);
}

/// A daemon that catches up exactly over five events only.
class CliGap : public CliDevice {
 protected:
  CliGap() : CliDevice(five()) {}
  static DaemonProcess::Options five() {
    DaemonProcess::Options options;
    options.arguments = {"--set", "limits.gap_events=5"};
    return options;
  }
};

TEST_F(CliGap, WatchShowsItInTheOrderOfTheLog) {
  // More than that: the newest page comes first, the rest is fetched.
  constexpr int kMissed = 30;
  EXPECT_THAT(ok("ben", {"list"}), SizeIs(2));
  ASSERT_EQ(daemon_.terminate(), 0);
  for (int i = 1; i <= kMissed; ++i) EXPECT_EQ(run("ben", {"--timeout", "0", "send", "@aki", "x"}).exit, 3);
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  ok("ben", {"list"});
  ASSERT_EQ(one("ben", {"status"})["outbox"], 0);
  Watching watching(command("aki", {"watch"}));
  for (int seq = 1; seq <= kMissed; ++seq) ASSERT_EQ(watching.next({{"type", "message"}})["seq"], seq);
  EXPECT_FALSE(watching.next({{"type", "ready"}}).is_null());
  EXPECT_EQ(watching.end(), 0);
}

TEST_F(CliDevice, PresenceAndTypingShowToTies) {
  join("chie", "ben");
  Watching watching(command("aki", {"watch"}));
  EXPECT_FALSE(watching.next({{"type", "ready"}}).is_null());
  one("ben", {"mode", "idle"});
  EXPECT_FALSE(watching.next({{"type", "presence"}, {"handle", "ben"}, {"state", "idle"}}).is_null());
  const auto presence = one("aki", {"presence", "@ben"});
  EXPECT_EQ(presence["handle"], "ben");
  EXPECT_EQ(presence["state"], "idle");
  one("ben", {"typing", "@aki"});
  EXPECT_EQ(watching.next({{"type", "typing"}}), Json({{"type", "typing"}, {"chat", "@ben"}, {"handle", "ben"}}));
  EXPECT_EQ(refused("aki", {"presence", "chie"}, 1, "NOT_FOUND"),
            refused("aki", {"presence", "nobody"}, 1, "NOT_FOUND"));
  EXPECT_EQ(watching.end(), 0);
}

TEST_F(CliDevice, WatchComesBackByItself) {
  Watching watching(command("aki", {"watch"}));
  EXPECT_FALSE(watching.next({{"type", "ready"}}).is_null());
  daemon_.kill9();
  EXPECT_FALSE(watching.next({{"type", "state"}, {"state", "closed"}}).is_null());
  ASSERT_TRUE(daemon_.start()) << daemon_.log();
  EXPECT_FALSE(watching.next({{"type", "state"}, {"state", "live"}}).is_null());
  one("ben", {"send", "@aki", "again"});
  EXPECT_EQ(watching.next({{"type", "message"}})["text"], "again");
  EXPECT_EQ(watching.end(), 0);
}

TEST_F(CliDevice, WatchEndsByTheClock) {
  EXPECT_EQ(run("aki", {"watch", "--for", "0.2"}).exit, 0);
  EXPECT_EQ(daemon_.terminate(), 0);
  EXPECT_EQ(run("aki", {"watch", "--for", "200ms"}).exit, 0);
}

TEST_F(CliDevice, CommandsOfOneProfileDisturbNoneOfEachOther) {
  Watching watching(command("aki", {"watch"}));
  EXPECT_FALSE(watching.next({{"type", "ready"}}).is_null());
  constexpr int kCommands = 12;
  std::vector<RunningCommand> sends;
  for (int i = 0; i < kCommands; ++i)
    sends.push_back(start_reading(command("aki", {"send", "@ben", std::to_string(i)})));
  std::vector<int> seqs;
  for (auto& send : sends) {
    const auto line = send.next_line();
    ASSERT_FALSE(line.empty());
    seqs.push_back(Json::parse(line)["seq"]);
    EXPECT_EQ(send.wait(), 0);
  }
  std::ranges::sort(seqs);
  for (int i = 0; i < kCommands; ++i) EXPECT_EQ(seqs[static_cast<std::size_t>(i)], i + 1) << "each once, none lost";
  for (int i = 1; i <= kCommands; ++i) EXPECT_EQ(watching.next({{"type", "message"}})["seq"], i);
  EXPECT_EQ(watching.end(), 0);
}

}  // namespace
}  // namespace enishi::test
