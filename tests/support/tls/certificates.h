// Certificates for tests: an authority of their own, and what it signs.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace enishi::test {

/// A certificate and its key, PEM.
struct Pem {
  std::string certificate, key;
};

/// An authority that no machine trusts by itself. Owner: one thread.
class Authority {
 public:
  struct Wish {
    std::vector<std::string> names{"localhost", "127.0.0.1"};  ///< host names and addresses
    std::chrono::hours from{-1};                               ///< validity, from now
    std::chrono::hours until{24 * 90};
  };
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  [[nodiscard]] const std::string& certificate() const noexcept { return certificate_; }
  /// Signed by this authority.
  [[nodiscard]] Pem issue(const Wish& wish) const;
  [[nodiscard]] Pem issue() const { return issue(Wish{}); }
  /// Signed by itself.
  [[nodiscard]] static Pem self_signed(const Wish& wish);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::string certificate_;
};

}  // namespace enishi::test
