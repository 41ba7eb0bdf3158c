// The adapters under the contract, each with a way to restart the daemon around it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "storage/store.h"

namespace enishi::test {

/// One adapter's disk and what is opened on it.
class StoreWorld {
 public:
  virtual ~StoreWorld() = default;
  virtual storage::Store& store() = 0;
  /// As a new process finds it. Readers are gone before.
  virtual void restart() = 0;
};

struct WorldKind {
  std::string name;
  std::function<std::unique_ptr<StoreWorld>()> make;
};

std::vector<WorldKind> world_kinds();

/// The suite: a fresh world for each test, with a reader that is opened at first use.
class StoreContract : public testing::TestWithParam<WorldKind> {
 protected:
  StoreContract() : world_(GetParam().make()) {}

  storage::Store& store() { return world_->store(); }
  storage::Reader& reader();
  void restart();
  /// Commits one command and expects it to succeed.
  void commit(core::Change change);

 private:
  std::unique_ptr<StoreWorld> world_;
  std::unique_ptr<storage::Reader> reader_;
};

}  // namespace enishi::test
