// Messages on their way out: stored before anything is sent, sent in order, answered once.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cpp/store/local_store.h"
#include "enishi/v1/error.pb.h"

namespace enishi::client {

/// A message to be queued.
struct Draft {
  core::PublicId conversation;
  std::string body;
  std::uint64_t reply_to = 0;
  std::optional<core::ClientId> client_id;  ///< given: a repeat under an old one; else a new one is made
  std::string to = {};  ///< without a conversation, since none is held yet: who it is for, as resolve_chat takes it
  bool takes_field = false;     ///< the body is what stood in the field: its local draft goes
  std::uint64_t draft_rev = 0;  ///< revision of the draft that the body was written on (DraftField::sent_rev)
};

/// The queue of one profile. States: queued -> committed(seq) or rejected(code); what was sent and not answered is
/// still queued, and is sent again, with the same client_id, on the next connection. One process flushes at a time
/// (LocalStore::try_lock_outbox); within a conversation one message is in flight at a time, so that a `retry` between
/// two cannot turn them round; different conversations go side by side. Owner: one thread.
class Outbox {
 public:
  explicit Outbox(LocalStore& store) : store_(&store) {}
  ~Outbox() { release(); }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Checks and stores. On return the message is on the disk, also if nothing is ever reached; with `takes_field`
  /// the local draft is gone with it. Errors: body_empty,
  /// body_too_large (over `body_bytes_max`), not_utf8, client_id_reused (queued with other content), those of the
  /// store.
  [[nodiscard]] core::Result<OutboxEntry> enqueue(const Draft& draft, core::WallTime now, Entropy& entropy,
                                                  std::size_t body_bytes_max = 16 * 1024);
  /// Those that may be sent now, in order; they count as in flight from here. Takes the flush lock when there is work,
  /// and gives it back when there is none; an empty answer while `is_blocked()` means that another process flushes.
  [[nodiscard]] core::Result<std::vector<OutboxEntry>> take();
  /// The server committed it. Returns the entry as stored now.
  [[nodiscard]] core::Result<std::optional<OutboxEntry>> committed(const core::ClientId& id, std::uint64_t seq,
                                                                   core::WallTime at, bool duplicate);
  /// Refused for good (codes 100-199). Later ones go on.
  [[nodiscard]] core::Result<std::optional<OutboxEntry>> rejected(const core::ClientId& id, v1::ErrorCode code,
                                                                  const std::string& text);
  /// Gives entries without a conversation the one that `find` knows by now, and rejects the others (NOT_FOUND); returns
  /// these. For a caller that has caught up.
  [[nodiscard]] core::Result<std::vector<OutboxEntry>> resolve(
      const std::function<std::optional<core::PublicId>(const std::string& to)>& find);
  /// Nothing was done (codes 200-299): the next take() gives it again.
  void put_back(const core::ClientId& id);
  /// The connection ended: everything unanswered will be taken again. Gives the flush lock back.
  void on_disconnected();
  [[nodiscard]] bool is_blocked() const noexcept { return blocked_; }
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.size(); }

  /// Queued and rejected ones, in order; settled ones are left out.
  [[nodiscard]] core::Result<std::vector<OutboxEntry>> pending();
  [[nodiscard]] core::Result<std::optional<OutboxEntry>> find(const core::ClientId& id);
  /// Forgets a rejected one.
  [[nodiscard]] core::Result<void> dismiss(const core::ClientId& id);

 private:
  void release();
  void load(Rows& rows);
  [[nodiscard]] core::Result<std::optional<OutboxEntry>> settle(const core::ClientId& id,
                                                                const std::function<void(OutboxEntry&)>& change);
  /// Committed ones are kept for other processes that wait for them; so many, then the oldest go.
  static constexpr std::size_t kSettledKept = 200;

  LocalStore* store_;
  std::map<core::ClientId, core::PublicId> in_flight_;
  std::deque<OutboxEntry> queue_;  // what is queued, while we hold the lock: others only append
  bool stale_ = true;              // something may have been appended since queue_ was read
  bool locked_ = false;
  bool blocked_ = false;
};

}  // namespace enishi::client
