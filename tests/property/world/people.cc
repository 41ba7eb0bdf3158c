#include "property/world/people.h"

#include "cpp/requests.h"

namespace enishi::property {
namespace {

constexpr std::size_t kMembers = 5;

}  // namespace

Device& People::add_device(const std::string& name) {
  devices_.push_back(std::make_unique<Device>(Parts{context_, oracle_, place()}, name));
  return *devices_.back();
}

Device& People::found(const std::string& handle) {
  const auto secret = client::make_secret(context_.entropy);
  make_invitation(secret);
  auto& device = add_device("phone");
  handles_.push_back(handle);
  device.join(secret, handle);
  settle();
  return device;
}

Device& People::join(Device& inviter, const std::string& handle) {
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

Device* People::member_device(std::uint32_t number) {
  std::vector<Device*> members;
  for (auto& device : devices_)
    if (device->is_member()) members.push_back(device.get());
  return members.empty() ? nullptr : members[number % members.size()];
}

std::optional<core::PublicId> People::conversation(const std::string& name) const {
  for (const auto& id : oracle_.history.conversations())
    if (oracle_.history.name_of(id.view()) == name) return id;
  return std::nullopt;
}

core::PublicId People::some_conversation(const Device& device, std::uint32_t number, std::uint32_t how) {
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

std::string People::some_handle(const Device& device, std::uint32_t number) const {
  if (number % 40 == 0) return "nobody" + std::to_string(number / 40 % 3);
  const auto& handle = handles_[number % handles_.size()];
  // Oneself only now and then.
  return handle == device.handle() && number % 7 != 0 ? handles_[(number + 1) % handles_.size()] : handle;
}

Device* People::begin(const Op& op) {
  auto* device = member_device(op.who);
  context_.trace.say("--- " + std::string(name_of(op.kind)) + " by " + (device ? device->holder().name : "nobody") +
                     " at " + std::to_string(context_.now().count()));
  return device;
}

void People::happen(const Op& op) {
  if (op.kind == OpKind::quiet) return settle();
  if (op.kind == OpKind::restart) return restart_daemon(op);
  if (op.kind == OpKind::jump_clock)
    return jump_clock(Instant{static_cast<Instant::rep>(op.much % 7'200'000) - 3'600'000});
  if (op.kind == OpKind::wait) return wait_long(op);
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
      return driver.cut();
    case OpKind::stall:
      return driver.stall(op.how % 3 != 0);
    default:
      return driver.go_silent();
  }
}

void People::calm_down() {
  for (auto& device : devices_)
    if (device->phase() == Device::Phase::stranger && device->waits_for_person()) device->give_up();
  for (auto& device : devices_) device->settle_down();
}

std::string People::restless() {
  for (auto& device : devices_)
    if (auto why = device->unsettled(); !why.empty()) return why;
  return "";
}

void People::compare_all() {
  context_.trace.say("quiet at " + std::to_string(oracle_.history.newest().value));
  for (auto& device : devices_)
    if (device->is_member()) oracle_.check_quiet(device->holder());
  check_typed();
}

void People::check_typed() {
  for (const auto& place : oracle_.typed.places()) {
    std::vector<std::string> found;
    bool is_alive = false;
    for (auto& device : devices_) {
      if (!device->is_member() || device->handle() != place.first) continue;
      is_alive = true;
      core::PublicId id;
      static_cast<void>(id.assign(place.second));
      const auto view = device->replica().draft(id, core::WallTime{});
      expect(view.has_value(), "a device cannot read its store");
      found.push_back(view->text);
      for (const auto& kept : view->kept) found.push_back(kept.text);
      // Also where something that the server does not take hides it here.
      const auto drafts = device->replica().registers(v1::REGISTER_KIND_DRAFT);
      expect(drafts.has_value(), "a device cannot read its store");
      for (const auto& entry : *drafts)
        if (entry.conversation_id() == place.second) found.push_back(entry.text());
    }
    if (!is_alive) continue;
    const auto lost = oracle_.typed.missing(place, found);
    expect(lost.empty(), "what " + place.first + " typed is out of reach: '" + lost + "'");
  }
}

Verdict People::live() {
  Verdict verdict;
  try {
    const Mix mix(context_.rng);
    auto& first = found("m0");
    const auto members = 2 + context_.pick(kMembers - 1);
    for (std::uint64_t i = 1; i < members; ++i) join(first, "m" + std::to_string(i));
    settle();
    for (std::size_t step = 0; step < kSteps; ++step) perform(mix.draw(context_.rng));
    settle();
  } catch (const Broken& broken) {
    verdict.broken = broken.what;
    verdict.trace = context_.trace.tail();
  }
  verdict.hash = context_.trace.hash();
  return verdict;
}

}  // namespace enishi::property
