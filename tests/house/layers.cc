#include "house/layers.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <regex>
#include <set>

#include "house/text.h"

namespace enishi::house {
namespace {

struct Include {
  int line = 0;
  bool quoted = false;
  std::string name;
};

std::vector<Include> includes_of(const std::string& text) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  std::vector<Include> found;
  int number = 0;
  for (const auto& line : lines_of(text)) {
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, kInclude)) found.push_back({number, match[1] == "\"", match[2]});
  }
  return found;
}

/// The rule for a file, or nullptr.
const Layer* layer_of(const std::string& path, const std::vector<Layer>& table) {
  const Layer* best = nullptr;
  for (const auto& layer : table) {
    if (starts_with(path, layer.folder + "/") && (!best || layer.folder.size() > best->folder.size())) best = &layer;
  }
  return best;
}

bool any_start(const std::vector<std::string>& starts, const std::string& name) {
  return std::ranges::any_of(starts, [&](const std::string& start) { return starts_with(name, start); });
}

/// Standard C++ headers have neither a folder nor a dot.
bool is_standard(const std::string& name) { return name.find_first_of("/.") == std::string::npos; }

bool is_system(const std::string& name) {
  static const std::set<std::string> kNames = {"unistd.h", "fcntl.h", "pthread.h", "poll.h",    "netdb.h", "termios.h",
                                               "signal.h", "errno.h", "dirent.h",  "syslog.h",  "spawn.h", "sched.h",
                                               "pwd.h",    "grp.h",   "malloc.h",  "langinfo.h"};
  return kNames.contains(name) || starts_with(name, "sys/") || starts_with(name, "linux/") ||
         starts_with(name, "netinet/") || starts_with(name, "arpa/") || starts_with(name, "net/");
}

/// Why this include is not allowed; empty when it is.
std::string refusal(const Include& include, const Layer& layer) {
  const auto& name = include.name;
  if (is_standard(name)) {
    if (std::ranges::find(layer.never, name) == layer.never.end()) return {};
    return layer.folder + " is pure and may not include <" + name + ">";
  }
  if (is_system(name))
    return layer.system ? std::string{} : layer.folder + " may not include the system's <" + name + ">";
  if (any_start(layer.libraries, name)) return {};
  if (include.quoted && any_start(layer.ours, name)) return {};
  if (include.quoted && name.find('/') == std::string::npos) {
    return "\"" + name + "\": write includes from the folder that holds the room";
  }
  return layer.folder + " may not include " + name;
}

bool is_network(const std::string& name) { return starts_with(name, "boost/asio") || starts_with(name, "boost/beast"); }

/// The layer that an include of ours leads to, or nullptr for what is not ours.
const Layer* target_of(const std::string& include, const std::vector<Layer>& table) {
  for (const auto* top : {"server/", "clients/"}) {
    const auto* layer = layer_of(top + include, table);
    if (layer) return layer;
  }
  return nullptr;
}

using Graph = std::map<std::string, std::set<std::string>>;

/// Depth first; `way` is the path from the start. Adds the first circle found from each room.
void walk(const Graph& graph, const std::string& room, std::vector<std::string>& way, std::set<std::string>& done,
          std::vector<Fault>& faults) {
  const auto seen = std::ranges::find(way, room);
  if (seen != way.end()) {
    std::string circle;
    for (auto step = seen; step != way.end(); ++step) circle += *step + " -> ";
    faults.push_back({room, 0, "includes in a circle: " + circle + room});
    return;
  }
  if (done.contains(room)) return;
  way.push_back(room);
  if (const auto next = graph.find(room); next != graph.end()) {
    for (const auto& other : next->second) walk(graph, other, way, done, faults);
  }
  way.pop_back();
  done.insert(room);
}

}  // namespace

std::vector<Fault> forbidden_includes(const std::vector<SourceFile>& files, const std::vector<Layer>& table) {
  std::vector<Fault> faults;
  for (const auto& file : files) {
    const auto* layer = layer_of(file.path, table);
    if (!layer) {
      if (!starts_with(file.path, "tests/")) faults.push_back({file.path, 0, "no layer rule for this folder"});
      continue;
    }
    for (const auto& include : includes_of(file.text)) {
      if (auto why = refusal(include, *layer); !why.empty())
        faults.push_back({file.path, include.line, std::move(why)});
    }
  }
  return faults;
}

std::vector<Fault> second_network_files(const std::vector<SourceFile>& files) {
  std::vector<Fault> faults;
  std::map<std::string, std::string> first_of;  // by client
  for (const auto& file : files) {
    if (!starts_with(file.path, "clients/")) continue;
    const auto client = file.path.substr(0, file.path.find('/', sizeof("clients/") - 1));
    for (const auto& include : includes_of(file.text)) {
      if (!is_network(include.name)) continue;
      const auto& first = first_of.try_emplace(client, file.path).first->second;
      if (file.path != first) {
        faults.push_back({file.path, include.line, "only one file of a client may see Asio or Beast: " + first});
      }
      break;
    }
  }
  return faults;
}

std::vector<Fault> include_cycles(const std::vector<SourceFile>& files, const std::vector<Layer>& table) {
  Graph graph;
  for (const auto& file : files) {
    const auto* from = layer_of(file.path, table);
    if (!from) continue;
    for (const auto& include : includes_of(file.text)) {
      const auto* to = include.quoted ? target_of(include.name, table) : nullptr;
      if (to && to != from) graph[from->folder].insert(to->folder);
    }
  }
  std::vector<Fault> faults;
  std::set<std::string> done;
  std::vector<std::string> way;
  for (const auto& [room, others] : graph) walk(graph, room, way, done, faults);
  return faults;
}

std::vector<Fault> impure_words(const std::vector<SourceFile>& files) {
  static const std::array<std::regex, 4> kWords = {
      std::regex(R"(::now\s*\()"),
      std::regex(R"(\bstd::(jthread|thread|mutex|atomic|random_device|mt19937\w*|cout|cerr|clog|async)\b)"),
      std::regex(R"(\b(getenv|srand|rand|getrandom|clock_gettime|gettimeofday|printf|fopen|thread_local)\b)"),
      std::regex(R"(\b(asio|beast|protobuf|spdlog)::)")};
  std::vector<Fault> faults;
  for (const auto& file : files) {
    int number = 0;
    for (const auto& line : lines_of(bare_code(file.text, Preprocessor::blank))) {
      ++number;
      for (const auto& word : kWords) {
        std::smatch match;
        if (std::regex_search(line, match, word)) faults.push_back({file.path, number, "core is pure: " + match.str()});
      }
    }
  }
  return faults;
}

}  // namespace enishi::house
