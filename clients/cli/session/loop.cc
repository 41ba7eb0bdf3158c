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

  void read_more(std::function<void(std::optional<std::string>)> done);
};

Loop::Loop() : parts_(std::make_unique<Parts>()) {}
Loop::~Loop() = default;

asio::io_context& Loop::io() noexcept { return parts_->io; }

void Loop::catch_signals() {
  boost::system::error_code ignored;
  parts_->signals.add(SIGINT, ignored);
  parts_->signals.add(SIGTERM, ignored);
  parts_->signals.async_wait([parts = parts_.get()](const boost::system::error_code& error, int) {
    if (!error) parts->interrupted = true;
  });
}

bool Loop::interrupted() const noexcept { return parts_->interrupted; }

void Loop::read_line(std::function<void(std::optional<std::string>)> done) {
  if (!parts_->terminal.is_open()) {
    // Opened anew: Asio makes it non-blocking, which must not reach the shell's own descriptor.
    const char* name = ::ttyname(STDIN_FILENO);
    const int descriptor = name == nullptr ? -1 : ::open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) return done(std::nullopt);
    parts_->terminal.assign(descriptor);
  }
  parts_->read_more(std::move(done));
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
