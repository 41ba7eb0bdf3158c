#include "cpp/tls_client.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace enishi::client {
namespace {

bool is_address(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool is_early() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(fd_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && is_early()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto got = ::recv(fd_of(bio), data, static_cast<std::size_t>(size), 0);
  if (got < 0 && is_early()) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

/// OpenSSL's own for sockets raises SIGPIPE, which a library must not leave to its program.
const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "enishi socket");
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
    return method;
  }();
  return kMethod;
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  char text[16] = "";
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown day";
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

std::string names_of(const X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string text;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    std::string one;
    if (name->type == GEN_DNS) {
      one.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                 static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      char address[INET6_ADDRSTRLEN] = "";
      const int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;
      ::inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), address, sizeof address);
      one = address;
    }
    if (!one.empty()) text += (text.empty() ? "" : ", ") + one;
  }
  GENERAL_NAMES_free(names);
  return text.empty() ? "nobody" : text;
}

}  // namespace

/// Notes what people are told of a certificate that is refused; afterwards OpenSSL has thrown it away. Overrules
/// nothing.
struct TlsVerdict {
  static int note(int verdict, X509_STORE_CTX* context) {
    const X509* refused = X509_STORE_CTX_get_current_cert(context);
    if (verdict == 1 || refused == nullptr) return verdict;
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* client = static_cast<TlsClient*>(SSL_get_app_data(ssl));
    client->names_ = names_of(refused);
    client->begins_ = day_of(X509_get0_notBefore(refused));
    client->ends_ = day_of(X509_get0_notAfter(refused));
    return verdict;
  }
};

const char* name_of(TlsTrouble trouble) {
  switch (trouble) {
    case TlsTrouble::none:
      return "";
    case TlsTrouble::certificate_expired:
      return "CERTIFICATE_EXPIRED";
    case TlsTrouble::certificate_not_yet_valid:
      return "CERTIFICATE_NOT_YET_VALID";
    case TlsTrouble::certificate_wrong_name:
      return "CERTIFICATE_WRONG_NAME";
    case TlsTrouble::certificate_unknown_authority:
      return "CERTIFICATE_UNKNOWN_AUTHORITY";
    case TlsTrouble::certificate_refused:
      return "CERTIFICATE_REFUSED";
    case TlsTrouble::ca_file_unusable:
      return "CA_FILE_UNUSABLE";
    case TlsTrouble::not_tls:
      return "NOT_TLS";
    case TlsTrouble::failed:
      return "TLS_FAILED";
  }
  return "";
}

TlsTrust::TlsTrust() : context_(SSL_CTX_new(TLS_client_method())) {
  if (context_ == nullptr) {
    problem_ = "TLS cannot be set up on this machine";
    return;
  }
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context_, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK");
  SSL_CTX_set1_groups_list(context_, "X25519:P-256:P-384");
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, TlsVerdict::note);
  SSL_CTX_set_default_verify_paths(context_);
  const char* file = std::getenv("ENISHI_CA_FILE");
  if (file != nullptr && *file != '\0' && SSL_CTX_load_verify_locations(context_, file, nullptr) != 1)
    problem_ = std::string("ENISHI_CA_FILE names ") + file + ", which holds no certificates in PEM, or cannot be read";
  ERR_clear_error();
}

TlsTrust::~TlsTrust() { SSL_CTX_free(context_); }

TlsClient::TlsClient(const TlsTrust& trust, const std::string& host, int fd) : host_(host) {
  if (!trust.problem().empty()) {
    trouble_ = TlsTrouble::ca_file_unusable;
    text_ = trust.problem();
    return;
  }
  ssl_ = SSL_new(trust.context());
  BIO* bio = BIO_new(socket_method());
  if (ssl_ == nullptr || bio == nullptr) {
    BIO_free(bio);
    explain();
    return;
  }
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_app_data(ssl_, this);
  SSL_set_connect_state(ssl_);
  static constexpr unsigned char kProtocol[] = "\x08http/1.1";
  SSL_set_alpn_protos(ssl_, kProtocol, sizeof kProtocol - 1);
  bool is_checked = false;  // the name; without it a certificate of anybody would do
  if (is_address(host)) {
    is_checked = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str()) == 1;
  } else {
    SSL_set_hostflags(ssl_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // Addresses are never named in the greeting (RFC 6066 section 3).
    is_checked = SSL_set_tlsext_host_name(ssl_, host.c_str()) == 1 && SSL_set1_host(ssl_, host.c_str()) == 1;
  }
  if (!is_checked) trouble_ = TlsTrouble::failed;
}

TlsClient::~TlsClient() { SSL_free(ssl_); }

TlsClient::Step TlsClient::step_of(int result) {
  if (result > 0) return Step::done;
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      return Step::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Step::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      return Step::over;
    default:
      return Step::failed;
  }
}

TlsClient::Step TlsClient::handshake() {
  if (trouble_ != TlsTrouble::none) return Step::failed;
  ERR_clear_error();
  const auto step = step_of(SSL_do_handshake(ssl_));
  if (step == Step::over || step == Step::failed) explain();
  return step;
}

TlsClient::Step TlsClient::read(std::span<char> into, std::size_t& moved) {
  ERR_clear_error();
  return step_of(SSL_read_ex(ssl_, into.data(), into.size(), &moved));
}

TlsClient::Step TlsClient::write(std::string_view bytes, std::size_t& moved) {
  ERR_clear_error();
  return step_of(SSL_write_ex(ssl_, bytes.data(), bytes.size(), &moved));
}

bool TlsClient::has_pending() const { return SSL_pending(ssl_) > 0; }

void TlsClient::say_goodbye() {
  if (ssl_ == nullptr || !SSL_is_init_finished(ssl_)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
}

std::string TlsClient::version() const { return SSL_get_version(ssl_); }

std::int64_t TlsClient::expires_in_s() const {
  int days = 0, seconds = 0;
  const X509* own = SSL_get0_peer_certificate(ssl_);
  if (own == nullptr || ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(own)) != 1) return 0;
  return std::int64_t{days} * 86'400 + seconds;
}

// The certificate's fault first: it is what people can do something about.
void TlsClient::explain() {
  const auto say = [this](TlsTrouble trouble, std::string text) {
    trouble_ = trouble;
    text_ = std::move(text);
  };
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const long verified = ssl_ == nullptr ? X509_V_OK : SSL_get_verify_result(ssl_);
  switch (verified) {
    case X509_V_OK:
      break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return say(TlsTrouble::certificate_expired,
                 "the certificate of " + host_ + " expired on " + ends_ + "; its operator must renew it");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return say(TlsTrouble::certificate_not_yet_valid, "the certificate of " + host_ + " is not valid before " +
                                                            begins_ + "; is this machine's clock right?");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return say(TlsTrouble::certificate_wrong_name,
                 "the certificate is for " + names_ + " and not for " + host_ + "; dial a name that it is for");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return say(TlsTrouble::certificate_unknown_authority,
                 "the certificate of " + host_ +
                     " comes from nobody this machine trusts; if the authority is your own, name its file: "
                     "ENISHI_CA_FILE=/path/to/ca.crt");
    default:
      return say(TlsTrouble::certificate_refused,
                 "the certificate of " + host_ + " is refused: " + X509_verify_cert_error_string(verified));
  }
  const int reason = ERR_GET_REASON(error);
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
      reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return say(TlsTrouble::not_tls, host_ + " does not speak TLS there; is it an http:// address, or another port?");
  const char* why = error == 0 ? nullptr : ERR_reason_error_string(error);
  say(TlsTrouble::failed, "TLS with " + host_ + " failed: " + (why == nullptr ? "the connection was cut" : why));
}

}  // namespace enishi::client
