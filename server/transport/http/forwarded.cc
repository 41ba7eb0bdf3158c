#include "transport/http/forwarded.h"

#include <algorithm>
#include <charconv>

namespace enishi::transport {

namespace {

namespace ip = boost::asio::ip;

constexpr unsigned kMappedBits = 96;
constexpr unsigned kBitsMax = 128;

ip::address_v6::bytes_type wide(const ip::address& address) {
  return address.is_v6() ? address.to_v6().to_bytes() : ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

/// "192.0.2.1", "192.0.2.1:8080", "[2001:db8::1]:8080", "2001:db8::1", with spaces around.
std::optional<ip::address> address_in(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
  if (text.starts_with('['))
    text = text.substr(1, text.find(']') == std::string_view::npos ? 0 : text.find(']') - 1);
  else if (std::count(text.begin(), text.end(), ':') == 1)
    text = text.substr(0, text.find(':'));
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return plain_address(address);
}

}  // namespace

ip::address plain_address(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

Networks::Networks(const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    const auto slash = std::min(text.find('/'), text.size());
    boost::system::error_code error;
    const auto address = ip::make_address(text.substr(0, slash), error);
    if (error) continue;
    const unsigned offset = address.is_v4() ? kMappedBits : 0;
    unsigned bits = kBitsMax - offset;
    if (slash < text.size()) {
      const auto [end, bad] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
      if (bad != std::errc{} || end != text.data() + text.size() || bits > kBitsMax - offset) continue;
    }
    all_.push_back({wide(address), offset + bits});
  }
}

bool Networks::contains(const ip::address& address) const {
  if (all_.empty()) return false;
  const auto bytes = wide(address);
  return std::any_of(all_.begin(), all_.end(), [&](const Network& network) {
    const unsigned whole = network.bits / 8, rest = network.bits % 8;
    if (!std::equal(bytes.begin(), bytes.begin() + whole, network.bytes.begin())) return false;
    return rest == 0 || (bytes[whole] ^ network.bytes[whole]) >> (8 - rest) == 0;
  });
}

ip::address client_of(const ip::address& peer, const http::Request& request, const Networks& trusted) {
  auto client = plain_address(peer);
  if (!trusted.contains(client)) return client;
  // Fields of one name are one list, in their order (RFC 9110 section 5.3).
  std::string list;
  for (const auto& [name, value] : request.fields)
    if (name.size() == 15 && std::equal(name.begin(), name.end(), "x-forwarded-for",
                                        [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }))
      list += (list.empty() ? "" : ",") + value;
  std::string_view left = list;
  while (!left.empty() && trusted.contains(client)) {
    const auto comma = left.rfind(',');
    const auto word = comma == std::string_view::npos ? left : left.substr(comma + 1);
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(0, comma);
    const auto address = address_in(word);
    if (!address) break;
    client = *address;
  }
  return client;
}

}  // namespace enishi::transport
