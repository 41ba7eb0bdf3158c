// One connection's TLS, on its socket: no buffers between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "transport/tls/identity.h"

struct bio_st;

namespace enishi::transport {

/// Largest plaintext of one record (RFC 8446 section 5.1). Whoever reads with room for so much gets whole records, and
/// nothing stays behind in OpenSSL, where no readiness would tell of it.
inline constexpr std::size_t kRecordBytes = 16 * 1024;

/// How a step on a non-blocking socket went.
struct Step {
  enum class Is : std::uint8_t {
    done,         ///< `bytes` were moved
    wants_read,   ///< do the same again when the socket is readable
    wants_write,  ///< ... writable
    over,         ///< the peer ended it in order, or without
    broken,       ///< not TLS, or against its rules; an alert has been tried
  };
  Is is = Is::done;
  std::size_t bytes = 0;
};

/// OpenSSL reading from and writing to a non-blocking socket that it does not own. Reads may want to write and writes
/// to read; both go on independently, with one exception: OpenSSL 3.0 cannot answer a peer that wants new keys (which
/// hardly any does) while a record is held, and the read is broken then; the session ends, and its device resumes. It
/// keeps what it needs of its identity. Owner: the socket's owner, and gone before the socket.
class TlsStream {
 public:
  /// Null: no memory.
  [[nodiscard]] static std::unique_ptr<TlsStream> accept(const TlsIdentity& identity, int fd);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  [[nodiscard]] Step handshake();
  /// At most one record. `into` should have room for kRecordBytes.
  [[nodiscard]] Step read(std::span<char> into);
  /// At most one record of 1 to kRecordBytes. Where it wants something, the next write must begin with the same
  /// held() bytes, wherever they lie then, and have no more.
  [[nodiscard]] Step write(std::string_view bytes);
  /// Bytes of a write that has not ended; 0 for none.
  [[nodiscard]] std::size_t held() const noexcept { return held_; }
  /// Says that nothing more will be written (close_notify), if it can be said at once.
  void say_goodbye();

 private:
  TlsStream(ssl_st* ssl, int fd) : ssl_(ssl), fd_(fd) {}
  [[nodiscard]] bool attach();
  [[nodiscard]] Step step_of(int result, std::size_t bytes);
  // What OpenSSL reads and writes by.
  static int receive(bio_st* bio, char* into, int size);
  static int send(bio_st* bio, const char* bytes, int size);

  ssl_st* ssl_;
  const int fd_;
  std::uint32_t budget_ = 0;  ///< bytes that this step may still take from the socket
  std::uint32_t held_ = 0;
  bool is_broken_ = false;
};

}  // namespace enishi::transport
