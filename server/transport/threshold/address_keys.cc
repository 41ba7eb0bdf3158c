#include "transport/threshold/address_keys.h"

#include <algorithm>

namespace enishi::transport {

namespace ip = boost::asio::ip;

AddressKeys::AddressKeys(bool loopback_too, const std::vector<std::string>& proxies) : loopback_too_(loopback_too) {
  for (const auto& proxy : proxies) {
    const bool is_v6 = proxy.find(':') != std::string::npos;
    const bool is_network = proxy.find('/') != std::string::npos;
    const auto text = is_network ? proxy : proxy + (is_v6 ? "/128" : "/32");
    boost::system::error_code error;
    if (is_v6) {
      const auto network = ip::make_network_v6(text, error);
      if (!error) proxies_v6_.push_back(network.canonical());
    } else {
      const auto network = ip::make_network_v4(text, error);
      if (!error) proxies_v4_.push_back(network.canonical());
    }
  }
}

bool AddressKeys::is_proxy(const ip::address& address) const {
  if (address.is_v4())
    return std::ranges::any_of(proxies_v4_, [&](const ip::network_v4& network) {
      return ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network;
    });
  return std::ranges::any_of(proxies_v6_, [&](const ip::network_v6& network) {
    return ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network;
  });
}

std::string AddressKeys::key_of(const ip::address& address) const {
  if ((address.is_loopback() && !loopback_too_) || is_proxy(address)) return {};
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  const auto bytes = address.to_v6().to_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size() / 2};
}

}  // namespace enishi::transport
