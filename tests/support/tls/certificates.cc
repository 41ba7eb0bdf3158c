#include "support/tls/certificates.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace enishi::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
  write(out.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Key make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternatives(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    unsigned char bytes[sizeof(in6_addr)];
    const bool is_address =
        inet_pton(AF_INET, name.c_str(), bytes) == 1 || inet_pton(AF_INET6, name.c_str(), bytes) == 1;
    text += (text.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + name;
  }
  return text;
}

/// Not signed yet, without extensions.
Certificate make_certificate(const std::string& name, EVP_PKEY* key, const Authority::Wish& wish) {
  Certificate made(X509_new(), X509_free);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), std::chrono::seconds{wish.from}.count());
  X509_gmtime_adj(X509_getm_notAfter(made.get()), std::chrono::seconds{wish.until}.count());
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return made;
}

Pem issue_with(X509* issuer, EVP_PKEY* issuer_key, const Authority::Wish& wish) {
  const Key key = make_key();
  const Certificate made = make_certificate("Enishi test", key.get(), wish);
  X509* signer = issuer == nullptr ? made.get() : issuer;
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer));
  if (!wish.names.empty()) extend(made.get(), signer, NID_subject_alt_name, alternatives(wish.names));
  X509_sign(made.get(), issuer == nullptr ? key.get() : issuer_key, EVP_sha256());
  return {pem_of([&](BIO* out) { PEM_write_bio_X509(out, made.get()); }),
          pem_of([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

}  // namespace

struct Authority::Parts {
  Key key = make_key();
  Certificate certificate{nullptr, X509_free};
};

Authority::Authority() : parts_(std::make_unique<Parts>()) {
  parts_->certificate = make_certificate("Enishi test authority", parts_->key.get(), Wish{});
  X509* own = parts_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, own, NID_key_usage, "critical,keyCertSign");
  X509_sign(own, parts_->key.get(), EVP_sha256());
  certificate_ = pem_of([&](BIO* out) { PEM_write_bio_X509(out, own); });
}
Authority::~Authority() = default;

Pem Authority::issue(const Wish& wish) const { return issue_with(parts_->certificate.get(), parts_->key.get(), wish); }
Pem Authority::self_signed(const Wish& wish) { return issue_with(nullptr, nullptr, wish); }

}  // namespace enishi::test
