// What each command is called, how it is used, what it does: the texts of --help and of wrong usage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace enishi::cli {

struct HelpEntry {
  std::string_view name;      ///< "group add"
  std::string_view usage;     ///< its words after the name
  std::string_view summary;   ///< one line
  std::string_view examples;  ///< lines; may be empty
};

/// In the order in which a newcomer meets them.
[[nodiscard]] const std::vector<HelpEntry>& help_entries();
/// Null: there is no such command.
[[nodiscard]] const HelpEntry* find_help(std::string_view name);
/// The page of `enishi --help`.
[[nodiscard]] std::string general_help();
/// The known name that is nearest to a mistyped one; empty when none is near.
[[nodiscard]] std::string nearest_command(std::string_view typed);

}  // namespace enishi::cli
