// A machine driven over real sockets, by the client library's own Connection, through a proxy of its own.
#pragma once

#include <functional>
#include <optional>

#include "cpp/connection.h"
#include "property/real/judge.h"
#include "property/real/proxy.h"
#include "property/world/place.h"

namespace enishi::property::real {

/// Stands between a connection and its machine: whatever passes is shown to the judge, with the lock held, and the
/// person may be offline, or in a hurry. Owner: the clients' thread.
class Tap final : public client::Driven {
 public:
  Tap(client::Driven& machine, Judge& judge, Oracle& oracle, DriverCalls calls);

  void on_open(client::Instant now) override;
  void on_frame(std::string_view bytes, client::Instant now) override;
  void on_close(std::uint16_t code, client::Instant now) override;
  void tick(client::Instant now) override;
  std::vector<std::string> take_frames() override;
  [[nodiscard]] bool wants_close() const override { return machine_.wants_close(); }
  [[nodiscard]] std::optional<client::Instant> connect_at() const override;
  [[nodiscard]] std::optional<client::Instant> wakeup_at() const override { return machine_.wakeup_at(); }

  [[nodiscard]] bool is_open() const noexcept { return open_; }

  bool online = true;
  bool hurries = false;  ///< dials at once, whatever its backoff says

 private:
  client::Driven& machine_;
  Judge& judge_;
  Oracle& oracle_;
  const DriverCalls calls_;
  Line line_;
  bool open_ = false;
};

/// Owner: the thread that runs `io`.
class SocketDriver final : public Driver {
 public:
  SocketDriver(boost::asio::io_context& io, Proxy::Options options, Judge& judge, Oracle& oracle,
               client::Driven& machine, DriverCalls calls);

  void poke() override { connection_.poke(); }
  void set_online(bool on) override;
  void cut() override { proxy_.cut(); }
  void stall(bool on) override { proxy_.stall(on); }
  void go_silent() override { proxy_.go_silent(); }
  void calm() override;

  /// Dials at once, or (false) when its backoff says so.
  void hurry(bool on);
  /// What it waits for comes by itself: nothing is in the way, and it need not wait for a backoff.
  [[nodiscard]] bool flows() const;
  [[nodiscard]] bool is_open() const noexcept { return tap_.is_open(); }

 private:
  Tap tap_;
  Proxy proxy_;
  client::Connection connection_;
};

}  // namespace enishi::property::real
