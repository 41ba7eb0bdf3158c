#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "support/wait.h"

namespace enishi::test {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe can be made");
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }
  [[nodiscard]] int reader() const { return ends[0]; }
  [[nodiscard]] int writer() const { return ends[1]; }
  int release_reader() { return std::exchange(ends[0], -1); }

 private:
  void close_end(std::size_t end) {
    if (ends[end] >= 0) close(std::exchange(ends[end], -1));
  }
  std::array<int, 2> ends{-1, -1};
};

/// Our environment with `more` over it, and argv, as execve wants them; made before fork.
struct Image {
  Image(const std::vector<std::string>& arguments, const Environment& more) : texts(arguments) {
    for (auto& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);
    for (char** entry = environ; *entry; ++entry) {
      const std::string text(*entry);
      bool replaced = false;
      for (const auto& [name, value] : more) replaced = replaced || text.starts_with(name + "=");
      if (!replaced) variables.push_back(text);
    }
    for (const auto& [name, value] : more) variables.push_back(name + "=" + value);
    for (auto& text : variables) envp.push_back(text.data());
    envp.push_back(nullptr);
  }
  std::vector<std::string> texts, variables;
  std::vector<char*> argv, envp;
};

/// Starts the program with these standard streams. It ends with us, whatever happens to us.
pid_t spawn(Image& image, int in, int out, int err) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process can be made");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(127);
  execve(image.argv[0], image.argv.data(), image.envp.data());
  _exit(127);
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

/// nullopt-like -1 with `ended` false while it runs.
bool reap(pid_t pid, int& code) {
  int status = 0;
  if (waitpid(pid, &status, WNOHANG) != pid) return false;
  code = code_of(status);
  return true;
}

/// Appends what can be read now; false at the end.
bool read_some(int from, std::string& into) {
  std::array<char, 4096> buffer{};
  const auto got = read(from, buffer.data(), buffer.size());
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

/// Feeds `input` and collects both outputs until both end or the time is over; false: the time was over.
bool exchange(Pipe& in, Pipe& out, Pipe& err, const std::string& input, Finished& result, Clock::time_point end) {
  std::size_t written = 0;
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    if (written == input.size()) in.close_writer();
    std::array<pollfd, 3> fds{pollfd{out_open ? out.reader() : -1, POLLIN, 0},
                              pollfd{err_open ? err.reader() : -1, POLLIN, 0}, pollfd{in.writer(), POLLOUT, 0}};
    if (poll(fds.data(), fds.size(), static_cast<int>(left)) < 0 && errno != EINTR) return false;
    if (fds[0].revents) out_open = read_some(out.reader(), result.out);
    if (fds[1].revents) err_open = read_some(err.reader(), result.err);
    if (fds[2].revents) {
      const auto sent = write(in.writer(), input.data() + written, input.size() - written);
      if (sent < 0 && errno != EINTR) in.close_writer();  // it does not want more
      if (sent > 0) written += static_cast<std::size_t>(sent);
    }
  }
  return true;
}

std::string required(const char* variable) {
  const char* value = std::getenv(variable);
  if (!value) throw std::runtime_error(std::string(variable) + " is not set; ctest sets it");
  return value;
}

}  // namespace

std::string program(const std::string& name) { return required("ENISHI_BIN") + "/" + name; }
std::string source_file(const std::string& path) { return required("ENISHI_SOURCE") + "/" + path; }

Finished run_command(const std::vector<std::string>& argv, const std::string& input, std::chrono::milliseconds limit,
                     const Environment& environment) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto end = Clock::now() + limit;
  Image image(argv, environment);
  Pipe in, out, err;
  const pid_t pid = spawn(image, in.reader(), out.writer(), err.writer());
  in.close_reader();
  out.close_writer();
  err.close_writer();
  Finished result;
  const bool all_read = exchange(in, out, err, input, result, end);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  if (all_read && wait_until([&] { return reap(pid, result.exit); }, left)) return result;
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  result.exit = -1;
  return result;
}

DaemonProcess::DaemonProcess(Options options)
    : options_(std::move(options)),
      data_(options_.data.empty() ? own_ / "data" : options_.data),
      listen_(options_.listen) {}

DaemonProcess::~DaemonProcess() {
  kill9();
  if (stdout_ >= 0) close(stdout_);
}

bool DaemonProcess::start() {
  kill9();
  std::vector<std::string> argv{program("enishid"), "run", "--data", data_, "--listen", listen_};
  argv.insert(argv.end(), options_.arguments.begin(), options_.arguments.end());
  Image image(argv, options_.environment);
  const std::string log_name = own_ / "stderr.log";
  const int log_file = open(log_name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  Pipe out;
  exit_code_ = -1;
  pid_ = spawn(image, nothing, out.writer(), log_file);
  out.close_writer();
  close(log_file);
  close(nothing);
  if (read_ready_line(out.reader())) {
    if (stdout_ >= 0) close(stdout_);
    stdout_ = out.release_reader();
    listen_ = origin_.substr(origin_.find("//") + 2);
    return true;
  }
  kill(pid_, SIGTERM);
  wait_for_end();
  return false;
}

bool DaemonProcess::read_ready_line(int from) {
  out_.clear();
  const auto end = Clock::now() + std::chrono::seconds{60};
  while (out_.find('\n') == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd fd{from, POLLIN, 0};
    if (left <= 0 || poll(&fd, 1, static_cast<int>(left)) <= 0) return false;
    if (!read_some(from, out_)) return false;
  }
  if (!out_.starts_with("ready ")) return false;
  origin_ = out_.substr(6, out_.find('\n') - 6);
  return true;
}

void DaemonProcess::kill9() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = code_of(status);
  pid_ = -1;
}

void DaemonProcess::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

void DaemonProcess::ask_to_stop() const {
  if (pid_ > 0) kill(pid_, SIGTERM);
}

int DaemonProcess::terminate() {
  ask_to_stop();
  return wait_for_end();
}

int DaemonProcess::wait_for_end() {
  if (pid_ <= 0) return exit_code_;
  if (!wait_until([&] { return reap(pid_, exit_code_); })) {
    kill9();
    exit_code_ = -1;
  }
  pid_ = -1;
  return exit_code_;
}

std::uint16_t DaemonProcess::port() const {
  return static_cast<std::uint16_t>(std::atoi(listen_.c_str() + listen_.rfind(':') + 1));
}

std::string DaemonProcess::log() const { return read_file(own_ / "stderr.log"); }

std::string DaemonProcess::invite(const std::vector<std::string>& more) const {
  std::vector<std::string> argv{program("enishid"), "invite", "--data", data_};
  argv.insert(argv.end(), more.begin(), more.end());
  const auto done = run_command(argv);
  return done.exit == 0 && done.out.ends_with('\n') ? done.out.substr(0, done.out.size() - 1) : "";
}

}  // namespace enishi::test
