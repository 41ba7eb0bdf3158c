#include "cli/doctor/greeting.h"

#include "cli/show/times.h"
#include "core/proof.h"

namespace enishi::cli {
namespace {

constexpr std::uint16_t kCloseCodes = 4000;

template <class Bytes>
Bytes random_bytes(client::Entropy& entropy) {
  std::string bytes(Bytes::kSize, '\0');
  entropy.fill(bytes.data(), bytes.size());
  Bytes made;
  (void)made.assign(bytes);
  return made;
}

}  // namespace

void Greeting::on_open(client::Instant now) {
  dialled_ = true;
  opened_at_ = now;
}

void Greeting::on_frame(std::string_view bytes, client::Instant) {
  v1::ServerFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    wants_close_ = true;
  } else if (frame.has_challenge()) {
    clock_ahead_ms_ = frame.challenge().server_time_ms() - wall_now_ms();
    const auto device = random_bytes<core::PublicId>(entropy_);
    v1::ClientFrame hello;
    hello.set_request_id(1);
    hello.mutable_hello()->set_device_id(std::string(device.view()));
    hello.mutable_hello()->set_mode(v1::PRESENCE_STATE_BACKGROUND);
    frames_.push_back(hello.SerializeAsString());
  } else if (frame.has_proof_wanted()) {
    v1::ClientFrame prove;
    prove.set_request_id(2);
    prove.mutable_prove()->set_origin(origin_);
    prove.mutable_prove()->set_client_nonce(std::string(random_bytes<core::Nonce>(entropy_).view()));
    prove.mutable_prove()->set_signature(std::string(random_bytes<core::Signature>(entropy_).view()));
    frames_.push_back(prove.SerializeAsString());
  } else if (frame.has_error()) {
    verdict_ = frame.error().code();
    wants_close_ = true;
  }
}

void Greeting::on_close(std::uint16_t code, client::Instant) {
  dialled_ = is_over_ = true;
  wants_close_ = false;
  close_code_ = code;
  if (verdict_ == 0 && code > kCloseCodes) verdict_ = code - kCloseCodes;
}

std::vector<std::string> Greeting::take_frames() { return std::exchange(frames_, {}); }

}  // namespace enishi::cli
