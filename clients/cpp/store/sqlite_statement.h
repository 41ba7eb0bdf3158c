// A prepared statement of profile.db in use, and how values lie in its columns. Of sqlite_tables.cc and
// sqlite_outgoing.cc only.
#pragma once

#include <sqlite3.h>

#include "cpp/store/sqlite_tables.h"

namespace enishi::client {

inline std::int64_t number_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }
inline std::int64_t number_of(core::WallTime at) { return at.time_since_epoch().count(); }
inline core::WallTime time_of(std::int64_t ms) { return core::WallTime{std::chrono::milliseconds{ms}}; }

template <class Message>
Message decode(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    throw StoreFailure{core::Errc::store_broken};
  return message;
}

template <class Fixed>
Fixed fixed_of(std::string_view bytes) {
  Fixed fixed;
  if (!fixed.assign(bytes)) throw StoreFailure{core::Errc::store_broken};
  return fixed;
}

/// One use of a prepared statement; reset at its end.
class SqliteTables::Statement {
 public:
  Statement(SqliteTables& tables, sqlite3_stmt* statement) : tables_(tables), statement_(statement) {}
  ~Statement() { sqlite3_reset(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t value) { return check(sqlite3_bind_int64(statement_, ++bound_, value)); }
  /// The bytes must live until the next step; an empty one is a zero-length blob, not NULL.
  Statement& bind(std::string_view bytes) {
    return check(sqlite3_bind_blob(statement_, ++bound_, bytes.empty() ? "" : bytes.data(),
                                   static_cast<int>(bytes.size()), SQLITE_STATIC));
  }
  /// True when there is a row.
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) tables_.fail();
    return code == SQLITE_ROW;
  }
  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::uint64_t count(int column) const { return static_cast<std::uint64_t>(number(column)); }
  [[nodiscard]] std::string_view bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  Statement& check(int code) {
    if (code != SQLITE_OK) tables_.fail();
    return *this;
  }
  SqliteTables& tables_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

}  // namespace enishi::client
