#include "house/tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace enishi::house {
namespace {

namespace fs = std::filesystem;

bool is_skipped_folder(const std::string& path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return path == "build" || path == "var" || name == "node_modules" || (name.front() == '.' && name != ".ci");
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_text(const std::string& text) { return text.find('\0') == std::string::npos; }

void collect(const fs::path& root, const fs::path& folder, std::vector<SourceFile>& into) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto path = fs::relative(entry.path(), root).generic_string();
    if (entry.is_symlink()) continue;
    if (entry.is_directory()) {
      if (!is_skipped_folder(path)) collect(root, entry.path(), into);
      continue;
    }
    auto text = read(entry.path());
    if (is_text(text)) into.push_back({path, std::move(text)});
  }
}

}  // namespace

std::vector<SourceFile> read_tree(const std::string& top) {
  const fs::path root = ENISHI_SOURCE_TREE;
  std::vector<SourceFile> files;
  const auto start = top.empty() ? root : root / top;
  if (fs::is_regular_file(start)) {
    files.push_back({top, read(start)});
  } else if (fs::is_directory(start)) {
    collect(root, start, files);
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<SourceFile> cpp_only(const std::vector<SourceFile>& files) {
  std::vector<SourceFile> kept;
  std::ranges::copy_if(files, std::back_inserter(kept),
                       [](const SourceFile& file) { return is_header(file.path) || ends_with(file.path, ".cc"); });
  return kept;
}

bool is_header(const std::string& path) { return ends_with(path, ".h"); }

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

std::string listed(const std::vector<Fault>& faults) {
  std::ostringstream out;
  for (const auto& fault : faults) {
    out << fault.path;
    if (fault.line != 0) out << ':' << fault.line;
    out << ": " << fault.what << '\n';
  }
  return out.str();
}

}  // namespace enishi::house
