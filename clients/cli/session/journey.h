// A session of a device that is nobody's yet: join, pair, recover.
#pragma once

#include <deque>

#include "cli/commands.h"
#include "cli/session/loop.h"
#include "cpp/connection.h"
#include "cpp/stranger_machine.h"

namespace enishi::cli {

/// Dials `origin` and asks. Owner: main; the context outlives it.
class Journey {
 public:
  Journey(Context& context, const client::Origin& origin);
  ~Journey();
  Journey(const Journey&) = delete;
  Journey& operator=(const Journey&) = delete;

  /// Asks and waits for the first answer. Errors: the server's, UNREACHABLE.
  [[nodiscard]] Outcome<v1::ServerFrame> ask(const v1::ClientFrame& frame);
  /// Waits for the next answer to the same request (a pairing that is decided). Errors: the server's, UNREACHABLE.
  [[nodiscard]] Outcome<v1::ServerFrame> next(std::chrono::milliseconds limit);

 private:
  [[nodiscard]] Outcome<v1::ServerFrame> take();

  Context& context_;
  const client::Origin origin_;
  Loop loop_;
  client::StrangerMachine machine_;
  client::Connection connection_;
  std::deque<client::Answer> answers_;
};

}  // namespace enishi::cli
