// A profile in memory, for simulations: no files, no cost. Several machines may share one as several processes would.
#pragma once

#include <memory>

#include "cpp/store/local_store.h"

namespace enishi::client {

/// Owner: one thread. Copy-free: what is put is kept until it is replaced.
class MemoryStore final : public LocalStore {
 public:
  MemoryStore();
  ~MemoryStore() override;
  [[nodiscard]] core::Result<void> transact(Durability durability, const std::function<void(Rows&)>& work) override;
  [[nodiscard]] core::Result<void> read(const std::function<void(Rows&)>& work) override;
  [[nodiscard]] bool try_lock_outbox(const void* owner) override;
  void unlock_outbox(const void* owner) override;

  /// The next `count` write transactions are refused with `code` before they begin.
  void fail_next(core::Errc code, unsigned count = 1) noexcept { failure_ = code, failures_ = count; }

 private:
  class Tables;
  std::unique_ptr<Tables> tables_;
  const void* flusher_ = nullptr;
  core::Errc failure_ = core::Errc::store_failed;
  unsigned failures_ = 0;
};

}  // namespace enishi::client
