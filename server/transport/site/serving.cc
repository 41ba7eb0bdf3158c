#include "transport/site/serving.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace enishi::transport {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `each` with the items of all fields of that name, without the spaces around them.
template <class Each>
void for_each_item(const http::Request& request, std::string_view name, Each&& each) {
  for (const auto& [key, value] : request.fields) {
    if (!http::equal_names(key, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (const auto item = trimmed(rest.substr(0, comma)); !item.empty()) each(item);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
}

/// RFC 9110 section 12.4.2, in thousandths. What is not one counts as 0: not wanted.
int weight_of(std::string_view text) noexcept {
  if (text.size() > 5 || text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int thousandths = 0;
  constexpr int kOf[] = {1000, 0, 100, 10, 1};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 1 ? text[i] != '.' : (text[i] < '0' || text[i] > '9')) return 0;
    if (i != 1) thousandths += (text[i] - '0') * kOf[i];
  }
  return std::min(thousandths, 1000);
}

struct Weights {
  std::optional<int> gzip, brotli, any;
  [[nodiscard]] int of(const std::optional<int>& named) const { return named ? *named : any.value_or(0); }
};

Weights weights_of(const http::Request& request) {
  Weights weights;
  for_each_item(request, "Accept-Encoding", [&](std::string_view item) {
    const auto semicolon = std::min(item.find(';'), item.size());
    const auto coding = trimmed(item.substr(0, semicolon));
    int weight = 1000;
    if (semicolon < item.size()) {
      const auto parameter = trimmed(item.substr(semicolon + 1));
      weight = parameter.starts_with("q=") || parameter.starts_with("Q=") ? weight_of(parameter.substr(2)) : 0;
    }
    if (http::equal_names(coding, "gzip")) weights.gzip = weight;
    if (http::equal_names(coding, "br")) weights.brotli = weight;
    if (coding == "*") weights.any = weight;
  });
  return weights;
}

struct Chosen {
  const SiteFile::Form* form;
  std::string_view coding;
};

// Section 12.5.3. As it is may always be sent: nobody who reads this page refuses that.
Chosen choose(const SiteFile& file, const http::Request& request) {
  const Weights weights = weights_of(request);
  const int brotli = file.brotli.is_there() ? weights.of(weights.brotli) : 0;
  const int gzip = file.gzip.is_there() ? weights.of(weights.gzip) : 0;
  if (brotli > 0 && brotli >= gzip) return {&file.brotli, "br"};
  if (gzip > 0) return {&file.gzip, "gzip"};
  return {&file.plain, {}};
}

// Section 13.1.2: the weak comparison.
bool is_held(const http::Request& request, std::string_view etag) {
  bool held = false;
  for_each_item(request, "If-None-Match", [&](std::string_view item) {
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == "*" || item == etag) held = true;
  });
  return held;
}

constexpr std::string_view kPolicy =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types enishi; connect-src 'self'";

constexpr std::string_view kMore =
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(self), accelerometer=(), autoplay=(), display-capture=(), encrypted-media=(), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()\r\n";

}  // namespace

std::string browser_fields(const std::vector<std::string>& origins) {
  std::string text(kPolicy);
  for (const auto& origin : origins)  // "loopback" is none
    if (origin.starts_with("http")) text.append(" ws").append(origin.substr(4));
  return text.append("\r\n").append(kMore);
}

FileAnswer file_answer(const SiteFile& file, const http::Request& request, std::string_view fields, bool stays) {
  const auto [form, coding] = choose(file, request);
  const bool is_known = is_held(request, form->etag);
  FileAnswer answer;
  std::string& head = answer.head;
  head = is_known ? "HTTP/1.1 304 Not Modified\r\n" : "HTTP/1.1 200 OK\r\n";
  if (!is_known) {
    head.append("Content-Type: ").append(file.content_type);
    head.append("\r\nContent-Length: ").append(std::to_string(form->bytes.size())).append("\r\n");
    if (!coding.empty()) head.append("Content-Encoding: ").append(coding).append("\r\n");
    if (request.method != "HEAD") answer.body = form->bytes;
  }
  head.append("ETag: ").append(form->etag).append("\r\nCache-Control: ").append(file.caching);
  head.append("\r\nVary: Accept-Encoding\r\n").append(http::standing_fields()).append(fields);
  head.append(stays ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return answer;
}

std::string_view nothing_here_page() noexcept {
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Enishi</title>\n"
         "<h1>There is nothing here</h1>\n<p><a href=\"/\">Enishi is at the root of this place.</a></p>\n"
         "<p lang=\"ja\">ここには何もありません。<a href=\"/\">Enishi を開く</a></p>\n";
}

std::string_view no_client_page() noexcept {
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Enishi</title>\n"
         "<h1>Enishi is running, without its web client</h1>\n"
         "<p>An invitation works all the same: keep the link of this page, and open it on the command line with\n"
         "<code>enishi join LINK --handle YOU --name You --device pc</code></p>\n"
         "<p>Whoever runs this place: <code>./dev run</code> builds the web client and installs it beside the daemon;\n"
         "elsewhere name its files in the configuration (<code>web.directory</code>), and send the daemon SIGHUP.</p>\n"
         "<p lang=\"ja\">Enishi は動いていますが、ウェブ版が入っていません。招待リンクはコマンドライン\n"
         "(<code>enishi join</code>) で使えます。</p>\n";
}

}  // namespace enishi::transport
