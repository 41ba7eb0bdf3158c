#include "storage/sqlite/sqlite_store.h"

#include <utility>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/migrations.h"
#include "storage/sqlite/place.h"
#include "storage/sqlite/reader.h"
#include "storage/sqlite/writer.h"

namespace enishi::storage {
namespace {

using core::Errc;
using core::Result;

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, std::string vfs, Connection connection, SqliteWriter::Report report)
      : path_(std::move(path)), vfs_(std::move(vfs)), writer_(std::move(connection), path_, std::move(report)) {}

  Writer& writer() override { return writer_; }

  Result<std::unique_ptr<Reader>> open_reader() override {
    try {
      return std::unique_ptr<Reader>(std::make_unique<SqliteReader>(path_, vfs_));
    } catch (const core::StoreError& error) {
      return error.code;
    }
  }

  std::vector<core::Incarnation> incarnations() override { return SqliteReader(path_, vfs_).incarnations(); }

 private:
  const std::string path_;
  const std::string vfs_;
  SqliteWriter writer_;
};

/// Throws SqliteFault and core::StoreError.
std::unique_ptr<Store> open_file(const std::filesystem::path& file, const SqliteOptions& options) {
  Connection connection(file.string(), Access::write, options.vfs);
  // A file that we refuse stays as it is, with its WAL.
  connection.set_checkpoint_on_close(false);
  if (connection.text("PRAGMA journal_mode=WAL") != "wal") throw core::StoreError{Errc::store_unsuitable};
  connection.execute("PRAGMA synchronous=FULL");
  migrate(connection, file, migrations(), options.report);
  const auto bytes = connection.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  if (static_cast<std::uint64_t>(bytes) <= options.checked_bytes_max &&
      connection.text("PRAGMA quick_check(1)") != "ok")
    throw core::StoreError{Errc::store_broken};
  connection.set_checkpoint_on_close(true);
  auto store = std::make_unique<SqliteStore>(file.string(), options.vfs, std::move(connection), options.report);
  // The ends of every table that counts are read once, so that a torn one shows now and not at the first message.
  static_cast<void>(SqliteReader(file.string(), options.vfs).counters());
  return store;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  if (const auto suitable = check_directory(options.directory); !suitable) return suitable.error();
  const auto file = options.directory / kSqliteFile;
  if (const auto prepared = prepare_file(file); !prepared) return prepared.error();
  try {
    return open_file(file, options);
  } catch (const SqliteFault& fault) {
    if (options.report)
      options.report("store_open_failed sqlite=" + std::to_string(fault.extended) +
                     " errno=" + std::to_string(fault.system_errno) + " text=\"" + fault.text + "\"");
    return code_of_open(fault);
  } catch (const core::StoreError& error) {
    return error.code;
  }
}

}  // namespace enishi::storage
