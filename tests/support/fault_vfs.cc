#include "support/fault_vfs.h"

#include <sqlite3.h>

#include <cerrno>
#include <new>

namespace enishi::test {
namespace {

/// What SQLite allocates for one open file; the inner file lies right behind it.
struct FaultFile {
  sqlite3_file base;
  FaultVfs* owner;
};

sqlite3_vfs* inner_of(sqlite3_vfs*) { return sqlite3_vfs_find(nullptr); }
FaultVfs& owner_of(sqlite3_file* file) { return *reinterpret_cast<FaultFile*>(file)->owner; }
sqlite3_file* inner_of(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<FaultFile*>(file) + 1);
}

int close_file(sqlite3_file* file) { return inner_of(file)->pMethods->xClose(inner_of(file)); }

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 at) {
  if (const int code = owner_of(file).answer(FileCall::read)) return code;
  return inner_of(file)->pMethods->xRead(inner_of(file), into, size, at);
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const int code = owner_of(file).answer(FileCall::write);
  if (code == SQLITE_OK) return inner_of(file)->pMethods->xWrite(inner_of(file), from, size, at);
  const int number = errno;
  if (owner_of(file).tears()) inner_of(file)->pMethods->xWrite(inner_of(file), from, size / 2, at);
  errno = number;
  return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = owner_of(file).answer(FileCall::truncate)) return code;
  return inner_of(file)->pMethods->xTruncate(inner_of(file), size);
}

int sync_file(sqlite3_file* file, int) { return owner_of(file).answer(FileCall::sync); }

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
  return inner_of(file)->pMethods->xFileSize(inner_of(file), size);
}
int lock_file(sqlite3_file* file, int kind) { return inner_of(file)->pMethods->xLock(inner_of(file), kind); }
int unlock_file(sqlite3_file* file, int kind) { return inner_of(file)->pMethods->xUnlock(inner_of(file), kind); }
int is_reserved(sqlite3_file* file, int* out) {
  return inner_of(file)->pMethods->xCheckReservedLock(inner_of(file), out);
}
int control_file(sqlite3_file* file, int op, void* arg) {
  return inner_of(file)->pMethods->xFileControl(inner_of(file), op, arg);
}
int sector_size(sqlite3_file* file) { return inner_of(file)->pMethods->xSectorSize(inner_of(file)); }
int traits(sqlite3_file* file) { return inner_of(file)->pMethods->xDeviceCharacteristics(inner_of(file)); }
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
  return inner_of(file)->pMethods->xShmMap(inner_of(file), page, size, extend, at);
}
int lock_shared(sqlite3_file* file, int offset, int n, int flags) {
  return inner_of(file)->pMethods->xShmLock(inner_of(file), offset, n, flags);
}
void barrier_shared(sqlite3_file* file) { inner_of(file)->pMethods->xShmBarrier(inner_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) { return inner_of(file)->pMethods->xShmUnmap(inner_of(file), remove); }

// Version 2: with shared memory for the WAL, without memory-mapped reads, which would pass us by.
const sqlite3_io_methods kMethods = {
    2,           close_file,     read_file,    write_file,   truncate_file, sync_file, size_of_file,
    lock_file,   unlock_file,    is_reserved,  control_file, sector_size,   traits,    map_shared,
    lock_shared, barrier_shared, unmap_shared, nullptr,      nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto* mine = new (file) FaultFile{{nullptr}, static_cast<FaultVfs*>(vfs->pAppData)};
  const int code = inner_of(vfs)->xOpen(inner_of(vfs), name, inner_of(file), flags, flags_out);
  if (code == SQLITE_OK) mine->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FaultVfs::FaultVfs(std::string name) : name_(std::move(name)), vfs_(std::make_unique<sqlite3_vfs>()) {
  sqlite3_vfs* inner = sqlite3_vfs_find(nullptr);
  // The other functions are the inner one's own: they use nothing of the structure that we change.
  *vfs_ = *inner;
  vfs_->iVersion = 2;
  vfs_->szOsFile = static_cast<int>(sizeof(FaultFile)) + inner->szOsFile;
  vfs_->pNext = nullptr;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = open_file;
  sqlite3_vfs_register(vfs_.get(), 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(vfs_.get()); }

void FaultVfs::fail(FileCall call, std::size_t nth, int sqlite_code, int system_errno, bool lasting, Torn torn) {
  heal();
  call_ = call;
  code_ = sqlite_code;
  errno_ = system_errno;
  lasting_ = lasting;
  torn_ = torn;
  nth_ = nth;
}

void FaultVfs::heal() {
  nth_ = 0;
  has_failed_ = false;
  for (auto& count : counts_) count = 0;
}

std::size_t FaultVfs::count(FileCall call) const noexcept { return counts_[static_cast<std::size_t>(call)]; }

int FaultVfs::answer(FileCall call) noexcept {
  const std::size_t now = ++counts_[static_cast<std::size_t>(call)];
  const std::size_t nth = nth_;
  if (nth == 0 || call != call_ || !(now == nth || (lasting_ && now > nth))) return SQLITE_OK;
  has_failed_ = true;
  errno = errno_;
  return code_;
}

}  // namespace enishi::test
