#include "core/error.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace enishi::core {
namespace {

struct Row {
  Errc code;
  const char* name;
  const char* text;
};

constexpr Row kRows[] = {
    {Errc::not_found, "NOT_FOUND", "there is no such thing, or it is not yours"},
    {Errc::handle_taken, "HANDLE_TAKEN", "another member has this handle"},
    {Errc::bad_handle, "BAD_HANDLE", "a handle is 2 to 24 of a-z, 0-9 and underscore"},
    {Errc::bad_name, "BAD_NAME", "a name is empty, too long, not UTF-8, or holds control characters"},
    {Errc::body_empty, "BODY_EMPTY", "the message is empty"},
    {Errc::body_too_large, "BODY_TOO_LARGE", "the message is longer than allowed"},
    {Errc::not_utf8, "NOT_UTF8", "the text is not valid UTF-8"},
    {Errc::seq_beyond_log, "SEQ_BEYOND_LOG", "there is no such message number in this conversation"},
    {Errc::stale_rev, "STALE_REV", "another device was first: read the present state and decide again"},
    {Errc::client_id_reused, "CLIENT_ID_REUSED", "this client_id was used for something else"},
    {Errc::not_tied, "NOT_TIED", "you are not tied with this person (any more)"},
    {Errc::not_owner, "NOT_OWNER", "only the owner of the group may do this"},
    {Errc::already_member, "ALREADY_MEMBER", "already in the group"},
    {Errc::invitation_unknown, "INVITATION_UNKNOWN", "there is no such invitation"},
    {Errc::invitation_spent, "INVITATION_SPENT", "the invitation was used as often as it allows"},
    {Errc::invitation_expired, "INVITATION_EXPIRED", "the invitation's time is over"},
    {Errc::invitation_revoked, "INVITATION_REVOKED", "the invitation was taken back"},
    {Errc::device_name_taken, "DEVICE_NAME_TAKEN", "another device of yours has this name"},
    {Errc::pairing_unknown, "PAIRING_UNKNOWN", "there is no such pairing, or its time is over, or it was used"},
    {Errc::pairing_refused, "PAIRING_REFUSED", "the owner refused this device"},
    {Errc::recovery_unknown, "RECOVERY_UNKNOWN", "there is no such recovery code, or it was used or replaced"},
    {Errc::limit_reached, "LIMIT_REACHED", "there are as many of these as allowed"},
    {Errc::bad_request, "BAD_REQUEST", "a field has a value outside its range"},
    {Errc::unsupported, "UNSUPPORTED", "this daemon does not know the request"},
    {Errc::wrong_state, "WRONG_STATE", "the request is not legal in this state of the session"},
    {Errc::key_in_use, "KEY_IN_USE", "this device key belongs to a device already"},
    {Errc::blocked_by_you, "BLOCKED_BY_YOU", "you block this person: unblock first"},
    {Errc::not_author, "NOT_AUTHOR", "only the author of the message may do this"},
    {Errc::message_deleted, "MESSAGE_DELETED", "the message was deleted"},
    {Errc::device_away, "DEVICE_AWAY", "that device is not connected at the moment"},
    {Errc::overloaded, "OVERLOADED", "the daemon has as much to do as it may hold"},
    {Errc::retry, "RETRY", "nothing was stored: repeat the request"},
    {Errc::rate_limited, "RATE_LIMITED", "too many requests: wait a little"},
    {Errc::store_full, "STORE_FULL", "the daemon's disk is full: reading goes on, writing resumes when there is room"},
    {Errc::going_away, "GOING_AWAY", "the daemon stops or restarts: connect again later"},
    {Errc::too_slow, "TOO_SLOW", "the session read nothing for a minute: resume"},
    {Errc::silent, "SILENT", "nothing was heard from the peer: resume"},
    {Errc::too_many_sessions, "TOO_MANY_SESSIONS", "too many sessions: resume later"},
    {Errc::proof_failed, "PROOF_FAILED", "the device's proof did not verify"},
    {Errc::ticket_refused, "TICKET_REFUSED", "the ticket is old: prove with the key"},
    {Errc::too_late, "TOO_LATE", "the handshake took too long"},
    {Errc::device_revoked, "DEVICE_REVOKED", "this device was revoked"},
    {Errc::protocol_violation, "PROTOCOL_VIOLATION", "the peer does not speak enishi.v1"},
    {Errc::frame_too_large, "FRAME_TOO_LARGE", "a frame is larger than allowed"},
    {Errc::wrong_origin, "WRONG_ORIGIN", "the address dialled is none of this daemon's names"},
    {Errc::store_failed, "STORE_FAILED", "the store failed: the process ends and recovers at the next start"},
    {Errc::store_newer, "STORE_NEWER", "the database was written by a newer enishid"},
    {Errc::store_broken, "STORE_BROKEN", "the database is damaged, or not one of enishid"},
    {Errc::store_unsuitable, "STORE_UNSUITABLE",
     "the data directory cannot be written, or lies on a network file system"},
    {Errc::data_dir_locked, "DATA_DIR_LOCKED", "another enishid uses this data directory"},
    {Errc::address_in_use, "ADDRESS_IN_USE", "the port is in use"},
    {Errc::address_not_allowed, "ADDRESS_NOT_ALLOWED", "beyond loopback only with TLS or a declared proxy"},
    {Errc::bad_configuration, "BAD_CONFIGURATION", "the configuration is not valid"},
};

const Row& row_of(Errc code) noexcept {
  static constexpr Row kUnknown{Errc::store_failed, "UNKNOWN", "unknown error"};
  for (const auto& row : kRows)
    if (row.code == code) return row;
  return kUnknown;
}

// Boost's base has a protected-looking but accessible destructor; nothing is ever deleted through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "enishi"; }
  std::string message(int value) const override { return text_of(static_cast<Errc>(value)); }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& enishi_category() noexcept {
  static const Category category;
  return category;
}

boost::system::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), enishi_category()}; }
const char* name_of(Errc code) noexcept { return row_of(code).name; }
const char* text_of(Errc code) noexcept { return row_of(code).text; }

Errc errc_of(const boost::system::error_code& code) noexcept {
  return code.category() == enishi_category() ? static_cast<Errc>(code.value()) : Errc::store_failed;
}

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "enishi: assertion failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace enishi::core
