// The client's side of TLS on a socket: whom we trust, and what is wrong when we do not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace enishi::client {

/// Why an https origin was not let in. `none`: nothing is known against it.
enum class TlsTrouble : std::uint8_t {
  none,
  certificate_expired,
  certificate_not_yet_valid,
  certificate_wrong_name,
  certificate_unknown_authority,  ///< also self-signed
  certificate_refused,            ///< any other fault of it
  ca_file_unusable,               ///< ENISHI_CA_FILE
  not_tls,                        ///< something else is spoken there, plain HTTP most likely
  failed,
};
/// For scripts: "CERTIFICATE_EXPIRED"; empty for none.
[[nodiscard]] const char* name_of(TlsTrouble trouble);

/// The authorities that this machine trusts, and, where the variable ENISHI_CA_FILE names a PEM file, those in it, too.
/// Shared by all connections of its owner.
class TlsTrust {
 public:
  TlsTrust();
  ~TlsTrust();
  TlsTrust(const TlsTrust&) = delete;
  TlsTrust& operator=(const TlsTrust&) = delete;
  [[nodiscard]] ssl_ctx_st* context() const noexcept { return context_; }
  /// Not empty: ENISHI_CA_FILE cannot be used, and so nobody is trusted.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

 private:
  ssl_ctx_st* context_;
  std::string problem_;
};

/// TLS 1.2 or 1.3 to `host`, verified: chain, dates, and name or address. Reads from and writes to a non-blocking
/// socket that it does not own; never raises SIGPIPE. Owner: one thread.
class TlsClient {
 public:
  enum class Step : std::uint8_t { done, wants_read, wants_write, over, failed };

  /// `host`: a name, or an address without brackets.
  TlsClient(const TlsTrust& trust, const std::string& host, int fd);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// After `failed` or `over`: trouble() says why.
  [[nodiscard]] Step handshake();
  [[nodiscard]] Step read(std::span<char> into, std::size_t& moved);
  /// What wants something must be repeated with the same bytes.
  [[nodiscard]] Step write(std::string_view bytes, std::size_t& moved);
  /// Decrypted bytes wait here, which no readiness of the socket tells of.
  [[nodiscard]] bool has_pending() const;
  void say_goodbye();

  [[nodiscard]] TlsTrouble trouble() const noexcept { return trouble_; }
  /// One sentence for people.
  [[nodiscard]] const std::string& trouble_text() const noexcept { return text_; }
  /// After the handshake: "TLSv1.3".
  [[nodiscard]] std::string version() const;
  /// After the handshake: seconds until the certificate expires.
  [[nodiscard]] std::int64_t expires_in_s() const;

 private:
  friend struct TlsVerdict;
  [[nodiscard]] Step step_of(int result);
  void explain();

  const std::string host_;
  ssl_st* ssl_ = nullptr;
  TlsTrouble trouble_ = TlsTrouble::none;
  std::string text_;
  std::string names_ = "others", begins_ = "later", ends_;  // of the certificate that was refused
};

}  // namespace enishi::client
