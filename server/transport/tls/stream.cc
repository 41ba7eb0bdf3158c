#include "transport/tls/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace enishi::transport {

std::unique_ptr<TlsStream> TlsStream::accept(const TlsIdentity& identity, int fd) {
  SSL* ssl = identity.make();
  if (ssl == nullptr) return nullptr;
  std::unique_ptr<TlsStream> stream(new TlsStream(ssl));
  if (SSL_set_fd(ssl, fd) != 1) return nullptr;
  return stream;
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

Step TlsStream::step_of(int result, std::size_t bytes) {
  if (result > 0) return {Step::Is::done, bytes};
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return {Step::Is::wants_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {Step::Is::wants_write, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Step::Is::over, 0};
    case SSL_ERROR_SYSCALL:  // gone without close_notify by way of an error
      is_broken_ = true;
      return {Step::Is::over, 0};
    default:
      is_broken_ = true;
      return {ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? Step::Is::over
                                                                                          : Step::Is::broken,
              0};
  }
}

// The queue of errors is the thread's, not the connection's: what another one left there would be taken for ours.
Step TlsStream::handshake() {
  ERR_clear_error();
  return step_of(SSL_do_handshake(ssl_), 0);
}

Step TlsStream::read(std::span<char> into) {
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_, into.data(), into.size(), &got);
  return step_of(result, got);
}

Step TlsStream::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_, bytes.data(), std::min(bytes.size(), kRecordBytes), &written);
  const Step step = step_of(result, written);
  const bool is_unfinished = step.is == Step::Is::wants_read || step.is == Step::Is::wants_write;
  held_ = is_unfinished ? static_cast<std::uint32_t>(std::min(bytes.size(), kRecordBytes)) : 0;
  return step;
}

void TlsStream::say_goodbye() {
  // Not in the midst of a record or a handshake, and not after a fault (SSL_shutdown(3)).
  if (is_broken_ || held_ != 0 || !SSL_is_init_finished(ssl_)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
}

}  // namespace enishi::transport
