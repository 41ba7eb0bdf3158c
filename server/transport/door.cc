#include "transport/door.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <list>
#include <utility>

#include "transport/framer.h"
#include "transport/site/serving.h"

namespace enishi::transport {

namespace {

namespace asio = boost::asio;

// More than a head with what a client may send after it; the rest comes by the session's own reads.
constexpr std::size_t kReadBytes = 16 * 1024;
// A page and its thirty files come over six connections of a browser; who wants more may connect again.
constexpr unsigned kRequestsMax = 100;
// No further request is taken after this: with the limits of one request, the longest that a place is held.
constexpr std::chrono::minutes kStayTime{2};
// Between requests: longer than a page takes to ask for what its script names, and short, because it holds a stranger's
// place.
constexpr std::chrono::seconds kIdleTime{5};
// Read and thrown away after a refusal, so that a reset does not overtake it.
constexpr std::size_t kLingerBytesMax = 64 * 1024;

// First byte of a TLS connection: the type of its first record, a handshake.
constexpr char kTlsHello = 0x16;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<asio::io_context::executor_type>{});

}  // namespace

struct Doors::Journey {
  Journey(Doors& the_doors, Socket the_socket, Arrival& arrival, std::chrono::steady_clock::time_point end)
      : doors(&the_doors),
        socket(std::move(the_socket)),
        pass(std::move(arrival.pass)),
        deadline(end),
        peer(arrival.peer),
        wants_tls(arrival.tls != nullptr) {}
  ~Journey() {
    if (doors == nullptr) return;
    leave();
    doors->gone_();
  }
  // Out of the list; only while there are doors.
  void leave();
  Doors* doors;  // null: nobody is to be told (it became a session, or the loop is no more)
  std::list<Journey*>::iterator self;
  Socket socket;
  Admission::Pass pass;
  std::chrono::steady_clock::time_point deadline;
  std::chrono::steady_clock::time_point last_moment;  // of an answer; progress puts the deadline off up to here
  asio::ip::address peer;
  asio::ip::address counted = peer;  // for whom its place counts
  bool wants_tls;                    // of this port
  bool is_idle = false;              // answered, and nothing has come since
  std::unique_ptr<TlsStream> tls;    // null: plain
  [[nodiscard]] Step receive(std::span<char> into);
  [[nodiscard]] Step send(std::string_view bytes);
};

struct Doors::Open {
  std::list<Journey*> journeys;
};

void Doors::Journey::leave() { doors->open_->journeys.erase(self); }

Step Doors::Journey::receive(std::span<char> into) {
  if (tls) return tls->read(into);
  const ssize_t got = ::recv(socket.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
  if (got > 0) return {Step::Is::done, static_cast<std::size_t>(got)};
  return {got < 0 && (errno == EAGAIN || errno == EINTR) ? Step::Is::wants_read : Step::Is::over, 0};
}

Step Doors::Journey::send(std::string_view bytes) {
  if (tls) return tls->write(bytes);
  const ssize_t sent = ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) return {Step::Is::done, static_cast<std::size_t>(sent)};
  return {sent < 0 && (errno == EAGAIN || errno == EINTR) ? Step::Is::wants_write : Step::Is::over, 0};
}

Doors::Doors(Executor executor, DoorOptions options, Sessions& sessions, LoopCounters& counters,
             const runtime::Clock& clock, Gone gone)
    : executor_(executor),
      options_(std::move(options)),
      fields_(browser_fields(options_.origins)),
      sessions_(sessions),
      counters_(counters),
      clock_(clock),
      gone_(std::move(gone)),
      open_(std::make_unique<Open>()) {}

Doors::~Doors() {
  // Their coroutines are destroyed with the context, later than this.
  for (Journey* journey : open_->journeys) journey->doors = nullptr;
}

void Doors::open(Arrival&& arrival) {
  Socket socket(executor_);
  boost::system::error_code error;
  const auto protocol = arrival.is_ipv6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4();
  socket.assign(protocol, arrival.socket.get(), error);
  if (error) return gone_();
  static_cast<void>(arrival.socket.release());
  auto journey = std::make_unique<Journey>(*this, std::move(socket), arrival, clock_.now() + options_.head_time);
  journey->self = open_->journeys.insert(open_->journeys.end(), journey.get());
  asio::co_spawn(executor_, travel(std::move(journey), std::move(arrival.tls)), asio::detached);
}

void Doors::on_tick() {
  const auto now = clock_.now();
  // Who waits in the backlog goes before who might have another wish.
  const bool is_crowded = !options_.admission->has_room();
  for (Journey* journey : open_->journeys) {
    const bool makes_room = journey->is_idle && is_crowded;
    if ((journey->deadline > now && !makes_room) || !journey->socket.is_open()) continue;
    if (!journey->is_idle) add(counters_.handshakes_late);
    boost::system::error_code ignored;
    journey->socket.close(ignored);  // its coroutine wakes with an error and ends
  }
}

void Doors::close_all() {
  boost::system::error_code ignored;
  for (Journey* journey : open_->journeys) journey->socket.close(ignored);
}

// Looks at the first byte, which stays where it is: TLS is begun where this port speaks it. Plain HTTP on such a port
// is let in, to be told. False: the peer is gone, its time is over, or it speaks what this port does not.
Doors::Awaitable<bool> Doors::greet(Journey& journey, std::shared_ptr<const TlsIdentity> identity) {
  char first = 0;
  const int fd = journey.socket.native_handle();
  for (;;) {
    const auto [error] = co_await journey.socket.async_wait(Socket::wait_read, kAwait);
    if (error) co_return false;
    const ssize_t got = ::recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 1) break;
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) co_return false;
  }
  if (first != kTlsHello) co_return true;
  if (!identity) {  // HTTP would only be misread there
    add(counters_.handshakes_refused);
    co_await linger(journey);
    co_return false;
  }
  journey.tls = TlsStream::accept(*identity, fd);
  while (journey.tls) {
    const Step step = journey.tls->handshake();
    if (step.is == Step::Is::done) co_return true;
    if (step.is == Step::Is::over || step.is == Step::Is::broken) break;
    const auto readiness = step.is == Step::Is::wants_read ? Socket::wait_read : Socket::wait_write;
    const auto [error] = co_await journey.socket.async_wait(readiness, kAwait);
    if (error) co_return false;
  }
  add(counters_.handshakes_refused);
  co_await linger(journey);  // OpenSSL has said why, in an alert
  co_return false;
}

// `begun`: what came behind the request before. False: the peer is gone, or its time is over.
Doors::Awaitable<bool> Doors::read_head(Journey& journey, http::RequestReader& reader, std::string_view begun) {
  if (!begun.empty() && reader.feed(begun) != http::RequestReader::State::unfinished) co_return true;
  auto readiness = Socket::wait_read;
  for (;;) {
    const auto [error] = co_await journey.socket.async_wait(readiness, kAwait);
    if (error) co_return false;
    const auto buffer = sessions_.buffer();
    const Step got = journey.receive(buffer.first(kReadBytes));
    if (got.is == Step::Is::over || got.is == Step::Is::broken) co_return false;
    readiness = got.is == Step::Is::wants_write ? Socket::wait_write : Socket::wait_read;
    if (got.is != Step::Is::done) continue;
    add(counters_.bytes_in, got.bytes);
    if (std::exchange(journey.is_idle, false)) journey.deadline = clock_.now() + options_.head_time;
    const auto state = reader.feed({buffer.data(), got.bytes});
    if (state != http::RequestReader::State::unfinished) co_return true;
  }
}

// Writes, within the journey's time. False: the peer is gone, or its time is over.
Doors::Awaitable<bool> Doors::send_all(Journey& journey, std::string_view left) {
  while (!left.empty()) {
    const Step sent = journey.send(left);
    left.remove_prefix(sent.bytes);
    if (sent.is == Step::Is::done) {
      add(counters_.bytes_out, sent.bytes);
      // Progress puts the end off, up to the last moment.
      journey.deadline = std::max(journey.deadline, std::min(clock_.now() + options_.head_time, journey.last_moment));
      continue;
    }
    if (sent.is == Step::Is::over || sent.is == Step::Is::broken) co_return false;
    const auto readiness = sent.is == Step::Is::wants_read ? Socket::wait_read : Socket::wait_write;
    const auto [error] = co_await journey.socket.async_wait(readiness, kAwait);
    if (error) co_return false;
  }
  co_return true;
}

// Writes what ends the connection, and waits for the peer to be done.
Doors::Awaitable<void> Doors::say(Journey& journey, std::string text) {
  add(counters_.handshakes_refused);
  journey.last_moment = journey.deadline;
  const bool is_said = co_await send_all(journey, text);
  if (!is_said) co_return;
  if (journey.tls) journey.tls->say_goodbye();
  co_await linger(journey);
}

// Head and the beginning of the body go together, so that a small file is one segment and one record.
Doors::Awaitable<bool> Doors::send_file(Journey& journey, std::string head, std::string_view body) {
  add(counters_.files_sent);
  const auto now = clock_.now();
  journey.deadline = now + std::min(options_.head_time, options_.answer_time);
  journey.last_moment = now + options_.answer_time;
  const auto first = body.substr(0, head.size() < kRecordBytes ? kRecordBytes - head.size() : 0);
  head.append(first);
  const bool is_begun = co_await send_all(journey, head);
  if (!is_begun) co_return false;
  std::string().swap(head);
  const bool is_sent = co_await send_all(journey, body.substr(first.size()));
  co_return is_sent;
}

// Says that nothing follows and reads until the peer is done, lest a reset overtakes what was said.
Doors::Awaitable<void> Doors::linger(Journey& journey) {
  boost::system::error_code ignored;
  journey.socket.shutdown(Socket::shutdown_send, ignored);
  for (std::size_t read = 0; read < kLingerBytesMax;) {
    const auto [error] = co_await journey.socket.async_wait(Socket::wait_read, kAwait);
    if (error) co_return;
    const auto buffer = sessions_.buffer();
    const ssize_t got = ::recv(journey.socket.native_handle(), buffer.data(), kReadBytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) co_return;
    read += static_cast<std::size_t>(got);
  }
}

// A browser drops the connection, and the code with it, unless one of the subprotocols it offered is named.
Doors::Awaitable<void> Doors::refuse_upgrade(Journey& journey, const http::Upgrade& upgrade, core::Errc code) {
  std::string text = http::upgrade_response(upgrade, upgrade.offers_enishi ? "enishi.v1" : upgrade.first_subprotocol);
  text += close_frame(static_cast<std::uint16_t>(4000 + static_cast<unsigned>(code)));
  co_await say(journey, std::move(text));
}

// Empty: it came safely, from this machine, or by a proxy that says nothing else; or it asks for what may come plainly.
std::string Doors::why_not_plain(const Journey& journey, const http::Request& request) const {
  if (journey.tls) return {};
  const auto& proxies = options_.admission->proxies();
  const bool by_proxy = proxies.contains(journey.peer) && request.field("x-forwarded-proto") != "http";
  if (!journey.wants_tls && (by_proxy || client_of(journey.peer, request, proxies).is_loopback())) return {};
  std::string text =
      "This came over plain http, and Enishi cannot work so: only over https does a browser give a page its device "
      "key, the camera, and the place on the home screen; and what is not encrypted can be read on its way.\n\n";
  const auto secure = std::find_if(options_.origins.begin(), options_.origins.end(),
                                   [](const std::string& origin) { return origin.starts_with("https://"); });
  if (secure != options_.origins.end())
    text += "Open " + *secure + " instead.\n";
  else if (journey.wants_tls)
    text += "Open the same address with https:// in front.\n";
  else
    text +=
        "Whoever runs this place: give it a certificate ([tls] in its configuration), or put a proxy that speaks TLS "
        "in "
        "front (samples are in deploy/). For a first try in a home network there is ./dev run --lan.\n";
  if (!options_.authority.empty())
    text += "A phone that warns of the certificate must trust this place's authority first: /local-ca.crt here.\n";
  return text;
}

std::string Doors::plain(unsigned status, std::string_view body, bool is_head, std::string_view type,
                         std::string_view extra) const {
  return http::plain_response(status, body, is_head, type, std::string(extra) + fields_);
}

// Of a head that the reader did not take.
std::string Doors::refusal(unsigned status) const {
  if (status != 405) return plain(status, "bad request\n");
  return plain(405, "method not allowed\n", false, "text/plain; charset=utf-8", "Allow: GET, HEAD\r\n");
}

// Null: it is not for a file, or it came so that a page could not work.
const SiteFile* Doors::file_for(const Journey& journey, const http::Request& request) const {
  const std::string_view path = request.path();
  const SiteFile* file = site_ && path != "/robots.txt" ? site_->find(path) : nullptr;
  return file != nullptr && why_not_plain(journey, request).empty() ? file : nullptr;
}

// What is not a file. Ends the connection.
std::string Doors::answer(const Journey& journey, const http::Request& request) const {
  const std::string_view path = request.path();
  const bool is_head = request.method == "HEAD";
  if (path == "/healthz") return plain(200, "ok\n", is_head);
  if (path == "/readyz")
    return options_.is_ready() ? plain(200, "ready\n", is_head) : plain(503, "not ready\n", is_head);
  if (path == "/local-ca.crt" && !options_.authority.empty())
    return plain(200, options_.authority, is_head, "application/x-x509-ca-cert");
  if (path == "/robots.txt") return plain(200, "User-agent: *\nDisallow: /\n", is_head);
  if (const auto why = why_not_plain(journey, request); !why.empty())
    return plain(journey.wants_tls ? 400 : 403, why, is_head);
  return plain(404, path == "/" ? no_client_page() : nothing_here_page(), is_head, "text/html; charset=utf-8");
}

// A proxy sends requests of many over one connection. False: he for whom it speaks now has no place left.
bool Doors::counts_for(Journey& journey, const http::Request& request) const {
  auto client = client_of(journey.peer, request, options_.admission->proxies());
  if (client == journey.counted) return true;
  if (!options_.admission->move(journey.pass, client)) return false;
  journey.counted = std::move(client);
  return true;
}

Doors::Awaitable<void> Doors::travel(std::unique_ptr<Journey> journey, std::shared_ptr<const TlsIdentity> identity) {
  if (!co_await greet(*journey, std::move(identity))) co_return;
  const auto leaves = clock_.now() + kStayTime;
  std::string unread;
  for (unsigned requests = 1;; ++requests) {
    http::RequestReader reader(options_.head);
    if (!co_await read_head(*journey, reader, unread)) co_return;
    if (reader.status() != 0) {
      co_await say(*journey, refusal(reader.status()));
      co_return;
    }
    const http::Request request = reader.take_request();
    unread = reader.take_rest();
    if (!counts_for(*journey, request)) {
      co_await say(*journey, plain(429, "too many connections from this address\n"));
      co_return;
    }
    const bool is_misled = journey->wants_tls && !journey->tls;  // plain HTTP where TLS is spoken
    if (!is_misled && request.path() == "/v1/connect") {
      co_await upgrade(std::move(journey), request, std::move(unread));
      co_return;
    }
    const SiteFile* const file = file_for(*journey, request);
    if (file == nullptr) {
      co_await say(*journey, answer(*journey, request));
      co_return;
    }
    const std::shared_ptr<const Site> site = site_;  // another may come while this one's file is on its way
    const bool stays = request.keeps_alive() && requests < kRequestsMax && clock_.now() < leaves;
    FileAnswer reply = file_answer(*file, request, fields_, stays);
    const bool is_sent = co_await send_file(*journey, std::move(reply.head), reply.body);
    if (!is_sent) co_return;
    if (!stays) {
      if (journey->tls) journey->tls->say_goodbye();
      co_await linger(*journey);
      co_return;
    }
    journey->is_idle = unread.empty();
    const auto patience =
        journey->is_idle ? std::min<std::chrono::milliseconds>(kIdleTime, options_.head_time) : options_.head_time;
    journey->deadline = clock_.now() + patience;
  }
}

Doors::Awaitable<void> Doors::upgrade(std::unique_ptr<Journey> journey, const http::Request& request,
                                      std::string unread) {
  unsigned status = 0;
  const auto upgrade = http::read_upgrade(request, status);
  if (!upgrade) {
    constexpr std::string_view kWanted = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    co_await say(*journey, plain(status, "a WebSocket upgrade, version 13, is wanted here\n", request.method == "HEAD",
                                 "text/plain; charset=utf-8", kWanted));
    co_return;
  }
  auto refused = core::Errc{};
  if (!upgrade->offers_enishi)
    refused = core::Errc::protocol_violation;
  else if (!why_not_plain(*journey, request).empty())
    refused = core::Errc::wrong_origin;  // secrets and tickets do not cross a network in clear
  else if (!upgrade->origin.empty() && !http::is_allowed_origin(upgrade->origin, options_.origins))
    refused = core::Errc::wrong_origin;
  else if (!options_.takes_sessions())
    refused = core::Errc::too_many_sessions;
  if (refused != core::Errc{}) {
    co_await refuse_upgrade(*journey, *upgrade, refused);
    co_return;
  }
  journey->leave();
  journey->doors = nullptr;  // the session has taken its place
  sessions_.adopt(std::move(journey->socket), http::upgrade_response(*upgrade, "enishi.v1"), unread,
                  std::move(journey->pass), std::move(journey->tls));
}

}  // namespace enishi::transport
