// The one directory in which a daemon keeps everything, and its lock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/seals.h"
#include "core/entropy.h"
#include "daemon/values.h"
#include "storage/store.h"

namespace enishi::daemon {

/// What is in a data directory: enishi.db (and what SQLite puts beside it), keys, lock, origin, admin.sock.
/// Holds the lock (flock on `lock`) as long as it lives. Owner: the main thread.
class DataDirectory {
 public:
  /// Makes the directory (0700; parents as usual) where it is not there, and takes its lock. Returns nullopt when
  /// another process holds the lock. Throws Failure{store_unsuitable} when it cannot be made or written.
  [[nodiscard]] static std::optional<DataDirectory> try_lock(const std::string& path);
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&& other) noexcept;
  ~DataDirectory();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Remembers where the daemon was reached last, for invitations made while it does not run. Atomic; a failure is not
  /// an error, for nothing depends on it.
  void remember_origin(const std::string& origin) const;

 private:
  DataDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_ = -1;
};

/// What a sequencer needs of a data directory. The lock outlives the store.
struct Foundation {
  DataDirectory directory;
  auth::Seals seals;
  std::unique_ptr<storage::Store> store;
  std::vector<std::string>
      told;  ///< what the store said while it was opened; for the log once all of a start went well
};
/// Opens keys and store in a locked directory. A database of at most `checked_bytes_max` bytes is checked through.
/// Throws Failure with the store's code and words.
[[nodiscard]] Foundation open_foundation(DataDirectory directory, std::uint64_t checked_bytes_max);
/// Bytes from the kernel.
class SystemEntropy final : public core::Entropy {
 public:
  void fill(void* bytes, std::size_t size) override { auth::fill_random(bytes, size); }
};

/// What remember_origin() wrote last; nullopt: nothing yet.
[[nodiscard]] std::optional<std::string> remembered_origin(const std::string& directory);
/// A path of the admin socket in `directory` that fits a socket address (107 bytes): a longer one goes through an open
/// descriptor of the directory, which stays open for the life of the process.
[[nodiscard]] std::string admin_socket_path(const std::string& directory);

}  // namespace enishi::daemon
