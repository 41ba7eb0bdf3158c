// The files that web.directory names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/configuration.h"
#include "transport/site/site.h"

namespace enishi::daemon {

/// The web client as it was found.
struct WebClient {
  std::shared_ptr<const transport::Site> site;  ///< null: none is installed, or it is turned off
  std::string directory;                        ///< where it lies, or would; empty: turned off
  std::vector<std::string> warnings;            ///< what an operator should mend
};

/// Throws Failure{bad_configuration}: a directory is named, and holds no web client. With "auto" that is no fault. Any
/// thread.
[[nodiscard]] WebClient read_web_client(const Settings& settings);

}  // namespace enishi::daemon
