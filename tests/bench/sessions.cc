// The daemon under test, its members, and what their sessions cost.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "bench/measures.h"

namespace enishi::bench {
namespace {

constexpr std::uint32_t kUsesMax = 1000;  // of one invitation

/// The configuration of the runs: one network thread, and no limit that a person would meet but a load generator does.
test::Environment environment() {
  return {{"ENISHI_LISTEN_LOOPS", "1"},
          {"ENISHI_LIMITS_REQUESTS_PER_SECOND", "0"},
          {"ENISHI_LIMITS_SEQUENCER_INBOX_MAX", "65536"},
          {"ENISHI_LIMITS_TIES_MAX", "100000"},
          {"ENISHI_LIMITS_GROUP_MEMBERS_MAX", "1001"},  // the hub makes a room of 1,000 before it leaves it
          {"ENISHI_LIMITS_HANDSHAKES_MAX", "4096"},
          {"ENISHI_LOG_LEVEL", "warn"}};
}

/// The 16 bytes behind "#i=" of a link (unpadded base64url).
std::string secret_of(const std::string& link) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto at = link.find("#i=");
  std::string secret;
  std::uint32_t bits = 0;
  int count = 0;
  for (std::size_t i = at == std::string::npos ? link.size() : at + 3; i < link.size(); ++i) {
    bits = bits << 6U | static_cast<std::uint32_t>(kDigits.find(link[i]) & 63U);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    secret.push_back(static_cast<char>(bits >> count & 0xFFU));
  }
  if (secret.size() != 16) throw std::runtime_error("enishid invite printed no link");
  return secret;
}

/// PSS once it has come to rest: after the last handshakes are freed.
double resting_pss(Bench& bench) {
  auto last = pss_bytes(bench.daemon->pid());
  for (int i = 0; i < 20; ++i) {
    bench.settle(0.3);
    const auto now = pss_bytes(bench.daemon->pid());
    const auto change = now > last ? now - last : last - now;
    last = now;
    if (change < 32 * 1024) break;
  }
  return static_cast<double>(last);
}

}  // namespace

void Bench::start_daemon() {
  if (!daemon) daemon = std::make_unique<test::DaemonProcess>(test::DaemonProcess::Options{{}, environment(), data});
  if (has_two_cores) pin_to(0);
  const bool is_ready = daemon->start();
  if (has_two_cores) pin_to(1);
  if (!is_ready) throw std::runtime_error("enishid did not start: " + daemon->log());
}

void Bench::settle(double seconds) {
  const auto end = now_ns() + static_cast<std::uint64_t>(1e9 * seconds);
  while (now_ns() < end) swarm->step(20);
}

void Bench::quiesce() {
  // Ticks and heartbeats of idle sessions stay below a hundredth of a core.
  constexpr double kLook = 0.2, kIdle = 0.01;
  for (int i = 0; i < 50; ++i) {
    const auto before = server_cpu();
    settle(kLook);
    if (server_cpu() - before < kLook * kIdle) return;
  }
}

void populate(Bench& bench) {
  const auto& effort = bench.effort;
  bench.progress.begin("making " + std::to_string(effort.people()) + " members", 6);
  bench.start_daemon();
  bench.swarm = std::make_unique<Swarm>("127.0.0.1", bench.daemon->port(), effort.people());
  bench.people = std::make_unique<People>(*bench.swarm, bench.daemon->origin(), effort.people());
  auto& people = *bench.people;
  const auto link = bench.daemon->invite({"--uses", "1"});
  people.join(kHub, 1, secret_of(link));
  const auto begun = now_ns();
  const auto cpu = bench.server_cpu();
  for (std::uint32_t first = kSleeper; first < people.count(); first += kUsesMax) {
    const auto count = std::min(kUsesMax, people.count() - first);
    // The hub leaves at once, so that nobody has to be told of the newcomers.
    people.connect(kHub, 1, People::Way::proof);
    const auto secret = invite(people, kHub, count);
    people.leave(kHub, 1);
    people.join(first, count, secret);
    bench.progress.show(std::to_string(first + count) + " members");
  }
  const auto joined = static_cast<double>(people.count() - kSleeper);
  Row row{"Setting up", "joining by invitation, all with one inviter", "us CPU/member",
          1e6 * (bench.server_cpu() - cpu) / joined};
  row.low = row.high = row.value;
  row.more["joins_per_s"] = joined / (1e-9 * static_cast<double>(now_ns() - begun));
  row.note = short_number(row.more["joins_per_s"]) + "/s";
  bench.report.add(std::move(row));
}

void measure_idle(Bench& bench) {
  const auto& effort = bench.effort;
  auto& people = *bench.people;
  bench.progress.begin("idle sessions", 8);
  // Anew, so that nothing is left in memory of how the members were made.
  if (bench.daemon->terminate() != 0) throw std::runtime_error("enishid did not end as asked");
  bench.start_daemon();
  const auto base = resting_pss(bench);
  const auto middle_count = (effort.idle_low + effort.idle_high) / 2;
  people.connect(kCrowd, effort.idle_low, People::Way::proof);
  const auto low = resting_pss(bench);
  people.connect(kCrowd + effort.idle_low, middle_count - effort.idle_low, People::Way::proof);
  const auto middle = resting_pss(bench);
  people.connect(kCrowd + middle_count, effort.idle_high - middle_count, People::Way::proof);
  const auto high = resting_pss(bench);
  const char* group = "User memory of the server (PSS), each session of a member of its own with one tie, plaintext";
  Row slope{group,
            "idle session: slope from " + std::to_string(effort.idle_low) + " to " + std::to_string(effort.idle_high),
            "B/session"};
  slope.value = (high - low) / (effort.idle_high - effort.idle_low);
  const auto lower = (middle - low) / (middle_count - effort.idle_low);
  const auto upper = (high - middle) / (effort.idle_high - middle_count);
  slope.low = std::min(lower, upper);
  slope.high = std::max(lower, upper);
  slope.more = {{"slope_lower_half", lower}, {"slope_upper_half", upper}};
  bench.report.add(std::move(slope));
  Row attached{group, "attached session: all growth since the start, by " + std::to_string(effort.idle_high),
               "B/session"};
  attached.value = attached.low = attached.high = (high - base) / effort.idle_high;
  bench.report.add(std::move(attached));
  Row empty{group, "server without sessions", "MiB", base / 1048576};
  empty.low = empty.high = empty.value;
  bench.report.add(std::move(empty));
  people.leave(kCrowd, effort.idle_high);
}

void measure_reconnect(Bench& bench) {
  const auto& effort = bench.effort;
  auto& people = *bench.people;
  bench.progress.begin("reconnecting", 6);
  const char* group = "Reconnect: accept, upgrade, welcome, live; nothing missed";
  for (const auto way : {People::Way::proof, People::Way::ticket}) {
    const bool has_ticket = way == People::Way::ticket;
    std::vector<double> cpu_us, rates;
    for (int i = 0; i < effort.repeats; ++i) {
      bench.quiesce();
      const auto begun = now_ns();
      const auto cpu = bench.server_cpu();
      people.connect(kCrowd, effort.reconnects, way);
      cpu_us.push_back(1e6 * (bench.server_cpu() - cpu) / effort.reconnects);
      rates.push_back(effort.reconnects / (1e-9 * static_cast<double>(now_ns() - begun)));
      for (std::uint32_t person = kCrowd; i > 0 && person < kCrowd + effort.reconnects; ++person)
        if (!people.journey(person).is_exact || people.journey(person).events != 0)
          throw std::runtime_error("a session that missed nothing was told something");
      people.leave(kCrowd, effort.reconnects);
    }
    auto row = median_row(group, has_ticket ? "with ticket" : "with a signature", "us CPU/session", cpu_us);
    row.more["sessions_per_s"] = median_row("", "", "", rates).value;
    row.note = short_number(row.more["sessions_per_s"]) + "/s";
    bench.report.add(std::move(row));
  }
}

}  // namespace enishi::bench
