#include "auth/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace enishi::auth {

namespace {

using core::Errc;

// One line: what it is, its version, 64 hex digits.
constexpr std::string_view kPrefix = "enishi-keys-1 ";
constexpr std::size_t kHexDigits = 64;
constexpr std::size_t kFileBytes = kPrefix.size() + kHexDigits + 1;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

core::Result<Seals::Key> parse(std::string_view text) {
  Seals::Key key{};
  std::size_t size = 0;
  const char* end = nullptr;
  if (text.size() != kFileBytes || !text.starts_with(kPrefix) || text.back() != '\n') return Errc::store_broken;
  if (sodium_hex2bin(key.data(), key.size(), text.data() + kPrefix.size(), kHexDigits, nullptr, &size, &end) != 0 ||
      size != key.size())
    return Errc::store_broken;
  return key;
}

core::Result<Seals::Key> read_key(const File& file) {
  struct stat state {};
  if (::fstat(file.fd(), &state) != 0 || !S_ISREG(state.st_mode)) return Errc::store_unsuitable;
  if ((state.st_mode & 0177) != 0 && ::fchmod(file.fd(), 0600) != 0) return Errc::store_unsuitable;
  std::array<char, kFileBytes + 1> text{};  // one more, to see that there is not more
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.fd(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Errc::store_unsuitable;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  auto key = parse({text.data(), size});
  sodium_memzero(text.data(), text.size());
  return key;
}

core::Result<Seals::Key> make_key(const File& directory) {
  Seals::Key key{};
  fill_random(key.data(), key.size());
  std::array<char, kHexDigits + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), key.data(), key.size());
  std::string text(kPrefix);
  text.append(hex.data(), kHexDigits).append(1, '\n');
  // A half-written one is what a crash left; nobody read it.
  if (::unlinkat(directory.fd(), "keys.new", 0) != 0 && errno != ENOENT) return Errc::store_unsuitable;
  const File file(::openat(directory.fd(), "keys.new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  const bool made = file.is_open() && write_whole(file.fd(), text) && ::fsync(file.fd()) == 0 &&
                    ::renameat(directory.fd(), "keys.new", directory.fd(), "keys") == 0 && ::fsync(directory.fd()) == 0;
  sodium_memzero(text.data(), text.size());
  sodium_memzero(hex.data(), hex.size());
  if (!made) return Errc::store_unsuitable;
  return key;
}

}  // namespace

core::Result<Seals::Key> read_or_make_key(const std::string& directory) {
  const File folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return Errc::store_unsuitable;
  const File file(::openat(folder.fd(), "keys", O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.is_open()) return read_key(file);
  if (errno != ENOENT) return Errc::store_unsuitable;
  return make_key(folder);
}

}  // namespace enishi::auth
