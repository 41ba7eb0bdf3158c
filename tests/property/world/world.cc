#include "property/world/world.h"

#include <algorithm>

#include "cpp/requests.h"

namespace enishi::property {
namespace {

constexpr Instant kPatience{20 * 60'000};
constexpr std::size_t kMembers = 5;

}  // namespace

World::World(std::uint64_t seed) : context_(seed), oracle_(context_), daemon_(context_, oracle_) {
  daemon_.on_gone(*this);
  daemon_.start();
}

void World::on_daemon_gone() {
  for (auto& device : devices_) device->on_daemon_gone();
}

Device& World::add_device(const std::string& name) {
  devices_.push_back(std::make_unique<Device>(Parts{context_, oracle_, daemon_}, name));
  return *devices_.back();
}

Device& World::found(const std::string& handle) {
  const auto secret = client::make_secret(context_.entropy);
  daemon_.invite(secret, 1);
  auto& device = add_device("phone");
  handles_.push_back(handle);
  device.join(secret, handle);
  settle();
  return device;
}

Device& World::join(Device& inviter, const std::string& handle) {
  const auto secret = client::make_secret(context_.entropy);
  auto& device = add_device("phone");
  handles_.push_back(handle);
  auto frame = client::requests::invite_make(inviter.new_client_id(), secret, 1, std::chrono::hours{24}, "");
  inviter.ask(std::move(frame), [&device, secret, handle](const client::Answer& answer) {
    if (answer.ok())
      device.join(secret, handle);
    else
      device.give_up();
  });
  return device;
}

Device* World::member_device(std::uint32_t number) {
  std::vector<Device*> members;
  for (auto& device : devices_)
    if (device->is_member()) members.push_back(device.get());
  return members.empty() ? nullptr : members[number % members.size()];
}

std::optional<core::PublicId> World::conversation(const std::string& name) const {
  for (const auto& id : oracle_.history.conversations())
    if (oracle_.history.name_of(id.view()) == name) return id;
  return std::nullopt;
}

core::PublicId World::some_conversation(const Device& device, std::uint32_t number, std::uint32_t how) {
  const auto& all = oracle_.history.conversations();
  const auto member = oracle_.history.member(device.handle());
  std::vector<core::PublicId> mine;
  for (const auto& id : all)
    if (oracle_.history.is_in(member, oracle_.history.conversation(id.view()), oracle_.history.newest()))
      mine.push_back(id);
  if (how % 16 == 0 || mine.empty()) {
    // One that may be anybody's, or nobody's.
    core::PublicId none;
    context_.entropy.fill(none.value.data(), none.value.size());
    return number % 8 == 0 || all.empty() ? none : all[number % all.size()];
  }
  return mine[number % mine.size()];
}

std::string World::some_handle(const Device& device, std::uint32_t number) const {
  if (number % 40 == 0) return "nobody" + std::to_string(number / 40 % 3);
  const auto& handle = handles_[number % handles_.size()];
  // Oneself only now and then.
  return handle == device.handle() && number % 7 != 0 ? handles_[(number + 1) % handles_.size()] : handle;
}

void World::perform(const Op& op) {
  auto* device = member_device(op.who);
  context_.trace.say("--- " + std::string(name_of(op.kind)) + " by " + (device ? device->holder().name : "nobody") +
                     " at " + std::to_string(context_.now().count()));
  if (op.kind >= OpKind::go_offline)
    happen(op);
  else if (device)
    act(op, *device);
  context_.schedule.run_until(context_.now() + context_.delay(Instant{context_.chance(30) ? 5000 : 200}));
}

void World::happen(const Op& op) {
  if (op.kind == OpKind::quiet) return settle();
  if (op.kind == OpKind::restart) return daemon_.kill(context_.delay(Instant{4000}));
  if (op.kind == OpKind::jump_clock) {
    const auto jump = static_cast<Instant::rep>(op.much % 7'200'000) - 3'600'000;
    context_.wall_skew += Instant{jump};
    return;
  }
  if (op.kind == OpKind::wait) return context_.schedule.run_until(context_.now() + Instant{op.much % 200'000});
  auto& device = *devices_[op.who % devices_.size()];
  if (device.phase() == Device::Phase::dead) return;
  if (device.phase() == Device::Phase::stranger && !device.has_journey()) return;
  auto& driver = device.driver(op.where);
  switch (op.kind) {
    case OpKind::go_offline:
      return driver.set_online(false);
    case OpKind::go_online:
      return driver.set_online(true);
    case OpKind::cut:
      if (driver.link()) driver.link()->cut();
      return;
    case OpKind::stall:
      if (driver.link()) driver.link()->stall(op.how % 3 != 0);
      return;
    default:
      if (driver.link()) driver.link()->go_silent();
      return;
  }
}

std::string World::unsettled() {
  if (!daemon_.is_up()) return "the daemon is down";
  if (!daemon_.is_idle()) return "commands wait";
  if (context_.schedule.waiting() > 0) return "something is on its way";
  for (auto& device : devices_)
    if (auto why = device->unsettled(); !why.empty()) return why;
  return "";
}

void World::settle() {
  daemon_.heal(true);
  // One who waits for an answer of a person waits for nobody here.
  for (auto& device : devices_)
    if (device->phase() == Device::Phase::stranger && device->waits_for_person()) device->give_up();
  for (auto& device : devices_) device->settle_down();
  const auto until = context_.now() + kPatience;
  std::string why = unsettled();
  while (!why.empty()) {
    if (context_.now() > until || !context_.schedule.run_next()) throw Broken{"it never settles: " + why};
    if (context_.schedule.waiting() == 0) {
      for (auto& device : devices_) device->settle_down();
      why = unsettled();
    }
  }
  context_.trace.say("quiet at " + std::to_string(oracle_.history.newest().value));
  for (auto& device : devices_)
    if (device->is_member()) oracle_.check_quiet(device->holder());
  daemon_.heal(false);
}

Verdict run_seed(std::uint64_t seed) {
  auto world = std::make_unique<World>(seed);
  Verdict verdict;
  try {
    auto& rng = world->context().rng;
    const Mix mix(rng);
    auto& first = world->found("m0");
    const auto members = 2 + test::pick(rng, kMembers - 1);
    for (std::uint64_t i = 1; i < members; ++i) world->join(first, "m" + std::to_string(i));
    world->settle();
    for (std::size_t step = 0; step < World::kSteps; ++step) world->perform(mix.draw(rng));
    world->settle();
  } catch (const Broken& broken) {
    verdict.broken = broken.what;
    verdict.trace = world->context().trace.tail();
  }
  verdict.hash = world->context().trace.hash();
  return verdict;
}

}  // namespace enishi::property
