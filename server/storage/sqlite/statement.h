// Prepared statements. Private to the adapter.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/ids.h"
#include "storage/sqlite/connection.h"

namespace enishi::storage {

/// One run of a prepared statement: bind, step, read; reset when it goes. Values are bound and read in the order in
/// which the SQL names them. Bound texts and bytes must live until the step is done. All functions throw SqliteFault.
class Run {
 public:
  explicit Run(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  ~Run() { sqlite3_reset(statement_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  template <class... Values>
  Run& bind(const Values&... values) {
    (bind_one(values), ...);
    return *this;
  }
  /// True: there is a row to read. False: done.
  bool step();
  template <class... Values>
  void read(Values&... values) {
    (read_one(values), ...);
  }

 private:
  template <class Value>
  void bind_one(const Value& value) {
    static_assert(std::is_integral_v<Value> || std::is_enum_v<Value>);
    bind_number(static_cast<std::int64_t>(value));
  }
  template <class Tag>
  void bind_one(const core::Id<Tag>& id) {
    bind_number(static_cast<std::int64_t>(id.value));
  }
  template <std::size_t N, class Tag>
  void bind_one(const core::Bytes<N, Tag>& bytes) {
    bind_bytes(bytes.view());
  }
  void bind_one(core::WallTime at) { bind_number(at.time_since_epoch().count()); }
  void bind_one(std::string_view text);
  void bind_one(const std::string& text) { bind_one(std::string_view(text)); }
  void bind_one(const std::vector<core::MemberId>& people);
  void bind_number(std::int64_t number);
  void bind_bytes(std::string_view bytes);

  template <class Value>
  void read_one(Value& value) {
    value = static_cast<Value>(sqlite3_column_int64(statement_, ++column_));
  }
  template <class Tag>
  void read_one(core::Id<Tag>& id) {
    id.value = static_cast<std::uint64_t>(sqlite3_column_int64(statement_, ++column_));
  }
  template <std::size_t N, class Tag>
  void read_one(core::Bytes<N, Tag>& bytes) {
    if (!bytes.assign(column_bytes())) throw_broken();
  }
  void read_one(core::WallTime& at) {
    at = core::WallTime(std::chrono::milliseconds(sqlite3_column_int64(statement_, ++column_)));
  }
  void read_one(std::string& text) { text = column_bytes(); }
  void read_one(std::vector<core::MemberId>& people);

  /// Bytes of the next column; valid until the next step.
  std::string_view column_bytes();
  void check(int result) const;
  [[noreturn]] void throw_broken() const;

  sqlite3_stmt* statement_;
  int parameter_ = 0;
  int column_ = -1;
};

/// A statement prepared once and run many times. Goes before its Connection.
class Statement {
 public:
  /// Throws SqliteFault.
  Statement(const Connection& connection, const char* sql);
  [[nodiscard]] Run run() const noexcept { return Run(handle_.get()); }

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

}  // namespace enishi::storage
