// One seed's world of real parts: a daemon with its threads and its file, and devices that reach it over sockets.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "property/real/daemon.h"
#include "property/real/judge.h"
#include "property/real/socket_driver.h"
#include "property/world/people.h"
#include "support/temp_dir.h"

namespace enishi::property::real {

/// How often something happened, to show that a run was no easy one.
struct Tally {
  std::uint64_t groups = 0, quiets = 0, cuts = 0, deaths = 0, stops = 0, new_processes = 0;
};

/// Real: SQLite files on both sides, all threads of the daemon, TCP on loopback, time. All clients share one thread,
/// the test's. What people do comes from the seed alone; when it happens is the machine's choice, so nothing here may
/// depend on it: it waits for conditions, with a limit that only a hanging world reaches.
class World final : public People, public Place {
 public:
  explicit World(std::uint64_t seed);
  ~World() override;

  void perform(const Op& op) override;
  void settle() override;

  [[nodiscard]] const Tally& tally() noexcept;

  std::unique_ptr<Driver> make_driver(client::Driven& machine, DriverCalls calls) override;
  std::shared_ptr<client::LocalStore> open_profile(const std::string& key) override;

 private:
  Place& place() override { return *this; }
  void make_invitation(const client::Secret& secret) override { daemon_.invite(secret); }
  void restart_daemon(const Op& op) override;
  void jump_clock(Instant by) override;
  void wait_long(const Op& op) override;

  /// Lets clients work until `done`; throws Broken with what is missed when it never comes.
  void run_until(const std::string& what, const std::function<bool()>& done);
  /// One look at the sockets; waits a little when there is nothing to do. False: there was nothing.
  bool turn();
  /// A daemon that died is buried, and the next one starts.
  void mind_daemon();
  void let_something_happen();
  /// No device with a way to the daemon waits for anything.
  [[nodiscard]] bool is_still();
  [[nodiscard]] bool is_quiet();
  [[nodiscard]] SocketDriver& driver_of(Device& device, std::size_t index);
  /// That came to clients so far.
  [[nodiscard]] std::uint64_t frames() const;

  Rng luck_;  ///< what the machine's timing may ask for; apart from the choices of the world
  test::TempDir directory_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_{io_.get_executor()};
  Judge judge_{oracle_};
  Daemon daemon_;
  Tally tally_;
  bool healed_ = false;
};

}  // namespace enishi::property::real
