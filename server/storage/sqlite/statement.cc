#include "storage/sqlite/statement.h"

namespace enishi::storage {
namespace {

constexpr std::size_t kIdBytes = 8;

}  // namespace

bool Run::step() {
  const int result = sqlite3_step(statement_);
  column_ = -1;
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) check(result);
  return false;
}

void Run::bind_one(std::string_view text) {
  // An empty view may have a null pointer, which would bind NULL.
  const char* data = text.empty() ? "" : text.data();
  check(sqlite3_bind_text64(statement_, ++parameter_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Run::bind_one(const std::vector<core::MemberId>& people) {
  if (people.empty()) return bind_bytes({});
  std::string encoded;
  encoded.reserve(people.size() * kIdBytes);
  for (const auto id : people)
    for (std::size_t byte = 0; byte < kIdBytes; ++byte) encoded.push_back(static_cast<char>(id.value >> (8 * byte)));
  check(sqlite3_bind_blob64(statement_, ++parameter_, encoded.data(), encoded.size(), SQLITE_TRANSIENT));
}

void Run::bind_number(std::int64_t number) { check(sqlite3_bind_int64(statement_, ++parameter_, number)); }

void Run::bind_bytes(std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  check(sqlite3_bind_blob64(statement_, ++parameter_, data, bytes.size(), SQLITE_STATIC));
}

void Run::read_one(std::vector<core::MemberId>& people) {
  const std::string_view bytes = column_bytes();
  if (bytes.size() % kIdBytes != 0) throw_broken();
  people.assign(bytes.size() / kIdBytes, {});
  for (std::size_t at = 0; at < bytes.size(); ++at)
    people[at / kIdBytes].value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[at]))
                                   << (8 * (at % kIdBytes));
}

std::string_view Run::column_bytes() {
  ++column_;
  // The pointer first: asking for the length first could convert the value.
  const void* data = sqlite3_column_blob(statement_, column_);
  const int size = sqlite3_column_bytes(statement_, column_);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

void Run::check(int result) const {
  if (result != SQLITE_OK) throw fault_of(sqlite3_db_handle(statement_), result);
}

void Run::throw_broken() const { throw fault_of(sqlite3_db_handle(statement_), SQLITE_CORRUPT); }

Statement::Statement(const Connection& connection, const char* sql) {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v3(connection.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  handle_.reset(prepared);
  if (result != SQLITE_OK) throw fault_of(connection.get(), result);
}

}  // namespace enishi::storage
