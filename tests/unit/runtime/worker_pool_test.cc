#include "runtime/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>

namespace enishi::runtime {
namespace {

TEST(WorkerPool, EachThreadHasItsOwnContextAndAllJobsAreDone) {
  struct Context {
    std::set<std::thread::id> threads;
    int jobs = 0;
  };
  std::vector<Context> contexts(3);
  std::vector<WorkerPool<int>::Worker> workers;
  for (auto& context : contexts)
    workers.emplace_back([&context](int&&) {
      context.threads.insert(std::this_thread::get_id());
      ++context.jobs;
    });
  WorkerPool<int> pool("test", 10'000, std::move(workers));
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(pool.submit(int{i}));
  pool.start();
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(pool.submit(int{i}));
  pool.stop();
  int jobs = 0;
  for (const auto& context : contexts) {
    EXPECT_LE(context.threads.size(), 1u);
    jobs += context.jobs;
  }
  EXPECT_EQ(jobs, 10'000);
  EXPECT_EQ(pool.waiting(), 0u);
}

TEST(WorkerPool, RefusesWhenFullAndAfterStop) {
  std::promise<void> begun, go;
  std::atomic<int> done{0};
  std::vector<WorkerPool<int>::Worker> workers;
  workers.emplace_back([&](int&& job) {
    if (job == 0) {
      begun.set_value();
      go.get_future().wait();
    }
    ++done;
  });
  WorkerPool<int> pool("test", 2, std::move(workers));
  pool.start();
  ASSERT_TRUE(pool.submit(0));
  begun.get_future().wait();
  EXPECT_TRUE(pool.submit(1));
  EXPECT_TRUE(pool.submit(2));
  EXPECT_FALSE(pool.submit(3));
  EXPECT_EQ(pool.waiting(), 2u);
  go.set_value();
  pool.stop();
  EXPECT_EQ(done, 3);
  EXPECT_FALSE(pool.submit(4));
}

}  // namespace
}  // namespace enishi::runtime
