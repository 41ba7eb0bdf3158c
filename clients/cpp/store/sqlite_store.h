// A profile in a directory: profile.db (SQLite, WAL) and two lock files, 0600 in a directory of 0700.
#pragma once

#include <filesystem>
#include <memory>

#include "cpp/store/local_store.h"

namespace enishi::client {

/// Write transactions of all processes go one at a time, under a lock on profile.lock as well as SQLite's own: SQLite
/// before 3.51.3 may damage a WAL when two connections write or checkpoint in the same instant. Readers never wait.
/// Owner: one thread. Descriptors are closed on exec.
class SqliteStore final : public LocalStore {
 public:
  /// Opens the profile, or makes it. Errors: store_newer (of a later enishi), store_broken (no profile of ours,
  /// damaged), store_unsuitable (cannot be made, read or written), retry (locked for over 5 s).
  [[nodiscard]] static core::Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& directory);
  ~SqliteStore() override;
  [[nodiscard]] core::Result<void> transact(Durability durability, const std::function<void(Rows&)>& work) override;
  [[nodiscard]] core::Result<void> read(const std::function<void(Rows&)>& work) override;
  [[nodiscard]] bool try_lock_outbox(const void* owner) override;
  void unlock_outbox(const void* owner) override;

 private:
  class Tables;
  explicit SqliteStore(std::unique_ptr<Tables> tables);
  std::unique_ptr<Tables> tables_;
  const void* flusher_ = nullptr;
};

}  // namespace enishi::client
