// The direction of includes: who may see whom.
#pragma once

#include <string>
#include <vector>

#include "house/tree.h"

namespace enishi::house {

/// What the files below one folder may include. The longest folder that fits a file decides.
struct Layer {
  std::string folder;             ///< from the root of the tree: "server/core"
  std::vector<std::string> ours;  ///< starts of our own includes: "core/" a whole room, "storage/store.h" one header
  std::vector<std::string> libraries;   ///< starts of third-party includes: "boost/asio/", "sqlite3.h"
  bool system = false;                  ///< headers of the C library and of Linux beyond std: <unistd.h>, <sys/...>
  std::vector<std::string> never = {};  ///< standard headers that are refused all the same
};

/// The rules of this house.
[[nodiscard]] const std::vector<Layer>& layer_table();

/// Includes that no rule allows, and files in server/ and clients/ for which there is no rule.
[[nodiscard]] std::vector<Fault> forbidden_includes(const std::vector<SourceFile>& files,
                                                    const std::vector<Layer>& table);

/// Files of a client with Asio or Beast beyond the first: in each, one file waits for the world and the rest is sans
/// I/O.
[[nodiscard]] std::vector<Fault> second_network_files(const std::vector<SourceFile>& files);

/// Rooms that include each other in a circle, by the includes that are there; "a -> b -> a".
[[nodiscard]] std::vector<Fault> include_cycles(const std::vector<SourceFile>& files, const std::vector<Layer>& table);

/// What core's text must not name even where no include shows it: clocks, threads, randomness, input and output.
[[nodiscard]] std::vector<Fault> impure_words(const std::vector<SourceFile>& files);

}  // namespace enishi::house
