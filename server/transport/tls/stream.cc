#include "transport/tls/stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace enishi::transport {
namespace {

// A record with all around it. OpenSSL goes on by itself over records that carry nothing for us (new keys, a hello that
// is refused), each of which costs more than its bytes: without an end to it one peer would keep a loop for himself.
// What is left lies in the kernel, where readiness tells of it.
constexpr std::uint32_t kBytesPerStep = kRecordBytes + 1024;

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

bool is_early() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

int TlsStream::receive(BIO* bio, char* into, int size) {
  auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto most = std::min<std::size_t>(static_cast<std::size_t>(size), self.budget_);
  const ssize_t got = most == 0 ? -1 : ::recv(self.fd_, into, most, MSG_DONTWAIT);
  if (got > 0) self.budget_ -= static_cast<std::uint32_t>(got);
  if (got < 0 && (most == 0 || is_early())) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int TlsStream::send(BIO* bio, const char* bytes, int size) {
  const auto& self = *static_cast<const TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(self.fd_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && is_early()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

bool TlsStream::attach() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == nullptr) return made;
    BIO_meth_set_read(made, &TlsStream::receive);
    BIO_meth_set_write(made, &TlsStream::send);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  BIO* bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) return false;
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);  // takes it, once for both ways
  return true;
}

std::unique_ptr<TlsStream> TlsStream::accept(const TlsIdentity& identity, int fd) {
  SSL* ssl = identity.make();
  if (ssl == nullptr) return nullptr;
  std::unique_ptr<TlsStream> stream(new TlsStream(ssl, fd));
  return stream->attach() ? std::move(stream) : nullptr;
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
  budget_ = kBytesPerStep;
  return step_of(SSL_do_handshake(ssl_), 0);
}

Step TlsStream::read(std::span<char> into) {
  ERR_clear_error();
  budget_ = kBytesPerStep;
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
