#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "transport/admin/unix_path.h"
#include "transport/admin_listener.h"
#include "transport/http/head.h"

namespace enishi::transport {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Of an answer; far more than any handler gives, so that whoever sits on the socket cannot fill our memory.
constexpr std::size_t kAnswerBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kNameBytesMax = 60;

// False: `end` has passed.
bool wait_for(int fd, short events, SteadyTime end) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<long long>(left.count(), 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

core::Result<void> send_all(int fd, std::string_view text, SteadyTime end) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      text.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno == EAGAIN && !wait_for(fd, POLLOUT, end))
      return core::Errc::too_late;
    else if (errno != EAGAIN && errno != EINTR)
      return {};  // it refuses the rest; its answer says why
  }
  return {};
}

core::Result<std::string> read_all(int fd, SteadyTime end) {
  std::string text;
  std::array<char, 16 * 1024> chunk;
  while (text.size() <= kAnswerBytesMax) {
    const ssize_t got = ::recv(fd, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0)
      text.append(chunk.data(), static_cast<std::size_t>(got));
    else if (got == 0)
      return text;
    else if (errno == EAGAIN && !wait_for(fd, POLLIN, end))
      return core::Errc::too_late;
    else if (errno != EAGAIN && errno != EINTR)
      return text;
  }
  return core::Errc::bad_request;
}

}  // namespace

core::Result<UnixAddress> unix_address(const std::string& directory, const std::string& name) {
  UnixAddress result;
  result.address.sun_family = AF_UNIX;
  std::string path = directory + "/" + name;
  if (path.size() >= sizeof(result.address.sun_path)) {
    if (name.size() > kNameBytesMax) return core::Errc::not_found;
    result.directory = OwnedFd(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (result.directory.get() < 0) return core::Errc::not_found;
    path = "/proc/self/fd/" + std::to_string(result.directory.get()) + "/" + name;
  }
  std::memcpy(result.address.sun_path, path.c_str(), path.size() + 1);
  return result;
}

core::Result<AdminResponse> admin_request(const std::string& socket_path, const std::string& method,
                                          const std::string& target, const std::string& body,
                                          std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  const auto slash = socket_path.rfind('/');
  const bool is_plain = slash == std::string::npos;
  auto address = unix_address(is_plain ? "." : socket_path.substr(0, slash),
                              is_plain ? socket_path : socket_path.substr(slash + 1));
  if (!address) return address.error();
  const OwnedFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return core::Errc::not_found;
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address->address), sizeof(address->address)) != 0)
    return core::Errc::not_found;
  const std::string request =
      method + " " + target +
      " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  if (auto sent = send_all(socket.get(), request, end); !sent) return sent.error();
  auto text = read_all(socket.get(), end);
  if (!text) return text.error();
  auto response = http::parse_response(*text);
  if (!response) return core::Errc::bad_request;
  return AdminResponse{response->status, std::move(response->content_type), std::move(response->body)};
}

}  // namespace enishi::transport
