#include "cli/failure.h"

#include "cpp/connection.h"

namespace enishi::cli {
namespace {

constexpr std::uint32_t kLocalCodes = 900;

/// core's sentences speak of the daemon's store.
std::string profile_text(core::Errc code) {
  switch (code) {
    case core::Errc::store_newer:
      return "the profile was written by a newer enishi";
    case core::Errc::store_broken:
      return "the profile is damaged, or it is not one of enishi";
    case core::Errc::store_unsuitable:
      return "the profile's directory cannot be made, read or written";
    case core::Errc::store_full:
      return "the disk that holds the profile is full";
    case core::Errc::retry:
      return "another command has held the profile for too long: try again";
    case core::Errc::store_failed:
      return "the profile could not be read or written";
    default:
      return core::text_of(code);
  }
}

}  // namespace

Failure usage_failure(std::string text) { return {"USAGE", std::move(text), 0, Exit::usage}; }

Failure unreachable_failure(std::string text) { return {"UNREACHABLE", std::move(text), 0, Exit::unreachable}; }

Failure dial_failure(const client::Connection& connection, const std::string& origin, std::string otherwise) {
  if (connection.trouble() != client::TlsTrouble::none)
    return {client::name_of(connection.trouble()), connection.trouble_text(), 0, Exit::unreachable};
  if (const auto status = connection.declined_status(); status != 0)
    return unreachable_failure(origin + " answered with HTTP " + std::to_string(status) +
                               " instead of opening a session; `enishi doctor " + origin + "` says more");
  return unreachable_failure(std::move(otherwise));
}

Failure output_failure() {
  return {"OUTPUT_LOST", "this was done, but its result could not be written to standard output", 0, Exit::output};
}

Failure refusal(core::Errc code) { return refusal(code, core::text_of(code)); }

Failure refusal(core::Errc code, std::string text) { return {core::name_of(code), std::move(text), 0, Exit::refused}; }

Failure refusal(const v1::Error& error) {
  const auto code = static_cast<core::Errc>(error.code());
  auto failure = refusal(code, error.text().empty() ? core::text_of(code) : error.text());
  failure.retry_after_ms = error.retry_after_ms();
  return failure;
}

Failure profile_failure(const boost::system::error_code& error) {
  const auto code = core::errc_of(error);
  return {core::name_of(code), profile_text(code), 0, Exit::profile};
}

Failure stopped_failure(std::uint32_t code, const std::string& text) {
  const auto known = static_cast<core::Errc>(code);
  const bool local = code >= kLocalCodes || known == core::Errc::store_full || known == core::Errc::retry;
  if (local) return profile_failure(known);
  auto failure = refusal(known, text.empty() ? core::text_of(known) : text);
  if (known == core::Errc::device_revoked || known == core::Errc::proof_failed) failure.exit = Exit::profile;
  return failure;
}

}  // namespace enishi::cli
