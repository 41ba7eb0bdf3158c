#include "transport/tls/authority.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

namespace enishi::transport {

std::string authority_certificate(const std::string& path, std::string& problem) {
  const std::unique_ptr<BIO, int (*)(BIO*)> in(BIO_new_file(path.c_str(), "r"), BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> authority(
      in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
  ERR_clear_error();
  if (!authority) {
    problem = path + (in ? " holds no certificate in PEM" : " cannot be read");
    return {};
  }
  if (X509_check_ca(authority.get()) != 1) {
    problem = path + " is no certificate authority";
    return {};
  }
  const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
  if (!out || PEM_write_bio_X509(out.get(), authority.get()) != 1) {
    problem = path + " cannot be written as PEM";
    return {};
  }
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace enishi::transport
