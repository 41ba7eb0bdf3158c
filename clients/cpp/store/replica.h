// The rules by which what the server says becomes what is held. The one place that writes derived data.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/derived/unread.h"
#include "cpp/store/local_store.h"
#include "enishi/v1/session.pb.h"

namespace enishi::client {

/// Everything between two frontiers.
struct Delta {
  std::vector<v1::Register> registers;
  std::vector<v1::Event> events;
  std::vector<v1::Head> heads;
  std::vector<v1::Gap> gaps;
  std::vector<v1::SkippedRange> skipped;
  [[nodiscard]] bool empty() const noexcept {
    return registers.empty() && events.empty() && heads.empty() && gaps.empty() && skipped.empty();
  }
};

/// What a write came to.
enum class Applied : std::uint8_t {
  stored,
  other_epoch,  ///< another process reset the profile meanwhile: nothing was written; connect again with its cursor
  conflict,     ///< a slot holds another event than the server says now: nothing was written; start over (start_over)
};

/// Where to begin: given at Hello.
struct Start {
  Identity identity;
  SyncPoint point;
};

/// One conversation as it is held.
struct ConversationView {
  core::PublicId id;
  v1::ConversationKind kind = v1::CONVERSATION_KIND_UNSPECIFIED;
  std::string title;  ///< of a group; empty for others
  v1::Person peer;    ///< of a direct conversation
  std::uint64_t since_ms = 0;
  std::vector<core::SeqInterval> intervals;
  std::uint64_t head = 0;  ///< newest seq known
  std::uint64_t marker = 0;
  std::uint64_t rev = 0;
  std::uint64_t unread = 0;
  std::uint64_t mentions = 0;
  bool muted = false;
  bool pinned = false;
  RangeSet held;
  RangeSet skipped;
  std::vector<Debt> debts;
  std::vector<Range> missing;     ///< visible slots up to `head` neither held nor skipped: debts and holes
  std::optional<v1::Event> last;  ///< newest message or system line held, with what became of it
  [[nodiscard]] std::uint64_t missing_count() const;
};

/// One text of a message.
struct Version {
  std::int64_t at_ms = 0;
  std::string text;
  bool is_held = true;  ///< false: its event is not here, so that the text is not known
};
/// What belongs to messages beside their events, by seq.
struct Marks {
  std::set<std::uint64_t> starred, hidden;
  std::map<std::uint64_t, std::vector<Version>> versions;  ///< of edited ones: all texts, oldest first
};

/// A text that lost against a draft and is kept beside it.
struct KeptDraft {
  std::uint32_t place = 0;  ///< 1 to 5; with `rev` it names it (requests::drop_kept)
  std::uint64_t rev = 0;
  std::string text, by_device;
  std::int64_t at_ms = 0;
};
/// What the field of a conversation shows when it is opened.
struct DraftView {
  core::PublicId conversation;
  std::uint64_t rev = 0;  ///< of the server's draft as known here; 0: there never was one
  std::string text;       ///< what is unsaved here, else the server's
  std::uint32_t caret = 0;
  std::uint64_t reply_to = 0;
  std::string by_device;  ///< empty: this one, or nobody
  std::int64_t at_ms = 0;
  std::uint64_t sent_seq = 0;       ///< there is no draft, because this message was sent of it
  std::optional<LocalDraft> local;  ///< not known to be with the server
  std::vector<KeptDraft> kept;      ///< oldest first; those over 30 days are left out
};

/// How much of a conversation this device holds without a hole, from where its member may see it on.
struct Holding {
  std::uint64_t through = 0;  ///< everything he may see up to here is held; 0: nothing
  /// Somebody tied with him waits to hear of it: it was not reported, and reaches over a message of his.
  bool is_news = false;
};

using Owed = std::map<core::PublicId, std::vector<Range>>;

/// Reads and writes one profile by the rules of design.md §3-§4. Repeats change nothing: events are kept by
/// (conversation, seq), registers by rseq, heads by what in them only grows. Holds no state of its own but the store's
/// reference. Errors of all functions: those of LocalStore::transact.
class Replica {
 public:
  explicit Replica(LocalStore& store) : store_(&store) {}
  [[nodiscard]] LocalStore& store() noexcept { return *store_; }

  /// Errors besides: not_found when the profile has no finished identity.
  [[nodiscard]] core::Result<Start> start();
  /// Welcome.resume RESET: drops the history (if there is one) and begins a new epoch. `presented` is what Hello held.
  /// Returns the epoch to go on with; nullopt when another process did it meanwhile or got further: then connect again
  /// with what the profile holds now.
  [[nodiscard]] core::Result<std::optional<std::uint64_t>> reset(const SyncPoint& presented);
  /// Drops the history and the cursor and raises the epoch: what is held cannot be trusted (lost register, conflict).
  [[nodiscard]] core::Result<void> start_over(std::uint64_t epoch);
  /// All of `delta` and the point in one transaction; `point.epoch` must be the profile's.
  [[nodiscard]] core::Result<Applied> apply(const Delta& delta, const SyncPoint& point);
  /// An answer to Fetch: events and skipped slots; debts that it covers are paid. `epoch` as in apply.
  [[nodiscard]] core::Result<Applied> apply_page(const v1::Page& page, std::uint64_t epoch);
  /// An answer to Changed{`since`}: what is said of messages that are held, and how far that goes. `epoch` as in apply.
  [[nodiscard]] core::Result<Applied> apply_changes(const v1::Changes& changes, const std::string& since,
                                                    std::uint64_t epoch);
  /// A Head of an answer (Marked, Heads). `rseq`: newest register number the session has seen.
  [[nodiscard]] core::Result<Applied> apply_head(const v1::Head& head, std::uint64_t rseq, std::uint64_t epoch);
  /// What is told of those tied with the member: the greater number stands. Returns the rows of those named, as they
  /// are now; nothing for another epoch, or for a conversation that he has left.
  [[nodiscard]] core::Result<std::vector<ReceiptRow>> apply_receipts(const core::PublicId& id,
                                                                     const std::vector<v1::Receipt>& receipts,
                                                                     std::uint64_t epoch);
  /// The member himself as Welcome names him, kept like his PROFILE register; `point`: what Hello held, so that every
  /// register that comes after it is newer. Writes only what is another.
  [[nodiscard]] core::Result<void> put_self(const v1::Person& person, const SyncPoint& point);
  [[nodiscard]] core::Result<void> put_ticket(const std::string& ticket);
  [[nodiscard]] core::Result<void> put_identity(const Identity& identity);

  /// Only what the member is in now. Newest first: by the time of the last event held, else since when.
  [[nodiscard]] core::Result<std::vector<ConversationView>> conversations();
  /// Errors besides: not_found.
  [[nodiscard]] core::Result<ConversationView> conversation(const core::PublicId& id);
  /// Events held of [first, last], messages with what became of them; as Rows::events.
  [[nodiscard]] core::Result<std::vector<v1::Event>> events(const core::PublicId& id, std::uint64_t first,
                                                            std::uint64_t last, std::size_t limit, bool newest);
  /// For `events` of one conversation as events() gives them.
  [[nodiscard]] core::Result<Marks> marks(const core::PublicId& id, const std::vector<v1::Event>& events);
  /// Of one conversation, by handle.
  [[nodiscard]] core::Result<std::vector<ReceiptRow>> receipts(const core::PublicId& id);
  /// The member himself, as those see him who are tied with him. Without a handle: no Welcome told it yet.
  [[nodiscard]] core::Result<v1::Person> self();
  /// Of those of the conversations that others are in. `looked`: what was said to be news before, or found to be none,
  /// for a caller who asks again and again; a longer stretch than 500 slots is news without being looked into.
  [[nodiscard]] core::Result<std::map<core::PublicId, Holding>> holdings(
      const std::set<core::PublicId>& ids, const std::map<core::PublicId, std::uint64_t>& looked = {});
  /// All that anything is held of.
  [[nodiscard]] core::Result<std::set<core::PublicId>> conversation_ids();
  /// Without tombstones, ascending by key.
  [[nodiscard]] core::Result<std::vector<v1::Register>> registers(v1::RegisterKind kind);
  /// `now`: which kept drafts are too old.
  [[nodiscard]] core::Result<DraftView> draft(const core::PublicId& id, core::WallTime now);
  /// Of conversations that the member is in, those with a draft or a kept one; newest first.
  [[nodiscard]] core::Result<std::vector<DraftView>> drafts(core::WallTime now);
  /// Those of the conversations whose older messages may have changed in a gap, with what to ask for (Changed).
  [[nodiscard]] core::Result<std::map<core::PublicId, std::string>> stale(const std::set<core::PublicId>& ids);
  /// Slots missing, as ConversationView::missing; an empty vector for a conversation that lacks nothing (or is gone).
  [[nodiscard]] core::Result<Owed> missing();
  [[nodiscard]] core::Result<Owed> missing(const std::set<core::PublicId>& ids);

 private:
  LocalStore* store_;
};

/// The key of a register: conversation, person or device id, by kind; of one about a message, conversation and seq.
[[nodiscard]] std::string key_of(const v1::Register& entry);
/// The key of a STAR or HIDE.
[[nodiscard]] std::string message_key(const core::PublicId& conversation, std::uint64_t seq);
/// The wire's id; zero for one of another length.
[[nodiscard]] core::PublicId id_of(std::string_view bytes);

}  // namespace enishi::client
