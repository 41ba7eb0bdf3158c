#include "cpp/stranger_machine.h"

#include <iterator>

#include "cpp/store/replica.h"

namespace enishi::client {
namespace {

constexpr Instant kHandshake{10'000};
constexpr std::size_t kWindow = 8;
constexpr std::uint16_t kCloseCodes = 4000;

}  // namespace

void StrangerMachine::on_open(Instant now) {
  now_ = now;
  open_ = true;
  challenged_ = false;
  wants_close_ = false;
  connect_at_.reset();
  frames_.clear();
  silence_at_ = now + kHandshake;
}

void StrangerMachine::on_frame(std::string_view bytes, Instant now) {
  now_ = now;
  if (!open_ || wants_close_) return;
  v1::ServerFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    wants_close_ = true;
    return;
  }
  if (frame.has_challenge()) {
    challenged_ = true;
    silence_at_.reset();
    backoff_.on_proven(now);
  } else if (frame.has_go_away()) {
    backoff_.on_go_away(Instant{frame.go_away().retry_after_ms()});
  } else if (frame.has_server_ping() && frame.server_ping().next_within_ms() > 0) {
    silence_at_ = now + Instant{2 * frame.server_ping().next_within_ms()};
  } else {
    requests_.answer(frame.request_id(), frame, now, frame.has_pair_presented());
  }
  flush();
}

void StrangerMachine::on_close(std::uint16_t code, Instant now) {
  now_ = now;
  open_ = false;
  wants_close_ = false;
  silence_at_.reset();
  frames_.clear();
  requests_.on_disconnected();
  if (code >= kCloseCodes + 500) {
    stopped_by_ = code - kCloseCodes;
    stop();
  } else if (stopped_) {
    connect_at_.reset();
  } else {
    connect_at_ = now_ + backoff_.on_closed(now_);
  }
}

void StrangerMachine::tick(Instant now) {
  now_ = now;
  if (!open_ || wants_close_) return;
  if (silence_at_ && *silence_at_ <= now) {
    wants_close_ = true;
    return;
  }
  flush();
}

std::vector<std::string> StrangerMachine::take_frames() {
  std::vector<std::string> frames(std::make_move_iterator(frames_.begin()), std::make_move_iterator(frames_.end()));
  frames_.clear();
  return frames;
}

std::optional<Instant> StrangerMachine::wakeup_at() const {
  if (!open_ || wants_close_) return std::nullopt;
  const auto later = challenged_ ? requests_.wakeup_at() : std::nullopt;
  if (!silence_at_ || !later) return silence_at_ ? silence_at_ : later;
  return std::min(*silence_at_, *later);
}

void StrangerMachine::request(v1::ClientFrame frame, AnswerCallback callback) {
  requests_.add(std::move(frame), std::move(callback), OnLoss::repeat);
  flush();
}

void StrangerMachine::flush() {
  if (!open_ || !challenged_ || wants_close_) return;
  for (const auto& frame : requests_.take(now_, kWindow)) frames_.push_back(frame.SerializeAsString());
}

void StrangerMachine::stop() {
  stopped_ = true;
  wants_close_ = open_;
  connect_at_.reset();
  requests_.fail_all();
}

Identity finish_identity(Identity pending, const v1::Joined& joined) {
  pending.device = id_of(joined.device_id());
  pending.member = id_of(joined.member().id());
  pending.handle = joined.member().handle();
  pending.device_name = joined.device_name();
  pending.inviter = joined.inviter();
  return pending;
}

}  // namespace enishi::client
