// A file system for SQLite that fails when told to.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace enishi::test {

enum class FileCall { read, write, sync, truncate };

/// Registered with SQLite under `name` for as long as it lives; passes everything on to the default one, but for
/// flushes, which are only counted: no test pulls the plug, and waiting for the disk would be most of its time.
/// Outlives every connection opened through it. Orders and counts may be used from any thread.
class FaultVfs {
 public:
  /// What the disk holds after a write that failed.
  enum class Torn { nothing, half };

  explicit FaultVfs(std::string name);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  /// From now on the `nth` (from 1) such call answers `sqlite_code`, with errno `system_errno`; that one only, or, with
  /// `lasting`, each later one, too. Replaces the order before.
  void fail(FileCall call, std::size_t nth, int sqlite_code, int system_errno, bool lasting = false,
            Torn torn = Torn::nothing);
  /// No more failures. The counts begin anew.
  void heal();
  /// Calls since the last fail() or heal(), failed ones included.
  [[nodiscard]] std::size_t count(FileCall call) const noexcept;
  /// True once the ordered failure has happened.
  [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// For the functions that SQLite calls: SQLITE_OK, or what this call is to fail with (errno is set then).
  int answer(FileCall call) noexcept;
  [[nodiscard]] bool tears() const noexcept { return torn_ == Torn::half; }

 private:
  const std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::atomic<std::size_t> counts_[4] = {};
  std::atomic<bool> has_failed_ = false;
  std::atomic<std::size_t> nth_ = 0;  ///< 0: no order
  std::atomic<FileCall> call_ = FileCall::write;
  std::atomic<int> code_ = 0;
  std::atomic<int> errno_ = 0;
  std::atomic<bool> lasting_ = false;
  std::atomic<Torn> torn_ = Torn::nothing;
};

}  // namespace enishi::test
