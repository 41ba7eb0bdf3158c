// One session of one device: proof, catching up, live, requests, outbox. No I/O, no clock.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cpp/driven.h"
#include "cpp/happening.h"
#include "cpp/session/backoff.h"
#include "cpp/session/request_book.h"
#include "cpp/session/settings.h"
#include "cpp/session/stored_reports.h"
#include "cpp/store/outbox.h"
#include "cpp/store/replica.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::client {

/// See Driven for how it is driven. Reads identity and cursor from the replica's store at each connection. What arrives
/// is buffered until a Frontier and stored with its cursor in one transaction; happenings are told after it. Several
/// machines (processes) may share a profile. Owner: one thread; replica, entropy and listener outlive it.
class SessionMachine final : public Driven {
 public:
  SessionMachine(Replica& replica, Entropy& entropy, Listener& listener, SessionSettings settings = {});
  ~SessionMachine() override;

  void on_open(Instant now) override;
  void on_frame(std::string_view bytes, Instant now) override;
  void on_close(std::uint16_t code, Instant now) override;
  void tick(Instant now) override;
  [[nodiscard]] std::vector<std::string> take_frames() override;
  [[nodiscard]] bool wants_close() const override { return wants_close_; }
  [[nodiscard]] std::optional<Instant> connect_at() const override;
  [[nodiscard]] std::optional<Instant> wakeup_at() const override;

  /// Sends a request as soon as the session is welcome (at most Limits.requests_in_flight_max unanswered). See
  /// RequestBook. Returns the request_id. Frames that need a client_id must hold one: a repeat after a loss is then
  /// harmless.
  std::uint64_t request(v1::ClientFrame frame, AnswerCallback callback, OnLoss on_loss = OnLoss::repeat);
  /// Stores a message and flushes. Its end is told as happening::Settled. Errors: Outbox::enqueue.
  [[nodiscard]] core::Result<OutboxEntry> send(const Draft& draft);
  /// Stores what stands in the field of a conversation, and saves it with the server as soon as that can be; empty text
  /// clears the draft. `base_rev`: of the DraftView that the field began with, and later of the last DraftSaved.
  /// Its end is told as happening::DraftSaved. Errors: body_too_large, not_utf8, those of the store.
  [[nodiscard]] core::Result<void> put_draft(LocalDraft draft);
  /// True when nothing typed is on its way, or waits to be sent.
  [[nodiscard]] bool has_saved_drafts() const { return drafts_sent_.empty() && !drafts_wait_; }
  /// Fetches what is owed, if live. Nothing to do is no error. Told by State with missing 0, and Ready.
  void pay_debts();
  /// Says so to the server now (if welcome) and in each later Hello.
  void set_mode(v1::PresenceState mode);
  void set_watch_all(bool on);
  void set_focus_all(bool on);
  /// This conversation alone is open; nullopt: none, focus_all counts. A session with one open can be asked to pass it.
  void set_focused(std::optional<core::PublicId> conversation);
  /// These are on a screen: what is delivered and read of them is asked for now, and again whenever the session becomes
  /// live. Told as happening::Receipt.
  void show(std::set<core::PublicId> conversations);
  /// True while a report of what this device holds is on its way, or could be.
  [[nodiscard]] bool is_reporting() const { return is_live() && reports_.is_busy(now_); }
  /// A new client id by wall clock and entropy of this machine.
  [[nodiscard]] core::ClientId new_client_id();
  [[nodiscard]] core::WallTime wall_now() const { return settings_.wall_clock(); }
  /// Ends the session and dials no more.
  void stop();
  /// Dials at once, whatever the backoff says (the network came back, say).
  void connect_now() noexcept;

  [[nodiscard]] SessionState state() const noexcept { return checking_ ? SessionState::checking : state_; }
  [[nodiscard]] bool is_welcome() const noexcept;
  [[nodiscard]] bool is_live() const noexcept { return state_ == SessionState::live; }
  /// True once Ready was told, while the session stays live and nothing is owed.
  [[nodiscard]] bool is_caught_up() const noexcept { return is_live() && missing() == 0; }
  /// Slots owed over all conversations.
  [[nodiscard]] std::uint64_t missing() const;
  /// True while messages that are held may look as they did before a gap: the answer about them is on its way.
  [[nodiscard]] bool is_stale() const;
  [[nodiscard]] const v1::Limits& limits() const noexcept { return limits_; }
  [[nodiscard]] Replica& replica() noexcept { return *replica_; }
  [[nodiscard]] Outbox& outbox() noexcept { return outbox_; }
  /// Why the last connection ended: number of the v1::ErrorCode, 0 for none (lost, or not connected yet).
  [[nodiscard]] std::uint32_t last_error() const noexcept { return last_error_; }

 private:
  // session_machine.cc: connection, proof, time
  void enter(SessionState state);
  void tell_state();
  void tell(const Happening& happening) { listener_->on_happening(happening); }
  void on_challenge(const v1::Challenge& challenge);
  void on_proof_wanted();
  void on_welcome(const v1::Welcome& welcome);
  void on_go_away(std::uint32_t retry_after_ms);
  void on_heard(v1::ServerFrame& frame);
  void check_time();
  void give_up(std::uint32_t code, std::string text);
  void give_up(const boost::system::error_code& error);
  void reconnect();
  void send_frame(const v1::ClientFrame& frame);
  void flush_requests();
  void subscribe(v1::ClientFrame frame);
  // session_sync.cc: what is stored
  void on_batch(v1::Batch& batch);
  void on_frontier(const v1::Frontier& frontier);
  void on_answer(v1::ServerFrame& frame);
  void on_page(const v1::Page& page);
  bool stored(const core::Result<Applied>& applied);
  void start_over(const std::string& why);
  void refresh_missing(const std::set<core::PublicId>& ids);
  void settle_live();
  void fetch_next();
  void ask_changes();
  // session/baton.cc
  void on_baton(const v1::ServerFrame& frame);
  [[nodiscard]] v1::ClientFrame focus() const;
  // session_tell.cc: what is told
  void on_signal(const v1::Signal& signal);
  void tell_delta(const Delta& delta, const std::map<core::PublicId, v1::Register>& dropped);
  void tell_event(const v1::Event& event, bool from_gap);
  void tell_register(const v1::Register& entry);
  void tell_membership(const v1::Register& entry, const std::map<core::PublicId, v1::Register>& dropped);
  // session_receipts.cc
  void on_receipts(const core::PublicId& id, const std::vector<v1::Receipt>& receipts);
  void look_at_holdings(const std::set<core::PublicId>& ids);
  void look_at_all_holdings();
  void report_stored();
  void ask_receipts(const std::set<core::PublicId>& ids);
  // session_outbox.cc
  void flush_outbox();
  void resolve_outbox();
  void on_sent(const core::ClientId& id, const Answer& answer);
  void poll_own();
  // session_drafts.cc
  void flush_drafts();
  void on_draft_put(const LocalDraft& sent, const Answer& answer);

  Replica* replica_;
  Entropy* entropy_;
  Listener* listener_;
  SessionSettings settings_;
  Backoff backoff_;
  RequestBook requests_;
  Outbox outbox_;

  // The connection.
  Instant now_{0};
  SessionState state_ = SessionState::closed;
  bool open_ = false;
  bool checking_ = false;
  bool wants_close_ = false;
  std::optional<Instant> connect_at_ = Instant{0};
  std::optional<Instant> deadline_;      // of the handshake, or of draining
  std::optional<Instant> probed_until_;  // a Probe waits for any frame
  std::optional<Instant> silence_at_;
  std::deque<std::string> frames_;
  Start start_;  // as of this connection
  v1::Challenge challenge_;
  v1::Limits limits_;
  std::uint32_t next_within_ms_ = 0;
  std::uint32_t last_error_ = 0;
  std::string last_error_text_;
  unsigned proofs_failed_ = 0;

  // What follows the log.
  std::optional<SyncPoint> mine_;  // how far this machine has stored, whatever others wrote since
  Delta delta_;
  std::uint64_t rseq_seen_ = 0;   // newest register number received in order
  std::uint64_t rseq_named_ = 0;  // newest one that the server named
  std::uint32_t round_done_ = 0, round_total_ = 0;
  bool ready_told_ = false;
  std::map<core::PublicId, RangeSet> told_;
  Owed owed_;
  std::set<core::PublicId> unpayable_;  // the server gave nothing for what is owed; not asked again on this connection
  std::map<core::PublicId, std::string> stale_;  // messages may have changed in a gap: what to ask for
  std::set<core::PublicId> unanswered_;  // of these, those that the server said nothing about, on this connection
  bool fetching_ = false;
  bool pay_asked_ = false;
  std::optional<Instant> pay_at_;  // the server said later

  StoredReports reports_;
  std::map<core::PublicId, std::uint64_t> looked_;  // through where what is held was looked at, on this connection
  std::set<core::PublicId> shown_;
  std::map<std::pair<core::PublicId, std::string>, std::pair<std::uint64_t, std::uint64_t>> told_receipts_;

  std::vector<core::ClientId> own_;                   // queued here and not settled yet
  std::map<core::PublicId, LocalDraft> drafts_sent_;  // what the unanswered PutDraft of a conversation said
  bool drafts_wait_ = true;                           // there may be some to be sent
  std::optional<Instant> drafts_at_;                  // the server said later
  std::optional<Instant> poll_at_;                    // outbox: another process flushes, or the server said later
};

}  // namespace enishi::client
