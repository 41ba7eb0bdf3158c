// Whom a proxy speaks for.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transport/http/head.h"

namespace enishi::transport {

/// Addresses and networks ("10.0.0.0/8", "::1"). Plain value.
class Networks {
 public:
  Networks() = default;
  /// Those of `texts` that are none are left out: the configuration has judged them.
  explicit Networks(const std::vector<std::string>& texts);
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;
  [[nodiscard]] bool is_empty() const noexcept { return all_.empty(); }

 private:
  struct Network {
    boost::asio::ip::address_v6::bytes_type bytes;  // IPv4 as ::ffff:a.b.c.d
    unsigned bits;
  };
  std::vector<Network> all_;
};

/// An address of the other family's clothes is taken out of them: ::ffff:192.0.2.1 is 192.0.2.1.
[[nodiscard]] boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

/// Where a request comes from: `peer`, or, where that is a trusted proxy, the last address in X-Forwarded-For that is
/// none. What a stranger wrote before it is not believed; neither is anything behind a word that is no address.
[[nodiscard]] boost::asio::ip::address client_of(const boost::asio::ip::address& peer, const http::Request& request,
                                                 const Networks& trusted);

}  // namespace enishi::transport
