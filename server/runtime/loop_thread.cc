#include "runtime/loop_thread.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "runtime/thread_name.h"

namespace enishi::runtime {

LoopThread::LoopThread(std::string name) : name_(std::move(name)), work_(std::in_place, context_.get_executor()) {}

LoopThread::~LoopThread() {
  stop();
  join();
}

void LoopThread::start() {
  thread_ = std::thread([this] {
    name_this_thread(name_);
    context_.run();
  });
}

void LoopThread::finish() noexcept {
  // The guard is the loop's own: taken away there, so that no other thread touches it.
  boost::asio::post(context_, [this] { work_.reset(); });
}

void LoopThread::stop() noexcept { context_.stop(); }

void LoopThread::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace enishi::runtime
