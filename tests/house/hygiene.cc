#include "house/hygiene.h"

#include <algorithm>
#include <iterator>
#include <regex>

#include "house/text.h"

namespace enishi::house {
namespace {

std::vector<Fault> matches(const std::vector<SourceFile>& files, const std::regex& wrong, const std::string& what) {
  std::vector<Fault> faults;
  for (const auto& file : files) {
    int number = 0;
    for (const auto& line : lines_of(file.text)) {
      ++number;
      std::smatch match;
      if (std::regex_search(line, match, wrong)) faults.push_back({file.path, number, what + ": " + match.str()});
    }
  }
  return faults;
}

bool is_listed(const SourceFile& test, const std::vector<SourceFile>& tree) {
  const auto name = test.path.substr(test.path.rfind('/') + 1);
  return std::ranges::any_of(tree, [&](const SourceFile& file) {
    const auto folder = folder_of(file.path);
    return file.path == folder + "/CMakeLists.txt" && starts_with(test.path, folder + "/") &&
           (file.text.find(name) != std::string::npos || file.text.find("GLOB") != std::string::npos);
  });
}

}  // namespace

// The literals are in pieces, so that this file does not hold what it looks for.
std::vector<Fault> machine_paths(const std::vector<SourceFile>& files) {
  static const std::regex kWrong(
      "(^|[\\s\"'`(=:])/(wo"
      "rk|ho"
      "me|ro"
      "ot|Us"
      "ers)/[A-Za-z0-9._-]+");
  return matches(files, kWrong, "a path of one machine");
}

std::vector<Fault> loose_ends(const std::vector<SourceFile>& files) {
  static const std::regex kWrong(
      "\\b(FIX"
      "ME|XX"
      "X|HA"
      "CK)\\b|\\bTO"
      "DO\\b(?!\\([a-z_]+, #?[0-9]+\\))");
  return matches(files, kWrong, "a loose end without a person and an issue");
}

std::vector<Fault> registry_places(const std::vector<SourceFile>& files) {
  static const std::regex kWrong("\"resolved\": *\"http");
  std::vector<SourceFile> locks;
  std::ranges::copy_if(files, std::back_inserter(locks), [](const SourceFile& file) {
    return file.path.substr(file.path.rfind('/') + 1) == "package-lock.json";
  });
  return matches(locks, kWrong, "a lockfile that names a registry (npm: omit-lockfile-registry-resolved)");
}

std::vector<Fault> sleeps(const std::vector<SourceFile>& test_files) {
  static const std::regex kWrong(R"(\b(sleep_for|sleep_until|usleep|nanosleep|clock_nanosleep|sleep)\s*\()");
  std::vector<SourceFile> bare;
  for (const auto& file : cpp_only(test_files)) bare.push_back({file.path, bare_code(file.text, Preprocessor::keep)});
  return matches(bare, kWrong, "a test waits for a condition, not for time");
}

std::vector<Fault> forgotten_tests(const std::vector<SourceFile>& test_tree) {
  static const std::string kEnd = "_test.cc";
  std::vector<Fault> faults;
  for (const auto& file : test_tree) {
    const auto& path = file.path;
    const bool is_test = path.size() > kEnd.size() && path.compare(path.size() - kEnd.size(), kEnd.size(), kEnd) == 0;
    if (is_test && !is_listed(file, test_tree)) faults.push_back({path, 0, "no CMakeLists.txt names this test"});
  }
  return faults;
}

}  // namespace enishi::house
