#include "daemon/web/client.h"

#include <filesystem>
#include <utility>

namespace enishi::daemon {
namespace {

namespace fs = std::filesystem;

/// Beside this program, as a build has it, or where a package puts it.
std::string found_directory() {
  std::error_code error;
  // After a rebuild the link ends with " (deleted)"; its folder is the same.
  const auto folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  const auto beside = folder / "web", shared = (folder / "../share/enishi/web").lexically_normal();
  return fs::is_directory(beside, error) || !fs::is_directory(shared, error) ? beside.string() : shared.string();
}

}  // namespace

WebClient read_web_client(const Settings& settings) {
  WebClient client;
  if (settings.web_directory.empty()) return client;
  const bool is_wanted = settings.web_directory != kFindWeb;
  client.directory = is_wanted ? settings.web_directory : found_directory();
  std::error_code error;
  if (!is_wanted && !fs::exists(client.directory, error)) return client;
  auto loaded = transport::Site::load(client.directory);
  client.site = std::move(loaded.site);
  client.warnings = std::move(loaded.warnings);
  if (client.site) return client;
  if (is_wanted) throw Failure{core::Errc::bad_configuration, "web.directory: " + loaded.problem};
  client.warnings.push_back(loaded.problem);
  return client;
}

}  // namespace enishi::daemon
