#include "daemon/data_directory.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <utility>
#include <vector>

#include "storage/sqlite/sqlite_store.h"

namespace enishi::daemon {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void unsuitable(const std::string& path, int error) {
  throw Failure{core::Errc::store_unsuitable, path + ": " + std::strerror(error)};
}

void make_directory(const std::string& path) {
  const fs::path parent = fs::absolute(path).lexically_normal().parent_path();
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) unsuitable(parent.string(), error.value());
  if (mkdir(path.c_str(), S_IRWXU) == 0) return;
  const int why = errno;
  if (why != EEXIST || !fs::is_directory(path, error)) unsuitable(path, why == EEXIST ? ENOTDIR : why);
}

}  // namespace

std::optional<DataDirectory> DataDirectory::try_lock(const std::string& given) {
  const std::string path = given.size() > 1 && given.ends_with('/') ? given.substr(0, given.size() - 1) : given;
  make_directory(path);
  const std::string name = path + "/lock";
  const int lock = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) unsuitable(name, errno);
  if (flock(lock, LOCK_EX | LOCK_NB) == 0) return DataDirectory(path, lock);
  const int why = errno;
  close(lock);
  if (why != EWOULDBLOCK) unsuitable(name, why);
  return std::nullopt;
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDirectory& DataDirectory::operator=(DataDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) close(lock_);  // the file stays: removing it would let two processes hold "the" lock
}

void DataDirectory::remember_origin(const std::string& origin) const {
  const std::string name = path_ + "/origin";
  const std::string fresh = name + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << origin << "\n";
    if (!out.flush()) return;
  }
  if (std::rename(fresh.c_str(), name.c_str()) != 0) unlink(fresh.c_str());
}

Foundation open_foundation(DataDirectory directory, std::uint64_t checked_bytes_max) {
  auto seals = auth::Seals::open(directory.path());
  if (!seals)
    throw Failure{core::errc_of(seals.error()),
                  directory.path() + "/keys: " + core::text_of(core::errc_of(seals.error()))};
  // The store keeps its `report` and may call it from several threads later; its last words are wanted here only.
  struct Words {
    std::mutex mutex;
    std::string last;
    std::vector<std::string> early;
    bool opened = false;
  };
  const auto words = std::make_shared<Words>();
  storage::SqliteOptions options;
  options.directory = directory.path();
  options.checked_bytes_max = checked_bytes_max;
  options.report = [words](const std::string& line) {
    {
      const std::lock_guard lock(words->mutex);
      words->last = line;
      if (!words->opened) return words->early.push_back(line);
    }
    spdlog::info("event=store text=\"{}\"", line);
  };
  auto store = storage::open_sqlite(options);
  if (!store) {
    const auto code = core::errc_of(store.error());
    const std::lock_guard lock(words->mutex);
    const std::string why = words->last.empty() ? "" : " (" + words->last + ")";
    throw Failure{code, directory.path() + ": " + core::text_of(code) + why};
  }
  const std::lock_guard lock(words->mutex);
  words->opened = true;
  return Foundation{std::move(directory), std::move(*seals), std::move(*store), std::move(words->early)};
}

std::optional<std::string> remembered_origin(const std::string& directory) {
  std::ifstream in(directory + "/origin");
  std::string origin;
  if (!std::getline(in, origin) || !is_origin(origin)) return std::nullopt;
  return origin;
}

std::string admin_socket_path(const std::string& directory) {
  const std::string path = directory + "/admin.sock";
  if (path.size() < sizeof(sockaddr_un::sun_path)) return path;
  const int folder = open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  return folder < 0 ? path : "/proc/self/fd/" + std::to_string(folder) + "/admin.sock";
}

}  // namespace enishi::daemon
