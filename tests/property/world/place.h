// What a device stands on: ways to the daemon, and its profile. Simulated, or real.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cpp/driven.h"
#include "cpp/store/local_store.h"
#include "property/oracle/oracle.h"

namespace enishi::property {

/// Keeps the loop of client::Driven over one connection after the other, and lets it be disturbed. What is asked of a
/// connection that is not there does nothing.
class Driver {
 public:
  virtual ~Driver() = default;
  /// To be called after the machine was asked for something.
  virtual void poke() = 0;
  /// Off: the connection breaks, and none is made.
  virtual void set_online(bool on) = 0;
  virtual void cut() = 0;
  /// The client reads nothing, and so the daemon's outbox grows.
  virtual void stall(bool on) = 0;
  /// Both ways drop everything from now on, and nobody hears of it.
  virtual void go_silent() = 0;
  /// Takes all of this away.
  virtual void calm() = 0;
  /// The daemon ended.
  virtual void on_daemon_gone() {}
};

/// Whom a driver asks and tells.
struct DriverCalls {
  std::function<Line()> who;                  ///< asked at each dial
  std::function<void(core::Position)> after;  ///< a frame was taken, that tells of nothing later; may be empty
};

class Place {
 public:
  /// `machine` outlives the driver.
  virtual std::unique_ptr<Driver> make_driver(client::Driven& machine, DriverCalls calls) = 0;
  /// The profile of the device with this key, as one more process opens it.
  virtual std::shared_ptr<client::LocalStore> open_profile(const std::string& key) = 0;

 protected:
  ~Place() = default;
};

}  // namespace enishi::property
