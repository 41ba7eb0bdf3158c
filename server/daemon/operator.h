// What the operator can do: invite, ask how it goes. Through the admin socket of a running daemon, or without one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/command.h"
#include "daemon/configuration.h"
#include "runtime/mailbox.h"
#include "sequencer/messages.h"
#include "transport/admin_listener.h"

namespace enishi::daemon {

/// An invitation as the operator wants it.
struct InviteWish {
  std::uint32_t uses = 1;  ///< accounts it may create
  std::chrono::seconds lifetime{std::chrono::hours{24 * 7}};
  std::string note;  ///< for the list of invitations; UTF-8
};

/// Makes an invitation in the data directory and returns its link, ORIGIN/#i=SECRET. With a running daemon through its
/// admin socket; else it takes the directory's lock and commits itself. Waits up to 5 s for a daemon that is starting
/// or stopping. Throws Failure: bad_request, bad_name (note), limit_reached, data_dir_locked, those of open_foundation.
[[nodiscard]] std::string make_invitation(const std::string& directory, const Settings& settings,
                                          const InviteWish& wish);

/// key=value lines. A running daemon: running=yes, origin, address, version, members (who have joined), sessions,
/// uptime_seconds, rss_bytes. Otherwise: running=no, origin (of the last run; empty before the first), version.
/// Throws Failure{store_unsuitable} when there is no such directory.
[[nodiscard]] std::string status_text(const std::string& directory);

/// A running daemon's end of it: answers GET /metrics, GET /status, POST /invite. Thread-safe as said at each method.
class Desk {
 public:
  struct Parts {
    std::string origin;
    std::function<std::string()> metrics;              ///< called on the admin thread
    std::function<std::string()> status;               ///< key=value lines; called on the admin thread
    runtime::Mailbox<core::Command>* inbox = nullptr;  ///< of the sequencer; outlives this
  };
  explicit Desk(Parts parts) : parts_(std::move(parts)) {}

  /// Admin thread. Waits for the commit where there is one.
  [[nodiscard]] transport::AdminResponse answer(const transport::AdminRequest& request);
  /// Sequencer thread: picks the answers to this desk's commands out of a group.
  void on_group(const sequencer::Group& group);

 private:
  transport::AdminResponse invite(const std::string& body);

  const Parts parts_;
  std::mutex mutex_;
  std::uint64_t last_request_ = 0;
  std::unordered_map<std::uint64_t, std::promise<wire::Frame>> waiting_;
};

}  // namespace enishi::daemon
