#include "house/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <regex>

#include "house/text.h"

namespace enishi::house {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<Fault> faults_of(const std::string& path, const std::string& includes) {
  return forbidden_includes({{path, includes}}, layer_table());
}

std::vector<SourceFile> product() {
  auto files = cpp_only(read_tree("server"));
  for (auto& file : cpp_only(read_tree("clients"))) files.push_back(std::move(file));
  return files;
}

struct Planted {
  const char* path;
  const char* include;
};

class WrongInclude : public ::testing::TestWithParam<Planted> {};

TEST_P(WrongInclude, IsFoundOnItsLine) {
  const auto& [path, include] = GetParam();
  const auto faults = faults_of(path, std::string("// planted\n#include <string>\n#include ") + include + "\n");
  ASSERT_THAT(faults, SizeIs(1)) << path << " " << include;
  EXPECT_EQ(faults.front().path, path);
  EXPECT_EQ(faults.front().line, 3);
}

INSTANTIATE_TEST_SUITE_P(
    EachArrow, WrongInclude,
    ::testing::Values(
        Planted{"server/core/a.h", "<boost/asio/io_context.hpp>"}, Planted{"server/core/a.h", "<thread>"},
        Planted{"server/core/a.cc", "<mutex>"}, Planted{"server/core/a.cc", "<iostream>"},
        Planted{"server/core/a.cc", "<random>"}, Planted{"server/core/a.cc", "<unistd.h>"},
        Planted{"server/core/a.cc", "<spdlog/spdlog.h>"}, Planted{"server/core/a.cc", "\"wire/frame.h\""},
        Planted{"server/core/deep/a.cc", "\"enishi/v1/frame.pb.h\""}, Planted{"server/wire/a.cc", "<sodium.h>"},
        Planted{"server/wire/a.cc", "<thread>"}, Planted{"server/sequencer/a.cc", "<mutex>"},
        Planted{"server/wire/a.cc", "\"storage/store.h\""}, Planted{"server/auth/a.cc", "\"transport/session.h\""},
        Planted{"server/runtime/a.h", "<boost/beast/core.hpp>"}, Planted{"server/storage/store.h", "<sqlite3.h>"},
        Planted{"server/storage/store.h", "\"storage/sqlite/sqlite_store.h\""},
        Planted{"server/storage/memory/a.cc", "\"storage/sqlite/sqlite_store.h\""},
        Planted{"server/storage/sqlite/a.cc", "\"storage/memory/memory_store.h\""},
        Planted{"server/sequencer/a.cc", "\"storage/sqlite/sqlite_store.h\""},
        Planted{"server/sequencer/a.cc", "\"delivery/query.h\""},
        Planted{"server/delivery/a.cc", "\"sequencer/sequencer.h\""},
        Planted{"server/delivery/a.cc", "<boost/beast/websocket.hpp>"},
        Planted{"server/transport/a.cc", "\"sequencer/messages.h\""},
        Planted{"server/transport/a.cc", "\"storage/store.h\""},
        Planted{"server/daemon/a.cc", "<boost/beast/http.hpp>"}, Planted{"server/daemon/a.cc", "\"cpp/links.h\""},
        Planted{"clients/cpp/a.cc", "\"wire/frame.h\""}, Planted{"clients/cpp/a.cc", "\"cli/main.h\""},
        Planted{"clients/cli/a.cc", "<boost/beast/core.hpp>"}, Planted{"tests/model/a.cc", "\"core/ids.h\""},
        Planted{"server/core/a.cc", "\"ids.h\""}));

TEST(Layers, WhatTheTableAllowsPasses) {
  EXPECT_THAT(
      faults_of("server/core/a.h", "#include <vector>\n#include <boost/system/result.hpp>\n#include \"core/ids.h\"\n"),
      IsEmpty());
  EXPECT_THAT(faults_of("server/delivery/a.cc", "#include \"sequencer/messages.h\"\n#include \"storage/store.h\"\n"),
              IsEmpty());
  EXPECT_THAT(faults_of("server/transport/a.cc", "#include <boost/beast/http.hpp>\n#include <sys/uio.h>\n"), IsEmpty());
}

TEST(Layers, AFolderWithoutARuleIsAFault) {
  EXPECT_THAT(faults_of("server/utils/a.h", "#include <vector>\n"),
              ElementsAre(Field(&Fault::what, HasSubstr("no layer rule"))));
}

TEST(Layers, ASecondClientFileWithTheNetworkIsAFault) {
  EXPECT_THAT(second_network_files(
                  {{"clients/cpp/a.cc", "#include <boost/asio/connect.hpp>\n#include <boost/beast/core.hpp>\n"},
                   {"clients/cpp/b.cc", "#include <string>\n#include <boost/asio/post.hpp>\n"},
                   {"server/transport/c.cc", "#include <boost/asio/post.hpp>\n"}}),
              ElementsAre(AllOf(Field(&Fault::path, "clients/cpp/b.cc"), Field(&Fault::line, 2))));
}

TEST(Layers, ACircleIsFound) {
  EXPECT_THAT(
      include_cycles({{"server/core/a.h", "#include \"wire/a.h\"\n"}, {"server/wire/a.h", "#include \"core/a.h\"\n"}},
                     layer_table()),
      ElementsAre(Field(&Fault::what, HasSubstr("server/core -> server/wire -> server/core"))));
}

TEST(Layers, ImpureWordsInCoreAreFoundAndCommentsAreNot) {
  const auto faults = impure_words({{"server/core/a.cc",
                                     "// std::mutex would be wrong\n"
                                     "auto t = std::chrono::system_clock::now();\n"
                                     "const char* text = \"std::thread\";\n"
                                     "std::mutex m;\n"
                                     "int brand(int operand);\n"}});
  ASSERT_THAT(faults, SizeIs(2));
  EXPECT_EQ(faults[0].line, 2);
  EXPECT_EQ(faults[1].line, 4);
}

TEST(House, EveryIncludeGoesTheAllowedWay) {
  auto files = product();
  ASSERT_THAT(files, Not(IsEmpty()));
  for (auto& file : cpp_only(read_tree("tests/model"))) files.push_back(std::move(file));
  EXPECT_EQ(listed(forbidden_includes(files, layer_table())), "");
}

TEST(House, OneFileOfEachClientSeesTheNetwork) { EXPECT_EQ(listed(second_network_files(product())), ""); }

TEST(House, RoomsDoNotIncludeEachOtherInACircle) { EXPECT_EQ(listed(include_cycles(product(), layer_table())), ""); }

TEST(House, CoreIsPure) {
  const auto files = cpp_only(read_tree("server/core"));
  ASSERT_THAT(files, Not(IsEmpty()));
  EXPECT_EQ(listed(impure_words(files)), "");
}

// What the compiled heart asks of others: even code that hides it from the tests above cannot tell the time or start a
// thread.

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
