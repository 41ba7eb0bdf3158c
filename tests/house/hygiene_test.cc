#include "house/hygiene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace enishi::house {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Hygiene, PlantedPathsOfAMachineAreFound) {
  EXPECT_THAT(machine_paths({{"a.md",
                              "see /wo"
                              "rk/main/x\n"},
                             {"b.cc",
                              "open(\"/ho"
                              "me/aki/db\");\n"}}),
              SizeIs(2));
  EXPECT_THAT(machine_paths({{"a.md",
                              "the network/root/a, https://x.example/ho"
                              "me/b and /var/lib/enishi\n"}}),
              IsEmpty());
}

TEST(Hygiene, PlantedLooseEndsAreFound) {
  EXPECT_THAT(loose_ends({{"a.cc",
                           "// TO"
                           "DO: later\n// TO"
                           "DO(aki): later\n// FIX"
                           "ME\n"}}),
              SizeIs(3));
  EXPECT_THAT(loose_ends({{"a.cc",
                           "// TO"
                           "DO(aki, 12): when groups are there\n"}}),
              IsEmpty());
}

TEST(Hygiene, APlantedRegistryInALockfileIsFound) {
  const std::string line = "      \"resolved\": \"https://registry.example/a.tgz\",\n";
  EXPECT_THAT(registry_places({{"a/package-lock.json", line}, {"package-lock.json", line}}), SizeIs(2));
  EXPECT_THAT(registry_places({{"a/package-lock.json", "\"integrity\": \"x\"\n"}, {"a/b.json", line}}), IsEmpty());
}

TEST(Hygiene, PlantedSleepsAreFoundAndTheWordInACommentIsNot) {
  EXPECT_THAT(sleeps({{"tests/a.cc", "std::this_thread::sleep_for(1s);\nusleep(5);\n::sleep(1);\n"}}), SizeIs(3));
  EXPECT_THAT(sleeps({{"tests/a.cc", "// no sleep_for(1s) here\nasleep(x);\n"}}), IsEmpty());
}

TEST(Hygiene, ATestThatNoBuildFileNamesIsFound) {
  const std::vector<SourceFile> tree = {{"tests/unit/CMakeLists.txt", "enishi_test(x SOURCES core/named_test.cc)\n"},
                                        {"tests/unit/core/named_test.cc", ""},
                                        {"tests/unit/core/forgotten_test.cc", ""}};
  EXPECT_EQ(listed(forgotten_tests(tree)), "tests/unit/core/forgotten_test.cc: no CMakeLists.txt names this test\n");
}

TEST(House, NoFileHoldsAPathOfAMachine) { EXPECT_EQ(listed(machine_paths(read_tree(""))), ""); }

TEST(House, NoLooseEnds) { EXPECT_EQ(listed(loose_ends(read_tree(""))), ""); }

TEST(House, NoLockfileNamesARegistry) { EXPECT_EQ(listed(registry_places(read_tree(""))), ""); }

TEST(House, NoTestSleeps) { EXPECT_EQ(listed(sleeps(read_tree("tests"))), ""); }

TEST(House, NoTestIsForgotten) { EXPECT_EQ(listed(forgotten_tests(read_tree("tests"))), ""); }

}  // namespace
}  // namespace enishi::house
