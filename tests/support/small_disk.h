// A disk that can be full.
#pragma once

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "support/temp_dir.h"

namespace enishi::test {

/// A file system of two megabytes, where this process may make one. Its owner ends whoever uses it first.
class SmallDisk {
 public:
  SmallDisk() {
    mounted_ = mkdir(path().c_str(), 0700) == 0 && mount("tmpfs", path().c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool is_mounted() const { return mounted_; }
  [[nodiscard]] std::string path() const { return dir_ / "disk"; }
  /// Takes all that is free.
  void fill() const {
    std::ofstream out(path() + "/filler", std::ios::binary);
    const std::string block(4096, 'f');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void clear() const { unlink((path() + "/filler").c_str()); }

 private:
  TempDir dir_;
  bool mounted_ = false;
};

}  // namespace enishi::test
