#include "daemon/values.h"

#include <arpa/inet.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace enishi::daemon {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
// Ascending; duration_text takes the greatest that divides.
constexpr Unit kUnits[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr std::int64_t kDurationMsMax = 36'525LL * 86'400'000;  // 100 years

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

bool is_v4(const std::string& text) {
  in_addr v4{};
  return inet_pton(AF_INET, text.c_str(), &v4) == 1;
}

bool is_v6(const std::string& text) {
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1;
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number<std::int64_t>(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const auto& unit : kUnits) {
    if (text.substr(digits) != unit.name) continue;
    if (*number > kDurationMsMax / unit.ms) return std::nullopt;
    return milliseconds{*number * unit.ms};
  }
  return std::nullopt;
}

std::string duration_text(milliseconds value) {
  const Unit* best = &kUnits[0];
  for (const auto& unit : kUnits)
    if (value.count() != 0 && value.count() % unit.ms == 0) best = &unit;
  if (value.count() == 0) best = &kUnits[1];
  return std::to_string(value.count() / best->ms) + std::string(best->name);
}

std::optional<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  std::string host(text.substr(0, colon));
  if (!port) return std::nullopt;
  if (host == "localhost") host = "127.0.0.1";
  if (is_v4(host)) return Address{host, *port, false, host.starts_with("127.")};
  if (host.size() < 2 || host.front() != '[' || host.back() != ']') return std::nullopt;
  host = host.substr(1, host.size() - 2);
  in6_addr v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) != 1) return std::nullopt;
  return Address{host, *port, true, IN6_IS_ADDR_LOOPBACK(&v6) != 0};
}

std::string address_text(const Address& address) {
  const std::string host = address.is_v6 ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

bool is_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const auto rest = text.substr(scheme.size());
    return !rest.empty() &&
           rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-:[]") == std::string_view::npos;
  }
  return false;
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  const std::string host(text.substr(0, slash));
  const bool v4 = is_v4(host);
  if (!v4 && !is_v6(host)) return false;
  if (slash == std::string_view::npos) return true;
  const auto bits = parse_number<unsigned>(text.substr(slash + 1));
  return bits && *bits <= (v4 ? 32U : 128U);
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = std::max<std::size_t>(3, name.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string base64url(std::span<const unsigned char> bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

}  // namespace enishi::daemon
