// The files of the web client, in memory.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::transport {

/// One file in the forms in which it is sent.
struct SiteFile {
  struct Form {
    std::string bytes;
    std::string etag;  ///< strong, in its quotes; each form has one of its own. Empty: this form is not there
    [[nodiscard]] bool is_there() const noexcept { return !etag.empty(); }
  };
  std::string content_type;
  std::string_view caching;  ///< value of Cache-Control
  Form plain;                ///< always there
  Form gzip;                 ///< only if smaller than `plain`
  Form brotli;
};

/// Everything that may be asked for, by path. Built once and never changed, so that a request is one look-up of its
/// path as it was sent: nothing is decoded, joined or opened, and what is not in the table is not there. Any thread.
class Site {
 public:
  struct Loaded;
  /// Reads a directory and what is below it: at most 2000 files and 64 MiB. FILE.gz and FILE.br become forms of FILE.
  /// Left out: names that begin with a dot or hold more than letters, digits and ._- and links and whatever is no file.
  [[nodiscard]] static Loaded load(const std::string& directory);
  /// The same of files that are here: path from the root ("assets/app.js") -> bytes.
  [[nodiscard]] static std::shared_ptr<const Site> make(std::map<std::string, std::string> files);

  /// `path` begins with '/'; "/" is index.html. Null: there is none.
  [[nodiscard]] const SiteFile* find(std::string_view path) const noexcept;
  [[nodiscard]] std::size_t file_count() const noexcept { return files_.size(); }
  /// In all forms.
  [[nodiscard]] std::size_t byte_count() const noexcept;

 private:
  Site() = default;
  std::map<std::string, SiteFile, std::less<>> files_;
};

struct Site::Loaded {
  std::shared_ptr<const Site> site;   ///< null: see `problem`
  std::string problem;                ///< for the operator, with the directory's name
  std::vector<std::string> warnings;  ///< what was left out, one line each
};

}  // namespace enishi::transport
