// Small habits: what no file of the tree may hold.
#pragma once

#include <string>
#include <vector>

#include "house/tree.h"

namespace enishi::house {

/// Absolute paths into somebody's home or work folder.
[[nodiscard]] std::vector<Fault> machine_paths(const std::vector<SourceFile>& files);

/// Notes to do something later that name no person and no issue: allowed is the word with (name, number).
[[nodiscard]] std::vector<Fault> loose_ends(const std::vector<SourceFile>& files);

/// Lockfiles of npm that say where their packages came from: that is a setting of the machine that made them.
[[nodiscard]] std::vector<Fault> registry_places(const std::vector<SourceFile>& files);

/// Sleeping in tests: a test waits for a condition. Nothing is exempt.
[[nodiscard]] std::vector<Fault> sleeps(const std::vector<SourceFile>& test_files);

/// Test sources (*_test.cc) that no CMakeLists.txt of their folder or one above names: they would never run.
[[nodiscard]] std::vector<Fault> forgotten_tests(const std::vector<SourceFile>& test_tree);

}  // namespace enishi::house
