// What the compiled heart asks of others: even code that hides it from the layer test cannot tell the time or start a
// thread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <regex>

#include "house/text.h"

namespace enishi::house {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Lines of `nm -C --undefined-only` that core may not have.
std::vector<std::string> impure_symbols(const std::string& nm_output) {
  static const std::regex kImpure(
      R"(\bU (std::chrono::_V2::\w+::now|std::(thread|random_device|mutex|condition_variable|this_thread)\b|std::(cout|cerr|clog|cin)\b)"
      R"(|std::basic_[io]?f(ile)?stream|std::filesystem|boost::asio|boost::beast|google::protobuf|spdlog)"
      R"(|(pthread_(create|mutex_lock|cond_wait)|clock_gettime|gettimeofday|time|localtime|gmtime|s?rand|random|getrandom|getentropy)"
      R"(|open|openat|fopen|read|write|socket|connect|getenv|getpid|sleep|usleep|nanosleep|printf|puts|sodium_\w+|sqlite3_\w+)(@.*)?$))");
  std::vector<std::string> found;
  for (const auto& line : lines_of(nm_output)) {
    if (std::regex_search(line, kImpure)) found.push_back(line);
  }
  return found;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  if (!pipe) return output;
  std::array<char, 4096> block{};
  while (const auto got = fread(block.data(), 1, block.size(), pipe.get())) output.append(block.data(), got);
  return output;
}

TEST(CoreSymbols, PlantedOnesAreFound) {
  EXPECT_THAT(
      impure_symbols("                 U std::chrono::_V2::system_clock::now()\n"
                     "                 U memcpy\n"
                     "                 U pthread_create\n"
                     "                 U random_walk(int)\n"
                     "                 U rand\n"
                     "                 U std::thread::_M_start_thread(x)\n"
                     "                 U enishi::core::read(int)\n"),
      ElementsAre(HasSubstr("system_clock"), HasSubstr("pthread_create"), HasSubstr("rand"), HasSubstr("thread")));
}

TEST(House, TheCompiledCoreIsPure) {
  const auto output = output_of(std::string(ENISHI_NM) + " -C --undefined-only \"" ENISHI_CORE_LIBRARY "\"");
  ASSERT_THAT(output, HasSubstr(" U ")) << "nm told nothing";
  EXPECT_THAT(impure_symbols(output), IsEmpty());
}

}  // namespace
}  // namespace enishi::house
