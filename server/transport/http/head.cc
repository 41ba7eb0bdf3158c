#include "transport/http/head.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>

#include "core/error.h"

namespace enishi::transport::http {

namespace {

namespace beast = boost::beast;

std::string copy_of(boost::core::string_view text) { return {text.data(), text.size()}; }

const char* reason_of(unsigned status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text(4 * ((size + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// 16 bytes in base64: 22 digits and two fillers.
bool is_key(std::string_view key) noexcept {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == 24 && key.ends_with("==") && key.find_first_not_of(kDigits) == 22;
}

}  // namespace

bool equal_names(std::string_view a, std::string_view b) noexcept { return beast::iequals(a, b); }

std::string_view standing_fields() noexcept {
  return "X-Content-Type-Options: nosniff\r\nX-Robots-Tag: noindex, nofollow\r\nReferrer-Policy: no-referrer\r\n";
}

std::string_view Request::field(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields)
    if (equal_names(key, name)) return value;
  return {};
}

bool Request::has(std::string_view name) const noexcept { return count(name) != 0; }

std::size_t Request::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(),
                                                [name](const auto& field) { return equal_names(field.first, name); }));
}

bool Request::lists(std::string_view name, std::string_view token) const noexcept {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
    return equal_names(field.first, name) && beast::http::token_list{field.second}.exists(token);
  });
}

std::string_view Request::path() const noexcept {
  const std::string_view whole = target;
  return whole.substr(0, whole.find('?'));
}

class RequestReader::Impl {
 public:
  explicit Impl(HeadLimits limits) : limits_(limits) {
    parser_.header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    parser_.body_limit(limits.body_bytes_max);
  }

  State feed(std::string_view bytes) {
    if (status_ != 0) return State::refused;
    pending_.append(bytes);
    while (!parser_.is_done() && !pending_.empty()) {
      boost::system::error_code error;
      const std::size_t used = parser_.put(boost::asio::buffer(pending_), error);
      pending_.erase(0, used);
      if (error == beast::http::error::need_more) break;
      if (error) return refuse(status_of(error));
      if (parser_.is_header_done() && !is_acceptable()) return refuse(status_);
    }
    return parser_.is_done() ? State::done : State::unfinished;
  }

  Request take_request() {
    auto message = parser_.release();
    Request request;
    request.method = copy_of(message.method_string());
    request.target = copy_of(message.target());
    request.version = message.version();
    for (const auto& field : message) request.fields.emplace_back(copy_of(field.name_string()), copy_of(field.value()));
    request.body = std::move(message.body());
    return request;
  }

  std::string take_rest() { return std::move(pending_); }
  [[nodiscard]] unsigned status() const noexcept { return status_; }

 private:
  State refuse(unsigned status) {
    status_ = status;
    pending_.clear();
    return State::refused;
  }

  // Beast judges the length of a body before it says that the head is whole.
  [[nodiscard]] unsigned status_of(const boost::system::error_code& error) const {
    if (error == beast::http::error::header_limit) return 431;
    if (error == beast::http::error::body_limit) return is_write() ? 405 : 413;
    return 400;
  }

  // Of a method that this place has not, whatever comes with it.
  [[nodiscard]] bool is_write() const {
    const auto method = parser_.get().method_string();
    return limits_.only_reads && method != "GET" && method != "HEAD";
  }

  // Looks at the head once it is whole. A body in chunks is nothing that our clients send; a length and chunks together
  // are how requests are smuggled past a proxy.
  bool is_acceptable() {
    const auto& fields = parser_.get();
    if (is_write())
      status_ = 405;
    else if (static_cast<std::size_t>(std::distance(fields.begin(), fields.end())) > limits_.head_fields_max)
      status_ = 431;
    else if (parser_.chunked())
      status_ = 400;
    else if (parser_.content_length().value_or(0) > limits_.body_bytes_max)
      status_ = 413;
    else if (fields.count(beast::http::field::host) > 1)
      status_ = 400;
    return status_ == 0;
  }

  const HeadLimits limits_;
  beast::http::request_parser<beast::http::string_body> parser_;
  std::string pending_;
  unsigned status_ = 0;
};

RequestReader::RequestReader(HeadLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;
RequestReader::State RequestReader::feed(std::string_view bytes) { return impl_->feed(bytes); }
Request RequestReader::take_request() { return impl_->take_request(); }
std::string RequestReader::take_rest() { return impl_->take_rest(); }
unsigned RequestReader::status() const noexcept { return impl_->status(); }

std::optional<Response> parse_response(std::string_view text) {
  beast::http::response_parser<beast::http::string_body> parser;
  parser.eager(true);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(text), error);
  if (!error && !parser.is_done()) parser.put_eof(error);
  if (error || !parser.is_done()) return std::nullopt;
  auto message = parser.release();
  return Response{message.result_int(), copy_of(message[beast::http::field::content_type]), std::move(message.body())};
}

std::optional<Upgrade> read_upgrade(const Request& request, unsigned& status) {
  status = 426;
  if (!request.lists("Connection", "upgrade") || !request.lists("Upgrade", "websocket")) return std::nullopt;
  if (request.field("Sec-WebSocket-Version") != "13") return std::nullopt;
  status = 400;
  if (request.version != 11 || request.method != "GET" || request.count("Host") != 1) return std::nullopt;
  if (request.count("Sec-WebSocket-Key") != 1 || !is_key(request.field("Sec-WebSocket-Key"))) return std::nullopt;
  if (request.count("Origin") > 1) return std::nullopt;
  Upgrade upgrade;
  upgrade.key = request.field("Sec-WebSocket-Key");
  upgrade.origin = request.field("Origin");
  for (const auto& [name, value] : request.fields) {
    if (!equal_names(name, "Sec-WebSocket-Protocol")) continue;
    for (const auto& token : beast::http::token_list{value}) {
      if (upgrade.first_subprotocol.empty()) upgrade.first_subprotocol = copy_of(token);
      if (token == "enishi.v1") upgrade.offers_enishi = true;  // compared with case, section 11.5
    }
  }
  return upgrade;
}

std::string accept_of(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  unsigned size = 0;
  const int is_done = EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha1(), nullptr);
  ENISHI_ASSERT(is_done == 1 && size == hash.size());
  return base64(hash.data(), hash.size());
}

std::string upgrade_response(const Upgrade& upgrade, std::string_view subprotocol) {
  std::string text =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  text.append(accept_of(upgrade.key)).append("\r\n");
  if (!subprotocol.empty()) text.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
  return text.append("\r\n");
}

std::string plain_response(unsigned status, std::string_view body, bool head_only, std::string_view content_type,
                           std::string_view extra) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " + reason_of(status) + "\r\nContent-Type: ";
  text.append(content_type).append("\r\nContent-Length: ").append(std::to_string(body.size()));
  text.append("\r\nCache-Control: no-store\r\n").append(standing_fields()).append(extra);
  text.append("Connection: close\r\n\r\n");
  if (!head_only) text.append(body);
  return text;
}

bool is_loopback_host(std::string_view host) noexcept {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos || (end + 1 < host.size() && host[end + 1] != ':')) return false;
    return host.substr(0, end + 1) == "[::1]";
  }
  host = host.substr(0, host.find(':'));
  if (equal_names(host, "localhost")) return true;
  constexpr std::string_view kUnder = ".localhost";
  if (host.size() > kUnder.size() && equal_names(host.substr(host.size() - kUnder.size()), kUnder)) return true;
  // Four numbers, so that 127.0.0.1.example.org is a name like any other.
  return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_allowed_origin(std::string_view origin, const std::vector<std::string>& allowed) noexcept {
  const auto after_scheme = [&]() -> std::string_view {
    if (origin.starts_with("http://")) return origin.substr(7);
    return origin.starts_with("https://") ? origin.substr(8) : std::string_view();
  }();
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
    return one == origin || (one == "loopback" && !after_scheme.empty() && is_loopback_host(after_scheme));
  });
}

}  // namespace enishi::transport::http
