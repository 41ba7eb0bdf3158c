// Request heads and the WebSocket upgrade. Sans I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::transport::http {

struct HeadLimits {
  std::size_t head_bytes_max = 8 * 1024;
  std::size_t head_fields_max = 64;
  std::size_t body_bytes_max = 0;  ///< 0: a request with a body is refused
  bool only_reads = false;         ///< other methods than GET and HEAD are refused with 405, before any body
};

/// Names of fields, and tokens of most of them, are compared without case.
[[nodiscard]] bool equal_names(std::string_view a, std::string_view b) noexcept;

/// One HTTP/1.1 request. Names of fields are matched without case.
struct Request {
  std::string method;
  std::string target;
  unsigned version = 11;  ///< 10 or 11
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  /// First value of a field; empty when there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept;
  /// How often a field stands there.
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
  /// True when the comma-separated list of all such fields holds `token`, compared without case.
  [[nodiscard]] bool lists(std::string_view name, std::string_view token) const noexcept;
  /// `target` without its query.
  [[nodiscard]] std::string_view path() const noexcept;
  /// True when the client takes further answers on this connection.
  [[nodiscard]] bool keeps_alive() const noexcept { return version == 11 && !lists("Connection", "close"); }
};

/// Beast's parser behind a narrow door: bytes in, at most one request out.
class RequestReader {
 public:
  explicit RequestReader(HeadLimits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  enum class State : std::uint8_t { unfinished, done, refused };
  /// Takes more bytes.
  State feed(std::string_view bytes);
  /// After `done`.
  [[nodiscard]] Request take_request();
  /// After `done`: what came after the request.
  [[nodiscard]] std::string take_rest();
  /// After `refused`: 400, 405, 413 or 431.
  [[nodiscard]] unsigned status() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Parses a whole response (head and Content-Length or end of stream). nullopt: it is not one. For admin_request().
struct Response {
  unsigned status = 0;
  std::string content_type;
  std::string body;
};
[[nodiscard]] std::optional<Response> parse_response(std::string_view text);

/// What an upgrade asks for. RFC 6455 section 4.2.1.
struct Upgrade {
  std::string key;
  std::string first_subprotocol;  ///< the first one offered; empty for none
  bool offers_enishi = false;     ///< enishi.v1 is among those offered
  std::string origin;             ///< empty: not a browser
};
/// nullopt: not a correct WebSocket upgrade; `status` then says 400 or 426.
[[nodiscard]] std::optional<Upgrade> read_upgrade(const Request& request, unsigned& status);
/// Section 4.2.2, step 5, item 4.
[[nodiscard]] std::string accept_of(std::string_view key);
/// The 101 response. `subprotocol` may be empty.
[[nodiscard]] std::string upgrade_response(const Upgrade& upgrade, std::string_view subprotocol);
/// Whole lines that stand in every response: nosniff, noindex, no-referrer.
[[nodiscard]] std::string_view standing_fields() noexcept;
/// A whole response that ends the connection, with standing_fields(), never cached. With `head_only` the body is left
/// out (but counted). `extra` holds further whole lines, each ended by CRLF.
[[nodiscard]] std::string plain_response(unsigned status, std::string_view body, bool head_only = false,
                                         std::string_view content_type = "text/plain; charset=utf-8",
                                         std::string_view extra = {});

/// True when `host` (a Host field, or what stands after "://" of an Origin, with or without a port) names this machine:
/// localhost, a name under it, 127.0.0.0/8 or [::1].
[[nodiscard]] bool is_loopback_host(std::string_view host) noexcept;
/// True when an Origin is among `allowed`, or is http(s) on a loopback name and `allowed` holds "loopback".
[[nodiscard]] bool is_allowed_origin(std::string_view origin, const std::vector<std::string>& allowed) noexcept;

}  // namespace enishi::transport::http
