// Durable state in ordered maps, for tests and the property harness. Nothing reaches a disk.
#pragma once

#include <memory>
#include <vector>

#include "storage/store.h"

namespace enishi::storage {

/// The simple adapter that the others are compared with. The object is the "disk": it survives a simulated restart,
/// after which the daemon calls writer() and open_reader() anew and commits its next incarnation. Differs from the real
/// one in two points: everything stays on one thread, and a Reader's snapshot is not held: reads between begin and end
/// see later commits. Counting reads count the rows, so that wrong ranks in them show. Readers may outlive the store
/// object. Errors of commit: store_failed for rows that contradict what is there (an event number or handle used twice,
/// an interval of an unknown conversation); nothing is then written.
class MemoryStore final : public Store {
 public:
  struct Rows;  ///< private to the adapter

  MemoryStore();
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  Writer& writer() override;
  [[nodiscard]] core::Result<std::unique_ptr<Reader>> open_reader() override;
  std::vector<core::Incarnation> incarnations() override;

 private:
  std::shared_ptr<Rows> rows_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace enishi::storage
