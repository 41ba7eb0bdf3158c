#include "property/world/world.h"

namespace enishi::property {
namespace {

constexpr Instant kPatience{20 * 60'000};

}  // namespace

World::World(std::uint64_t seed) : People(seed), daemon_(context_, oracle_) {
  daemon_.on_gone(*this);
  daemon_.start();
}

std::unique_ptr<Driver> World::make_driver(client::Driven& machine, DriverCalls calls) {
  return std::make_unique<LinkDriver>(Simulation{context_, oracle_, daemon_}, machine, std::move(calls));
}

std::shared_ptr<client::LocalStore> World::open_profile(const std::string& key) {
  auto& profile = profiles_[key];
  if (!profile) profile = std::make_shared<client::MemoryStore>();
  return profile;
}

void World::on_daemon_gone() {
  for (auto& device : devices_) device->on_daemon_gone();
}

void World::perform(const Op& op) {
  auto* device = begin(op);
  if (op.kind >= OpKind::go_offline)
    happen(op);
  else if (device)
    act(op, *device);
  context_.schedule.run_until(context_.now() + context_.delay(Instant{context_.chance(30) ? 5000 : 200}));
}

void World::restart_daemon(const Op&) { daemon_.kill(context_.delay(Instant{4000})); }

void World::wait_long(const Op& op) { context_.schedule.run_until(context_.now() + Instant{op.much % 200'000}); }

std::string World::unsettled() {
  if (!daemon_.is_up()) return "the daemon is down";
  if (!daemon_.is_idle()) return "commands wait";
  if (context_.schedule.waiting() > 0) return "something is on its way";
  return restless();
}

void World::settle() {
  daemon_.heal(true);
  calm_down();
  const auto until = context_.now() + kPatience;
  std::string why = unsettled();
  while (!why.empty()) {
    if (context_.now() > until || !context_.schedule.run_next()) throw Broken{"it never settles: " + why};
    if (context_.schedule.waiting() == 0) {
      for (auto& device : devices_) device->settle_down();
      why = unsettled();
    }
  }
  compare_all();
  const auto ask = [this](core::MemberId member, const v1::ClientFrame& frame) {
    return daemon_.ask_now(member, frame);
  };
  for (int i = 0; i < 20; ++i) oracle_.check_questions(ask, context_.pick(~std::uint64_t{0}));
  daemon_.heal(false);
}

Verdict run_seed(std::uint64_t seed) { return std::make_unique<World>(seed)->live(); }

}  // namespace enishi::property
