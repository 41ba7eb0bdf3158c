#include "cpp/links.h"

#include <algorithm>
#include <charconv>

namespace enishi::client {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kSpace = " \t\r\n";

bool is_host(std::string_view host, bool bracketed) noexcept {
  return !host.empty() && std::ranges::all_of(host, [bracketed](char c) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    return bracketed ? (c == ':' || plain) : plain;
  });
}

std::uint16_t default_port(bool secure) noexcept { return secure ? 443 : 80; }

}  // namespace

std::string Origin::text() const {
  std::string text = secure ? "https://" : "http://";
  const bool six = host.find(':') != std::string::npos;
  text += six ? "[" + host + "]" : host;
  if (port != default_port(secure)) text += ":" + std::to_string(port);
  return text;
}

std::vector<std::string> Origin::loopback() const {
  if (host != "localhost" && !host.ends_with(".localhost")) return {};
  return {"127.0.0.1", "::1"};
}

core::Result<Origin> Origin::parse(std::string_view text) {
  Origin origin;
  if (text.starts_with("https://")) {
    origin.secure = true;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return core::Errc::bad_request;
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return core::Errc::bad_request;
  origin.host = std::string(bracketed ? text.substr(1, end - 1) : text.substr(0, end));
  std::ranges::transform(origin.host, origin.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (!is_host(origin.host, bracketed)) return core::Errc::bad_request;
  auto rest = text.substr(bracketed ? end + 1 : end);
  origin.port = default_port(origin.secure);
  if (rest.empty()) return origin;
  rest.remove_prefix(1);
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), origin.port);
  const bool colon = text[text.size() - rest.size() - 1] == ':';
  if (!colon || error != std::errc{} || stop != rest.data() + rest.size() || origin.port == 0)
    return core::Errc::bad_request;
  return origin;
}

std::string Link::text() const {
  return origin.text() + (kind == LinkKind::invitation ? "/#i=" : "/#p=") + to_base64url(secret.view());
}

core::Result<Link> Link::parse(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return core::Errc::bad_request;
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  const auto mark = text.find("/#");
  if (mark == std::string_view::npos) return core::Errc::bad_request;
  const auto fragment = text.substr(mark + 2);
  Link link;
  if (fragment.starts_with("p=")) {
    link.kind = LinkKind::pairing;
  } else if (!fragment.starts_with("i=")) {
    return core::Errc::bad_request;
  }
  const auto origin = Origin::parse(text.substr(0, mark));
  if (!origin) return origin.error();
  const auto secret = from_base64url(fragment.substr(2));
  if (!secret || !link.secret.assign(*secret)) return core::Errc::bad_request;
  link.origin = *origin;
  return link;
}

std::string to_base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text.push_back(kAlphabet[(bits >> (count - 6)) & 63U]);
  }
  if (count > 0) text.push_back(kAlphabet[(bits << (6 - count)) & 63U]);
  return text;
}

core::Result<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return core::Errc::bad_request;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>((bits >> count) & 0xFFU));
    }
  }
  // Six bits over would be a character too many; bits that are not zero would give one secret two texts.
  if (count >= 6 || (bits & ((1U << count) - 1U)) != 0) return core::Errc::bad_request;
  return bytes;
}

}  // namespace enishi::client
