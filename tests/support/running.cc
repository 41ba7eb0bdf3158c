#include "support/running.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace enishi::test {

RunningCommand::RunningCommand(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe can be made");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  std::vector<std::string> texts = argv;
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  const int failed = posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  out_ = ends[0];
  if (failed != 0) {
    close(out_);
    throw std::runtime_error("cannot start " + argv[0]);
  }
}

RunningCommand::RunningCommand(RunningCommand&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), out_(std::exchange(other.out_, -1)), pending_(std::move(other.pending_)) {}

RunningCommand::~RunningCommand() {
  if (pid_ > 0) {
    signal(SIGKILL);
    wait();
  }
  if (out_ >= 0) close(out_);
}

std::string RunningCommand::next_line() {
  constexpr int kPatienceMs = 60'000;
  for (;;) {
    if (const auto end = pending_.find('\n'); end != std::string::npos) {
      auto line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    pollfd readable{out_, POLLIN, 0};
    if (poll(&readable, 1, kPatienceMs) <= 0) return {};
    std::array<char, 4096> buffer{};
    const auto got = read(out_, buffer.data(), buffer.size());
    if (got <= 0) return {};
    pending_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

void RunningCommand::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

int RunningCommand::wait() {
  int status = 0;
  if (waitpid(std::exchange(pid_, -1), &status, 0) < 0) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace enishi::test
