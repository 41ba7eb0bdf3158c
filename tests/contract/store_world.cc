#include "contract/store_world.h"

#include "contract/sample_rows.h"
#include "storage/faulty/faulty_store.h"
#include "storage/memory/memory_store.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

class MemoryWorld final : public StoreWorld {
 public:
  storage::Store& store() override { return store_; }
  void restart() override {}

 private:
  storage::MemoryStore store_;
};

class SqliteWorld final : public StoreWorld {
 public:
  SqliteWorld() { open(); }
  storage::Store& store() override { return *store_; }
  void restart() override {
    store_.reset();
    open();
  }

 private:
  void open() { store_ = std::move(storage::open_sqlite({.directory = directory_.path()}).value()); }

  TempDir directory_;
  std::unique_ptr<storage::Store> store_;
};

class FaultyWorld final : public StoreWorld {
 public:
  storage::Store& store() override { return store_; }
  void restart() override { store_.restart(); }

 private:
  storage::FaultyStore store_{std::make_unique<storage::MemoryStore>()};
};

}  // namespace

std::vector<WorldKind> world_kinds() {
  return {{"memory", [] { return std::make_unique<MemoryWorld>(); }},
          {"sqlite", [] { return std::make_unique<SqliteWorld>(); }},
          {"faulty", [] { return std::make_unique<FaultyWorld>(); }}};
}

storage::Reader& StoreContract::reader() {
  if (!reader_) reader_ = std::move(store().open_reader().value());
  return *reader_;
}

void StoreContract::restart() {
  reader_.reset();
  world_->restart();
}

void StoreContract::commit(core::Change change) {
  const auto done = store().writer().commit(batch_of(std::move(change)));
  ASSERT_TRUE(done.has_value()) << done.error().message();
}

INSTANTIATE_TEST_SUITE_P(Adapters, StoreContract, testing::ValuesIn(world_kinds()),
                         [](const auto& about) { return about.param.name; });

}  // namespace enishi::test
