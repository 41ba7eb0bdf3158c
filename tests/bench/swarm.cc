#include "bench/swarm.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace enishi::bench {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kEvents = 512;

volatile std::sig_atomic_t interrupted = 0;

std::string words_of(int error) { return std::strerror(error); }

/// Sources 127.0.1.2 and on, so that many sockets do not run out of ports.
sockaddr_in source_of(std::uint32_t session) {
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr = htonl(0x7F00'0102U + session % 16);
  return source;
}

}  // namespace

void watch_for_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

Swarm::Swarm(const std::string& address, std::uint16_t port, std::uint32_t sessions_max)
    : address_(address),
      host_(address + ":" + std::to_string(port)),
      port_(port),
      sessions_(sessions_max),
      buffer_(kReadBytes),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  in_addr parsed{};
  if (inet_pton(AF_INET, address.c_str(), &parsed) != 1 || (ntohl(parsed.s_addr) >> 24U) != 127)
    throw std::invalid_argument(address + " is no loopback address: the load goes nowhere else");
  if (epoll_ < 0) throw std::runtime_error("epoll_create1: " + words_of(errno));
}

Swarm::~Swarm() {
  for (const auto& session : sessions_)
    if (session.fd >= 0) ::close(session.fd);
  ::close(epoll_);
}

void Swarm::connect(std::uint32_t number, std::string_view path, std::string_view subprotocol) {
  auto& session = sessions_.at(number);
  if (session.fd >= 0) throw std::logic_error("a session that is in use cannot be connected");
  session.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (session.fd < 0) throw std::runtime_error("socket: " + words_of(errno));
  ++size_;
  const int on = 1;
  setsockopt(session.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(session.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const auto source = source_of(number);
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(port_);
  inet_pton(AF_INET, address_.c_str(), &target.sin_addr);
  if (bind(session.fd, reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0 ||
      (::connect(session.fd, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0 && errno != EINPROGRESS))
    throw std::runtime_error("connect: " + words_of(errno));
  session.state = State::connecting;
  session.out = upgrade_request(host_, path, subprotocol);
  session.waits_write = true;
  epoll_event event{EPOLLIN | EPOLLOUT, {}};
  event.data.u32 = number;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, session.fd, &event);
}

void Swarm::close(std::uint32_t number) {
  auto& session = sessions_.at(number);
  if (session.fd < 0 || session.state == State::closing) return;
  if (session.state == State::connecting) return free(number);
  constexpr char kNormal[] = {0x03, static_cast<char>(0xE8)};  // 1000
  append_frame(out(number), Opcode::close, {kNormal, 2}, next_mask());
  session.state = State::closing;
}

void Swarm::drop_all() {
  for (std::uint32_t number = 0; number < sessions_.size(); ++number)
    if (sessions_[number].fd >= 0) free(number);
}

void Swarm::send(std::uint32_t number, std::string_view payload) {
  append_frame(out(number), Opcode::binary, payload, next_mask());
}

std::string& Swarm::out(std::uint32_t number) {
  auto& session = sessions_[number];
  if (!session.is_dirty) {
    session.is_dirty = true;
    dirty_.push_back(number);
  }
  return session.out;
}

std::uint32_t Swarm::next_mask() noexcept {
  mask_ ^= mask_ << 13U;
  mask_ ^= mask_ >> 17U;
  mask_ ^= mask_ << 5U;
  return mask_;
}

void Swarm::step(int wait_ms) {
  write_dirty();
  if (interrupted) throw Interrupted();
  std::array<epoll_event, kEvents> events;
  const int count = epoll_wait(epoll_, events.data(), kEvents, wait_ms);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const auto number = event.data.u32;
    if (sessions_[number].fd >= 0 && (event.events & EPOLLOUT) != 0) write(number);
    if (sessions_[number].fd >= 0 && (event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) on_readable(number);
  }
  write_dirty();
}

void Swarm::on_readable(std::uint32_t number) {
  const auto got = recv(sessions_[number].fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got > 0) return take(number, {buffer_.data(), static_cast<std::size_t>(got)});
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  lose(number, got == 0 ? "closed without a close frame" : words_of(errno));
}

void Swarm::take(std::uint32_t number, std::string_view bytes) {
  auto& session = sessions_[number];
  std::string joined;
  if (!session.rest.empty()) {
    joined.swap(session.rest);
    joined.append(bytes);
    bytes = joined;
  }
  if (session.state == State::connecting) {
    const auto head = take_upgrade(number, bytes);
    bytes.remove_prefix(head);
    if (head == 0 && session.fd >= 0) session.rest.assign(bytes);
    if (head == 0) return;
  }
  while (session.fd >= 0) {
    const auto frame = parse_frame(bytes);
    if (frame.size == 0) break;
    bytes.remove_prefix(frame.size);
    take_frame(number, frame);
  }
  if (session.fd >= 0 && !bytes.empty()) session.rest.assign(bytes);
}

/// Bytes of the server's answer; 0: it is not whole, or it was a refusal.
std::size_t Swarm::take_upgrade(std::uint32_t number, std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  if (!bytes.starts_with("HTTP/1.1 101")) {
    lose(number, "refused: " + std::string(bytes.substr(0, bytes.find('\r'))));
    return 0;
  }
  sessions_[number].state = State::open;
  handler_->on_open(number);
  return end + 4;
}

void Swarm::take_frame(std::uint32_t number, const Frame& frame) {
  switch (frame.opcode) {
    case Opcode::ping:
      return append_frame(out(number), Opcode::pong, frame.payload, next_mask());
    case Opcode::close: {
      unsigned code = 1005;
      if (frame.payload.size() >= 2)
        code = static_cast<unsigned>(static_cast<std::uint8_t>(frame.payload[0])) << 8U |
               static_cast<std::uint8_t>(frame.payload[1]);
      return lose(number, "the server closed it with " + std::to_string(code));
    }
    case Opcode::binary:
      if (sessions_[number].state == State::open) handler_->on_message(number, frame.payload);
      return;
    default:
      return;
  }
}

void Swarm::write(std::uint32_t number) {
  auto& session = sessions_[number];
  if (!session.out.empty()) {
    const auto written = ::send(session.fd, session.out.data(), session.out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN) return lose(number, words_of(errno));
    if (written > 0) session.out.erase(0, static_cast<std::size_t>(written));
  }
  const bool waits = !session.out.empty();
  if (waits != session.waits_write) {
    session.waits_write = waits;
    epoll_event event{EPOLLIN | (waits ? static_cast<std::uint32_t>(EPOLLOUT) : 0U), {}};
    event.data.u32 = number;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, session.fd, &event);
  }
}

void Swarm::write_dirty() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    auto& session = sessions_[dirty_[i]];
    session.is_dirty = false;
    if (session.fd >= 0 && !session.waits_write) write(dirty_[i]);
  }
  dirty_.clear();
}

void Swarm::free(std::uint32_t number) {
  auto& session = sessions_[number];
  ::close(session.fd);
  const bool was_dirty = session.is_dirty;
  session = Session{};
  session.is_dirty = was_dirty;  // it still stands in dirty_
  --size_;
}

void Swarm::lose(std::uint32_t number, const std::string& why) {
  const bool wanted = sessions_[number].state == State::closing;
  free(number);
  if (!wanted) handler_->on_lost(number, why);
}

}  // namespace enishi::bench
