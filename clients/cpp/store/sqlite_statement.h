// Prepared statements of profile.db. Of sqlite_tables.cc only.
#pragma once

#include <cstdint>
#include <string_view>

#include "cpp/store/sqlite_tables.h"

namespace enishi::client {

/// One use of a prepared statement; reset at its end. Throws StoreFailure.
class SqliteTables::Statement {
 public:
  Statement(SqliteTables& tables, sqlite3_stmt* statement) : tables_(tables), statement_(statement) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t value);
  /// The bytes must live until the next step; an empty one is a zero-length blob, not NULL.
  Statement& bind(std::string_view bytes);
  /// True when there is a row.
  bool step();
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::uint64_t count(int column) const { return static_cast<std::uint64_t>(number(column)); }
  [[nodiscard]] std::string_view bytes(int column) const;

 private:
  Statement& check(int code);

  SqliteTables& tables_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

}  // namespace enishi::client
