// The port to durable state. One adapter each in memory/ and sqlite/; tests/contract holds them to the same suite.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/change.h"
#include "core/error.h"
#include "core/lookup.h"

namespace enishi::storage {

/// Order in which a page is counted; pages are ascending all the same.
enum class From { oldest, newest };

/// Reads over ranges, for catch-up and history. All reads of one `Reader` call sequence between `begin` and `end` see
/// one snapshot. Owner: one reader thread (or the sequencer) at a time. Throws core::StoreError like Lookup.
class Reader : public core::Lookup {
 public:
  /// Starts a snapshot; returns the newest committed position in it. Never held over 1 s.
  virtual core::Position begin() = 0;
  virtual void end() = 0;

  /// At most `limit` events with first <= seq <= last, ascending, the oldest or the newest of the range.
  virtual std::vector<core::Event> events(core::ConversationId conversation, core::Seq first, core::Seq last,
                                          std::size_t limit, From from) const = 0;
  /// Events with seq >= `first` that change a message, ascending by seq, at most `limit`.
  virtual std::vector<core::Event> changes_since(core::ConversationId conversation, core::Seq first,
                                                 std::size_t limit) const = 0;
  /// Least seq whose position is above `after`; 0 when there is none. O(log^2 n).
  virtual core::Seq first_after(core::ConversationId conversation, core::Position after) const = 0;
  /// Registers of the member with rseq > `after_rseq` and after < position <= through, ascending by rseq, tombstones
  /// included, at most `limit`.
  virtual std::vector<core::Register> registers_between(core::MemberId member, core::Position after,
                                                        core::Position through, std::uint64_t after_rseq,
                                                        std::size_t limit) const = 0;
  /// Open memberships with conversation id > `after`, ascending by conversation, at most `limit`.
  virtual std::vector<core::Membership> memberships(core::MemberId member, core::ConversationId after,
                                                    std::size_t limit) const = 0;
  virtual std::size_t membership_count(core::MemberId member) const = 0;
};

/// The one writer. Owner: the sequencer thread.
class Writer {
 public:
  virtual ~Writer() = default;
  /// All of `batch` durable on return, or none of it. Errors: store_full (nothing written, may be tried again),
  /// retry (nothing written: busy or an I/O error before the flush), store_failed (refuses all further writes; the
  /// process must end: after a failed fsync the state of the disk is unknown).
  [[nodiscard]] virtual core::Result<void> commit(const core::Batch& batch) = 0;
  /// Commits the incarnation of this start. Called once, before the first batch. Errors as commit.
  [[nodiscard]] virtual core::Result<void> begin_incarnation(const core::Incarnation& incarnation) = 0;
  /// Does house work when the sequencer has nothing else to do: a passive checkpoint, and, after a commit that
  /// destroyed something, the truncating one that takes it out of the "-wal". Called every 50 ms or so, and sooner or
  /// later in a commit too: at most 60 s after the destruction nothing is left of it, unless readers or the disk are in
  /// the way.
  virtual void idle() = 0;
};

/// Opened durable state. Thread-safe: open_reader may be called from any thread; each Reader then has one owner.
class Store {
 public:
  virtual ~Store() = default;
  virtual Writer& writer() = 0;
  [[nodiscard]] virtual core::Result<std::unique_ptr<Reader>> open_reader() = 0;
  /// Ascending by number.
  virtual std::vector<core::Incarnation> incarnations() = 0;
};

}  // namespace enishi::storage
