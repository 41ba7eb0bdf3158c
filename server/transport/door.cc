#include "transport/door.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <list>
#include <utility>

#include "transport/framer.h"

namespace enishi::transport {

namespace {

namespace asio = boost::asio;

// More than a head with what a client may send after it; the rest comes by the session's own reads.
constexpr std::size_t kReadBytes = 16 * 1024;
// Read and thrown away after a refusal, so that a reset does not overtake it.
constexpr std::size_t kLingerBytesMax = 64 * 1024;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<asio::io_context::executor_type>{});

}  // namespace

struct Doors::Journey {
  Journey(Doors& the_doors, Socket the_socket, Admission::Pass the_pass, std::chrono::steady_clock::time_point end)
      : doors(&the_doors), socket(std::move(the_socket)), pass(std::move(the_pass)), deadline(end) {}
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
};

struct Doors::Open {
  std::list<Journey*> journeys;
};

void Doors::Journey::leave() { doors->open_->journeys.erase(self); }

Doors::Doors(Executor executor, DoorOptions options, Sessions& sessions, LoopCounters& counters,
             const runtime::Clock& clock, Gone gone)
    : executor_(executor),
      options_(std::move(options)),
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
  auto journey =
      std::make_unique<Journey>(*this, std::move(socket), std::move(arrival.pass), clock_.now() + options_.head_time);
  journey->self = open_->journeys.insert(open_->journeys.end(), journey.get());
  asio::co_spawn(executor_, travel(std::move(journey)), asio::detached);
}

void Doors::on_tick() {
  const auto now = clock_.now();
  for (Journey* journey : open_->journeys) {
    if (journey->deadline > now || !journey->socket.is_open()) continue;
    add(counters_.handshakes_late);
    boost::system::error_code ignored;
    journey->socket.close(ignored);  // its coroutine wakes with an error and ends
  }
}

void Doors::close_all() {
  boost::system::error_code ignored;
  for (Journey* journey : open_->journeys) journey->socket.close(ignored);
}

// False: the peer is gone, or its time is over.
Doors::Awaitable<bool> Doors::read_head(Journey& journey, http::RequestReader& reader) {
  for (;;) {
    const auto [error] = co_await journey.socket.async_wait(Socket::wait_read, kAwait);
    if (error) co_return false;
    const auto buffer = sessions_.buffer();
    const ssize_t got = ::recv(journey.socket.native_handle(), buffer.data(), kReadBytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) co_return false;
    add(counters_.bytes_in, static_cast<std::uint64_t>(got));
    const auto state = reader.feed({buffer.data(), static_cast<std::size_t>(got)});
    if (state != http::RequestReader::State::unfinished) co_return true;
  }
}

// Writes, says that nothing follows, and waits for the peer to be done, within the journey's time.
Doors::Awaitable<void> Doors::say(Journey& journey, std::string text) {
  add(counters_.handshakes_refused);
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t sent = ::send(journey.socket.native_handle(), left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
    if (sent > 0 || (sent < 0 && errno == EINTR)) continue;
    if (sent == 0 || errno != EAGAIN) co_return;
    const auto [error] = co_await journey.socket.async_wait(Socket::wait_write, kAwait);
    if (error) co_return;
  }
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

std::string Doors::answer(const http::Request& request) const {
  const std::string_view path = request.path();
  const bool is_head = request.method == "HEAD";
  if (!is_head && request.method != "GET")
    return http::plain_response(405, "method not allowed\n", false, "text/plain; charset=utf-8",
                                "Allow: GET, HEAD\r\n");
  if (path == "/healthz") return http::plain_response(200, "ok\n", is_head);
  if (path == "/readyz")
    return options_.is_ready() ? http::plain_response(200, "ready\n", is_head)
                               : http::plain_response(503, "not ready\n", is_head);
  return http::plain_response(404, "not found\n", is_head);
}

Doors::Awaitable<void> Doors::travel(std::unique_ptr<Journey> journey) {
  http::RequestReader reader(options_.head);
  if (!co_await read_head(*journey, reader)) co_return;
  if (reader.status() != 0) {
    co_await say(*journey, http::plain_response(reader.status(), "bad request\n"));
    co_return;
  }
  const http::Request request = reader.take_request();
  if (request.path() != "/v1/connect" || (request.method != "GET" && request.method != "HEAD")) {
    co_await say(*journey, answer(request));
    co_return;
  }
  unsigned status = 0;
  const auto upgrade = http::read_upgrade(request, status);
  if (!upgrade) {
    constexpr std::string_view kWanted = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    co_await say(*journey, http::plain_response(status, "a WebSocket upgrade, version 13, is wanted here\n",
                                                request.method == "HEAD", "text/plain; charset=utf-8", kWanted));
    co_return;
  }
  auto refused = core::Errc{};
  if (!upgrade->offers_enishi)
    refused = core::Errc::protocol_violation;
  else if (!upgrade->origin.empty() && !http::is_allowed_origin(upgrade->origin, options_.origins))
    refused = core::Errc::wrong_origin;
  else if (!options_.takes_sessions())
    refused = core::Errc::too_many_sessions;
  if (refused != core::Errc{}) {
    co_await refuse_upgrade(*journey, *upgrade, refused);
    co_return;
  }
  const std::string unread = reader.take_rest();
  journey->leave();
  journey->doors = nullptr;  // the session has taken its place
  sessions_.adopt(std::move(journey->socket), http::upgrade_response(*upgrade, "enishi.v1"), unread,
                  std::move(journey->pass));
}

}  // namespace enishi::transport
