// The port to what a device keeps: one profile is one device. Adapters: memory_store.h, sqlite_store.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/ids.h"
#include "cpp/secrets.h"
#include "cpp/store/range_set.h"
#include "enishi/v1/conversation.pb.h"
#include "enishi/v1/unread.pb.h"

namespace enishi::client {

/// Who this profile is. Written twice in its life: with the key, before the key is told to anybody (so that a lost
/// answer can be asked for again), and with the device id that came of it.
struct Identity {
  std::string origin;  ///< as dialled: Origin::text()
  DeviceKeys keys;
  core::PublicId device;  ///< zero: the journey (join, pair, recover) has not ended yet
  core::PublicId member;
  std::string handle;
  std::string device_name;
  std::string inviter;   ///< handle; empty for none
  bool revoked = false;  ///< the server said DEVICE_REVOKED: the profile is of no more use
  [[nodiscard]] bool is_pending() const noexcept { return device.is_zero(); }
};

/// How far this profile follows the server. `cursor` and `rseq` are written together, by one process, in the
/// transaction that stores what they stand for.
struct SyncPoint {
  /// Number of the history; a reset raises it. Within an epoch data is added and never taken away but by a membership
  /// tombstone, so a cursor of the same epoch always tells the truth, whichever process wrote it: the older of two only
  /// makes the server repeat what is held. A process with another epoch writes nothing.
  std::uint64_t epoch = 0;
  std::string cursor;      ///< empty: none
  std::uint64_t rseq = 0;  ///< newest register number behind the cursor
  core::WallTime at{};     ///< when the cursor was written
  std::string ticket;      ///< of the last Welcome; kept over resets
};

/// Slots the server said it left out.
struct Debt {
  Range slots;
  std::string changed_since;  ///< opaque: changes to older messages are asked for with it; empty when they are known
  friend bool operator==(const Debt&, const Debt&) = default;
};

/// What is held of one conversation, beside its registers and events. A row exists from the first thing heard of it.
struct ConversationRow {
  core::PublicId id;
  RangeSet held;                ///< slots whose event is stored
  RangeSet skipped;             ///< slots that are not for this member
  std::vector<Debt> debts;      ///< ascending; each has at least one slot that is neither held nor skipped
  v1::Head base;                ///< newest number the server evaluated, and the head it holds for
  std::uint64_t base_rseq = 0;  ///< newest register number known when `base` came: breaks a tie between two heads
  std::string title;
  std::uint64_t title_seq = 0;  ///< head or event the title is of
};

/// How far somebody tied with this member holds a conversation and has read it, as far as it was told here.
struct ReceiptRow {
  std::string handle;
  std::uint64_t delivered = 0;  ///< one device of his holds everything through here; 0: nothing known
  std::uint64_t read = 0;       ///< 0: nothing known
  friend bool operator==(const ReceiptRow&, const ReceiptRow&) = default;
};

enum class SendState : std::uint8_t { queued = 0, committed = 1, rejected = 2 };

/// One message on its way out. ("Sent" is a queued one that is in flight: known to the flushing process only.)
struct OutboxEntry {
  std::uint64_t number = 0;  ///< order of sending; given by the store
  core::ClientId client_id;
  core::PublicId conversation;  ///< zero: not held when this was queued, and named by `text`
  std::string body;
  std::uint64_t reply_to = 0;
  core::WallTime queued_at{};
  SendState state = SendState::queued;
  std::uint64_t seq = 0;        ///< committed
  core::WallTime at{};          ///< committed: the server's time
  bool duplicate = false;       ///< committed: this client_id had been committed before
  std::uint32_t code = 0;       ///< rejected: number of the v1::ErrorCode
  std::string text;             ///< rejected: the server's sentence; without a conversation: who it is for, as typed
  std::uint64_t draft_rev = 0;  ///< revision of the draft that this was written on; 0: it was none
};

/// What was typed into the field of a conversation and is not known to be with the server. Written at once, before
/// anything is sent; gone when the server has it.
struct LocalDraft {
  core::PublicId conversation;
  std::uint64_t base_rev = 0;  ///< revision of the draft that it was written on; 0: there never was one
  std::string text;
  std::uint32_t caret = 0;  ///< in code points
  std::uint64_t reply_to = 0;
  bool beside = false;   ///< written beside another device's draft: what it replaces is to be kept
  bool refused = false;  ///< the server does not take it (no longer in the conversation, say): it stays here
  friend bool operator==(const LocalDraft&, const LocalDraft&) = default;
};

/// Rows inside one transaction. Puts replace the row of the same key. Throws StoreFailure; never let it leave
/// `transact`.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual std::optional<Identity> identity() = 0;
  virtual void put_identity(const Identity& identity) = 0;
  virtual SyncPoint sync_point() = 0;
  virtual void put_sync_point(const SyncPoint& point) = 0;

  /// `key`: as key_of (replica.h) gives it. Tombstones are found, too.
  virtual std::optional<v1::Register> find_register(v1::RegisterKind kind, std::string_view key) = 0;
  virtual void put_register(const v1::Register& entry) = 0;
  /// All of a kind, tombstones included, ascending by key.
  virtual std::vector<v1::Register> registers(v1::RegisterKind kind) = 0;

  virtual std::optional<ConversationRow> conversation(const core::PublicId& id) = 0;
  virtual void put_conversation(const ConversationRow& row) = 0;
  /// Its events and receipts as well.
  virtual void erase_conversation(const core::PublicId& id) = 0;
  virtual std::vector<core::PublicId> conversation_ids() = 0;

  /// False when there is an event of that seq already: it stays as it is.
  virtual bool put_event(const v1::Event& event) = 0;
  virtual std::optional<v1::Event> event(const core::PublicId& conversation, std::uint64_t seq) = 0;
  /// In place of one that is held: the server said more of it, or its content was destroyed.
  virtual void replace_event(const v1::Event& event) = 0;
  /// Events held that change a message of [first, last], ascending by seq.
  virtual std::vector<v1::Event> changes(const core::PublicId& conversation, std::uint64_t first,
                                         std::uint64_t last) = 0;
  /// The newest that is no change of another one.
  virtual std::optional<v1::Event> newest_entry(const core::PublicId& conversation) = 0;
  /// Those of [first, last], ascending, the `limit` oldest, or newest.
  virtual std::vector<v1::Event> events(const core::PublicId& conversation, std::uint64_t first, std::uint64_t last,
                                        std::size_t limit, bool newest) = 0;
  virtual void put_receipt(const core::PublicId& conversation, const ReceiptRow& row) = 0;
  /// By handle.
  virtual std::vector<ReceiptRow> receipts(const core::PublicId& conversation) = 0;
  /// Takes away registers, conversations, events and receipts; keeps identity, sync point, outbox and
  /// drafts.
  virtual void erase_history() = 0;

  /// A number of 0 appends and gives it one; otherwise replaces. Returns the number.
  virtual std::uint64_t put_outbox(const OutboxEntry& entry) = 0;
  virtual void erase_outbox(std::uint64_t number) = 0;
  /// Ascending by number.
  virtual std::vector<OutboxEntry> outbox() = 0;
  virtual std::optional<OutboxEntry> outbox_entry(const core::ClientId& client_id) = 0;

  virtual void put_draft(const LocalDraft& draft) = 0;
  virtual void erase_draft(const core::PublicId& conversation) = 0;
  virtual std::optional<LocalDraft> draft(const core::PublicId& conversation) = 0;
  /// Ascending by conversation.
  virtual std::vector<LocalDraft> drafts() = 0;
};

/// Thrown by Rows; turned into a Result by transact.
struct StoreFailure {
  core::Errc code = core::Errc::store_failed;
};

/// Durability of a transaction. `relaxed` may be lost with the power, as a whole and never out of order: what the
/// server repeats anyway. `flushed` is on the disk on return: keys, and messages of which a person was told that they
/// are queued.
enum class Durability : std::uint8_t { relaxed, flushed };

/// One profile. Any number of processes may hold it at once. Owner of an instance: one thread.
class LocalStore {
 public:
  virtual ~LocalStore() = default;
  /// Runs `work` in one write transaction: all of it or nothing. `work` runs once at most.
  /// Errors: retry (another process held it for over 5 s), store_full, store_broken, store_failed; nothing is written
  /// then.
  [[nodiscard]] virtual core::Result<void> transact(Durability durability, const std::function<void(Rows&)>& work) = 0;
  /// The same in a snapshot; `work` must not write.
  [[nodiscard]] virtual core::Result<void> read(const std::function<void(Rows&)>& work) = 0;
  /// The right to flush the outbox: one holder at a time over all processes of the profile. Never waits; given back
  /// when the instance goes, and by the system when the process dies. `owner` tells holders of one instance apart.
  [[nodiscard]] virtual bool try_lock_outbox(const void* owner) = 0;
  virtual void unlock_outbox(const void* owner) = 0;
};

}  // namespace enishi::client
