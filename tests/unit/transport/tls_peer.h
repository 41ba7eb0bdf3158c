// The other end of a TLS socket, one byte at a time if need be: OpenSSL on memory, the socket moved by hand.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "unit/transport/peer.h"

namespace enishi::transport::testing {

/// Trusts everybody: whom to trust is the client library's affair, and tested there.
class TlsPeer {
 public:
  explicit TlsPeer(Peer peer, int version_max = TLS1_3_VERSION) : peer_(std::move(peer)), ssl_(make(version_max)) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in_, -1);
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
  }

  /// One step; true once it is done. What it has to say is sent.
  bool handshake() {
    receive();
    const int done = SSL_do_handshake(ssl_.get());
    send(take_ciphertext());
    return done == 1;
  }
  /// The records of `plain`, not sent.
  std::string seal(std::string_view plain) {
    SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    return take_ciphertext();
  }
  void send(std::string_view ciphertext) { peer_.send(ciphertext); }
  void write(std::string_view plain) { send(seal(plain)); }
  /// Adds what is there now; returns all that came so far.
  const std::string& read() {
    receive();
    std::array<char, 16 * 1024> chunk;
    for (int got = 0; (got = SSL_read(ssl_.get(), chunk.data(), chunk.size())) > 0;)
      plain_.append(chunk.data(), static_cast<std::size_t>(got));
    return plain_;
  }
  /// close_notify.
  void say_goodbye() {
    SSL_shutdown(ssl_.get());
    send(take_ciphertext());
  }
  /// True once the other side said close_notify.
  bool heard_goodbye() {
    read();
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  void ask_for_new_keys() {
    SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(ssl_.get());
    send(take_ciphertext());
  }
  /// The record that says that others follow, not sent.
  std::string take_new_keys() {
    SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(ssl_.get());
    return take_ciphertext();
  }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  [[nodiscard]] Peer& peer() { return peer_; }

 private:
  using Ssl = std::unique_ptr<SSL, void (*)(SSL*)>;
  static Ssl make(int version_max) {
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_security_level(context.get(), 0);  // old versions are offered, to be refused
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), version_max);
    return {SSL_new(context.get()), SSL_free};
  }
  void receive() {
    std::array<char, 16 * 1024> chunk;
    for (ssize_t got = 0; (got = ::recv(peer_.fd(), chunk.data(), chunk.size(), MSG_DONTWAIT)) > 0;)
      BIO_write(in_, chunk.data(), static_cast<int>(got));
  }
  std::string take_ciphertext() {
    std::string text(BIO_ctrl_pending(out_), '\0');
    if (!text.empty()) BIO_read(out_, text.data(), static_cast<int>(text.size()));
    return text;
  }

  Peer peer_;
  Ssl ssl_;
  BIO* in_ = nullptr;  // owned by ssl_
  BIO* out_ = nullptr;
  std::string plain_;
};

}  // namespace enishi::transport::testing
