// The one file with sockets: drives a machine over a WebSocket.
#pragma once

#include <functional>
#include <memory>

#include "cpp/driven.h"
#include "cpp/links.h"
#include "cpp/tls_client.h"

namespace boost::asio {
class io_context;
}

namespace enishi::client {

/// Dials ORIGIN/v1/connect (subprotocol enishi.v1, binary frames, at most 1 MiB each) whenever the machine wants to,
/// and keeps Driven's loop. An https origin is dialled with TLS, and its certificate verified (TlsTrust says by whom);
/// one that is not as it should be ends the try as close code 1006, and trouble() says why. Owner: the thread that runs
/// `io`; io and machine outlive it. Its destructor drops the socket without a close code.
class Connection {
 public:
  Connection(boost::asio::io_context& io, Origin origin, Driven& machine);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Begins; returns at once. Work is done while `io` runs.
  void start();
  /// To be called after the machine was asked for something outside of its own callbacks: sends what it wants to send.
  void poke();
  /// Sends a close frame (1000) and waits up to a second for the peer's; the machine hears on_close.
  void shut_down();

  /// Runs `io` until `done()` is true (looked at after each handler) or `deadline` has passed (steady, from now).
  /// Returns done(). For command lines and tests; not while another thread runs `io`.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds deadline);
  /// How often dialling failed since the last open socket.
  [[nodiscard]] unsigned failed_dials() const noexcept;
  /// What was wrong with TLS when dialling failed last; none once a socket has opened since. Trying again helps little.
  [[nodiscard]] TlsTrouble trouble() const noexcept;
  /// One sentence for people.
  [[nodiscard]] const std::string& trouble_text() const noexcept;
  /// The status of the HTTP answer that stood in place of an upgrade when dialling failed last; 0: there was none.
  [[nodiscard]] unsigned declined_status() const noexcept;
  /// The clock that the machine gets: steady, milliseconds.
  [[nodiscard]] static Instant now();

 private:
  class Driver;
  std::shared_ptr<Driver> driver_;
};

}  // namespace enishi::client
