#include "property/real/world.h"

#include <chrono>
#include <utility>

#include "cpp/store/sqlite_store.h"

namespace enishi::property::real {
namespace {

using std::chrono::steady_clock;

/// Ends a world that hangs; no judgement of speed.
constexpr std::chrono::minutes kPatience{2};
/// Between two looks at what other threads did.
constexpr std::chrono::milliseconds kGlance{2};

}  // namespace

World::World(std::uint64_t seed)
    : People(seed), luck_(seed ^ 0xD1B54A32D192ED03ULL), daemon_(context_, judge_, directory_.path() / "daemon") {
  // Both kinds of resume are to be seen in few seeds; time is real, so nobody is told to wait.
  auto& drawn = context_.settings;
  drawn.gap_events = seed % 2 == 1 ? 5 : 200;
  drawn.newest_page = seed % 2 == 1 ? 3 : 50;
  drawn.requests_per_second = 0;
  // Enough to fill the kernel's buffers of a client that reads nothing.
  if (seed % 3 == 0) drawn.text_bytes = 15'000, drawn.texts_per_long = 3;
  daemon_.start();
}

World::~World() {
  devices_.clear();  // they stand on the rest
}

std::unique_ptr<Driver> World::make_driver(client::Driven& machine, DriverCalls calls) {
  Proxy::Options options;
  options.daemon_port = [this] { return daemon_.port(); };
  options.cut_within = [this](std::size_t size) {
    if (healed_ || test::pick(luck_, 1000) >= context_.settings.cutting) return size + 1;
    ++tally_.cuts;
    return static_cast<std::size_t>(test::pick(luck_, size + 1));
  };
  return std::make_unique<SocketDriver>(io_, std::move(options), judge_, oracle_, machine, std::move(calls));
}

std::shared_ptr<client::LocalStore> World::open_profile(const std::string& key) {
  auto opened = client::SqliteStore::open(directory_.path() / "devices" / key.substr(0, 16));
  expect(opened.has_value(), "a profile could not be opened");
  return *std::move(opened);
}

SocketDriver& World::driver_of(Device& device, std::size_t index) {
  return static_cast<SocketDriver&>(device.driver(index));  // this place makes no others
}

bool World::turn() {
  mind_daemon();
  judge_.rethrow();
  if (io_.poll() > 0) return true;
  return io_.run_one_for(kGlance) > 0;
}

void World::run_until(const std::string& what, const std::function<bool()>& done) {
  const auto end = steady_clock::now() + kPatience;
  for (unsigned busy = 0;;) {
    // To look is dear: rather when nothing comes any more.
    busy = turn() ? busy + 1 : 0;
    if (busy % 32 == 0 && done()) return;
    if (steady_clock::now() > end) throw Broken{what + " never comes: " + restless()};
  }
}

void World::mind_daemon() {
  if (!daemon_.is_dead()) return;
  ++tally_.deaths;
  for (auto& device : devices_)
    for (std::size_t i = 0; i < std::max<std::size_t>(1, device->sessions()); ++i)
      if (device->has_driver()) device->driver(i).cut();
  daemon_.bury();
  daemon_.start();
}

void World::restart_daemon(const Op& op) {
  if (op.how % 3 != 0)
    return daemon_.let_die(op.how % 3 == 1 ? Daemon::Death::before_commit : Daemon::Death::after_commit);
  daemon_.let_die(Daemon::Death::none);
  mind_daemon();
  ++tally_.stops;
  for (auto& device : devices_)
    for (std::size_t i = 0; i < device->sessions(); ++i) driver_of(*device, i).hurry(false);
  daemon_.begin_stop();
  run_until("the end of the daemon", [this] { return daemon_.has_stopped(); });
  daemon_.end_stop();
  daemon_.start();
}

void World::jump_clock(Instant by) {
  const auto guard = judge_.lock();
  context_.wall_skew += by;
  daemon_.clock().jump(by);
}

void World::wait_long(const Op&) {
  run_until("stillness", [this] { return is_still(); });
}

void World::perform(const Op& op) {
  {
    const auto guard = judge_.lock();
    auto* device = begin(op);
    if (op.kind < OpKind::go_offline && device) act(op, *device);
  }
  if (op.kind >= OpKind::go_offline) happen(op);
  let_something_happen();
}

void World::let_something_happen() {
  for (auto& device : devices_)
    for (std::size_t i = 0; i < device->sessions(); ++i) driver_of(*device, i).hurry(test::pick(luck_, 3) != 0);
  const auto how = test::pick(luck_, 4);
  if (how == 0) {
    static_cast<void>(turn());
  } else if (how == 3) {
    run_until("stillness", [this] { return is_still(); });
  } else {
    const auto until = frames() + 1 + test::pick(luck_, 12);
    run_until("an answer", [this, until] { return frames() >= until || is_still(); });
  }
}

bool World::is_still() {
  if (!daemon_.is_idle()) return false;
  for (auto& device : devices_) {
    if (!device->is_member() || device->unsettled().empty()) continue;
    bool flows = true;
    for (std::size_t i = 0; i < device->sessions(); ++i) flows = flows && driver_of(*device, i).flows();
    if (flows) return false;
  }
  return true;
}

bool World::is_quiet() {
  std::size_t open = 0;
  for (auto& device : devices_) {
    device->settle_down();
    for (std::size_t i = 0; device->is_member() && i < device->sessions(); ++i)
      open += driver_of(*device, i).is_open() ? 1 : 0;
  }
  return restless().empty() && daemon_.is_idle() && daemon_.sessions() == open;
}

void World::settle() {
  healed_ = true;
  daemon_.let_die(Daemon::Death::none);
  calm_down();
  std::uint64_t before = 0;
  do {
    run_until("quiet", [this] { return is_quiet(); });
    before = daemon_.groups();
    // An answer comes behind all that was told before it; so nothing is on its way to anybody once all have theirs.
    for (auto& device : devices_)
      if (device->is_member()) device->probe();
    run_until("quiet", [this] { return is_quiet(); });
  } while (daemon_.groups() != before);
  const bool anew = test::pick(luck_, 3) == 0;
  {
    const auto guard = judge_.lock();
    ++tally_.quiets;
    compare_all();
    if (anew)
      for (auto& device : devices_)
        if (device->is_member()) device->restart(), ++tally_.new_processes;
    if (anew) compare_all();
  }
  healed_ = false;
}

std::uint64_t World::frames() const {
  std::uint64_t sum = 0;
  for (const auto& [what, count] : oracle_.arrived) sum += count;
  return sum;
}

const Tally& World::tally() noexcept {
  tally_.groups = daemon_.groups();
  return tally_;
}

}  // namespace enishi::property::real
