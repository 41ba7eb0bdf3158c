#include "storage/sqlite/place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

#include "core/lookup.h"

namespace enishi::storage {
namespace {

using core::Errc;

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr std::string_view kHeader{"SQLite format 3\0", 16};

/// A file descriptor that closes itself.
class File {
 public:
  File(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnly)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

Errc code_of_errno(int number, Errc otherwise) noexcept {
  return number == ENOSPC || number == EDQUOT ? Errc::store_full : otherwise;
}

bool flush(const std::filesystem::path& path, int flags) {
  const File file(path, flags);
  return file.is_open() && ::fsync(file.get()) == 0;
}

/// The kernel's name of the file system on `device`; empty when it does not say.
std::string file_system_type(dev_t device) {
  std::ifstream mounts("/proc/self/mountinfo");
  const std::string wanted = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  for (std::string line; std::getline(mounts, line);) {
    // proc(5): id, parent, major:minor, root, mount point, options, optional fields, "-", type, source, ...
    std::istringstream fields(line);
    std::string id, parent, number, word;
    fields >> id >> parent >> number;
    if (number != wanted) continue;
    while (fields >> word && word != "-") {
    }
    fields >> word;
    return word;
  }
  return {};
}

}  // namespace

bool is_network_file_system(std::uint64_t magic, std::string_view type) noexcept {
  // statfs(2) and linux/magic.h: NFS, SMB, CIFS, SMB2, 9P, AFS, Coda, Ceph, NCP, Lustre, GPFS, OCFS2, GFS2.
  constexpr std::array<std::uint64_t, 13> kMagics = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x01021997,
                                                     0x5346414F, 0x73757245, 0x00C36400, 0x564C,     0x0BD00BD0,
                                                     0x47504653, 0x7461636F, 0x01161970};
  constexpr std::uint64_t kFuse = 0x65735546;
  constexpr std::array<std::string_view, 10> kFuseTypes = {
      "fuse.sshfs", "fuse.rclone", "fuse.s3fs",   "fuse.goofys",  "fuse.glusterfs",
      "fuse.ceph",  "fuse.davfs2", "fuse.cephfs", "fuse.juicefs", "fuse.curlftpfs"};
  if (magic == kFuse) return std::ranges::find(kFuseTypes, type) != kFuseTypes.end();
  return std::ranges::find(kMagics, magic) != kMagics.end();
}

core::Result<void> check_directory(const std::filesystem::path& directory) {
  struct stat about {};
  struct statfs where {};
  if (::stat(directory.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) return Errc::store_unsuitable;
  if (::statfs(directory.c_str(), &where) != 0) return Errc::store_unsuitable;
  // The kernel keeps the magic in 32 bits; a wider signed field may have extended its sign.
  const auto magic = static_cast<std::uint32_t>(where.f_type);
  if (is_network_file_system(magic, file_system_type(about.st_dev))) return Errc::store_unsuitable;
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0) return Errc::store_unsuitable;
  return {};
}

core::Result<void> prepare_file(const std::filesystem::path& file) {
  const File opened(file, O_RDWR | O_CREAT);
  if (!opened.is_open()) return code_of_errno(errno, Errc::store_unsuitable);
  struct stat about {};
  if (::fstat(opened.get(), &about) != 0 || !S_ISREG(about.st_mode)) return Errc::store_unsuitable;
  if ((about.st_mode & 0777) != kOwnerOnly && ::fchmod(opened.get(), kOwnerOnly) != 0) return Errc::store_unsuitable;
  if (about.st_size == 0) {
    // A log without its database: SQLite would throw the log away and begin anew.
    struct stat log {};
    if (::stat((file.string() + "-wal").c_str(), &log) == 0 && log.st_size > 0) return Errc::store_broken;
    // New: its name must be as durable as its first commit.
    if (!flush(file.parent_path(), O_RDONLY | O_DIRECTORY)) return Errc::store_failed;
    return {};
  }
  std::array<char, kHeader.size()> header{};
  const auto size = ::pread(opened.get(), header.data(), header.size(), 0);
  if (size < 0) return Errc::retry;
  if (std::string_view(header.data(), static_cast<std::size_t>(size)) != kHeader) return Errc::store_broken;
  return {};
}

void make_empty_file(const std::filesystem::path& file) {
  ::unlink(file.c_str());
  const File made(file, O_RDWR | O_CREAT | O_EXCL);
  if (!made.is_open()) throw core::StoreError{code_of_errno(errno, Errc::store_failed)};
}

void finish_file(const std::filesystem::path& unfinished, const std::filesystem::path& name) {
  if (!flush(unfinished, O_RDWR)) throw core::StoreError{Errc::store_failed};
  if (::rename(unfinished.c_str(), name.c_str()) != 0) throw core::StoreError{code_of_errno(errno, Errc::store_failed)};
  if (!flush(name.parent_path(), O_RDONLY | O_DIRECTORY)) throw core::StoreError{Errc::store_failed};
}

}  // namespace enishi::storage
