// The floor server of the peers' bench as a process of its own.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "bench/measures.h"
#include "support/wait.h"

namespace enishi::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A port that is free at this moment; the server takes no port 0.
std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  const bool is_bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!is_bound) throw std::runtime_error("no free port for the floor server");
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const bool is_there = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return is_there;
}

}  // namespace

Floor::Floor(const std::string& program, const std::string& mode, bool pinned) : port_(free_port()) {
  const auto port = std::to_string(port_);
  if (pinned) pin_to(0);
  const auto parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) execl(program.c_str(), program.c_str(), port.c_str(), mode.c_str(), nullptr);
    _exit(127);
  }
  if (pinned) pin_to(1);
  if (pid_ < 0) throw std::runtime_error("no process can be made");
  bool ended = false;
  const bool settled = test::wait_until(
      [&] { return answers(port_) || (ended = waitpid(pid_, nullptr, WNOHANG) == pid_); }, std::chrono::seconds{10});
  if (settled && !ended) return;
  if (!ended) kill(pid_, SIGKILL);
  if (!ended) waitpid(pid_, nullptr, 0);
  throw std::runtime_error("the floor server does not start: " + program);
}

Floor::~Floor() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace enishi::bench
