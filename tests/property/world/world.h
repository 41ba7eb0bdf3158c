// One seed's world: a daemon, members with their devices, and all that happens to them, in one thread and virtual time.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cpp/store/memory_store.h"
#include "property/world/link_driver.h"
#include "property/world/people.h"

namespace enishi::property {

/// Real rooms, simulated threads, links and time.
class World final : public People, public Place, public RestartListener {
 public:
  explicit World(std::uint64_t seed);
  ~World() override { devices_.clear(); }  // they stand on the rest

  void perform(const Op& op) override;
  void settle() override;

  [[nodiscard]] Daemon& daemon() noexcept { return daemon_; }

  std::unique_ptr<Driver> make_driver(client::Driven& machine, DriverCalls calls) override;
  std::shared_ptr<client::LocalStore> open_profile(const std::string& key) override;
  void on_daemon_gone() override;

 private:
  Place& place() override { return *this; }
  void make_invitation(const client::Secret& secret) override { daemon_.invite(secret, 1); }
  void restart_daemon(const Op& op) override;
  void jump_clock(Instant by) override { context_.wall_skew += by; }
  void wait_long(const Op& op) override;
  [[nodiscard]] std::string unsettled();

  Daemon daemon_;
  std::map<std::string, std::shared_ptr<client::MemoryStore>> profiles_;
};

/// The world of `seed` from the first member to the last comparison. Steps: World::kSteps.
[[nodiscard]] Verdict run_seed(std::uint64_t seed);

}  // namespace enishi::property
