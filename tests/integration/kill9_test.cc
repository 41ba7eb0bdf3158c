// kill -9 at any instant under load: nothing acked is lost, doubled or reordered. The record of acks is a file of its
// own; the audit reads through the command line on a newly paired device.
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cpp/secrets.h"
#include "integration/load_client.h"
#include "support/process.h"
#include "support/running.h"
#include "support/seeds.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

using Json = nlohmann::json;
constexpr std::uint64_t kAcksBetweenKills = 500;

class Kill9 : public ::testing::Test {
 protected:
  std::string profile(const std::string& name) const { return (dir.path() / name).string(); }
  Finished enishi(const std::string& name, std::vector<std::string> arguments) const {
    std::vector<std::string> argv{program("enishi"), "--profile", profile(name), "--json"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_command(argv);
  }
  void join(const std::string& handle, const std::string& link) const {
    const auto joined = enishi(handle, {"join", link, "--handle", handle, "--name", handle, "--device", "load"});
    ASSERT_EQ(joined.exit, 0) << joined.err;
  }
  /// A device of the member that has seen nothing yet.
  void pair(const std::string& owner, const std::string& fresh) const {
    auto owner_side =
        start_reading({program("enishi"), "--profile", profile(owner), "--json", "--timeout", "30s", "pair", "--yes"});
    const auto url = Json::parse(owner_side.first_line()).at("url").get<std::string>();
    const auto paired = enishi(fresh, {"pair", url, "--device", fresh});
    ASSERT_EQ(paired.exit, 0) << paired.err;
    ASSERT_EQ(owner_side.wait(), 0);
  }
  std::vector<Json> read_all(const std::string& name, const std::string& chat) const {
    std::vector<Json> slots;
    for (std::uint64_t after = 0;;) {
      const auto page = enishi(name, {"read", chat, "--after", std::to_string(after), "--limit", "500"});
      EXPECT_EQ(page.exit, 0) << page.err;
      const auto before = slots.size();
      for (std::size_t at = 0, end = 0; (end = page.out.find('\n', at)) != std::string::npos; at = end + 1)
        slots.push_back(Json::parse(page.out.substr(at, end - at)));
      if (slots.size() == before) return slots;
      after = slots.back().at("to").get<std::uint64_t>() ? slots.back()["to"].get<std::uint64_t>()
                                                         : slots.back()["seq"].get<std::uint64_t>();
    }
  }

  TempDir dir;
  DaemonProcess daemon;
};

/// Slots of one conversation: dense, each text once, each author's in the order of sending.
void check_log(const std::vector<Json>& slots, std::map<std::uint64_t, std::string>& texts) {
  std::set<std::string> seen;
  std::map<std::string, std::uint64_t> newest_of;
  std::uint64_t expected = 1;
  for (const auto& slot : slots) {
    ASSERT_EQ(slot.at("seq").get<std::uint64_t>(), expected++);
    ASSERT_EQ(slot.at("kind"), "message");
    const auto text = slot.at("text").get<std::string>();
    ASSERT_TRUE(seen.insert(text).second) << "doubled: " << text;
    const auto author = slot.at("author").get<std::string>();
    const auto number = std::stoull(text.substr(author.size() + 1));
    ASSERT_GT(number, newest_of[author]) << "reordered";
    newest_of[author] = number;
    texts[slot.at("seq").get<std::uint64_t>()] = text;
  }
}

TEST_F(Kill9, NothingAckedIsLostDoubledOrReordered) {
  ASSERT_TRUE(daemon.start()) << daemon.log();
  join("aki", daemon.invite());
  const auto invited = enishi("aki", {"invite"});
  ASSERT_EQ(invited.exit, 0) << invited.err;
  join("ben", Json::parse(invited.out).at("url").get<std::string>());
  ASSERT_EQ(enishi("aki", {"list"}).exit, 0);

  const auto aki_record = profile("aki.acks"), ben_record = profile("ben.acks");
  {
    LoadClient aki(profile("aki"), aki_record), ben(profile("ben"), ben_record);
    const auto acked = [&] { return aki.acked() + ben.acked(); };
    Rng rng(environment_number("ENISHI_SEED", 20261123));
    const auto kills = kill_count(50);
    for (std::uint64_t kill = 0; kill < kills; ++kill) {
      // At no particular place: the count goes on while the signal is on its way.
      const auto target = acked() + kAcksBetweenKills + pick(rng, 60);
      ASSERT_TRUE(wait_until([&] { return acked() >= target; })) << "after " << kill << " kills\n" << daemon.log();
      daemon.kill9();
      ASSERT_TRUE(daemon.start()) << daemon.log();
    }
    ASSERT_TRUE(aki.drain());
    ASSERT_TRUE(ben.drain());
    EXPECT_EQ(aki.rejected() + ben.rejected(), 0U);
  }

  pair("aki", "audit");
  const auto listed = enishi("audit", {"list"});
  ASSERT_EQ(listed.exit, 0) << listed.err;
  pair("ben", "audit2");
  const auto acks_of = [](const std::string& record) { return read_record(record); };
  std::uint64_t checked = 0;
  for (const auto& [device, record] : {std::pair{"audit", aki_record}, std::pair{"audit2", ben_record}}) {
    std::map<std::string, std::map<std::uint64_t, std::string>> logs;
    for (const auto& ack : acks_of(record)) {
      const auto chat = client::to_hex(ack.conversation.view());
      if (!logs.contains(chat)) check_log(read_all(device, chat), logs[chat]);
      ASSERT_EQ(logs[chat][ack.seq], ack.text) << "lost: seq " << ack.seq;
      ++checked;
    }
  }
  EXPECT_GE(checked, kill_count(50) * kAcksBetweenKills);
  std::printf("audited %llu acks over %llu kills\n", static_cast<unsigned long long>(checked),
              static_cast<unsigned long long>(kill_count(50)));
}

}  // namespace
}  // namespace enishi::test
