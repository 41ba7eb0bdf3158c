// Baton: how long it takes until a conversation is open at another device, and the first one knows.
#include <algorithm>
#include <stdexcept>

#include "bench/measures.h"

namespace enishi::bench {
namespace {

constexpr double kBudgetMs = 150;

/// Passes a baton from one session to another, which takes it at once, and once more when that is told.
class Relay final : public Handler {
 public:
  Relay(Swarm& swarm, std::uint32_t from, std::uint32_t to, v1::Baton baton)
      : swarm_(swarm), from_(from), to_(to), baton_(std::move(baton)) {}

  void pass() {
    v1::ClientFrame frame;
    *frame.mutable_baton() = baton_;
    begun_ = now_ns();
    send(from_, frame);
  }
  [[nodiscard]] const std::vector<double>& passed_ms() const noexcept { return passed_ms_; }
  [[nodiscard]] const std::vector<double>& taken_ms() const noexcept { return taken_ms_; }

  void on_open(std::uint32_t) override {}
  void on_lost(std::uint32_t, const std::string& why) override {
    throw std::runtime_error("a session was lost: " + why);
  }
  void on_message(std::uint32_t session, std::string_view payload) override {
    v1::ServerFrame frame;
    if (!frame.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
      throw std::runtime_error("the server sent a frame that cannot be read");
    if (frame.has_error()) throw std::runtime_error("a request was refused: " + frame.error().text());
    if (session == to_ && frame.has_baton_passed()) {
      passed_ms_.push_back(since_begun());
      v1::ClientFrame take;
      take.mutable_baton_take()->set_baton_id(frame.baton_passed().baton_id());
      send(to_, take);
    } else if (session == from_ && frame.has_baton_taken()) {
      taken_ms_.push_back(since_begun());
    }
  }

 private:
  [[nodiscard]] double since_begun() const { return 1e-6 * static_cast<double>(now_ns() - begun_); }
  void send(std::uint32_t session, v1::ClientFrame& frame) {
    frame.set_request_id(++requests_);
    swarm_.send(session, frame.SerializeAsString());
  }

  Swarm& swarm_;
  const std::uint32_t from_, to_;
  const v1::Baton baton_;
  std::uint64_t begun_ = 0, requests_ = 0;
  std::vector<double> passed_ms_, taken_ms_;
};

Row row_of(const char* name, std::vector<double> times) {
  std::ranges::sort(times);
  auto row = median_row("Baton between two live devices of one member, loopback", name, "ms", times);
  row.high = times[times.size() * 99 / 100];
  row.note = "up to p99";
  return row;
}

}  // namespace

void measure_baton(Bench& bench) {
  auto& people = *bench.people;
  bench.progress.begin("baton", 2);
  constexpr auto kPc = kCrowd + 1;  // gives its own account up for this
  people.connect(kCrowd, 1, People::Way::proof);
  people.pair(kCrowd, kPc);
  people.connect(kPc, 1, People::Way::proof);
  v1::Baton baton;
  baton.set_device_id(people.at(kPc).device_id);
  baton.set_conversation_id(people.at(kCrowd).directs.at(people.at(kHub).handle));
  baton.set_anchor_seq(1);
  Relay relay(*bench.swarm, kCrowd, kPc, std::move(baton));
  bench.swarm->set_handler(&relay);
  const auto end = now_ns() + 60'000'000'000U;
  for (std::size_t round = 1; round <= bench.effort.batons; ++round) {
    relay.pass();
    while (relay.taken_ms().size() < round) {
      if (now_ns() > end) throw std::runtime_error("batons took over a minute");
      bench.swarm->step(bench.wait_ms());
    }
  }
  bench.report.add(row_of("passed: until the other device is told", relay.passed_ms()));
  auto taken = row_of("taken: until the first one knows", relay.taken_ms());
  taken.note +=
      taken.value <= kBudgetMs ? "; budget 150 ms at the median: kept" : "; budget 150 ms at the median: NOT kept";
  taken.more["budget_ms"] = kBudgetMs;
  bench.report.add(std::move(taken));
  people.leave(kCrowd, 2);
}

}  // namespace enishi::bench
