// A local certificate authority that phones may fetch.
#pragma once

#include <string>

namespace enishi::transport {

/// The certificate in a PEM file, read and written anew, so that nothing else that the file may hold gets out. Empty,
/// with the reason in `problem`: there is none, or it is no authority.
[[nodiscard]] std::string authority_certificate(const std::string& path, std::string& problem);

}  // namespace enishi::transport
