// The end of every journey by which a profile comes into being.
#pragma once

#include <string>

#include "cli/commands.h"
#include "cli/session/profile.h"
#include "enishi/v1/member.pb.h"

namespace enishi::cli {

/// Makes the profile the device that `joined` tells, prints it, and brings its conversations in, if that is possible
/// within the time limit: so that something may be queued when the daemon is not there later. Errors: those of
/// Profile::finish.
[[nodiscard]] Outcome<void> settle_in(Context& context, Profile& profile, const v1::Joined& joined);
/// What LINK says: itself, or for "-" the first line of standard input. Errors: BAD_REQUEST, INVITATION_UNKNOWN,
/// PAIRING_UNKNOWN (a malformed secret, a link of the other kind).
[[nodiscard]] Outcome<client::Link> read_link(const std::string& typed, client::LinkKind wanted);
/// Standard input to its end, at most `bytes_max` and one more.
[[nodiscard]] std::string read_input(std::size_t bytes_max);

}  // namespace enishi::cli
