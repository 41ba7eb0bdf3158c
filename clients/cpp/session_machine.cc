// Connection, proof and time. What is stored: session_sync.cc; what is told: session_tell.cc; sending:
// session_outbox.cc.
#include "cpp/session_machine.h"

#include <algorithm>

#include "core/proof.h"
#include "cpp/requests.h"

namespace enishi::client {
namespace {

constexpr Instant kHandshake{10'000};  // the server gives up after the same (TOO_LATE)
constexpr Instant kDraining{5'000};    // after GoAway the server closes; one that does not is left
constexpr Instant kProbePatience{3'000};
constexpr std::uint32_t kHeartbeatMs = 25'000;  // until the first ServerPing says otherwise
constexpr std::uint32_t kCloseCodes = 4000;
constexpr unsigned kProofsMax = 2;

core::WallTime system_wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::optional<Instant> sooner(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

SessionMachine::SessionMachine(Replica& replica, Entropy& entropy, Listener& listener, SessionSettings settings)
    : replica_(&replica),
      entropy_(&entropy),
      listener_(&listener),
      settings_(std::move(settings)),
      backoff_(entropy),
      outbox_(replica.store()) {
  if (!settings_.wall_clock) settings_.wall_clock = system_wall_clock;
  limits_.set_body_bytes_max(16 * 1024);
  limits_.set_frame_bytes_max(64 * 1024);
  limits_.set_requests_in_flight_max(64);
}

SessionMachine::~SessionMachine() = default;

void SessionMachine::on_open(Instant now) {
  now_ = now;
  if (state_ == SessionState::stopped) {
    wants_close_ = true;
    return;
  }
  open_ = true;
  wants_close_ = false;
  connect_at_.reset();
  frames_.clear();
  delta_ = {};
  challenge_.Clear();
  last_error_ = 0;
  last_error_text_.clear();
  auto start = replica_->start();
  if (!start) return give_up(start.error());
  start_ = *std::move(start);
  if (start_.identity.revoked) return give_up(v1::ERROR_CODE_DEVICE_REVOKED, "this device was revoked");
  // Our own cursor is true as long as the epoch is, and may be ahead of what another process wrote last.
  if (mine_ && mine_->epoch == start_.point.epoch) {
    start_.point.cursor = mine_->cursor;
    start_.point.rseq = mine_->rseq;
  }
  deadline_ = now + kHandshake;
  enter(SessionState::connecting);
}

void SessionMachine::on_frame(std::string_view bytes, Instant now) {
  now_ = now;
  if (!open_ || wants_close_) return;
  v1::ServerFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    last_error_ = v1::ERROR_CODE_PROTOCOL_VIOLATION;
    return reconnect();
  }
  probed_until_.reset();
  if (next_within_ms_ > 0) silence_at_ = now_ + Instant{next_within_ms_ + next_within_ms_ / 2};
  if (checking_) {
    checking_ = false;
    tell_state();
  }
  on_heard(frame);
  flush_requests();
}

void SessionMachine::on_heard(v1::ServerFrame& frame) {
  switch (frame.body_case()) {
    case v1::ServerFrame::kChallenge:
      return on_challenge(frame.challenge());
    case v1::ServerFrame::kProofWanted:
      return on_proof_wanted();
    case v1::ServerFrame::kWelcome:
      return on_welcome(frame.welcome());
    case v1::ServerFrame::kGoAway:
      return on_go_away(frame.go_away().retry_after_ms());
    case v1::ServerFrame::kServerPing:
      next_within_ms_ = frame.server_ping().next_within_ms();
      if (next_within_ms_ > 0) silence_at_ = now_ + Instant{next_within_ms_ + next_within_ms_ / 2};
      return;
    case v1::ServerFrame::kBatch:
      return on_batch(*frame.mutable_batch());
    case v1::ServerFrame::kFrontier:
      return on_frontier(frame.frontier());
    case v1::ServerFrame::kHead:
      delta_.heads.push_back(std::move(*frame.mutable_head()));
      return;
    case v1::ServerFrame::kGap:
      delta_.gaps.push_back(std::move(*frame.mutable_gap()));
      return;
    case v1::ServerFrame::kSkipped:
      delta_.skipped.push_back(std::move(*frame.mutable_skipped()));
      return;
    case v1::ServerFrame::kLagged:
      return enter(SessionState::lagging);
    case v1::ServerFrame::kSignal:
      return on_signal(frame.signal());
    case v1::ServerFrame::kReceipt:
      return on_receipts(id_of(frame.receipt().conversation_id()), {frame.receipt()});
    case v1::ServerFrame::kNotice:
      return tell(happening::Notice{frame.notice().kind(), frame.notice().text()});
    case v1::ServerFrame::kPairAsked: {
      core::PublicKey key;
      if (!key.assign(frame.pair_asked().key())) return;
      return tell(happening::PairAsked{frame.pair_asked().offer_request_id(), frame.pair_asked().name(), key});
    }
    case v1::ServerFrame::kBatonPassed:
    case v1::ServerFrame::kBatonWanted:
    case v1::ServerFrame::kBatonTaken:
      return on_baton(frame);
    default:
      return on_answer(frame);
  }
}

void SessionMachine::on_close(std::uint16_t code, Instant now) {
  now_ = now;
  const bool was_open = open_;
  open_ = false;
  wants_close_ = false;
  checking_ = false;
  deadline_.reset();
  probed_until_.reset();
  silence_at_.reset();
  poll_at_.reset();
  pay_at_.reset();
  drafts_at_.reset();
  drafts_sent_.clear();
  drafts_wait_ = true;
  frames_.clear();
  delta_ = {};
  fetching_ = false;
  outbox_.on_disconnected();
  requests_.on_disconnected();
  reports_.on_disconnected();
  looked_.clear();
  if (state_ == SessionState::stopped) return;
  if (code >= kCloseCodes + 100) last_error_ = code - kCloseCodes;
  if (last_error_ == v1::ERROR_CODE_DEVICE_REVOKED) {
    start_.identity.revoked = true;
    if (const auto done = replica_->put_identity(start_.identity); !done) return give_up(done.error());
  }
  if (last_error_ >= 500) return give_up(last_error_, last_error_text_);
  if (last_error_ >= 400 && was_open) {
    if (const auto done = replica_->put_ticket({}); !done) return give_up(done.error());
    if (last_error_ == v1::ERROR_CODE_PROOF_FAILED && ++proofs_failed_ >= kProofsMax)
      return give_up(last_error_, last_error_text_);
  }
  connect_at_ = now_ + backoff_.on_closed(now_);
  // A failed dial from `closed` is no news.
  if (state_ != SessionState::closed) enter(SessionState::closed);
}

void SessionMachine::tick(Instant now) {
  now_ = now;
  if (!open_ || wants_close_ || state_ == SessionState::stopped) return;
  check_time();
  if (poll_at_ && *poll_at_ <= now_) {
    poll_at_.reset();
    poll_own();
    flush_outbox();
  }
  if (drafts_at_ && *drafts_at_ <= now_) {
    drafts_at_.reset();
    flush_drafts();
  }
  if (pay_at_ && *pay_at_ <= now_) {
    pay_at_.reset();
    settle_live();
  }
  report_stored();
  flush_requests();
}

void SessionMachine::check_time() {
  if (deadline_ && *deadline_ <= now_) return reconnect();
  if (probed_until_ && *probed_until_ <= now_) return reconnect();
  if (!silence_at_ || *silence_at_ > now_ || !is_welcome()) return;
  silence_at_.reset();
  probed_until_ = now_ + kProbePatience;
  v1::ClientFrame probe;
  probe.mutable_probe();
  probe.set_request_id(requests_.next_id());
  send_frame(probe);
  checking_ = true;
  tell_state();
}

std::vector<std::string> SessionMachine::take_frames() {
  std::vector<std::string> frames(std::make_move_iterator(frames_.begin()), std::make_move_iterator(frames_.end()));
  frames_.clear();
  return frames;
}

std::optional<Instant> SessionMachine::connect_at() const { return open_ ? std::nullopt : connect_at_; }

std::optional<Instant> SessionMachine::wakeup_at() const {
  if (!open_ || wants_close_) return std::nullopt;
  auto at = sooner(sooner(deadline_, probed_until_), sooner(poll_at_, sooner(drafts_at_, pay_at_)));
  if (is_welcome()) at = sooner(at, silence_at_);
  if (is_live()) at = sooner(at, reports_.wakeup_at());
  if (is_welcome() && state_ != SessionState::draining) at = sooner(at, requests_.wakeup_at());
  return at;
}

void SessionMachine::on_challenge(const v1::Challenge& challenge) {
  if (state_ != SessionState::connecting) return;
  challenge_ = challenge;
  enter(SessionState::proving);
  v1::ClientFrame frame;
  frame.set_request_id(requests_.next_id());
  auto& hello = *frame.mutable_hello();
  hello.set_device_id(std::string(start_.identity.device.view()));
  hello.set_cursor(start_.point.cursor);
  hello.set_mode(settings_.mode);
  hello.set_ticket(start_.point.ticket);
  send_frame(frame);
}

void SessionMachine::on_proof_wanted() {
  core::Nonce server_nonce;
  if (state_ != SessionState::proving || !server_nonce.assign(challenge_.nonce())) return;
  core::Nonce client_nonce;
  entropy_->fill(client_nonce.value.data(), client_nonce.value.size());
  const auto& identity = start_.identity;
  const auto signature =
      identity.keys.sign(core::proof_text(identity.origin, identity.device, server_nonce, client_nonce));
  v1::ClientFrame frame;
  frame.set_request_id(requests_.next_id());
  auto& prove = *frame.mutable_prove();
  prove.set_origin(identity.origin);
  prove.set_client_nonce(std::string(client_nonce.view()));
  prove.set_signature(std::string(signature.view()));
  send_frame(frame);
}

void SessionMachine::on_welcome(const v1::Welcome& welcome) {
  if (state_ != SessionState::proving) return;
  deadline_.reset();
  proofs_failed_ = 0;
  backoff_.on_proven(now_);
  next_within_ms_ = kHeartbeatMs;
  silence_at_ = now_ + Instant{kHeartbeatMs + kHeartbeatMs / 2};
  if (welcome.limits().body_bytes_max() > 0) limits_ = welcome.limits();
  if (welcome.ticket() != start_.point.ticket)
    if (const auto done = replica_->put_ticket(welcome.ticket()); !done) return give_up(done.error());
  rseq_seen_ = start_.point.rseq;
  rseq_named_ = welcome.rseq();
  round_done_ = round_total_ = 0;
  unpayable_.clear();
  if (welcome.resume() == v1::RESUME_RESET) {
    const auto epoch = replica_->reset(start_.point);
    if (!epoch) return give_up(epoch.error());
    if (!*epoch) return reconnect();
    start_.point.epoch = **epoch;
    start_.point.cursor.clear();
    rseq_seen_ = 0;
    mine_.reset();
    told_.clear();
  }
  if (!welcome.member().handle().empty())
    if (const auto done = replica_->put_self(welcome.member(), start_.point); !done) return give_up(done.error());
  enter(SessionState::welcome);
  const auto all = replica_->missing();
  if (!all) return give_up(all.error());
  owed_ = *all;
  stale_.clear();
  unanswered_.clear();
  std::set<core::PublicId> ids;
  for (const auto& [id, ranges] : owed_) ids.insert(id);
  refresh_missing(ids);
  if (settings_.watch_all) subscribe(requests::watch({}, true));
  if (settings_.focused || settings_.focus_all) subscribe(focus());
  enter(SessionState::catching_up);
  // What stands in a field now was typed after what was sent of it.
  flush_outbox();
  flush_drafts();
}

void SessionMachine::on_go_away(std::uint32_t retry_after_ms) {
  backoff_.on_go_away(Instant{retry_after_ms});
  last_error_ = v1::ERROR_CODE_GOING_AWAY;
  deadline_ = now_ + kDraining;
  enter(SessionState::draining);
}

void SessionMachine::enter(SessionState state) {
  if (state_ == SessionState::stopped || state_ == state) return;
  // From draining there is only the end; what still arrives is stored all the same.
  if (state_ == SessionState::draining && state != SessionState::closed && state != SessionState::stopped) return;
  state_ = state;
  tell_state();
}

void SessionMachine::tell_state() { tell(happening::State{this->state(), missing(), round_done_, round_total_}); }

void SessionMachine::give_up(std::uint32_t code, std::string text) {
  if (state_ == SessionState::stopped) return;
  last_error_ = code;
  wants_close_ = open_;
  connect_at_.reset();
  enter(SessionState::stopped);
  outbox_.on_disconnected();
  requests_.fail_all();
  tell(happening::Stopped{code, std::move(text)});
}

void SessionMachine::give_up(const boost::system::error_code& error) {
  const auto code = core::errc_of(error);
  // Locked for long by another process: its turn ends some time.
  if (code == core::Errc::retry && open_) return reconnect();
  give_up(static_cast<std::uint32_t>(code), core::text_of(code));
}

void SessionMachine::reconnect() { wants_close_ = true; }

void SessionMachine::send_frame(const v1::ClientFrame& frame) {
  if (open_ && !wants_close_) frames_.push_back(frame.SerializeAsString());
}

void SessionMachine::flush_requests() {
  if (!is_welcome() || state_ == SessionState::draining || wants_close_) return;
  for (const auto& frame : requests_.take(now_, limits_.requests_in_flight_max())) send_frame(frame);
}

void SessionMachine::subscribe(v1::ClientFrame frame) { requests_.add(std::move(frame), {}, OnLoss::fail); }

bool SessionMachine::is_welcome() const noexcept {
  return open_ && state_ >= SessionState::welcome && state_ <= SessionState::draining;
}

std::uint64_t SessionMachine::request(v1::ClientFrame frame, AnswerCallback callback, OnLoss on_loss) {
  if (state_ == SessionState::stopped) {
    if (callback) callback(Answer{{}, true});
    return 0;
  }
  const auto id = requests_.add(std::move(frame), std::move(callback), on_loss);
  flush_requests();
  return id;
}

void SessionMachine::set_mode(v1::PresenceState mode) {
  settings_.mode = mode;
  if (!is_welcome()) return;
  subscribe(requests::set_mode(mode));
  flush_requests();
}

void SessionMachine::set_watch_all(bool on) {
  if (std::exchange(settings_.watch_all, on) == on || !is_welcome()) return;
  subscribe(requests::watch({}, on));
  flush_requests();
}

void SessionMachine::set_focus_all(bool on) {
  if (std::exchange(settings_.focus_all, on) == on || !is_welcome()) return;
  subscribe(focus());
  flush_requests();
}

core::ClientId SessionMachine::new_client_id() { return make_client_id(settings_.wall_clock(), *entropy_); }

void SessionMachine::stop() { give_up(0, {}); }

void SessionMachine::connect_now() noexcept {
  if (!open_ && connect_at_) connect_at_ = now_;
}

}  // namespace enishi::client
