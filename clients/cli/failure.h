// How a command fails: a code for scripts, a sentence for people, an exit code for both.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/error.h"
#include "enishi/v1/error.pb.h"

namespace enishi::client {
class Connection;
}

namespace enishi::cli {

/// Exit codes of the contract.
enum class Exit : std::uint8_t {
  done = 0,
  refused = 1,      ///< by the server, or by the same check made here
  usage = 2,        ///< wrong usage, or a question without a terminal
  unreachable = 3,  ///< what can be is queued or shown from the store
  profile = 4,      ///< the local profile cannot be used
  output = 5,       ///< done, but the result could not be written to standard output
};

/// One failure; printed as `enishi: CODE: text`, or as {"code","text","retry_after_ms"}.
struct Failure {
  Failure() = default;
  /// No aggregate: a plain text must not turn into one by itself.
  Failure(std::string its_code, std::string its_text, std::uint32_t its_retry_after_ms, Exit its_exit)
      : code(std::move(its_code)), text(std::move(its_text)), retry_after_ms(its_retry_after_ms), exit(its_exit) {}

  std::string code;
  std::string text;
  std::uint32_t retry_after_ms = 0;
  Exit exit = Exit::refused;
};

/// A value, or why there is none.
template <class T>
using Outcome = boost::system::result<T, Failure>;

/// USAGE, exit 2.
[[nodiscard]] Failure usage_failure(std::string text);
/// UNREACHABLE, exit 3.
[[nodiscard]] Failure unreachable_failure(std::string text);
/// Why dialling was given up, exit 3: CERTIFICATE_EXPIRED and its like when TLS was the trouble, else UNREACHABLE with
/// what answered in place of a daemon, or, when nothing did, with `otherwise`.
[[nodiscard]] Failure dial_failure(const client::Connection& connection, const std::string& origin,
                                   std::string otherwise);
/// OUTPUT_LOST, exit 5: not 1, since nothing was refused.
[[nodiscard]] Failure output_failure();
/// A refusal that is found here as the server would find it; exit 1.
[[nodiscard]] Failure refusal(core::Errc code);
[[nodiscard]] Failure refusal(core::Errc code, std::string text);
/// What the server answered.
[[nodiscard]] Failure refusal(const v1::Error& error);
/// What the profile's store answered; exit 4.
[[nodiscard]] Failure profile_failure(const boost::system::error_code& error);
/// Why a session gave up (happening::Stopped): exit 4 for a revoked or unknown device and a broken store, else 1.
[[nodiscard]] Failure stopped_failure(std::uint32_t code, const std::string& text);

}  // namespace enishi::cli
