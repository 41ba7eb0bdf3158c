// enishi_make_database DIRECTORY: writes a database of this build's schema with the kept rows, to be kept as vN.db.
#include <cstdio>

#include "migrations/kept_rows.h"
#include "storage/sqlite/sqlite_store.h"

int main(int argc, char** argv) {
  using namespace enishi;  // NOLINT: a short program
  if (argc != 2) {
    std::fprintf(stderr, "usage: enishi_make_database DIRECTORY\n");
    return 2;
  }
  auto store = storage::open_sqlite({.directory = argv[1]});
  if (!store || !store.value()->writer().begin_incarnation(test::kept_incarnation_v1())) return 1;
  for (const auto& batches : {test::kept_batches_v1(), test::kept_batches_v2(), test::kept_batches_v3()})
    for (const auto& batch : batches)
      if (!store.value()->writer().commit(batch)) return 1;
  return 0;
}
