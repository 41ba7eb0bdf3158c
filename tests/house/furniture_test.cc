// Each room of server/ and clients/ has the same furniture: a short README.md, a target and a namespace of its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

#include "house/sizes.h"
#include "house/text.h"
#include "house/tree.h"

namespace enishi::house {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kReadmeLinesMax = 12;

/// The name of a room's target and namespace: its folder's, but for the client library.
std::string name_of(const std::string& room) {
  return room == "clients/cpp" ? "client" : room.substr(room.rfind('/') + 1);
}

std::set<std::string> rooms_of(const std::vector<SourceFile>& files) {
  static const std::regex kRoom("^((server|clients)/[a-z_]+)/");
  std::set<std::string> rooms;
  for (const auto& file : cpp_only(files)) {
    std::smatch match;
    if (std::regex_search(file.path, match, kRoom)) rooms.insert(match[1]);
  }
  return rooms;
}

std::string text_of(const std::vector<SourceFile>& files, const std::string& path) {
  for (const auto& file : files) {
    if (file.path == path) return file.text;
  }
  return {};
}

std::string in_lower_case(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::vector<Fault> readme_faults(const std::vector<SourceFile>& files) {
  std::vector<Fault> faults;
  for (const auto& room : rooms_of(files)) {
    const auto path = room + "/README.md";
    const auto text = text_of(files, path);
    if (text.empty()) {
      faults.push_back({path, 0, "missing"});
      continue;
    }
    if (line_count(text) > kReadmeLinesMax) faults.push_back({path, 0, "more than 12 lines"});
    for (const auto* part : {"purpose", "owner thread", "includes", "included by"}) {
      if (in_lower_case(text).find(part) == std::string::npos) {
        faults.push_back({path, 0, std::string("does not say \"") + part + "\""});
      }
    }
  }
  return faults;
}

/// A library of the folder's or the namespace's name, or the program that the room is.
std::vector<Fault> target_faults(const std::vector<SourceFile>& files) {
  std::vector<Fault> faults;
  for (const auto& room : rooms_of(files)) {
    const auto name = name_of(room);
    const auto program = room == "clients/cli" ? "|add_executable\\(enishi\\b" : "";
    const std::regex made("(enishi_room\\(|add_library\\(enishi_|add_library\\(enishi::)" + name + "\\b" + program);
    const auto path = room + "/CMakeLists.txt";
    if (!std::regex_search(text_of(files, path), made)) faults.push_back({path, 0, "no target enishi_" + name});
  }
  return faults;
}

/// `code` without the blocks that only announce types of other rooms.
std::string without_announcements(const std::string& code) {
  static const std::regex kBlock(R"(namespace [a-z_:]+ \{\s*((class|struct|enum class) \w+( : [\w:]+)?;\s*)+\})");
  std::string rest;
  auto from = code.cbegin();
  for (std::sregex_iterator block(code.begin(), code.end(), kBlock), end; block != end; ++block) {
    rest.append(from, (*block)[0].first);
    const auto text = block->str();
    rest.append(static_cast<std::size_t>(std::ranges::count(text, '\n')), '\n');
    from = (*block)[0].second;
  }
  return rest.append(from, code.cend());
}

std::vector<Fault> namespace_faults(const std::vector<SourceFile>& files) {
  static const std::regex kNamespace(R"(^(?:inline )?namespace (enishi[A-Za-z_:]*) \{)");
  static const std::regex kRoom("^((server|clients)/[a-z_]+)/");
  std::vector<Fault> faults;
  for (const auto& file : cpp_only(files)) {
    std::smatch room;
    if (!std::regex_search(file.path, room, kRoom)) continue;
    const auto own = "enishi::" + name_of(room[1]);
    int number = 0;
    for (const auto& line : lines_of(without_announcements(bare_code(file.text, Preprocessor::keep)))) {
      ++number;
      std::smatch match;
      if (!std::regex_search(line, match, kNamespace)) continue;
      const std::string found = match[1];
      if (found != own && !starts_with(found, own + "::")) {
        faults.push_back({file.path, number, "namespace " + found + " in the room of " + own});
      }
    }
  }
  return faults;
}

/// Files that a page names in backquotes, from the tree's root and with an ending, but that are not there.
std::vector<Fault> stale_names(const SourceFile& page, const std::vector<SourceFile>& tree) {
  static const std::regex kName("`((server|clients|tests|proto|config|deploy|cmake)/[a-z0-9_/.]+\\.[a-z]+)`");
  std::vector<Fault> faults;
  int number = 0;
  for (const auto& line : lines_of(page.text)) {
    ++number;
    for (std::sregex_iterator name(line.begin(), line.end(), kName), end; name != end; ++name) {
      const auto path = (*name)[1].str();
      if (std::ranges::find(tree, path, &SourceFile::path) != tree.end()) continue;
      faults.push_back({page.path, number, "names " + path + ", which is not there"});
    }
  }
  return faults;
}

std::vector<SourceFile> rooms() {
  auto files = read_tree("server");
  for (auto& file : read_tree("clients")) files.push_back(std::move(file));
  return files;
}

TEST(Furniture, AMissingAnOverlongAndASilentReadmeAreFaults) {
  const SourceFile code{"server/core/a.h", ""};
  const std::string good = "# server/core\nPurpose: x\nOwner thread: x\nIncludes: x\nIncluded by: x\n";
  EXPECT_THAT(readme_faults({code, {"server/core/README.md", good}}), IsEmpty());
  EXPECT_THAT(readme_faults({code}), SizeIs(1));
  EXPECT_THAT(readme_faults({code, {"server/core/README.md", good + std::string(20, '\n')}}), SizeIs(1));
  EXPECT_THAT(readme_faults({code, {"server/core/README.md", "# server/core\nPurpose: x\n"}}), SizeIs(3));
}

TEST(Furniture, AnotherNameForTargetOrNamespaceIsAFault) {
  const SourceFile code{"server/core/a.h", "namespace enishi::utils {\n"};
  EXPECT_THAT(target_faults({code, {"server/core/CMakeLists.txt", "enishi_room(core\n"}}), IsEmpty());
  EXPECT_THAT(target_faults({code, {"server/core/CMakeLists.txt", "enishi_room(heart\n"}}), SizeIs(1));
  EXPECT_THAT(namespace_faults({code}), SizeIs(1));
  EXPECT_THAT(namespace_faults({{"server/core/a.h", "namespace enishi::core {\nnamespace {\nnamespace std {\n"}}),
              IsEmpty());
}

TEST(Furniture, APageThatNamesAFileWhichIsGoneIsAFault) {
  const SourceFile page{"ARCHITECTURE.md",
                        "| x | `server/core/a.cc`, `server/core/gone.cc` |\nsee `server/core/*.cc`\n"};
  EXPECT_EQ(listed(stale_names(page, {{"server/core/a.cc", ""}})),
            "ARCHITECTURE.md:1: names server/core/gone.cc, which is not there\n");
}

TEST(House, ThePathOfAMessageNamesFilesThatAreThere) {
  const auto tree = read_tree("");
  for (const auto& page : tree) {
    if (page.path == "ARCHITECTURE.md" || page.path == "README.md") {
      EXPECT_EQ(listed(stale_names(page, tree)), "");
    }
  }
}

TEST(House, EachRoomHasItsReadme) {
  ASSERT_THAT(rooms_of(rooms()), Not(IsEmpty()));
  EXPECT_EQ(listed(readme_faults(rooms())), "");
}

TEST(House, EachRoomIsATarget) { EXPECT_EQ(listed(target_faults(rooms())), ""); }

TEST(House, EachRoomIsANamespace) { EXPECT_EQ(listed(namespace_faults(rooms())), ""); }

}  // namespace
}  // namespace enishi::house
