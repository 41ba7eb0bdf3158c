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
  /// Without tombstones, ascending by key.
  [[nodiscard]] core::Result<std::vector<v1::Register>> registers(v1::RegisterKind kind);
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
/// The key of a STAR or HIDE; of a KEPT_DRAFT with its place.
[[nodiscard]] std::string message_key(const core::PublicId& conversation, std::uint64_t seq);
/// The wire's id; zero for one of another length.
[[nodiscard]] core::PublicId id_of(std::string_view bytes);

}  // namespace enishi::client
