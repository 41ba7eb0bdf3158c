// Standard streams that are closed, or whose disk is full.
#include <gmock/gmock.h>

#include <filesystem>

#include "integration/cli_people.h"

namespace enishi::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CliStreams : public People {
 protected:
  void SetUp() override {
    People::SetUp();
    join("aki");
    join("ben", "aki");
  }
  /// `enishi --profile aki --json WORDS`, with `redirection` as a shell writes it.
  [[nodiscard]] Finished redirected(const Words& words, const std::string& redirection) const {
    Words argv{"/bin/sh", "-c", "exec \"$@\" " + redirection, "sh"};
    for (const auto& word : command("aki", words)) argv.push_back(word);
    return run_command(argv);
  }
};

TEST_F(CliStreams, AClosedStandardOutputIsNotTheProfile) {
  EXPECT_EQ(redirected({"list"}, ">&-").exit, 5);
  EXPECT_EQ(redirected({"read", "@ben"}, ">&- 2>&-").exit, 0) << "nothing was to be written";
  for (const auto& entry : std::filesystem::directory_iterator(profiles_ / "aki"))
    EXPECT_EQ(read_file(entry.path().string()).find("\"chat\":"), std::string::npos) << entry.path();
}

TEST_F(CliStreams, AClosedStandardInputIsAnEmptyMessage) {
  (void)redirected({"list"}, ">&-");
  const auto done = redirected({"send", "@ben", "-"}, "<&-");
  EXPECT_EQ(done.exit, 1);
  EXPECT_THAT(done.err, HasSubstr("BODY_EMPTY"));
  EXPECT_THAT(texts("ben", "@aki"), IsEmpty()) << "no file of the profile was read as a message";
}

TEST_F(CliStreams, WhatWasDoneButCouldNotBeToldIsFive) {
  const auto sent = redirected({"send", "@ben", "x"}, ">/dev/full");
  EXPECT_EQ(sent.exit, 5);
  EXPECT_THAT(sent.err, HasSubstr("\"OUTPUT_LOST\""));
  EXPECT_THAT(texts("ben", "@aki"), ElementsAre("x"));
  EXPECT_EQ(redirected({"watch"}, ">/dev/full").exit, 5) << "a watch that nobody reads ends";
  EXPECT_EQ(redirected({"--help"}, ">/dev/full").exit, 5);
  EXPECT_EQ(redirected({"send", "@nobody", "x"}, ">/dev/full").exit, 1) << "a refusal is told as ever";
}

}  // namespace
}  // namespace enishi::test
