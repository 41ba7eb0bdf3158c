#include "auth/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace enishi::auth {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string pattern = (fs::temp_directory_path() / "enishi-keys-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~KeyFile() override { fs::remove_all(directory_); }
  [[nodiscard]] std::string path() const { return directory_ + "/keys"; }
  [[nodiscard]] mode_t mode() const {
    struct stat state {};
    EXPECT_EQ(::stat(path().c_str(), &state), 0);
    return state.st_mode & 07777;
  }
  void write(const std::string& text) { std::ofstream(path(), std::ios::binary) << text; }

  std::string directory_;
};

TEST_F(KeyFile, IsMadeOnceForTheOwnerAlone) {
  const auto first = read_or_make_key(directory_);
  ASSERT_TRUE(first);
  EXPECT_EQ(mode(), 0600u);
  EXPECT_FALSE(fs::exists(directory_ + "/keys.new"));
  const auto second = read_or_make_key(directory_);
  ASSERT_TRUE(second);
  EXPECT_EQ(*first, *second);
  EXPECT_NE(*first, Seals::Key{});
}

TEST_F(KeyFile, SealsOfTwoStartsUnderstandEachOther) {
  const auto before = Seals::open(directory_);
  ASSERT_TRUE(before);
  const std::string cursor = before->seal_cursor({5, core::Position{6}});
  const auto after = Seals::open(directory_);
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->open_cursor(cursor));
}

TEST_F(KeyFile, WidePermissionsAreTightened) {
  ASSERT_TRUE(read_or_make_key(directory_));
  ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
  EXPECT_TRUE(read_or_make_key(directory_));
  EXPECT_EQ(mode(), 0600u);
}

TEST_F(KeyFile, SomethingElseIsRefusedAndLeftAlone) {
  ASSERT_TRUE(read_or_make_key(directory_));
  std::string good;
  std::getline(std::ifstream(path()), good);
  for (const std::string& text : {std::string(), std::string("hello\n"), good, good + "\n\n", good.substr(1) + "\n",
                                  good.substr(0, good.size() - 1) + "x\n"}) {
    write(text);
    const auto key = read_or_make_key(directory_);
    ASSERT_FALSE(key) << text.size();
    EXPECT_EQ(core::errc_of(key.error()), core::Errc::store_broken);
    EXPECT_EQ(fs::file_size(path()), text.size());
  }
}

TEST_F(KeyFile, LeftoverOfACrashDoesNotMatter) {
  std::ofstream(directory_ + "/keys.new") << "half";
  EXPECT_TRUE(read_or_make_key(directory_));
}

TEST_F(KeyFile, LinksAreNotFollowed) {
  std::ofstream(directory_ + "/elsewhere") << "x";
  fs::create_symlink(directory_ + "/elsewhere", path());
  const auto key = read_or_make_key(directory_);
  ASSERT_FALSE(key);
  EXPECT_EQ(core::errc_of(key.error()), core::Errc::store_unsuitable);
}

TEST_F(KeyFile, NeedsADirectory) {
  const auto key = read_or_make_key(directory_ + "/none");
  ASSERT_FALSE(key);
  EXPECT_EQ(core::errc_of(key.error()), core::Errc::store_unsuitable);
}

}  // namespace
}  // namespace enishi::auth
