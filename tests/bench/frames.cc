#include "bench/frames.h"

#include <sodium.h>

#include <chrono>
#include <cstring>
#include <stdexcept>

#include "bench/machine.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::bench {
namespace {

constexpr std::size_t kRequestAt = 1;  // behind the tag of the first field
constexpr std::size_t kRequestBytes = 5;
constexpr std::size_t kClientIdAt = 8;              // behind request_id, tag and length
constexpr std::uint64_t kRequestBase = 1ULL << 28;  // from here to 2^35 a varint has five bytes

void put_big_endian(char* into, std::uint64_t value, unsigned bytes) noexcept {
  for (unsigned i = 0; i < bytes; ++i) into[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
}

bool take_varint(std::string_view& from, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(from.front());
    from.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return true;
  }
  return false;
}

void mask_bytes(char* bytes, std::size_t size, std::uint32_t mask) noexcept {
  const std::uint64_t twice = static_cast<std::uint64_t>(mask) << 32U | mask;
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, 8);
    word ^= twice;
    std::memcpy(bytes + at, &word, 8);
  }
  for (; at < size; ++at) bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(mask >> (8 * (at % 4))));
}

}  // namespace

std::string upgrade_request(std::string_view host, std::string_view path, std::string_view subprotocol) {
  // Any 16 bytes do for a key; nobody here caches.
  std::string text = "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) +
                     "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: ZW5pc2hpIGJlbmNobWFyaw==\r\n";
  if (!subprotocol.empty()) text += "Sec-WebSocket-Protocol: " + std::string(subprotocol) + "\r\n";
  return text + "\r\n";
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask) {
  const auto begin = out.size();
  const bool is_short = payload.size() < 126;
  const bool is_long = payload.size() > 0xFFFF;
  const std::size_t head = is_short ? 6 : is_long ? 14 : 8;
  out.resize(begin + head);
  char* at = out.data() + begin;
  at[0] = static_cast<char>(0x80U | static_cast<unsigned>(opcode));
  at[1] = static_cast<char>(0x80U | (is_short ? payload.size() : is_long ? 127U : 126U));
  if (!is_short) put_big_endian(at + 2, payload.size(), is_long ? 8 : 2);
  std::memcpy(at + head - 4, &mask, 4);
  out.append(payload);
  mask_bytes(out.data() + begin + head, payload.size(), mask);
}

Frame parse_frame(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  const auto byte = [&](std::size_t at) { return static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[at])); };
  std::uint64_t size = byte(1) & 0x7FU;
  std::size_t head = 2;
  if (size >= 126) {
    head = size == 126 ? 4 : 10;
    if (bytes.size() < head) return {};
    size = 0;
    for (std::size_t at = 2; at < head; ++at) size = size << 8U | byte(at);
  }
  if (bytes.size() - head < size) return {};
  return {static_cast<Opcode>(byte(0) & 0x0FU), bytes.substr(head, size), head + static_cast<std::size_t>(size)};
}

Field take_field(std::string_view& message) {
  Field field;
  std::uint64_t tag = 0, size = 0;
  if (message.empty() || !take_varint(message, tag)) return {};
  field.tag = static_cast<std::uint32_t>(tag);
  switch (tag & 7U) {
    case 0:
      if (!take_varint(message, field.number)) return {};
      return field;
    case 2:
      if (!take_varint(message, size) || size > message.size()) return {};
      field.bytes = message.substr(0, size);
      message.remove_prefix(size);
      return field;
    default:  // enishi.v1 has no fixed fields
      return {};
  }
}

Heard hear(std::string_view frame) {
  for (auto field = take_field(frame); field.tag != 0; field = take_field(frame)) {
    switch (field.tag >> 3U) {
      case enishi::v1::ServerFrame::kBatchFieldNumber:
        return {Heard::Kind::batch, field.bytes};
      case enishi::v1::ServerFrame::kSentFieldNumber:
        return {Heard::Kind::sent, field.bytes};
      case enishi::v1::ServerFrame::kOkFieldNumber:
        return {Heard::Kind::ok, field.bytes};
      case enishi::v1::ServerFrame::kErrorFieldNumber:
        return {Heard::Kind::error, field.bytes};
      case enishi::v1::ServerFrame::kSignalFieldNumber:
        return {Heard::Kind::signal, field.bytes};
      case enishi::v1::ServerFrame::kLaggedFieldNumber:
        return {Heard::Kind::lagged, field.bytes};
      default:
        break;
    }
  }
  return {};
}

void write_stamp(char* into, std::uint64_t intended_ns, std::uint32_t session) noexcept {
  constexpr char kDigits[] = "0123456789abcdef";
  for (unsigned i = 0; i < 16; ++i) into[i] = kDigits[intended_ns >> (60 - 4 * i) & 15U];
  for (unsigned i = 0; i < 8; ++i) into[16 + i] = kDigits[session >> (28 - 4 * i) & 15U];
}

bool read_stamp(std::string_view body, std::uint64_t& intended_ns, std::uint32_t& session) noexcept {
  if (body.size() < kStampBytes) return false;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kStampBytes; ++i) {
    const char c = body[i];
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && !(c >= 'a' && c <= 'f')) return false;
    value = value << 4U | static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
    if (i == 15) intended_ns = std::exchange(value, 0);
  }
  session = static_cast<std::uint32_t>(value);
  return true;
}

PreparedSend::PreparedSend(std::size_t body_bytes) {
  v1::ClientFrame frame;
  frame.set_request_id(kRequestBase);
  frame.set_client_id(std::string(16, 'c'));
  frame.mutable_send()->set_conversation_id(std::string(16, 'k'));
  frame.mutable_send()->set_body(std::string(body_bytes, '.'));
  payload_ = frame.SerializeAsString();
  conversation_at_ = payload_.find(std::string(16, 'k'));
  body_at_ = payload_.size() - body_bytes;
  if (body_bytes < kStampBytes || payload_.compare(kClientIdAt, 16, std::string(16, 'c')) != 0)
    throw std::logic_error("enishi.v1's Send is not laid out as PreparedSend believes");
  randombytes_buf(&salt_, sizeof salt_);
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  wall_minus_steady_ns_ =
      std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count() - static_cast<std::int64_t>(now_ns());
}

void PreparedSend::append_to(std::string& out, std::string_view conversation, std::uint64_t serial,
                             std::uint64_t intended_ns, std::uint32_t session, std::uint32_t mask) {
  std::uint64_t request = kRequestBase + (serial & 0xFFFF'FFFFU);
  for (std::size_t i = 0; i < kRequestBytes; ++i, request >>= 7U)
    payload_[kRequestAt + i] = static_cast<char>((request & 0x7FU) | (i + 1 < kRequestBytes ? 0x80U : 0U));
  const auto wall_ms =
      static_cast<std::uint64_t>((static_cast<std::int64_t>(intended_ns) + wall_minus_steady_ns_) / 1'000'000);
  put_big_endian(payload_.data() + kClientIdAt, wall_ms, 6);
  put_big_endian(payload_.data() + kClientIdAt + 6, salt_, 2);
  // Spread over the bits, for real ones are random there: neighbours in time are none in the index.
  put_big_endian(payload_.data() + kClientIdAt + 8, (serial ^ salt_) * 0x9E37'79B9'7F4A'7C15ULL, 8);
  std::memcpy(payload_.data() + conversation_at_, conversation.data(), 16);
  write_stamp(payload_.data() + body_at_, intended_ns, session);
  append_frame(out, Opcode::binary, payload_, mask);
}

}  // namespace enishi::bench
