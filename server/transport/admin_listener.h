// HTTP for the operator: a Unix socket in the data directory, and a loopback port where one is configured.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/error.h"

namespace enishi::transport {

struct AdminRequest {
  std::string method;     ///< "GET" or "POST"
  std::string target;     ///< path, as it came
  std::string body;       ///< at most kAdminBodyBytesMax
  bool over_tcp = false;  ///< came by the loopback port: offer what may be read only
};
struct AdminResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};
inline constexpr std::size_t kAdminBodyBytesMax = 64 * 1024;

/// Serves one request per connection, one after the other, on a thread of its own ("admin"); the handler runs there and
/// may wait. Who can open the socket (0600) is the operator. The port refuses any Host but a loopback name and any
/// Origin (P29: a page in the operator's browser must not reach it). Owner: the daemon's main thread.
class AdminListener {
 public:
  using Handler = std::function<AdminResponse(const AdminRequest&)>;
  /// Nothing listens yet.
  explicit AdminListener(Handler handler);
  /// Stops.
  ~AdminListener();
  AdminListener(const AdminListener&) = delete;
  AdminListener& operator=(const AdminListener&) = delete;

  /// Listens at `directory`/`name`; paths of any length. What lies there from before is replaced: the caller holds the
  /// data directory's lock. Errors: store_unsuitable (cannot be made there).
  [[nodiscard]] core::Result<void> listen_unix(const std::string& directory, const std::string& name = "admin.sock");
  /// Listens on a loopback address; returns the port. Errors: address_in_use, address_not_allowed (not loopback, or
  /// cannot be bound), bad_configuration (not an address).
  [[nodiscard]] core::Result<std::uint16_t> listen_loopback(const std::string& address, std::uint16_t port);
  /// Starts the thread.
  void start();
  /// Ends it after the request being served; removes the Unix socket. May be called twice.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Asks a daemon over its Unix socket and waits for the answer, at most `time`. Errors: not_found (nobody listens
/// there), too_late, bad_request (the answer was not HTTP).
[[nodiscard]] core::Result<AdminResponse> admin_request(const std::string& socket_path, const std::string& method,
                                                        const std::string& target, const std::string& body,
                                                        std::chrono::milliseconds time = std::chrono::seconds{10});

}  // namespace enishi::transport
