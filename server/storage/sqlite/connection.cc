#include "storage/sqlite/connection.h"

#include <sqlite3.h>

#include <cerrno>

namespace enishi::storage {
namespace {

using core::Errc;

bool is_out_of_space(const SqliteFault& fault) noexcept {
  return (fault.extended & 0xFF) == SQLITE_FULL || fault.system_errno == ENOSPC || fault.system_errno == EDQUOT;
}

bool is_failed_flush(const SqliteFault& fault) noexcept {
  return fault.extended == SQLITE_IOERR_FSYNC || fault.extended == SQLITE_IOERR_DIR_FSYNC;
}

}  // namespace

void Connection::Closer::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

Connection::Connection(const std::string& path, Access access, const std::string& vfs) {
  const int flags = (access == Access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &opened, flags, vfs.empty() ? nullptr : vfs.c_str());
  handle_.reset(opened);
  if (result != SQLITE_OK) throw fault_of(handle_.get(), result);
  // Only an operator's shell or a backup can hold a lock beside us; both are brief.
  set_patience(kPatience);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  execute("PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0;");
}

void Connection::execute(const std::string& sql) {
  const int result = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw fault_of(handle_.get(), result);
}

std::int64_t Connection::number(const std::string& sql) {
  const std::string found = text(sql);
  return found.empty() ? 0 : std::stoll(found);
}

std::string Connection::text(const std::string& sql) {
  std::string found;
  const auto take_first = [](void* into, int columns, char** values, char**) {
    auto& target = *static_cast<std::string*>(into);
    if (columns > 0 && values[0] != nullptr && target.empty()) target = values[0];
    return 0;
  };
  const int result = sqlite3_exec(get(), sql.c_str(), take_first, &found, nullptr);
  if (result != SQLITE_OK) throw fault_of(handle_.get(), result);
  return found;
}

void Connection::set_patience(std::chrono::milliseconds time) noexcept {
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(time.count()));
}

bool Connection::in_transaction() const noexcept { return sqlite3_get_autocommit(get()) == 0; }

void Connection::set_checkpoint_on_close(bool on) noexcept {
  sqlite3_db_config(get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

SqliteFault fault_of(sqlite3* handle, int result) {
  const int number = errno;
  SqliteFault fault;
  fault.extended = result;
  const int primary = result & 0xFF;
  // A failed COMMIT leaves the number in errno only; a failed statement maybe in SQLite's copy. Elsewhere both are
  // stale.
  if (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL) {
    fault.system_errno = number;
    if (number == 0 && handle != nullptr) fault.system_errno = sqlite3_system_errno(handle);
  }
  fault.text = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(result);
  const bool may_pass =
      primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_NOMEM || primary == SQLITE_IOERR;
  fault.code = may_pass ? Errc::retry : Errc::store_failed;
  return fault;
}

Errc code_of_write(const SqliteFault& fault) noexcept {
  if (is_failed_flush(fault)) return Errc::store_failed;
  if (is_out_of_space(fault)) return Errc::store_full;
  // Blocks the file system could not give or take back are not a matter of trying again.
  if (fault.extended == SQLITE_IOERR_CORRUPTFS) return Errc::store_failed;
  return fault.code;
}

Errc code_of_open(const SqliteFault& fault) noexcept {
  switch (fault.extended & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:  // a table or column that our statements name is not there
    case SQLITE_MISMATCH:
      return Errc::store_broken;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Errc::store_unsuitable;
    case SQLITE_CANTOPEN:
      return is_out_of_space(fault) ? Errc::store_full : Errc::store_unsuitable;
    default:
      return code_of_write(fault);
  }
}

}  // namespace enishi::storage
