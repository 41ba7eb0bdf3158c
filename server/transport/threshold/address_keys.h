// By what name an address is counted where things are limited by address.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <vector>

namespace enishi::transport {

/// One household has an IPv6 /64: by single addresses nothing would be limited. Some peers have no address of their
/// own: those on loopback (unless told otherwise), and whoever comes through a declared proxy, whose address is the
/// proxy's. Immutable; any thread.
class AddressKeys {
 public:
  AddressKeys() = default;
  /// `proxies`: addresses or networks (10.0.0.0/8); what is neither is passed over.
  AddressKeys(bool loopback_too, const std::vector<std::string>& proxies);
  /// Empty: this address says nothing of who is there, and is not limited.
  [[nodiscard]] std::string key_of(const boost::asio::ip::address& address) const;

 private:
  [[nodiscard]] bool is_proxy(const boost::asio::ip::address& address) const;

  bool loopback_too_ = false;
  std::vector<boost::asio::ip::network_v4> proxies_v4_;
  std::vector<boost::asio::ip::network_v6> proxies_v6_;
};

}  // namespace enishi::transport
