#include "wire/error_table.h"

#include "enishi/v1/error.pb.h"

namespace enishi::wire {

using core::Errc;

// A table is read by line.
// clang-format off
int wire_code_of(Errc code) noexcept {
  // Exhaustive on purpose: a new Errc does not compile until it has its place here and in error.proto.
  switch (code) {
    case Errc::not_found: return v1::ERROR_CODE_NOT_FOUND;
    case Errc::handle_taken: return v1::ERROR_CODE_HANDLE_TAKEN;
    case Errc::bad_handle: return v1::ERROR_CODE_BAD_HANDLE;
    case Errc::bad_name: return v1::ERROR_CODE_BAD_NAME;
    case Errc::body_empty: return v1::ERROR_CODE_BODY_EMPTY;
    case Errc::body_too_large: return v1::ERROR_CODE_BODY_TOO_LARGE;
    case Errc::not_utf8: return v1::ERROR_CODE_NOT_UTF8;
    case Errc::seq_beyond_log: return v1::ERROR_CODE_SEQ_BEYOND_LOG;
    case Errc::stale_rev: return v1::ERROR_CODE_STALE_REV;
    case Errc::client_id_reused: return v1::ERROR_CODE_CLIENT_ID_REUSED;
    case Errc::not_tied: return v1::ERROR_CODE_NOT_TIED;
    case Errc::not_owner: return v1::ERROR_CODE_NOT_OWNER;
    case Errc::already_member: return v1::ERROR_CODE_ALREADY_MEMBER;
    case Errc::invitation_unknown: return v1::ERROR_CODE_INVITATION_UNKNOWN;
    case Errc::invitation_spent: return v1::ERROR_CODE_INVITATION_SPENT;
    case Errc::invitation_expired: return v1::ERROR_CODE_INVITATION_EXPIRED;
    case Errc::invitation_revoked: return v1::ERROR_CODE_INVITATION_REVOKED;
    case Errc::device_name_taken: return v1::ERROR_CODE_DEVICE_NAME_TAKEN;
    case Errc::pairing_unknown: return v1::ERROR_CODE_PAIRING_UNKNOWN;
    case Errc::pairing_refused: return v1::ERROR_CODE_PAIRING_REFUSED;
    case Errc::recovery_unknown: return v1::ERROR_CODE_RECOVERY_UNKNOWN;
    case Errc::limit_reached: return v1::ERROR_CODE_LIMIT_REACHED;
    case Errc::bad_request: return v1::ERROR_CODE_BAD_REQUEST;
    case Errc::unsupported: return v1::ERROR_CODE_UNSUPPORTED;
    case Errc::wrong_state: return v1::ERROR_CODE_WRONG_STATE;
    case Errc::key_in_use: return v1::ERROR_CODE_KEY_IN_USE;
    case Errc::blocked_by_you: return v1::ERROR_CODE_BLOCKED_BY_YOU;
    case Errc::not_author: return v1::ERROR_CODE_NOT_AUTHOR;
    case Errc::message_deleted: return v1::ERROR_CODE_MESSAGE_DELETED;
    case Errc::device_away: return v1::ERROR_CODE_DEVICE_AWAY;
    case Errc::overloaded: return v1::ERROR_CODE_OVERLOADED;
    case Errc::retry: return v1::ERROR_CODE_RETRY;
    case Errc::rate_limited: return v1::ERROR_CODE_RATE_LIMITED;
    case Errc::store_full: return v1::ERROR_CODE_STORE_FULL;
    case Errc::going_away: return v1::ERROR_CODE_GOING_AWAY;
    case Errc::too_slow: return v1::ERROR_CODE_TOO_SLOW;
    case Errc::silent: return v1::ERROR_CODE_SILENT;
    case Errc::too_many_sessions: return v1::ERROR_CODE_TOO_MANY_SESSIONS;
    case Errc::proof_failed: return v1::ERROR_CODE_PROOF_FAILED;
    case Errc::ticket_refused: return v1::ERROR_CODE_TICKET_REFUSED;
    case Errc::too_late: return v1::ERROR_CODE_TOO_LATE;
    case Errc::device_revoked: return v1::ERROR_CODE_DEVICE_REVOKED;
    case Errc::protocol_violation: return v1::ERROR_CODE_PROTOCOL_VIOLATION;
    case Errc::frame_too_large: return v1::ERROR_CODE_FRAME_TOO_LARGE;
    case Errc::wrong_origin: return v1::ERROR_CODE_WRONG_ORIGIN;
    case Errc::store_failed:
    case Errc::store_newer:
    case Errc::store_broken:
    case Errc::store_unsuitable:
    case Errc::data_dir_locked:
    case Errc::address_in_use:
    case Errc::address_not_allowed:
    case Errc::bad_configuration: break;
  }
  return v1::ERROR_CODE_RETRY;
}
// clang-format on

std::uint16_t close_code_of(Errc code) noexcept { return static_cast<std::uint16_t>(4000 + wire_code_of(code)); }

std::uint32_t retry_after_ms_of(Errc code) noexcept {
  switch (wire_code_of(code)) {
    case v1::ERROR_CODE_OVERLOADED:
      return 500;
    case v1::ERROR_CODE_RETRY:
      return 200;
    case v1::ERROR_CODE_RATE_LIMITED:
      return 1000;
    case v1::ERROR_CODE_STORE_FULL:
      return 5000;
    default:
      return 0;
  }
}

}  // namespace enishi::wire
