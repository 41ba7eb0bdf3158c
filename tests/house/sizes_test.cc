#include "house/sizes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "house/text.h"

namespace enishi::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string lines(int count, const std::string& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line + "\n";
  return text;
}

std::vector<SourceFile> all_cpp() {
  std::vector<SourceFile> files;
  for (const auto* top : {"server", "clients", "tests"}) {
    for (auto& file : cpp_only(read_tree(top))) files.push_back(std::move(file));
  }
  return files;
}

TEST(BareCode, KeepsPlacesAndLosesWhatOnlyLooksLikeCode) {
  const std::string source =
      "int a = 1'000; // {\nchar c = '{'; /* { \n { */ auto s = \"}\\\"}\";\nauto r = R\"x({)\")x\";\n#define B {\n";
  const auto code = bare_code(source, Preprocessor::blank);
  EXPECT_EQ(code.size(), source.size());
  EXPECT_EQ(line_count(code), line_count(source));
  EXPECT_EQ(code.find('{'), std::string::npos);
  EXPECT_EQ(code.find('}'), std::string::npos);
  EXPECT_NE(code.find("1'000"), std::string::npos);
}

TEST(Functions, AreFoundWithTheirLengths) {
  const auto found = functions_of(
      "namespace a {\n"
      "struct B {\n"
      "  int c() const { return 1; }\n"
      " private:\n"
      "  B(int d) : d_{d}, e_(d) {\n"
      "    if (d) {\n"
      "      f([] { return 2; });\n"
      "    }\n"
      "  }\n"
      "};\n"
      "const std::vector<int> kTable = {\n"
      "  1, 2};\n"
      "template <class T>\n"
      "auto g(T t) -> int {\n"
      "  return t;\n"
      "}\n"
      "}\n");
  std::vector<int> firsts;
  for (const auto& function : found) firsts.push_back(function.first);
  // The member initializer d_{d} counts as an end of its head; the body has the rest.
  EXPECT_THAT(firsts, ElementsAre(3, 5, 5, 13));
  EXPECT_EQ(found[2].last, 9);
  EXPECT_EQ(found[3].lines(), 4);
}

TEST(Sizes, AHeaderASourceAndAFunctionThatAreTooLongAreFaults) {
  EXPECT_THAT(oversized({{"server/a/a.h", lines(kHeaderLinesMax, "int x;")}}), IsEmpty());
  EXPECT_THAT(oversized({{"server/a/a.h", lines(kHeaderLinesMax + 1, "int x;")}}), SizeIs(1));
  EXPECT_THAT(oversized({{"server/a/a.cc", lines(kSourceLinesMax, "int x;")}}), IsEmpty());
  EXPECT_THAT(oversized({{"server/a/a.cc", lines(kSourceLinesMax + 1, "int x;")}}), SizeIs(1));
  EXPECT_THAT(oversized({{"server/a/a.cc", "int f() {\n" + lines(kFunctionLinesMax - 2, "g();") + "}\n"}}), IsEmpty());
  const auto faults = oversized({{"server/a/a.cc", "\nint f() {\n" + lines(kFunctionLinesMax - 1, "g();") + "}\n"}});
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_EQ(faults.front().line, 2);
}

TEST(Sizes, ACrowdedFolderIsAFault) {
  std::vector<SourceFile> files;
  for (int i = 0; i < kFolderFilesMax; ++i) files.push_back({"server/a/f" + std::to_string(i) + ".h", ""});
  files.push_back({"server/a/b/deeper.h", ""});
  EXPECT_THAT(crowded_folders(files), IsEmpty());
  files.push_back({"server/a/one_more.h", ""});
  EXPECT_EQ(listed(crowded_folders(files)), "server/a: 21 files, at most 20\n");
}

TEST(House, NothingIsTooLong) {
  const auto files = all_cpp();
  ASSERT_THAT(files, Not(IsEmpty()));
  EXPECT_EQ(listed(oversized(files)), "");
}

TEST(House, NoFolderIsCrowded) {
  std::vector<SourceFile> files;
  for (const auto* top : {"server", "clients", "tests", "proto"}) {
    for (auto& file : read_tree(top)) files.push_back(std::move(file));
  }
  ASSERT_THAT(files, Not(IsEmpty()));
  EXPECT_EQ(listed(crowded_folders(files)), "");
}

TEST(House, TheReferenceModelStaysSmall) {
  int total = 0;
  for (const auto& file : cpp_only(read_tree("tests/model"))) total += line_count(file.text);
  EXPECT_LE(total, kModelLinesMax);
}

}  // namespace
}  // namespace enishi::house
