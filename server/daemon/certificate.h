// The files of [tls].
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/configuration.h"
#include "transport/tls/identity.h"

namespace enishi::daemon {

/// What [tls] names, read and judged.
struct Certificate {
  std::shared_ptr<const transport::TlsIdentity> identity;  ///< null: no TLS is configured
  std::string authority;                                   ///< PEM of the authority to hand out; empty: none
  std::string fault;                  ///< clients will refuse it, and why: it has expired, or is not valid yet
  std::vector<std::string> warnings;  ///< what an operator should mend
};

/// Throws Failure{bad_configuration}: a file is missing or broken, key and certificate do not fit, one is named without
/// the other. Any thread.
[[nodiscard]] Certificate read_certificate(const Settings& settings);

}  // namespace enishi::daemon
