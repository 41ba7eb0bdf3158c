// A directory that is gone when the test is over.
#pragma once

#include <filesystem>
#include <string>

namespace enishi::test {

/// Makes an empty directory (0700) where temporary files belong; removes it with all that is in it.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// `name` inside it, as text.
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// Writes a file inside it and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

/// The bytes of a file; empty when it is not there.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace enishi::test
