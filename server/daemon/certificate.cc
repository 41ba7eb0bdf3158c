#include "daemon/certificate.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "transport/tls/authority.h"

namespace enishi::daemon {
namespace {

using std::chrono::system_clock;

// Public authorities renew a month ahead: who has less than two weeks left has a renewal that does not work.
constexpr std::chrono::hours kSoon{14 * 24};

[[noreturn]] void refuse(const std::string& text) { throw Failure{core::Errc::bad_configuration, text}; }

/// The host of an https origin, without brackets; empty for http.
std::string host_of(const std::string& origin) {
  constexpr std::string_view kScheme = "https://";
  if (!origin.starts_with(kScheme)) return {};
  const auto rest = origin.substr(kScheme.size());
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

void judge(Certificate& into, const Settings& settings) {
  const auto& identity = *into.identity;
  const auto& file = settings.tls.certificate;
  const auto now = system_clock::now();
  if (identity.expires() <= now)
    into.fault = "tls.certificate: " + file + " expired on " + transport::day_of(identity.expires());
  else if (identity.begins() > now)
    into.fault = "tls.certificate: " + file + " is not valid before " + transport::day_of(identity.begins());
  else if (identity.expires() - now < kSoon)
    into.warnings.push_back(file + " expires on " + transport::day_of(identity.expires()));
  for (const auto& origin : settings.listen.public_url)
    if (const auto host = host_of(origin); !host.empty() && !identity.covers(host))
      into.warnings.push_back(file + " is not for " + host + ", which listen.public_url names");
}

}  // namespace

Certificate read_certificate(const Settings& settings) {
  const auto& tls = settings.tls;
  Certificate result;
  if (tls.certificate.empty() && tls.key.empty()) {
    if (!tls.authority.empty()) refuse("tls.authority is of use only with tls.certificate and tls.key");
    return result;
  }
  if (tls.certificate.empty() || tls.key.empty()) refuse("tls.certificate and tls.key go together: name both, or none");
  auto loaded = transport::TlsIdentity::load(tls.certificate, tls.key);
  if (!loaded.identity) refuse("tls: " + loaded.problem);
  result.identity = loaded.identity;
  result.warnings = std::move(loaded.warnings);
  if (!tls.authority.empty()) {
    std::string problem;
    result.authority = transport::authority_certificate(tls.authority, problem);
    if (result.authority.empty()) refuse("tls.authority: " + problem);
  }
  judge(result, settings);
  return result;
}

}  // namespace enishi::daemon
