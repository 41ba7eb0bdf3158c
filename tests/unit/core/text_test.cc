#include "core/text.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace enishi::core {
namespace {

TEST(Text, Utf8AsRfc3629SaysIt) {
  for (const char* good :
       {"", "plain", "\xC3\xA9", "\xE7\xB8\x81", "\xF0\x9F\x8D\xB5", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF8\x88\x80\x80\x80", "\xE7\xB8", "a\xC3"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(Text, NamesHoldSomethingVisible) {
  EXPECT_TRUE(is_name("A", 64));
  EXPECT_TRUE(is_name(std::string(64, 'x'), 64));
  EXPECT_FALSE(is_name(std::string(65, 'x'), 64));
  for (const char* bad : {"", " ", "\xE3\x80\x80", "\xC2\xA0", "a\x1B[2J", "a\x7F", "\xC2\x85", "\xFF"})
    EXPECT_FALSE(is_name(bad, 64)) << bad;
}

TEST(Text, NotesMayBeEmptyAndHaveLines) {
  EXPECT_TRUE(is_note("", 10));
  EXPECT_TRUE(is_note("a\n\tb", 10));
  EXPECT_FALSE(is_note("a\r", 10));
  EXPECT_FALSE(is_note("12345678901", 10));
}

TEST(Text, Handles) {
  for (const char* good : {"ab", "a_1", "abcdefghijklmnopqrstuvwx"}) EXPECT_TRUE(is_handle(good)) << good;
  for (const char* bad : {"", "a", "A1", "a-b", "abcdefghijklmnopqrstuvwxy", "a b", "\xC3\xA9\xC3\xA9"})
    EXPECT_FALSE(is_handle(bad)) << bad;
}

TEST(Error, CategoriesOfOthersAreAFailedStore) {
  EXPECT_EQ(errc_of(make_error_code(Errc::not_tied)), Errc::not_tied);
  EXPECT_EQ(errc_of(boost::system::errc::make_error_code(boost::system::errc::io_error)), Errc::store_failed);
  EXPECT_STREQ(name_of(static_cast<Errc>(7)), "UNKNOWN");
  EXPECT_EQ(make_error_code(Errc::not_found).message(), text_of(Errc::not_found));
}

}  // namespace
}  // namespace enishi::core
