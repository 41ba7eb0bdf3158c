// Both stores under one suite: a fresh profile of each kind.
#pragma once

#include "cpp/store/memory_store.h"
#include "cpp/store/sqlite_store.h"
#include "scene.h"

namespace enishi::client::scene {

struct MemoryKind {
  std::unique_ptr<LocalStore> open() { return std::make_unique<MemoryStore>(); }
};

struct SqliteKind {
  std::unique_ptr<LocalStore> open() {
    auto store = SqliteStore::open(directory.profile());
    EXPECT_TRUE(store) << store.error().message();
    return store ? std::move(*store) : nullptr;
  }
  Directory directory;
};

template <class Kind>
class OnEachStore : public ::testing::Test {
 protected:
  Kind kind_;
  std::unique_ptr<LocalStore> store_ = kind_.open();
  Replica replica_{*store_};
  SeededEntropy entropy_;
};

using StoreKinds = ::testing::Types<MemoryKind, SqliteKind>;

}  // namespace enishi::client::scene
