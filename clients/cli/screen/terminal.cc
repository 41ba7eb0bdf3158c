#include "cli/screen/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>

namespace enishi::cli {
namespace {

// Alternate screen with its own cursor, no line wrap by the terminal, bracketed paste, focus reports, a clean slate.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?1004h\x1b[0m\x1b[2J";
constexpr std::string_view kLeave = "\x1b[?2026l\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l";

// For the handler of an abort, which may touch nothing else.
termios g_before{};
volatile std::sig_atomic_t g_entered = 0;

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void restore() {
  if (g_entered == 0) return;
  g_entered = 0;
  write_all(kLeave);
  // Also what was typed and not read goes: it was meant for the screen, not for the shell.
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &g_before);
}

extern "C" void on_fatal(int signal) {
  restore();
  ::raise(signal);  // SA_RESETHAND: now it ends the process as it would have
}

}  // namespace

Outcome<void> Terminal::check() {
  if (::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) return {};
  return Failure{"NO_TERMINAL", "the screen of `chat` is for a terminal; scripts use `watch`, `read` and `send`", 0,
                 Exit::usage};
}

Terminal::Terminal() {
  ::tcgetattr(STDIN_FILENO, &g_before);
  struct sigaction fatal {};
  fatal.sa_handler = on_fatal;
  fatal.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::sigaction(signal, &fatal, nullptr);
}

Terminal::~Terminal() {
  leave();
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, SIG_DFL);
}

void Terminal::enter() {
  auto raw = g_before;
  raw.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN | ISIG);
  raw.c_cflag |= CS8;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  g_entered = 1;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  write_all(kEnter);
}

void Terminal::leave() { restore(); }

Size Terminal::size() const {
  winsize window{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0) return {};
  return {window.ws_row, window.ws_col};
}

bool Terminal::write(std::string_view bytes) { return write_all(bytes); }

}  // namespace enishi::cli
