#include "transport/tls/identity.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>

namespace enishi::transport {

namespace {

// Forward secrecy and AEAD in TLS 1.2; all suites of TLS 1.3 have both.
constexpr const char* kSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr std::string_view kProtocol("\x08http/1.1", 9);

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

// What an operator does wrong most often gets words of its own; OpenSSL's are about its insides.
std::string why_unreadable(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return "is not there, or its folder may not be entered";
  if (S_ISDIR(about.st_mode)) return "is a folder";
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return "may not be read by this user";
  std::fclose(file);
  return {};
}

TlsIdentity::Time time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  char text[INET6_ADDRSTRLEN] = "";
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(address) != 16) return {};
  ::inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof(text));
  return text;
}

// RFC 7301: somebody who names protocols, and not ours, is told so instead of being misunderstood later.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
  unsigned char* chosen = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kProtocol.data());
  const int found = SSL_select_next_proto(&chosen, out_size, ours, kProtocol.size(), in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

SSL_CTX* make_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (context == nullptr) return nullptr;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kSuites12);
  SSL_CTX_set1_groups_list(context, kGroups);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // The last two: a write is repeated from wherever the bytes lie then, and may end after one record.
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A read that met a record which carries nothing for us comes back, and other sessions get their turn.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return context;
}

// Never asks a terminal for a password: a daemon has none.
int no_password(char*, int, int, void*) { return 0; }

}  // namespace

TlsIdentity::~TlsIdentity() { SSL_CTX_free(context_); }

TlsIdentity::Loaded TlsIdentity::load(const std::string& certificate, const std::string& key) {
  Loaded loaded;
  const auto refuse = [&](std::string problem) {
    loaded.problem = std::move(problem);
    return loaded;
  };
  for (const auto* path : {&certificate, &key})
    if (const auto why = why_unreadable(*path); !why.empty()) return refuse(*path + " " + why);
  ERR_clear_error();
  const std::shared_ptr<TlsIdentity> identity(new TlsIdentity);
  SSL_CTX* context = identity->context_ = make_context();
  if (context == nullptr) return refuse("TLS cannot be set up: " + last_error());
  SSL_CTX_set_default_passwd_cb(context, no_password);
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return refuse(certificate + " holds no certificate chain in PEM that can be used (" + last_error() + ")");
  // With a certificate in place a key of another kind or another pair is refused here already.
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    const bool fits = reason != X509_R_KEY_VALUES_MISMATCH && reason != X509_R_KEY_TYPE_MISMATCH;
    const auto text = last_error();
    return refuse(fits ? key + " holds no unencrypted private key in PEM (" + text + ")"
                       : key + " is not the key of " + certificate);
  }
  identity->read_names();
  identity->read_times();
  struct stat about {};
  if (::stat(key.c_str(), &about) == 0 && (about.st_mode & (S_IRWXO | S_IWGRP)) != 0)
    loaded.warnings.push_back(key + " can be read or written by others: chmod 600 it");
  if (identity->names_.empty())
    loaded.warnings.push_back(certificate + " names no host (subjectAltName): no client takes it");
  loaded.identity = identity;
  return loaded;
}

void TlsIdentity::read_names() {
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(SSL_CTX_get0_certificate(context_), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS)
      names_.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                          static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    else if (name->type == GEN_IPADD)
      names_.push_back(address_text(name->d.iPAddress));
  }
  GENERAL_NAMES_free(names);
}

void TlsIdentity::read_times() {
  begins_ = Time::min();
  expires_ = Time::max();
  const auto look = [this](const X509* one) {
    begins_ = std::max(begins_, time_of(X509_get0_notBefore(one)));
    expires_ = std::min(expires_, time_of(X509_get0_notAfter(one)));
  };
  look(SSL_CTX_get0_certificate(context_));
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context_, &chain);
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) look(sk_X509_value(chain, i));
}

bool TlsIdentity::covers(const std::string& host) const {
  X509* own = SSL_CTX_get0_certificate(context_);
  return X509_check_host(own, host.data(), host.size(), 0, nullptr) == 1 ||
         X509_check_ip_asc(own, host.c_str(), 0) == 1;
}

ssl_st* TlsIdentity::make() const {
  SSL* one = SSL_new(context_);
  if (one != nullptr) SSL_set_accept_state(one);
  return one;
}

std::string day_of(TlsIdentity::Time time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[16] = "";
  return {text, std::strftime(text, sizeof(text), "%Y-%m-%d", &parts)};
}

}  // namespace enishi::transport
