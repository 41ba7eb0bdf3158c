// Threads for what may wait: reads of the store.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/thread_name.h"

namespace enishi::runtime {

/// A bounded queue of jobs and threads that take them, first come first served; jobs of one asker may overtake each
/// other on different threads. Each thread has a context of its own, so that nothing in it needs a lock. Owner: one
/// thread constructs, starts and stops; any thread submits.
template <class Job>
class WorkerPool {
 public:
  /// A thread's context: carries out one job. Throws nothing.
  using Worker = std::function<void(Job&&)>;

  /// One thread per worker, shown as "`name`-0" and on (at most 15 bytes). Starts nothing.
  WorkerPool(std::string name, std::size_t jobs_max, std::vector<Worker> workers)
      : name_(std::move(name)), jobs_max_(jobs_max), workers_(std::move(workers)) {}
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Once.
  void start() {
    for (std::size_t i = 0; i < workers_.size(); ++i) threads_.emplace_back([this, i] { run(i); });
  }

  /// False: the queue is full or the pool has stopped; `job` is untouched. Never waits.
  [[nodiscard]] bool submit(Job&& job) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || jobs_.size() >= jobs_max_) return false;
      jobs_.push_back(std::move(job));
    }
    filled_.notify_one();
    return true;
  }

  /// Takes nothing more, carries out what waits, returns when the threads have ended. May be called twice.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }

  /// Jobs that wait; for metrics.
  [[nodiscard]] std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }

 private:
  void run(std::size_t index) {
    name_this_thread(name_ + "-" + std::to_string(index));
    std::unique_lock lock(mutex_);
    for (;;) {
      filled_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      workers_[index](std::move(job));
      lock.lock();
    }
  }

  const std::string name_;
  const std::size_t jobs_max_;
  const std::vector<Worker> workers_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Job> jobs_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace enishi::runtime
