#include "cpp/store/sqlite_statement.h"

#include <sqlite3.h>

#include <cerrno>

namespace enishi::client {
namespace {

/// `system_errno`: of the operating system, where there was one.
core::Errc errc_of(int code, int system_errno) noexcept {
  const int primary = code & 0xFF;
  // What cannot be made on a full disk is no SQLITE_FULL: the files beside the database are I/O errors.
  const bool is_io = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
  if (is_io && (system_errno == ENOSPC || system_errno == EDQUOT)) return core::Errc::store_full;
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return core::Errc::retry;
    case SQLITE_FULL:
      return core::Errc::store_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
      return core::Errc::store_broken;  // a table or column that is not there
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return core::Errc::store_unsuitable;
    default:
      return core::Errc::store_failed;
  }
}

}  // namespace

void SqliteTables::fail() { throw StoreFailure{errc_of(sqlite3_errcode(database_), sqlite3_system_errno(database_))}; }

SqliteTables::Statement::~Statement() { sqlite3_reset(statement_); }

SqliteTables::Statement& SqliteTables::Statement::bind(std::int64_t value) {
  return check(sqlite3_bind_int64(statement_, ++bound_, value));
}

SqliteTables::Statement& SqliteTables::Statement::bind(std::string_view bytes) {
  return check(sqlite3_bind_blob(statement_, ++bound_, bytes.empty() ? "" : bytes.data(),
                                 static_cast<int>(bytes.size()), SQLITE_STATIC));
}

bool SqliteTables::Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) tables_.fail();
  return code == SQLITE_ROW;
}

std::int64_t SqliteTables::Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view SqliteTables::Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

SqliteTables::Statement& SqliteTables::Statement::check(int code) {
  if (code != SQLITE_OK) tables_.fail();
  return *this;
}

}  // namespace enishi::client
