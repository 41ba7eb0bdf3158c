// Strangers at the real binary: how many may stand at the door, and how often they may guess.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "enishi/v1/frame.pb.h"
#include "support/http.h"
#include "support/process.h"
#include "support/raw_websocket.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

const std::pair<std::string, std::string> kLoopbackToo{"ENISHI_LIMITS_PER_ADDRESS_ON_LOOPBACK", "1"};

DaemonProcess::Options with(Environment environment) {
  DaemonProcess::Options options;
  options.environment = std::move(environment);
  return options;
}

/// One request of a stranger on a connection of its own.
v1::ServerFrame ask(const DaemonProcess& daemon, v1::ClientFrame frame) {
  RawWebSocket peer(daemon.port());
  EXPECT_EQ(peer.upgrade(), 101);
  frame.set_request_id(5);
  EXPECT_TRUE(peer.send_binary(frame.SerializeAsString()));
  v1::ServerFrame answer;
  while (auto raw = peer.receive())
    if (raw->opcode == 2 && answer.ParseFromString(raw->payload) && answer.request_id() == 5) return answer;
  return {};
}

v1::ClientFrame preview(char secret) {
  v1::ClientFrame frame;
  frame.mutable_invite_preview()->set_secret(std::string(16, secret));
  return frame;
}

Finished enishi(const std::string& profile, std::vector<std::string> words) {
  std::vector<std::string> argv{program("enishi"), "--profile", profile, "--json"};
  argv.insert(argv.end(), words.begin(), words.end());
  return run_command(argv);
}

std::vector<std::string> join_words(const std::string& link, const std::string& handle) {
  return {"join", link, "--handle", handle, "--name", handle, "--device", "phone"};
}

TEST(Threshold, UnknownSecretsOfOneAddressAreLimited) {
  DaemonProcess daemon(with({kLoopbackToo, {"ENISHI_LIMITS_SECRET_TRIES_PER_ADDRESS", "3"}}));
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto link = daemon.invite({"--uses", "9"});
  TempDir profiles;
  for (const auto* handle : {"aki", "ben", "chi", "dan"})
    EXPECT_EQ(enishi(profiles / handle, join_words(link, handle)).exit, 0) << "known secrets do not count";
  for (char secret = '1'; secret <= '3'; ++secret)
    EXPECT_EQ(ask(daemon, preview(secret)).error().code(), v1::ERROR_CODE_INVITATION_UNKNOWN);
  v1::ClientFrame present, recover;
  present.mutable_pair_present()->set_secret(std::string(16, 'x'));
  present.mutable_pair_present()->set_name("pc");
  present.mutable_pair_present()->set_key(std::string(32, 'x'));
  recover.mutable_recover()->set_code("AAAAAAAAAAAAAAAAAAAA");
  recover.mutable_recover()->set_device_name("pc");
  recover.mutable_recover()->set_key(std::string(32, 'x'));
  for (const auto& frame : {preview('4'), present, recover}) {
    const auto refused = ask(daemon, frame);
    EXPECT_EQ(refused.error().code(), v1::ERROR_CODE_RATE_LIMITED);
    EXPECT_GT(refused.error().retry_after_ms(), 0U);
    EXPECT_LE(refused.error().retry_after_ms(), 60'000U);
  }
  const auto late = enishi(profiles / "eri", join_words(link, "eri"));
  EXPECT_EQ(late.exit, 1);
  const auto error = nlohmann::json::parse(late.err);
  EXPECT_EQ(error["code"], "RATE_LIMITED");
  EXPECT_GT(error["retry_after_ms"], 0);
  EXPECT_EQ(enishi(profiles / "aki", {"list"}).exit, 0) << "devices are no strangers";
  EXPECT_EQ(daemon.terminate(), 0);
}

TEST(Threshold, LoopbackIsNotLimitedUnlessToldAndTheCheckSaysSo) {
  DaemonProcess daemon(with({{"ENISHI_LIMITS_SECRET_TRIES_PER_ADDRESS", "3"}}));
  ASSERT_TRUE(daemon.start()) << daemon.log();
  for (int i = 0; i < 12; ++i) EXPECT_EQ(ask(daemon, preview('1')).error().code(), v1::ERROR_CODE_INVITATION_UNKNOWN);
  const auto off = run_command({program("enishid"), "check-config"});
  EXPECT_EQ(off.exit, 0);
  EXPECT_NE((off.out + off.err).find("secret_tries_per_address are off for loopback"), std::string::npos)
      << off.out << off.err;
  const auto on = run_command({program("enishid"), "check-config"}, {}, std::chrono::seconds{60}, {kLoopbackToo});
  EXPECT_EQ((on.out + on.err).find("off for loopback"), std::string::npos) << on.out << on.err;
}

TEST(Threshold, TheLimitOverAllIsAnAlarmInLogAndMetrics) {
  DaemonProcess daemon(with({{"ENISHI_LIMITS_SECRET_TRIES_IN_ALL", "5"}}));
  ASSERT_TRUE(daemon.start()) << daemon.log();
  const auto metrics = [&] {
    return exchange_unix(daemon.data() + "/admin.sock", get_request("/metrics", "localhost"));
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(daemon, preview('1')).error().code(), v1::ERROR_CODE_INVITATION_UNKNOWN);
  EXPECT_EQ(daemon.log().find("event=secret_tries_limit"), std::string::npos);
  EXPECT_NE(metrics().find("enishi_secret_tries_alarm 0\n"), std::string::npos);
  for (int i = 0; i < 3; ++i) {
    const auto refused = ask(daemon, preview('1'));
    EXPECT_EQ(refused.error().code(), v1::ERROR_CODE_RATE_LIMITED);
    EXPECT_GT(refused.error().retry_after_ms(), 60'000U) << "the hour, not the minute";
  }
  const auto log = daemon.log();
  const auto first = log.find("event=secret_tries_limit");
  EXPECT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("event=secret_tries_limit", first + 1), std::string::npos) << "once: " << log;
  EXPECT_NE(metrics().find("enishi_secret_tries_alarm 1\n"), std::string::npos);
  EXPECT_NE(metrics().find("enishi_secret_tries_refused_total 3\n"), std::string::npos);
}

TEST(Threshold, WhoProvesNothingHoldsOneOfAFewPlaces) {
  DaemonProcess daemon(with({kLoopbackToo, {"ENISHI_LIMITS_HANDSHAKES_PER_ADDRESS_MAX", "3"}}));
  ASSERT_TRUE(daemon.start()) << daemon.log();
  TempDir profiles;
  EXPECT_EQ(enishi(profiles / "aki", join_words(daemon.invite(), "aki")).exit, 0);
  // A stranger has upgraded, and is there: his Challenge came.
  std::vector<std::unique_ptr<RawWebSocket>> strangers;
  const auto enter = [&] {
    strangers.push_back(std::make_unique<RawWebSocket>(daemon.port()));
    const bool in = strangers.back()->upgrade() == 101 && strangers.back()->receive().has_value();
    if (!in) strangers.pop_back();
    return in;
  };
  // The last place of the command that joined is given back a moment after its end.
  ASSERT_TRUE(wait_until([&] { return strangers.size() == 3 || (enter() && strangers.size() == 3); }));
  EXPECT_FALSE(enter()) << "a fourth finds no place, though the three have upgraded";
  strangers.pop_back();
  EXPECT_TRUE(wait_until([&] { return enishi(profiles / "aki", {"list"}).exit == 0; }))
      << "a device comes, and is proven";
  EXPECT_EQ(daemon.terminate(), 0);
}

}  // namespace
}  // namespace enishi::test
