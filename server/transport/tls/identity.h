// What the daemon shows of itself under TLS: a certificate chain and its key, checked when they are read.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace enishi::transport {

/// A certificate with its key, and how TLS is spoken with them: 1.2 and 1.3, ECDHE with AEAD only, X25519 first, no
/// compression, no renegotiation, ALPN http/1.1. No tickets: resuming costs the server more than a whole handshake
/// (331 against 238 us of CPU), and a ticket would follow a device from network to network.
/// Immutable; any thread. Connections made with one keep it alive, so a new one takes its place without touching them.
class TlsIdentity {
 public:
  using Time = std::chrono::system_clock::time_point;
  struct Loaded;

  /// PEM files: `certificate` holds the chain, the server's own first; `key` is not encrypted. An identity that has
  /// expired is loaded, too: whoever loads decides by expires(). Any text in `problem` is fit for a log.
  [[nodiscard]] static Loaded load(const std::string& certificate, const std::string& key);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  [[nodiscard]] Time begins() const noexcept { return begins_; }
  /// Of the first certificate of the chain to expire.
  [[nodiscard]] Time expires() const noexcept { return expires_; }
  /// Host names and addresses that it is for (subjectAltName), as people write them.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  /// True when `host` (a name, or an address without brackets) is one of them, wildcards included.
  [[nodiscard]] bool covers(const std::string& host) const;
  /// For TlsStream: one accepted connection. Null: no memory.
  [[nodiscard]] ssl_st* make() const;

 private:
  TlsIdentity() = default;
  void read_names();
  void read_times();

  ssl_ctx_st* context_ = nullptr;
  Time begins_, expires_;
  std::vector<std::string> names_;
};

struct TlsIdentity::Loaded {
  std::shared_ptr<const TlsIdentity> identity;  ///< null: see problem
  std::string problem;                          ///< one sentence: which file, what is wrong
  std::vector<std::string> warnings;            ///< of an identity that can be used all the same
};

/// "2027-03-01", UTC.
[[nodiscard]] std::string day_of(TlsIdentity::Time time);

}  // namespace enishi::transport
