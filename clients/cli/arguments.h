// From words to options.
#pragma once

#include <string>
#include <vector>

#include "cli/failure.h"
#include "cli/options.h"

namespace enishi::cli {

/// Words that make sense: options, or (help not empty) a text to print instead.
struct Parsed {
  Options options;
  std::string help;
};

/// `words`: without the program's name. Global options may stand before and after the command. In `send` a text may
/// begin with a dash; elsewhere after "--". Errors: USAGE.
[[nodiscard]] Outcome<Parsed> parse_arguments(const std::vector<std::string>& words);
/// True when --json is among the options: also a wrong usage is then told as JSON.
[[nodiscard]] bool wants_json(const std::vector<std::string>& words);
/// $XDG_DATA_HOME/enishi/default, else ~/.local/share/enishi/default; empty when neither variable is set.
[[nodiscard]] std::string default_profile();

}  // namespace enishi::cli
