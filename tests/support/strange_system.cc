// Loaded before the C library (LD_PRELOAD): a system whose wall clock jumps, or whose disks are somewhere else. For
// tests with the real binary only.
//   ENISHI_CLOCK_FILE: a file with the seconds that the wall clock is off; read at each look, so that a clock may jump.
//   ENISHI_STATFS_MAGIC: what every file system says it is (statfs(2)), e.g. 26985 (0x6969) for NFS.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

namespace {

long seconds_off() {
  const char* file = std::getenv("ENISHI_CLOCK_FILE");
  if (file == nullptr) return 0;
  const int in = open(file, O_RDONLY | O_CLOEXEC);
  if (in < 0) return 0;
  char text[32] = {};
  const auto size = read(in, text, sizeof text - 1);
  close(in);
  return size > 0 ? std::atol(text) : 0;
}

int say_where(const char* path, struct statfs* about) {
  const int result = static_cast<int>(syscall(SYS_statfs, path, about));
  const char* magic = std::getenv("ENISHI_STATFS_MAGIC");
  if (result == 0 && magic != nullptr) about->f_type = std::atol(magic);
  return result;
}

}  // namespace

extern "C" int clock_gettime(clockid_t id, struct timespec* time) noexcept {
  const int result = static_cast<int>(syscall(SYS_clock_gettime, id, time));
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) time->tv_sec += seconds_off();
  return result;
}

extern "C" int statfs(const char* path, struct statfs* about) noexcept { return say_where(path, about); }
extern "C" int statfs64(const char* path, struct statfs64* about) noexcept {
  static_assert(sizeof(struct statfs) == sizeof(struct statfs64), "the same on 64-bit systems");
  return say_where(path, reinterpret_cast<struct statfs*>(about));
}
