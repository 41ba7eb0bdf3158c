#include "cli/doctor/outside.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace enishi::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kDay = 86'400;
// Public authorities renew a month ahead: with less than two weeks left the renewal does not work.
constexpr std::int64_t kDaysSoon = 14;
constexpr std::size_t kAnswerBytesMax = 64 * 1024;

bool wait_for(int fd, short events, Clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd one{fd, events, 0};
    const int ready = poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready < 0 && errno == EINTR) continue;
    return ready > 0;
  }
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\r')) text.remove_suffix(1);
  return std::string(text);
}

/// The head and what came behind it. A line that is no field is passed over: this only looks.
Answered read_answer(std::string_view text) {
  Answered answer;
  if (!text.starts_with("HTTP/1.") || text.size() < 12) {
    answer.trouble = text.empty() ? "the connection was closed without an answer" : "the answer is not HTTP";
    return answer;
  }
  std::from_chars(text.data() + 9, text.data() + 12, answer.status);
  const auto end = std::min(text.find("\r\n\r\n"), text.size());
  answer.body = std::string(text.substr(std::min(end + 4, text.size())));
  auto left = text.substr(0, end);
  for (auto line = left.find('\n'); line != std::string_view::npos; line = left.find('\n')) {
    left.remove_prefix(line + 1);
    const auto one = left.substr(0, left.find('\n'));
    if (const auto colon = one.find(':'); colon != std::string_view::npos)
      answer.fields.emplace_back(lower(std::string(one.substr(0, colon))), trimmed(one.substr(colon + 1)));
  }
  return answer;
}

}  // namespace

std::string_view Answered::field(std::string_view name) const {
  const auto at = std::ranges::find(fields, name, [](const auto& field) { return std::string_view(field.first); });
  return at == fields.end() ? std::string_view{} : std::string_view(at->second);
}

/// One connection, with TLS or without. Owns its socket.
class Outside::Wire {
 public:
  using Step = client::TlsClient::Step;
  Wire(int fd, Clock::time_point until) : fd_(fd), until_(until) {}
  ~Wire() {
    tls_.reset();
    ::close(fd_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  [[nodiscard]] bool secure(const client::TlsTrust& trust, const std::string& host) {
    tls_ = std::make_unique<client::TlsClient>(trust, host, fd_);
    return repeat([this] { return tls_->handshake(); }) == Step::done;
  }
  [[nodiscard]] const client::TlsClient& tls() const { return *tls_; }
  [[nodiscard]] bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      std::size_t moved = 0;
      const auto step = repeat([&] { return tls_ ? tls_->write(bytes, moved) : send_plainly(bytes, moved); });
      if (step != Step::done) return false;
      bytes.remove_prefix(moved);
    }
    return true;
  }
  /// Reads until `until` stands in `into`. False: the end, the deadline, or far too much came before.
  [[nodiscard]] bool read(std::string& into, std::string_view until) {
    while (into.find(until) == std::string::npos)
      if (!read_some(into)) return false;
    return true;
  }
  [[nodiscard]] bool read_some(std::string& into) {
    std::array<char, 16 * 1024> chunk;
    std::size_t moved = 0;
    const auto step = repeat([&] { return tls_ ? tls_->read(chunk, moved) : receive_plainly(chunk, moved); });
    if (step != Step::done || into.size() > kAnswerBytesMax) return false;
    into.append(chunk.data(), moved);
    return true;
  }

 private:
  template <class Do>
  Step repeat(Do act) {
    for (;;) {
      const Step step = act();
      const bool waits = step == Step::wants_read || step == Step::wants_write;
      if (!waits || !wait_for(fd_, step == Step::wants_read ? POLLIN : POLLOUT, until_)) return step;
    }
  }
  Step send_plainly(std::string_view bytes, std::size_t& moved) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR ? Step::wants_write : Step::failed;
    moved = static_cast<std::size_t>(sent);
    return Step::done;
  }
  Step receive_plainly(std::span<char> into, std::size_t& moved) {
    const auto got = ::recv(fd_, into.data(), into.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? Step::wants_read : Step::failed;
    moved = static_cast<std::size_t>(got);
    return got == 0 ? Step::over : Step::done;
  }

  const int fd_;
  const Clock::time_point until_;
  std::unique_ptr<client::TlsClient> tls_;
};

Outside::Outside(client::Origin origin, Patience patience) : origin_(std::move(origin)), patience_(patience) {
  if (origin_.secure) trust_ = std::make_unique<client::TlsTrust>();
}
Outside::~Outside() = default;

bool Outside::resolve(Findings& findings) {
  auto names = origin_.loopback();
  if (names.empty()) names.push_back(origin_.host);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  int error = 0;
  std::string list;
  for (const auto& name : names) {
    addrinfo* found = nullptr;
    error = getaddrinfo(name.c_str(), std::to_string(origin_.port).c_str(), &hints, &found);
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
      char text[NI_MAXHOST] = "";
      getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
      addresses_.push_back({{reinterpret_cast<const char*>(one->ai_addr), one->ai_addrlen}, text});
      list += (list.empty() ? "" : ", ") + std::string(text);
    }
    if (found != nullptr) freeaddrinfo(found);
  }
  if (addresses_.empty()) {
    findings.push_back({"name", Health::bad, origin_.host + " has no address: " + gai_strerror(error),
                        "check the spelling, and the name's entry (A or AAAA) where it is registered"});
    return false;
  }
  findings.push_back(
      {"name", Health::ok, list == origin_.host ? list + " is an address" : origin_.host + " is " + list, {}});
  return true;
}

bool Outside::connect(Findings& findings) {
  std::vector<Address> answering;
  std::string silent, why;
  for (const auto& address : addresses_) {
    const auto* to = reinterpret_cast<const sockaddr*>(address.bytes.data());
    const int fd = ::socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = fd < 0 ? errno : 0;
    if (error == 0 && ::connect(fd, to, static_cast<socklen_t>(address.bytes.size())) != 0) {
      error = errno == EINPROGRESS && !wait_for(fd, POLLOUT, Clock::now() + patience_) ? ETIMEDOUT : 0;
      socklen_t size = sizeof error;
      if (error == 0) ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (fd >= 0) ::close(fd);
    if (error == 0) {
      answering.push_back(address);
    } else {
      silent += (silent.empty() ? "" : ", ") + address.text;
      why = std::strerror(error);
    }
  }
  const auto port = std::to_string(origin_.port);
  if (answering.empty()) {
    findings.push_back({"connect", Health::bad, silent + " does not take connections on port " + port + ": " + why,
                        "is the daemon (or its proxy) running, and do firewall and router let port " + port + " in?"});
    return false;
  }
  // Where the own machine answers one of its two loopbacks is nobody else's affair.
  if (silent.empty() || !origin_.loopback().empty())
    findings.push_back({"connect", Health::ok, "port " + port + " takes connections", {}});
  else
    findings.push_back({"connect", Health::warning, silent + " does not take connections on port " + port + ": " + why,
                        "listen there, too, or take that address out of the name's entry"});
  addresses_ = std::move(answering);
  return true;
}

std::unique_ptr<Outside::Wire> Outside::open(std::string& trouble) const {
  const auto until = Clock::now() + patience_;
  const auto* to = reinterpret_cast<const sockaddr*>(addresses_.front().bytes.data());
  const int fd = ::socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    trouble = std::strerror(errno);
    return nullptr;
  }
  auto wire = std::make_unique<Wire>(fd, until);
  const auto size = static_cast<socklen_t>(addresses_.front().bytes.size());
  if (::connect(fd, to, size) != 0 && (errno != EINPROGRESS || !wait_for(fd, POLLOUT, until))) {
    trouble = "the connection was not taken in time";
    return nullptr;
  }
  if (trust_ && !wire->secure(*trust_, origin_.host)) {
    trouble = wire->tls().trouble_text().empty() ? "TLS did not begin in time" : wire->tls().trouble_text();
    return nullptr;
  }
  return wire;
}

bool Outside::secure(Findings& findings) {
  const bool is_local = origin_.host == "localhost" || origin_.host == "::1" || origin_.host.starts_with("127.");
  if (!origin_.secure) {
    if (is_local)
      findings.push_back({"tls", Health::ok, "plain http is enough on this machine itself", {}});
    else
      findings.push_back(
          {"tls", Health::bad,
           "plain http: from another machine a browser gives the page no device key, and what is sent "
           "can be read on its way",
           "set [tls] in the daemon's configuration, or a proxy that speaks TLS (deploy/), and dial https://"});
    return true;
  }
  std::string trouble;
  const auto wire = open(trouble);
  if (!wire) {
    findings.push_back(
        {"tls", Health::bad, trouble, "mend the certificate, then ask again; the daemon reads a new one on SIGHUP"});
    return false;
  }
  const auto days = wire->tls().expires_in_s() / kDay;
  const auto text = wire->tls().version() + ", the certificate is trusted, is for " + origin_.host + ", and lasts " +
                    std::to_string(days) + " days more";
  if (days < kDaysSoon)
    findings.push_back({"tls", Health::warning, text, "renew it: automatic renewal does not seem to work"});
  else
    findings.push_back({"tls", Health::ok, text, {}});
  return true;
}

Answered Outside::ask(std::string_view path, const std::string& more) const {
  Answered answer;
  const auto wire = open(answer.trouble);
  if (!wire) return answer;
  const auto text = origin_.text();
  std::string came;
  const bool sent = wire->write("GET " + std::string(path) + " HTTP/1.1\r\nHost: " + text.substr(text.find("//") + 2) +
                                "\r\nUser-Agent: enishi-doctor\r\n" + more + "\r\n");
  const bool has_come = sent && wire->read(came, "\r\n\r\n");
  // After an upgrade the connection stays open; everything else is read to its end, as far as it lasts.
  if (has_come && !came.starts_with("HTTP/1.1 101")) {
    const auto head = read_answer(came);
    std::size_t length = kAnswerBytesMax;
    const auto told = head.field("content-length");
    std::from_chars(told.data(), told.data() + told.size(), length);
    while (read_answer(came).body.size() < length && wire->read_some(came)) {
    }
  }
  if (has_come) return read_answer(came);
  answer.trouble = came.empty() ? "the connection was closed without an answer" : "the answer is not HTTP, or was cut";
  return answer;
}

}  // namespace enishi::cli
