#include "support/terminal/pseudo_terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "support/wait.h"

namespace enishi::test {
namespace {

winsize size_of(std::size_t rows, std::size_t columns) {
  winsize size{};
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  return size;
}

/// Without taking its exit code.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

}  // namespace

PseudoTerminal::PseudoTerminal(const std::vector<std::string>& argv, std::size_t rows, std::size_t columns)
    : screen_(rows, columns) {
  master_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) throw std::runtime_error("no pseudo-terminal");
  const std::string name = ptsname(master_);
  slave_ = open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  const auto size = size_of(rows, columns);
  if (slave_ < 0 || ioctl(slave_, TIOCSWINSZ, &size) != 0) throw std::runtime_error("no pseudo-terminal");
  std::vector<std::string> texts = argv;
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no process can be made");
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  setsid();
  if (ioctl(slave_, TIOCSCTTY, 0) != 0) _exit(127);
  for (const int stream : {0, 1, 2})
    if (dup2(slave_, stream) < 0) _exit(127);
  execv(pointers[0], pointers.data());
  _exit(127);
}

PseudoTerminal::~PseudoTerminal() {
  if (pid_ > 0) {
    signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(slave_);
  close(master_);
}

void PseudoTerminal::type(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = write(master_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) throw std::runtime_error("the pseudo-terminal takes nothing");
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void PseudoTerminal::resize(std::size_t rows, std::size_t columns) {
  screen_.resize(rows, columns);
  const auto size = size_of(rows, columns);
  ioctl(master_, TIOCSWINSZ, &size);
}

bool PseudoTerminal::read_some() {
  std::array<char, 4096> bytes{};
  const auto got = read(master_, bytes.data(), bytes.size());
  if (got > 0) screen_.feed({bytes.data(), static_cast<std::size_t>(got)});
  return got > 0 || (got < 0 && errno == EINTR);
}

bool PseudoTerminal::wait_for(const std::function<bool(const Screen&)>& condition) {
  constexpr int kLookMs = 100;  // between two looks whether it still runs
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!condition(screen_)) {
    if (std::chrono::steady_clock::now() > end) return false;
    pollfd readable{master_, POLLIN, 0};
    if (poll(&readable, 1, kLookMs) > 0) {
      if (!read_some()) return false;
    } else if (has_ended(pid_)) {
      return false;
    }
  }
  return true;
}

bool PseudoTerminal::shows(std::string_view text) {
  return wait_for([text](const Screen& screen) { return screen.text().find(text) != std::string::npos; });
}

void PseudoTerminal::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

int PseudoTerminal::wait() {
  int status = 0;
  const bool ended = wait_until([&] {
    // It may wait for us to read.
    pollfd readable{master_, POLLIN, 0};
    while (poll(&readable, 1, 0) > 0 && read_some()) {
    }
    return waitpid(pid_, &status, WNOHANG) == pid_;
  });
  if (!ended) return -1;
  pid_ = -1;
  pollfd readable{master_, POLLIN, 0};
  while (poll(&readable, 1, 0) > 0 && read_some()) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool PseudoTerminal::wait_until_stopped() const {
  int status = 0;
  return waitpid(pid_, &status, WUNTRACED) == pid_ && WIFSTOPPED(status);
}

termios PseudoTerminal::settings() const {
  termios settings{};
  tcgetattr(slave_, &settings);
  return settings;
}

}  // namespace enishi::test
