#include "transport/session.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <iterator>
#include <memory>
#include <utility>

namespace enishi::transport {

namespace {

// One read per wake-up, so that no peer keeps the loop for itself.
constexpr std::size_t kReadBytes = 64 * 1024;
// Records of TLS in one wake-up; they may be as small as a byte.
constexpr int kRecordsPerRead = 16;
// A frame's header with the longest length and the mask.
constexpr std::size_t kHeaderBytesMax = 14;
// A turn that pushes more than this to one session writes in between: so a long turn is not taken for a slow reader.
constexpr std::size_t kEarlyWriteBytes = 64 * 1024;
// For the peer's close frame. A revoked device's socket is closed within 1 s, a tick of 250 ms included.
constexpr std::chrono::milliseconds kCloseTime{5000};
constexpr std::chrono::milliseconds kRevokedCloseTime{700};

std::uint16_t close_code_of(core::Errc code) { return static_cast<std::uint16_t>(4000 + static_cast<unsigned>(code)); }

}  // namespace

Session::Session(Sessions& sessions, Socket socket, std::unique_ptr<TlsStream> tls)
    : sessions_(sessions), socket_(std::move(socket)), tls_(std::move(tls)) {}

void Session::push(const wire::Frame& frame) {
  if (state_ != State::open) return;
  outbox_.push(frame);
  add(sessions_.counters_.frames_out);
  mark_dirty();
  if (outbox_.queued_bytes() < kEarlyWriteBytes || waits_write_ || is_blocked_) return;
  // Without telling the floor, which may be the caller; flush() tells it at the end of the turn.
  const std::size_t before = outbox_.queued_bytes();
  const auto flushed = flush_outbox();
  add(sessions_.counters_.writes, outbox_.writes());
  add(sessions_.counters_.bytes_out, before - outbox_.queued_bytes());
  is_blocked_ = flushed != Outbox::Flushed::drained;
  owes_drained_ = !is_blocked_;
}

void Session::drop_unsent() { outbox_.drop_unsent(tls_ ? tls_->held() : 0); }

Outbox::Flushed Session::flush_outbox() {
  return tls_ ? outbox_.flush(*tls_, sessions_.record_) : outbox_.flush(socket_.native_handle());
}

void Session::close(core::Errc code) {
  const bool is_urgent = code == core::Errc::device_revoked;
  start_closing(close_code_of(code), is_urgent ? kRevokedCloseTime : kCloseTime);
}

void Session::ping() { push(std::make_shared<const std::string>(ping_frame())); }

bool Session::take_heard() {
  const bool was_heard = was_heard_;
  was_heard_ = false;
  return was_heard;
}

void Session::resume_reading() {
  if (!is_paused_ || state_ != State::open) return;
  resumes_ = true;
  mark_dirty();
}

std::chrono::milliseconds Session::try_secret() {
  if (sessions_.guesses_ == nullptr) return {};
  const auto pass = sessions_.strangers_.find(this);
  return sessions_.guesses_->take(pass == sessions_.strangers_.end() ? std::string() : pass->second.key(),
                                  sessions_.clock_.now());
}

void Session::take_try_back() {
  if (sessions_.guesses_ == nullptr) return;
  const auto pass = sessions_.strangers_.find(this);
  sessions_.guesses_->give_back(pass == sessions_.strangers_.end() ? std::string() : pass->second.key());
}

void Session::vouched_for() {
  if (const auto pass = sessions_.strangers_.find(this); pass != sessions_.strangers_.end()) pass->second.give_back();
}

void Session::proven() { sessions_.strangers_.erase(this); }

void Session::mark_dirty() {
  if (is_dirty_) return;
  is_dirty_ = true;
  sessions_.dirty_.push_back(this);
  if (sessions_.flush_is_posted_) return;
  sessions_.flush_is_posted_ = true;
  // Behind everything that is ready now: that is the end of the turn.
  boost::asio::post(sessions_.executor_, [sessions = &sessions_] { sessions->flush(); });
}

void Session::begin(std::string_view unread) {
  seat_ = sessions_.floor_.open(*this);
  if (unread.empty()) return wait_read();
  ENISHI_ASSERT(unread.size() <= sessions_.buffer_.size());
  unread.copy(sessions_.buffer_.data(), unread.size());
  process({sessions_.buffer_.data(), unread.size()});
}

// TLS may want to write before it can read on.
void Session::wait_read(Socket::wait_type readiness) {
  waits_read_ = true;
  socket_.async_wait(readiness, [this](const boost::system::error_code& error) { on_readable(error); });
}

// One read of what is there; under TLS as many whole records as there is room for, since none that is left behind in
// OpenSSL would wake us. `over`: nothing more comes.
Step Session::receive(std::span<char> into) {
  if (!tls_) {
    const ssize_t got = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
    if (got > 0) return {Step::Is::done, static_cast<std::size_t>(got)};
    const bool is_early = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return {is_early ? Step::Is::wants_read : Step::Is::over, 0};
  }
  std::size_t got = 0;
  Step step{Step::Is::wants_read, 0};
  for (int records = 0; records < kRecordsPerRead && into.size() - got >= kRecordBytes; ++records) {
    step = tls_->read(into.subspan(got));
    if (step.is != Step::Is::done) break;
    got += step.bytes;
  }
  // What came is taken before the news of an end, which no readiness would tell a second time.
  if (got > 0 && step.is == Step::Is::wants_read) step.is = Step::Is::done;
  return {step.is, got};
}

void Session::on_readable(const boost::system::error_code& error) {
  waits_read_ = false;
  if (state_ == State::dead) return delete_if_unused();
  if (error) return die();
  if (is_paused_) return;  // TLS could have read on; it will when the floor wants more
  const std::string_view rest = framer_.rest();
  auto& buffer = sessions_.buffer_;
  ENISHI_ASSERT(rest.size() + kReadBytes <= buffer.size());
  rest.copy(buffer.data(), rest.size());
  const Step got = receive({buffer.data() + rest.size(), kReadBytes});
  const bool ends = got.is == Step::Is::over || got.is == Step::Is::broken;
  if (ends && got.bytes == 0) return die();
  // Before anything is processed: what is to be read on must not wait for readability alone.
  if (got.is == Step::Is::wants_write) wait_read(Socket::wait_write);
  if (got.bytes == 0) {
    if (!waits_read_) wait_read();
    return;
  }
  was_heard_ = true;
  add(sessions_.counters_.bytes_in, got.bytes);
  process({buffer.data(), rest.size() + got.bytes});
  if (ends && state_ != State::dead) die();
}

void Session::process(std::span<char> bytes) {
  framer_.feed(bytes, sessions_.clock_.now());
  for (;;) {
    is_paused_ = state_ == State::open && !sessions_.floor_.may_read(seat_);
    if (is_paused_) break;
    const auto incoming = framer_.next(sessions_.limits_);
    if (!incoming) break;
    take(*incoming);
  }
  framer_.keep_rest();
  if (const auto fault = framer_.fault(); fault && state_ == State::open) {
    add(sessions_.counters_.faults);
    start_closing(static_cast<std::uint16_t>(*fault), kCloseTime);
  }
  if (state_ != State::dead && !is_paused_ && !waits_read_) wait_read();
}

void Session::take(const Incoming& incoming) {
  switch (incoming.kind) {
    case Incoming::Kind::message:
      if (state_ != State::open) return;  // we said goodbye: nothing more is carried out
      add(sessions_.counters_.frames_in);
      return sessions_.floor_.on_message(seat_, incoming.payload);
    case Incoming::Kind::ping:
      return push(std::make_shared<const std::string>(pong_frame(incoming.payload)));
    case Incoming::Kind::close:
      peer_closed_ = true;
      add(sessions_.counters_.sessions_closed_by_peer, state_ == State::open ? 1 : 0);
      // It hears no more: only the answer is left to say.
      if (state_ == State::open) drop_unsent();
      start_closing(incoming.code, kCloseTime);
      return mark_dirty();
  }
}

// Takes up reading where the floor had stopped it.
void Session::read_rest() {
  resumes_ = false;
  if (!is_paused_) return;
  is_paused_ = false;
  const std::string_view rest = framer_.rest();
  ENISHI_ASSERT(rest.size() <= sessions_.buffer_.size());
  rest.copy(sessions_.buffer_.data(), rest.size());
  process({sessions_.buffer_.data(), rest.size()});
}

// Queues the close frame. Reads on without the floor's leave, as only the peer's close frame is looked for.
void Session::start_closing(std::uint16_t code, std::chrono::milliseconds time) {
  if (state_ != State::open) return;
  outbox_.push(std::make_shared<const std::string>(close_frame(code)));
  state_ = State::closing;
  if (!peer_closed_) add(sessions_.counters_.sessions_closed_by_us);
  deadline_ms_ = sessions_.now_ms() + static_cast<std::uint32_t>(time.count());
  move_to_leaving();
  mark_dirty();
}

void Session::leave() {
  if (const auto seat = std::exchange(seat_, 0); seat != 0) sessions_.floor_.on_closed(seat, peer_closed_);
}

void Session::die() {
  if (state_ == State::dead) return;
  if (state_ == State::open) {
    add(sessions_.counters_.sessions_closed_by_peer);
    move_to_leaving();
  }
  state_ = State::dead;
  leave();
  boost::system::error_code ignored;
  socket_.close(ignored);
  mark_dirty();  // deleted there, not under whoever called
}

void Session::move_to_leaving() { sessions_.leaving_.splice(sessions_.leaving_.end(), sessions_.open_, self_); }

void Session::delete_if_unused() {
  if (waits_read_ || waits_write_ || is_dirty_) return;
  Sessions& sessions = sessions_;
  sessions.strangers_.erase(this);
  sessions.leaving_.erase(self_);  // this is no more
  subtract(sessions.counters_.sessions);
  if (sessions.gone_) sessions.gone_();
}

void Session::flush() {
  is_dirty_ = false;
  if (state_ == State::dead) return delete_if_unused();
  if (state_ == State::closing) {
    leave();
    read_rest();  // nothing in it is carried out, but the peer's close frame may be there
  } else if (resumes_) {
    read_rest();
  }
  if (state_ != State::dead && !waits_write_) write();
}

void Session::write() {
  const std::size_t before = outbox_.queued_bytes();
  const auto flushed = flush_outbox();
  const std::size_t written = before - outbox_.queued_bytes();
  is_blocked_ = false;
  const bool has_news = owes_drained_ || written > 0;
  owes_drained_ = false;
  add(sessions_.counters_.writes, outbox_.writes());
  add(sessions_.counters_.bytes_out, written);
  switch (flushed) {
    case Outbox::Flushed::broken:
      return die();
    case Outbox::Flushed::drained:
      if (has_news || state_ == State::closing) on_drained();
      return;
    case Outbox::Flushed::blocked:
    case Outbox::Flushed::starved:
      waits_write_ = true;
      socket_.async_wait(flushed == Outbox::Flushed::blocked ? Socket::wait_write : Socket::wait_read,
                         [this](const boost::system::error_code& error) {
                           waits_write_ = false;
                           if (state_ == State::dead) return delete_if_unused();
                           if (error) return die();
                           write();
                         });
      if (written > 0 && state_ == State::open) sessions_.floor_.on_progress(seat_);
  }
}

void Session::on_drained() {
  if (state_ == State::open) return sessions_.floor_.on_drained(seat_);
  if (state_ == State::closing && peer_closed_) return die();
  // Our close frame is out. What the peer still sends is read until its own comes, lest a reset overtakes ours.
  if (tls_) tls_->say_goodbye();
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

Sessions::Sessions(Executor executor, FramerLimits limits, delivery::Floor& floor, LoopCounters& counters,
                   const runtime::Clock& clock)
    : executor_(executor),
      limits_(limits),
      floor_(floor),
      counters_(counters),
      clock_(clock),
      started_(clock.now()),
      // A paused session may keep a whole read besides; it is processed again alone, without another read.
      buffer_(limits.message_bytes_max + kHeaderBytesMax + kReadBytes) {}

Sessions::~Sessions() = default;

void Sessions::adopt(Socket socket, std::string head, std::string_view unread, Admission::Pass pass,
                     std::unique_ptr<TlsStream> tls) {
  if (tls && record_.empty()) record_.resize(kRecordBytes);
  Session& session = open_.emplace_back(*this, std::move(socket), std::move(tls));
  session.self_ = std::prev(open_.end());
  strangers_.emplace(&session, std::move(pass));
  add(counters_.sessions);
  add(counters_.sessions_opened);
  session.outbox_.push(std::make_shared<const std::string>(std::move(head)));
  session.mark_dirty();
  session.begin(unread);
}

void Sessions::flush() {
  flush_is_posted_ = false;
  add(counters_.turns);
  flushing_.swap(dirty_);
  for (Session* session : flushing_) session->flush();
  flushing_.clear();
}

std::uint32_t Sessions::now_ms() const {
  using std::chrono::milliseconds;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<milliseconds>(clock_.now() - started_).count());
}

void Sessions::on_tick() {
  const std::uint32_t now = now_ms();
  for (Session& session : leaving_) {  // die() deletes nothing at once
    const auto late = static_cast<std::int32_t>(now - session.deadline_ms_);
    if (session.state_ == Session::State::closing && late >= 0) session.die();
  }
}

void Sessions::close_all(core::Errc code, std::chrono::milliseconds time) {
  while (!open_.empty()) open_.front().start_closing(close_code_of(code), time);
}

}  // namespace enishi::transport
