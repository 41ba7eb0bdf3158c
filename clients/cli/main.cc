// enishi: standard streams and exit codes. Everything else is in the rooms.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/show/streams.h"

namespace enishi::cli {
namespace {

int end(Printer& printer, const Failure& failure) {
  printer.fail(failure);
  return static_cast<int>(failure.exit);
}

int run(const std::vector<std::string>& words) {
  Printer early(wants_json(words), stdout, stderr);
  const auto parsed = parse_arguments(words);
  if (!parsed) return end(early, parsed.error());
  if (!parsed->help.empty()) {
    early.text(parsed->help);
    return early.has_lost() ? end(early, output_failure()) : static_cast<int>(Exit::done);
  }
  const auto& options = parsed->options;
  Printer printer(options.json, stdout, stderr);
  Context context{options, printer, {}};
  const auto& all = commands();
  const auto command = std::ranges::find(all, options.command, &Command::name);
  ENISHI_ASSERT(command != all.end());
  const auto outcome = command->run(context);
  if (!outcome) return end(printer, outcome.error());
  return printer.has_lost() ? end(printer, output_failure()) : static_cast<int>(Exit::done);
}

}  // namespace
}  // namespace enishi::cli

int main(int argc, char** argv) {
  enishi::cli::hold_standard_streams();
  return enishi::cli::run({argv + 1, argv + argc});
}
