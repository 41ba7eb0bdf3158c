// A thread that runs an event loop.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <thread>

namespace enishi::runtime {

/// One io_context and the one thread that runs it. Handlers need no locks among themselves. Owner: whoever starts it;
/// the context may be posted to by any thread.
class LoopThread {
 public:
  using Executor = boost::asio::io_context::executor_type;

  /// `name` as the system shows it, at most 15 bytes. Starts nothing.
  explicit LoopThread(std::string name);
  /// Stops at once and joins.
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] Executor executor() noexcept { return context_.get_executor(); }
  /// Once. The loop then runs until finish() or stop(), also while there is nothing to do.
  void start();
  /// The loop ends when nothing is pending any more. From any thread.
  void finish() noexcept;
  /// The loop ends after the present handler; what is pending is destroyed with the context. From any thread.
  void stop() noexcept;
  /// Waits for the end. Not from the loop itself.
  void join();

 private:
  const std::string name_;
  boost::asio::io_context context_{1};
  std::optional<boost::asio::executor_work_guard<Executor>> work_;
  std::thread thread_;
};

}  // namespace enishi::runtime
