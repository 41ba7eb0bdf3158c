#include "transport/framer.h"

#include <array>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "core/text.h"

namespace enishi::transport {

namespace {

constexpr std::uint8_t kContinuation = 0x0, kText = 0x1, kBinary = 0x2, kClose = 0x8, kPing = 0x9, kPong = 0xA;
constexpr std::size_t kControlPayloadMax = 125;
constexpr std::size_t kMaskBytes = 4;

std::uint64_t big_endian(const char* from, std::size_t size) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(from[i]);
  return value;
}

// RFC 6455 section 5.3, eight bytes at a time.
void unmask(std::span<char> bytes, const char* mask) noexcept {
  std::array<char, 8> wide{};
  std::memcpy(wide.data(), mask, kMaskBytes);
  std::memcpy(wide.data() + kMaskBytes, mask, kMaskBytes);
  std::uint64_t key = 0;
  std::memcpy(&key, wide.data(), sizeof(key));
  std::size_t i = 0;
  for (; i + sizeof(key) <= bytes.size(); i += sizeof(key)) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, bytes.data() + i, sizeof(chunk));
    chunk ^= key;
    std::memcpy(bytes.data() + i, &chunk, sizeof(chunk));
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ mask[i % kMaskBytes]);
}

}  // namespace

struct Framer::Header {
  std::uint8_t opcode = 0;
  bool is_final = false;
  std::size_t header_bytes = 0;  // with the mask
  std::size_t payload_bytes = 0;
  [[nodiscard]] bool is_control() const noexcept { return (opcode & 0x8) != 0; }
};

void Framer::feed(std::span<char> bytes, Time now) noexcept {
  bytes_ = bytes;
  now_ = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

std::optional<Incoming> Framer::fail(CloseCode code) noexcept {
  fault_ = static_cast<std::uint16_t>(code);
  message_.reset();
  bytes_ = {};
  return std::nullopt;
}

std::optional<CloseCode> Framer::fault() const noexcept {
  return fault_ == 0 ? std::nullopt : std::optional(static_cast<CloseCode>(fault_));
}

std::size_t Framer::held_bytes() const noexcept {
  return (rest_ ? rest_->capacity() : 0) + (message_ ? message_->bytes.capacity() : 0);
}

// nullopt: more bytes are needed, or there is a fault. What can be refused is refused before its payload has come.
std::optional<Framer::Header> Framer::read_header(const FramerLimits& limits) {
  const auto fault = [this](CloseCode code) {
    fail(code);
    return std::nullopt;
  };
  if (bytes_.empty()) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(bytes_[0]);
  Header header{.opcode = static_cast<std::uint8_t>(first & 0x0F), .is_final = (first & 0x80) != 0};
  if ((first & 0x70) != 0) return fault(CloseCode::protocol_error);  // no extension gave the reserved bits a meaning
  const bool is_known = header.opcode <= kBinary || (header.opcode >= kClose && header.opcode <= kPong);
  if (!is_known || (header.is_control() && !header.is_final)) return fault(CloseCode::protocol_error);
  if (header.opcode == kText) return fault(CloseCode::unsupported_data);
  if (header.opcode == kContinuation && !message_) return fault(CloseCode::protocol_error);
  if (header.opcode == kBinary && message_) return fault(CloseCode::protocol_error);
  if (bytes_.size() < 2) return std::nullopt;

  const auto second = static_cast<std::uint8_t>(bytes_[1]);
  if ((second & 0x80) == 0) return fault(CloseCode::protocol_error);  // section 5.1: a client masks
  const std::uint8_t length = second & 0x7F;
  const std::size_t length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (header.is_control() && length_bytes != 0) return fault(CloseCode::protocol_error);
  if (bytes_.size() < 2 + length_bytes) return std::nullopt;
  const std::uint64_t size = length_bytes == 0 ? length : big_endian(bytes_.data() + 2, length_bytes);
  // Section 5.2: the least number of bytes, and the most significant bit of eight is 0.
  if ((length_bytes == 2 && size < 126) || (length_bytes == 8 && (size <= 0xFFFF || size >> 63 != 0)))
    return fault(CloseCode::protocol_error);
  const std::size_t before = message_ && !header.is_control() ? message_->bytes.size() : 0;
  if (size > limits.message_bytes_max || before > limits.message_bytes_max - size) {
    if (!header.is_control()) return fault(CloseCode::frame_too_large);
  }
  header.header_bytes = 2 + length_bytes + kMaskBytes;
  header.payload_bytes = static_cast<std::size_t>(size);
  return header;
}

bool Framer::count_control(const FramerLimits& limits) {
  if (second_ != now_) {
    second_ = now_;
    controls_ = 0;
  }
  return ++controls_ <= limits.control_frames_per_second;
}

std::optional<Incoming> Framer::next(const FramerLimits& limits) {
  if (was_reset_) {
    message_.reset();
    was_reset_ = false;
  }
  while (fault_ == 0 && !closed_) {
    const auto header = read_header(limits);
    if (!header || bytes_.size() < header->header_bytes + header->payload_bytes) return std::nullopt;
    const std::span<char> payload = bytes_.subspan(header->header_bytes, header->payload_bytes);
    unmask(payload, bytes_.data() + header->header_bytes - kMaskBytes);
    bytes_ = bytes_.subspan(header->header_bytes + header->payload_bytes);
    const std::string_view text(payload.data(), payload.size());
    if (header->is_control() && !count_control(limits)) return fail(CloseCode::policy_violation);
    if (auto incoming = header->is_control() ? take_control(*header, text) : take_data(*header, text, limits))
      return incoming;
  }
  return std::nullopt;
}

// nullopt: nothing to tell (a pong), or a fault.
std::optional<Incoming> Framer::take_control(const Header& header, std::string_view payload) {
  ENISHI_ASSERT(payload.size() <= kControlPayloadMax);
  if (header.opcode == kPong) return std::nullopt;
  if (header.opcode == kPing) return Incoming{Incoming::Kind::ping, payload, 0};
  if (payload.size() == 1) return fail(CloseCode::protocol_error);
  auto code = static_cast<std::uint16_t>(CloseCode::no_status);
  if (!payload.empty()) {
    code = static_cast<std::uint16_t>(big_endian(payload.data(), 2));
    if (!is_close_code(code)) return fail(CloseCode::protocol_error);
    payload.remove_prefix(2);
    if (!core::is_utf8(payload)) return fail(CloseCode::invalid_payload);
  }
  closed_ = true;
  bytes_ = {};
  message_.reset();
  return Incoming{Incoming::Kind::close, payload, code};
}

// nullopt: the message is not whole, or a fault.
std::optional<Incoming> Framer::take_data(const Header& header, std::string_view payload, const FramerLimits& limits) {
  if (!message_ && header.is_final) return Incoming{Incoming::Kind::message, payload, 0};
  if (!message_) message_ = std::make_unique<Unfinished>();
  if (++message_->frames > limits.fragments_max) return fail(CloseCode::frame_too_large);
  message_->bytes.append(payload);
  if (!header.is_final) return std::nullopt;
  was_reset_ = true;
  return Incoming{Incoming::Kind::message, message_->bytes, 0};
}

void Framer::keep_rest() {
  if (was_reset_) {
    message_.reset();
    was_reset_ = false;
  }
  if (bytes_.empty() || fault_ != 0 || closed_) {
    rest_.reset();
  } else {
    // The bytes may lie in rest_ itself.
    auto kept = std::make_unique<std::string>(bytes_.data(), bytes_.size());
    rest_ = std::move(kept);
  }
  bytes_ = {};
}

bool is_close_code(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::string pong_frame(std::string_view payload) {
  ENISHI_ASSERT(payload.size() <= kControlPayloadMax);
  std::string frame{static_cast<char>(0x80 | kPong), static_cast<char>(payload.size())};
  return frame.append(payload);
}

std::string ping_frame() { return {static_cast<char>(0x80 | kPing), '\0'}; }

std::string close_frame(std::uint16_t code) {
  if (code == static_cast<std::uint16_t>(CloseCode::no_status)) return {static_cast<char>(0x80 | kClose), '\0'};
  return {static_cast<char>(0x80 | kClose), '\2', static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
}

}  // namespace enishi::transport
