// Loaded before the C library (LD_PRELOAD): while the file named by ENISHI_FAIL_SYNC is there, every flush fails once
// it is asked for, as a dying disk does. For tests with the real binary only.
#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

bool disk_is_dying() {
  const char* file = std::getenv("ENISHI_FAIL_SYNC");
  return file && access(file, F_OK) == 0;
}

using Flush = int (*)(int);

int flush(const char* name, int fd) {
  if (disk_is_dying()) {
    errno = EIO;
    return -1;
  }
  const auto real = reinterpret_cast<Flush>(dlsym(RTLD_NEXT, name));
  return real(fd);
}

}  // namespace

extern "C" int fsync(int fd) { return flush("fsync", fd); }
extern "C" int fdatasync(int fd) { return flush("fdatasync", fd); }
