#include "runtime/loop_thread.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <boost/asio/post.hpp>
#include <future>

namespace enishi::runtime {
namespace {

TEST(LoopThread, RunsWhatIsPostedOnOneNamedThread) {
  LoopThread loop("loop-test");
  std::promise<std::string> name;
  boost::asio::post(loop.context(), [&name] {
    char text[16] = {};
    pthread_getname_np(pthread_self(), text, sizeof(text));
    name.set_value(text);
  });
  loop.start();
  EXPECT_EQ(name.get_future().get(), "loop-test");
}

TEST(LoopThread, FinishCarriesOutWhatIsPending) {
  LoopThread loop("loop-test");
  int done = 0;
  loop.start();
  for (int i = 0; i < 100; ++i) boost::asio::post(loop.context(), [&done] { ++done; });
  loop.finish();
  loop.join();
  EXPECT_EQ(done, 100);
}

TEST(LoopThread, StopEndsItWhileThereIsNothingToDo) {
  LoopThread loop("loop-test");
  loop.start();
  loop.stop();
  loop.join();
  EXPECT_TRUE(loop.context().stopped());
}

}  // namespace
}  // namespace enishi::runtime
