#include "transport/site/site.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/error.h"

namespace enishi::transport {

namespace {

namespace fs = std::filesystem;

// A built client has some thirty files and less than 1 MiB; more than this is another directory by mistake.
constexpr std::size_t kFilesMax = 2000;
constexpr std::size_t kBytesMax = 64 * 1024 * 1024;

constexpr std::string_view kGzip = ".gz", kBrotli = ".br";

std::string_view type_of(std::string_view path) noexcept {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".webp", "image/webp"},
      {".jpg", "image/jpeg"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

// The page names the hashed files of its build: it is asked for each time, they never change. What has a name for ever
// (service worker, manifest, icons) is asked for again, and mostly answered with 304.
std::string_view caching_of(std::string_view path) noexcept {
  if (path.ends_with(".html")) return "no-store";
  return path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

std::string digest_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  unsigned size = 0;
  const int is_done = EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr);
  ENISHI_ASSERT(is_done == 1 && size == hash.size());
  constexpr std::size_t kBytes = 16;  // no two files of ours will meet by chance
  std::string text;
  for (std::size_t i = 0; i < kBytes; ++i)
    for (const int shift : {4, 0}) text += "0123456789abcdef"[(hash[i] >> shift) & 0xF];
  return text;
}

bool is_plain_name(std::string_view name) noexcept {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.front() != '.' && name.find_first_not_of(kLetters) == std::string_view::npos;
}

bool read_bytes(const fs::path& file, std::string& into) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) return false;
  into.assign(std::istreambuf_iterator<char>(in), {});
  return !in.bad();
}

/// Walks one directory. `problem` says why it ended early.
class Walk {
 public:
  std::map<std::string, std::string> files;
  std::vector<std::string> left_out;
  std::string problem;

  void enter(const fs::path& folder, const std::string& prefix) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end && problem.empty();
         entry.increment(error))
      take(*entry, prefix + entry->path().filename().string());
    if (error && problem.empty()) problem = folder.string() + " cannot be read: " + error.message();
  }

 private:
  void take(const fs::directory_entry& entry, const std::string& path) {
    std::error_code error;
    const auto kind = entry.symlink_status(error).type();
    if (error || !is_plain_name(entry.path().filename().string())) return left_out.push_back(path);
    if (kind == fs::file_type::directory) return enter(entry.path(), path + "/");
    if (kind != fs::file_type::regular) return left_out.push_back(path);
    std::string bytes;
    if (files.size() == kFilesMax || entry.file_size(error) > kBytesMax - bytes_ || error) {
      problem = "holds more than " + std::to_string(kFilesMax) + " files or " + std::to_string(kBytesMax >> 20) +
                " MiB: this is no web client";
    } else if (!read_bytes(entry.path(), bytes)) {
      problem = "its file " + path + " cannot be read";
    } else {
      bytes_ += std::min(bytes.size(), kBytesMax - bytes_);
      files.emplace(path, std::move(bytes));
    }
  }

  std::size_t bytes_ = 0;
};

}  // namespace

Site::Loaded Site::load(const std::string& directory) {
  Loaded loaded;
  std::error_code error;
  // The directory itself may be a link; what is in it may not lead out of it.
  const auto root = fs::canonical(directory, error);
  if (error || !fs::is_directory(root, error)) {
    loaded.problem = directory + " is no directory";
    return loaded;
  }
  Walk walk;
  walk.enter(root, "");
  for (const auto& path : walk.left_out) loaded.warnings.push_back(directory + ": " + path + " is not served");
  if (walk.problem.empty() && !walk.files.contains("index.html")) walk.problem = "holds no index.html";
  if (walk.problem.empty())
    loaded.site = make(std::move(walk.files));
  else
    loaded.problem = directory + ": " + walk.problem;
  return loaded;
}

std::shared_ptr<const Site> Site::make(std::map<std::string, std::string> files) {
  const std::shared_ptr<Site> site(new Site);
  const auto is_form = [&](const std::string& path) {
    return (path.ends_with(kGzip) || path.ends_with(kBrotli)) && files.contains(path.substr(0, path.size() - 3));
  };
  for (auto& [name, bytes] : files) {
    if (is_form(name)) continue;
    SiteFile file;
    const std::string path = "/" + name;
    file.content_type = type_of(path);
    file.caching = caching_of(path);
    const std::string digest = digest_of(bytes);
    const auto take_form = [&, size = bytes.size()](SiteFile::Form& form, std::string_view ending) {
      const auto found = files.find(name + std::string(ending));
      if (found == files.end() || found->second.size() >= size) return;
      form.bytes = std::move(found->second);
      form.etag = "\"" + digest + "-" + std::string(ending.substr(1)) + "\"";
    };
    take_form(file.gzip, kGzip);
    take_form(file.brotli, kBrotli);
    file.plain.etag = "\"" + digest + "\"";
    file.plain.bytes = std::move(bytes);
    site->files_.emplace(path, std::move(file));
  }
  return site;
}

const SiteFile* Site::find(std::string_view path) const noexcept {
  const auto found = files_.find(path == "/" ? std::string_view("/index.html") : path);
  return found == files_.end() ? nullptr : &found->second;
}

std::size_t Site::byte_count() const noexcept {
  std::size_t sum = 0;
  for (const auto& [path, file] : files_)
    sum += file.plain.bytes.size() + file.gzip.bytes.size() + file.brotli.bytes.size();
  return sum;
}

}  // namespace enishi::transport
