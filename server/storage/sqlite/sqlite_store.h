// Durable state in one SQLite file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "storage/store.h"

namespace enishi::storage {

/// Name of the database in its directory; SQLite adds "-wal" and "-shm" to it, migrations ".before-vN".
inline constexpr const char* kSqliteFile = "enishi.db";

struct SqliteOptions {
  std::filesystem::path directory{};  ///< exists, local, writable; the caller holds its lock file
  /// Told about what an operator wants to know (a migration, the reason of a failure in SQLite's words), one line each,
  /// never contents of rows. Called on the thread in whose call it happens; empty: nobody is told.
  std::function<void(const std::string& line)> report{};
  std::string vfs{};  ///< SQLite VFS by name; empty: the default. For tests
  /// A database of at most so many bytes is checked through (quick_check) at each open; a larger one would delay the
  /// start.
  std::uint64_t checked_bytes_max = 32ULL << 20;
};

/// Opens the database of `directory`, makes it (mode 0600) or migrates it (after a copy, `enishi.db.before-vN`).
/// One process at a time, which the caller sees to. The Store may go before or after its Readers; the last of them to
/// go should be the Store, for it then leaves the file without a "-wal". Errors: store_newer; store_broken;
/// store_unsuitable (not there, read-only, on a network file system); store_full; retry (an I/O error or a lock of
/// another process); store_failed (fsync failed, anything unforeseen).
[[nodiscard]] core::Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace enishi::storage
