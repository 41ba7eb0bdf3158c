// The client's side of RFC 6455 and the few protobuf fields that the hot path looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace enishi::bench {

enum class Opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// The request of an upgrade. `subprotocol` may be empty.
[[nodiscard]] std::string upgrade_request(std::string_view host, std::string_view path, std::string_view subprotocol);
/// Appends one whole frame, masked with the four bytes of `mask`.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask);

/// One frame of the server. `size` 0: it is not whole yet.
struct Frame {
  Opcode opcode = Opcode::binary;
  std::string_view payload;
  std::size_t size = 0;
};
[[nodiscard]] Frame parse_frame(std::string_view bytes);

/// One field of a protobuf message: `number` for varints, `bytes` for what has a length.
struct Field {
  std::uint32_t tag = 0;  ///< 0: the end, or nothing that can be read
  std::uint64_t number = 0;
  std::string_view bytes;
};
/// Takes the first field off `message`.
[[nodiscard]] Field take_field(std::string_view& message);

/// What the hot path tells apart in a ServerFrame.
struct Heard {
  enum class Kind : std::uint8_t { other, batch, sent, ok, error, signal, lagged };
  Kind kind = Kind::other;
  std::string_view content;  ///< of the message inside
};
[[nodiscard]] Heard hear(std::string_view server_frame);

/// Calls visit(body) for each event of a Batch.
template <class Visit>
void for_each_body(std::string_view batch, Visit&& visit) {
  constexpr std::uint32_t kEvents = 2U << 3U | 2U, kBody = 10U << 3U | 2U;
  for (auto field = take_field(batch); field.tag != 0; field = take_field(batch)) {
    if (field.tag != kEvents) continue;
    auto event = field.bytes;
    for (auto part = take_field(event); part.tag != 0; part = take_field(event))
      if (part.tag == kBody) visit(part.bytes);
  }
}

/// Bytes at the head of each body: when it should have been sent (16 hex digits, steady ns) and by which session (8).
inline constexpr std::size_t kStampBytes = 24;
void write_stamp(char* into, std::uint64_t intended_ns, std::uint32_t session) noexcept;
/// False: the body does not begin with a stamp.
[[nodiscard]] bool read_stamp(std::string_view body, std::uint64_t& intended_ns, std::uint32_t& session) noexcept;

/// A Send, encoded once; only what differs is written into it.
class PreparedSend {
 public:
  /// `body_bytes` at least kStampBytes.
  explicit PreparedSend(std::size_t body_bytes);
  /// Appends it as a frame. `conversation` is 16 bytes; `serial` makes request_id and client_id unique; the client_id
  /// begins with the time, as enishi.v1 asks for.
  void append_to(std::string& out, std::string_view conversation, std::uint64_t serial, std::uint64_t intended_ns,
                 std::uint32_t session, std::uint32_t mask);

 private:
  std::string payload_;
  std::size_t conversation_at_ = 0, body_at_ = 0;
  std::uint64_t salt_ = 0;
  std::int64_t wall_minus_steady_ns_ = 0;
};

}  // namespace enishi::bench
