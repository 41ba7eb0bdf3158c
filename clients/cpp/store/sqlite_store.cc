#include "cpp/store/sqlite_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "cpp/store/replica.h"
#include "cpp/store/sqlite_tables.h"

namespace enishi::client {
namespace {

constexpr std::chrono::seconds kPatience{5};

/// An advisory lock of the whole system (flock): given back when the descriptor closes, hence also by kill -9.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] bool try_lock() const noexcept { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }
  /// False when another process kept it for all of kPatience (a stopped one, say).
  [[nodiscard]] bool lock() const {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    // flock() has no time limit of its own, and an alarm would be the whole process's.
    while (!try_lock()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
  }
  void unlock() const noexcept { ::flock(descriptor_, LOCK_UN); }

 private:
  int descriptor_;
};

/// The directory 0700; what is in it is nobody else's business.
bool make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) {
    std::filesystem::create_directories(directory.parent_path().empty() ? "." : directory.parent_path(), error);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return false;
  }
  return std::filesystem::is_directory(directory, error) && ::chmod(directory.c_str(), 0700) == 0;
}

}  // namespace

class SqliteStore::Tables {
 public:
  explicit Tables(const std::filesystem::path& directory)
      : write_lock(directory / "profile.lock"), outbox_lock(directory / "outbox.lock") {}
  /// Closing the last connection checkpoints, which must not meet a writer either.
  ~Tables() {
    const bool locked = write_lock.is_open() && write_lock.lock();
    rows.reset();
    if (locked) write_lock.unlock();
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  FileLock write_lock;
  FileLock outbox_lock;
  std::unique_ptr<SqliteTables> rows;
};

core::Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& directory) {
  if (!make_directory(directory)) return core::Errc::store_unsuitable;
  auto tables = std::make_unique<Tables>(directory);
  if (!tables->write_lock.is_open() || !tables->outbox_lock.is_open()) return core::Errc::store_unsuitable;
  if (!tables->write_lock.lock()) return core::Errc::retry;
  auto outcome = core::Result<void>{};
  try {
    const auto path = directory / "profile.db";
    // Made by us first: SQLite would give it the mode of the umask, if only for a moment.
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) throw StoreFailure{core::Errc::store_unsuitable};
    const bool mode_set = ::fchmod(made, 0600) == 0;
    ::close(made);
    if (!mode_set) throw StoreFailure{core::Errc::store_unsuitable};
    tables->rows = std::make_unique<SqliteTables>(path.string());
  } catch (const StoreFailure& failure) {
    outcome = failure.code;
  }
  tables->write_lock.unlock();
  if (!outcome) return outcome.error();
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(tables)));
}

SqliteStore::SqliteStore(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}
SqliteStore::~SqliteStore() = default;

core::Result<void> SqliteStore::transact(Durability durability, const std::function<void(Rows&)>& work) {
  if (!tables_->write_lock.lock()) return core::Errc::retry;
  auto outcome = core::Result<void>{};
  try {
    tables_->rows->begin(durability);
    work(*tables_->rows);
    tables_->rows->commit();
  } catch (const StoreFailure& failure) {
    tables_->rows->roll_back();
    outcome = failure.code;
  }
  tables_->write_lock.unlock();
  return outcome;
}

core::Result<void> SqliteStore::read(const std::function<void(Rows&)>& work) {
  try {
    tables_->rows->begin_reading();
    work(*tables_->rows);
    tables_->rows->commit();
  } catch (const StoreFailure& failure) {
    tables_->rows->roll_back();
    return failure.code;
  }
  return {};
}

bool SqliteStore::try_lock_outbox(const void* owner) {
  if (flusher_ != nullptr) return flusher_ == owner;
  if (!tables_->outbox_lock.try_lock()) return false;
  flusher_ = owner;
  return true;
}

void SqliteStore::unlock_outbox(const void* owner) {
  if (flusher_ != owner) return;
  flusher_ = nullptr;
  tables_->outbox_lock.unlock();
}

}  // namespace enishi::client
