#include "cli/session/loop.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

namespace enishi::cli {

namespace asio = boost::asio;

struct Loop::Parts {
  asio::io_context io{1};
  asio::signal_set signals{io};
  asio::posix::stream_descriptor terminal{io};
  std::string typed;
  bool interrupted = false;

  bool open_terminal();
  void read_more(std::function<void(std::optional<std::string>)> done);
  void wait_for_signal(std::function<void(int)> told);
  void wait_for_bytes(std::function<void(std::string_view)> told);
};

Loop::Loop() : parts_(std::make_unique<Parts>()) {}
Loop::~Loop() = default;

asio::io_context& Loop::io() noexcept { return parts_->io; }

void Loop::catch_signals() {
  on_signals({SIGINT, SIGTERM}, [parts = parts_.get()](int) { parts->interrupted = true; });
}

bool Loop::interrupted() const noexcept { return parts_->interrupted; }

void Loop::on_signals(std::initializer_list<int> signals, std::function<void(int)> told) {
  boost::system::error_code ignored;
  for (const int signal : signals) parts_->signals.add(signal, ignored);
  parts_->wait_for_signal(std::move(told));
}

void Loop::read_line(std::function<void(std::optional<std::string>)> done) {
  if (!parts_->open_terminal()) return done(std::nullopt);
  parts_->read_more(std::move(done));
}

void Loop::read_bytes(std::function<void(std::string_view)> told) {
  if (!parts_->open_terminal()) return told({});
  parts_->wait_for_bytes(std::move(told));
}

void Loop::stop_reading() {
  boost::system::error_code ignored;
  parts_->terminal.close(ignored);
}

bool Loop::Parts::open_terminal() {
  if (terminal.is_open()) return true;
  // Opened anew: Asio makes it non-blocking, which must not reach the shell's own descriptor.
  const char* name = ::ttyname(STDIN_FILENO);
  const int descriptor = ::open(name == nullptr ? "/dev/tty" : name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return false;
  terminal.assign(descriptor);
  return true;
}

void Loop::Parts::wait_for_signal(std::function<void(int)> told) {
  signals.async_wait([this, told = std::move(told)](const boost::system::error_code& error, int signal) mutable {
    if (error) return;
    told(signal);
    wait_for_signal(std::move(told));
  });
}

void Loop::Parts::wait_for_bytes(std::function<void(std::string_view)> told) {
  terminal.async_wait(asio::posix::stream_descriptor::wait_read,
                      [this, told = std::move(told)](const boost::system::error_code& error) mutable {
                        if (error) return;
                        std::array<char, 4096> bytes{};
                        boost::system::error_code failed;
                        const auto size = terminal.read_some(asio::buffer(bytes), failed);
                        if (failed && failed != asio::error::would_block) return told({});
                        if (!failed) told({bytes.data(), size});
                        wait_for_bytes(std::move(told));
                      });
}

void Loop::Parts::read_more(std::function<void(std::optional<std::string>)> done) {
  if (const auto end = typed.find('\n'); end != std::string::npos) {
    auto line = typed.substr(0, end);
    typed.erase(0, end + 1);
    return done(std::move(line));
  }
  terminal.async_wait(asio::posix::stream_descriptor::wait_read,
                      [this, done = std::move(done)](const boost::system::error_code& error) mutable {
                        if (error) return done(std::nullopt);
                        std::array<char, 256> bytes{};
                        boost::system::error_code failed;
                        const auto size = terminal.read_some(asio::buffer(bytes), failed);
                        if (failed && failed != asio::error::would_block) return done(std::nullopt);
                        typed.append(bytes.data(), size);
                        read_more(std::move(done));
                      });
}

}  // namespace enishi::cli
