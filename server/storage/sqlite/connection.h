// One SQLite connection. Private to the adapter.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/lookup.h"

struct sqlite3;

namespace enishi::storage {

/// SQLite said no. Thrown inside the adapter; a Reader lets it out as the core::StoreError it is (code: retry where
/// another try may do, else store_failed), a Writer turns it into a Result by code_of_write.
struct SqliteFault : core::StoreError {
  int extended = 0;      ///< SQLite's extended result code
  int system_errno = 0;  ///< of the operating system, where there was one
  std::string text;      ///< SQLite's words; no contents of rows
};

enum class Access { read, write };

/// RAII over sqlite3*. Owner: one thread at a time (opened without SQLite's own mutex). Outlives its statements.
class Connection {
 public:
  /// `vfs` may be empty. Throws SqliteFault.
  Connection(const std::string& path, Access access, const std::string& vfs);

  /// Statements without results, for start-up work. Throws SqliteFault.
  void execute(const std::string& sql);
  /// First column of the first row as a number, 0 without rows. Throws SqliteFault.
  std::int64_t number(const std::string& sql);
  /// First column of the first row as text, empty without rows. Throws SqliteFault.
  std::string text(const std::string& sql);

  [[nodiscard]] bool in_transaction() const noexcept;
  /// Whether the last connection of the database, when it closes, brings the WAL into the file. On at first.
  void set_checkpoint_on_close(bool on) noexcept;
  /// How long a statement or checkpoint waits for the locks of others; five seconds at first.
  void set_patience(std::chrono::milliseconds time) noexcept;
  static constexpr std::chrono::milliseconds kPatience{5000};
  [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const noexcept;
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

/// What the last failed call on `handle` (may be null) says; `result` is its extended result code. To be called at
/// once, before errno changes; who cares for the difference clears errno before the call.
[[nodiscard]] SqliteFault fault_of(sqlite3* handle, int result);
/// store_full, retry or store_failed, for a fault in a transaction that is rolled back. Anything that leaves the disk
/// in doubt (a failed fsync) or says that rows and code contradict each other is store_failed.
[[nodiscard]] core::Errc code_of_write(const SqliteFault& fault) noexcept;
/// The same and store_broken, store_unsuitable, for a fault while a database is opened.
[[nodiscard]] core::Errc code_of_open(const SqliteFault& fault) noexcept;

}  // namespace enishi::storage
