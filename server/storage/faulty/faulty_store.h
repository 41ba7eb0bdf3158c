// A store that fails on demand, around any other; for tests of what the daemon does then.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "storage/store.h"

namespace enishi::storage {

/// What the inner store holds after a commit that was reported as failed.
enum class Aftermath {
  nothing_written,
  written,  ///< as after a failed fsync: reported as failed, and yet there after the restart
};

/// Passes everything on to `inner` until told to fail. Without an order it behaves exactly as the inner one.
/// Owner: one thread for the orders and the writer; readers as in the inner store, as long as no order concerns reads.
class FaultyStore final : public Store {
 public:
  struct Orders;  ///< private to the adapter

  explicit FaultyStore(std::unique_ptr<Store> inner);
  ~FaultyStore() override;
  FaultyStore(const FaultyStore&) = delete;
  FaultyStore& operator=(const FaultyStore&) = delete;

  /// The next `times` commits (begin_incarnation counts as one, an empty batch does not) answer `code`. After
  /// store_failed every further one answers store_failed too, until restart().
  void fail_commits(core::Errc code, std::size_t times = 1, Aftermath aftermath = Aftermath::nothing_written);
  /// The next `times` reads, over all readers, throw core::StoreError{code}.
  void fail_reads(core::Errc code, std::size_t times = 1);
  /// Forgets all orders and a store_failed, as a new process would.
  void restart();
  /// Calls of read functions on all readers so far, begin and end not counted. For tests that compare costs.
  [[nodiscard]] std::size_t read_count() const noexcept;
  /// Commits that the inner store has taken so far.
  [[nodiscard]] std::size_t commit_count() const noexcept;

  Writer& writer() override;
  [[nodiscard]] core::Result<std::unique_ptr<Reader>> open_reader() override;
  std::vector<core::Incarnation> incarnations() override;

 private:
  std::unique_ptr<Store> inner_;
  std::shared_ptr<Orders> orders_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace enishi::storage
