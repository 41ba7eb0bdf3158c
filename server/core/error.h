// Expected failures are values.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>

namespace enishi::core {

/// Every way in which something is refused. Numbers equal those of proto/enishi/v1/error.proto, where each is
/// explained; wire/error_table.cc holds the two together. The range tells how to react: 100 refused, 200 retry, 300
/// resume later, 400 prove again, 500 stop and tell. From 900 on: inside the daemon only, never on the wire.
enum class Errc : std::uint16_t {
  not_found = 100,
  handle_taken,
  bad_handle,
  bad_name,
  body_empty,
  body_too_large,
  not_utf8,
  seq_beyond_log,
  stale_rev,
  client_id_reused,
  not_tied,
  not_owner,
  already_member,
  invitation_unknown,
  invitation_spent,
  invitation_expired,
  invitation_revoked,
  device_name_taken,
  pairing_unknown,
  pairing_refused,
  recovery_unknown,
  limit_reached,
  bad_request,
  unsupported,
  wrong_state,
  key_in_use,
  blocked_by_you,
  not_author,
  message_deleted,
  device_away,
  overloaded = 200,
  retry,
  rate_limited,
  store_full,
  going_away = 300,
  too_slow,
  silent,
  too_many_sessions,
  proof_failed = 400,
  ticket_refused,
  too_late,
  device_revoked = 500,
  protocol_violation,
  frame_too_large,
  wrong_origin,
  store_failed = 900,  ///< The store refuses all further writes; the process must end.
  store_newer,         ///< The database was written by a newer enishid.
  store_broken,        ///< Not a database of ours, or damaged.
  store_unsuitable,    ///< Read-only, or on a network file system.
  data_dir_locked,     ///< Another enishid holds the data directory.
  address_in_use,
  address_not_allowed,  ///< Beyond loopback without TLS or a declared proxy.
  bad_configuration,
};

[[nodiscard]] const boost::system::error_category& enishi_category() noexcept;
[[nodiscard]] boost::system::error_code make_error_code(Errc code) noexcept;
/// The code as UPPER_SNAKE_CASE, as command lines and JSON show it; never null.
[[nodiscard]] const char* name_of(Errc code) noexcept;
/// One plain sentence; never null.
[[nodiscard]] const char* text_of(Errc code) noexcept;
/// The Errc inside an error_code of our category; store_failed for one of any other.
[[nodiscard]] Errc errc_of(const boost::system::error_code& code) noexcept;

/// A value or an error_code of enishi_category(). Mark each function that returns one [[nodiscard]].
template <class T>
using Result = boost::system::result<T>;

/// A fault of the programmer: says where, ends the process. Active in release. A peer's fault is never an assert.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace enishi::core

template <>
struct boost::system::is_error_code_enum<enishi::core::Errc> : std::true_type {};

#define ENISHI_ASSERT(cond) \
  ((cond) ? static_cast<void>(0) : ::enishi::core::assertion_failed(#cond, __FILE__, __LINE__))
