// Bytes of a terminal as keys.
#include "cli/screen/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace enishi::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Key key(KeyKind kind, std::string text = {}) { return {kind, std::move(text)}; }

/// The keys of `bytes`, given one byte at a time; a typed text comes in pieces then and is put together again.
std::vector<Key> byte_by_byte(std::string_view bytes) {
  KeyDecoder decoder;
  std::vector<Key> keys;
  for (const char byte : bytes)
    for (auto& each : decoder.feed({&byte, 1})) {
      const bool goes_on = each.kind == KeyKind::text && !keys.empty() && keys.back().kind == KeyKind::text;
      if (goes_on)
        keys.back().text += each.text;
      else
        keys.push_back(std::move(each));
    }
  return keys;
}

TEST(Keys, AreTheSameHoweverTheirBytesAreSplit) {
  const std::string all =
      "お茶e\u0301\r\x1b\r\n\x7f\x1b[3~\x1b[A\x1bOB\x1b[C\x1b[D\x1b[H\x1b[F\x1b[5~\x1b[6~\x1b[1;5C\x1b"
      "b\x01\x05\x0b\x15\x17\x0f\x03\x04\x1b[I\x1b[O"
      "\x1b[200~a\r\nb\x1b[201~z";
  const auto whole = KeyDecoder().feed(all);
  EXPECT_THAT(whole,
              ElementsAre(key(KeyKind::text, "お茶e\u0301"), key(KeyKind::enter), key(KeyKind::line_break),
                          key(KeyKind::line_break), key(KeyKind::backspace), key(KeyKind::erase), key(KeyKind::up),
                          key(KeyKind::down), key(KeyKind::right), key(KeyKind::left), key(KeyKind::home),
                          key(KeyKind::end), key(KeyKind::page_up), key(KeyKind::page_down), key(KeyKind::word_right),
                          key(KeyKind::word_left), key(KeyKind::home), key(KeyKind::end), key(KeyKind::kill_to_end),
                          key(KeyKind::kill_to_start), key(KeyKind::kill_word), key(KeyKind::list),
                          key(KeyKind::interrupt), key(KeyKind::end_of_input), key(KeyKind::focus_gained),
                          key(KeyKind::focus_lost), key(KeyKind::paste, "a\nb"), key(KeyKind::text, "z")));
  EXPECT_EQ(byte_by_byte(all), whole);
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    KeyDecoder decoder;
    std::vector<Key> keys;
    for (const auto& part : {all.substr(0, cut), all.substr(cut)})
      for (auto& each : decoder.feed(part)) keys.push_back(std::move(each));
    if (keys.size() == whole.size() + 1) continue;  // the text was cut in two
    EXPECT_EQ(keys, whole) << cut;
  }
}

TEST(Keys, EscapeAloneIsAKeyOnlyWhenNothingFollows) {
  KeyDecoder decoder;
  EXPECT_THAT(decoder.feed("\x1b"), IsEmpty());
  EXPECT_TRUE(decoder.waits());
  EXPECT_THAT(decoder.expire(), ElementsAre(key(KeyKind::escape)));
  EXPECT_FALSE(decoder.waits());
  EXPECT_THAT(decoder.feed("\x1b"), IsEmpty());
  EXPECT_THAT(decoder.feed("[A"), ElementsAre(key(KeyKind::up)));
  EXPECT_THAT(decoder.feed("\x1b\x1b"), ElementsAre(key(KeyKind::escape)));
  EXPECT_THAT(decoder.expire(), ElementsAre(key(KeyKind::escape)));
  EXPECT_THAT(decoder.expire(), IsEmpty());
}

TEST(Keys, UnknownSequencesAndBrokenBytesAreDropped) {
  EXPECT_THAT(KeyDecoder().feed("\x1b[99;99zx"), ElementsAre(key(KeyKind::text, "x")));
  EXPECT_THAT(KeyDecoder().feed("\x1b[[Ax"), ElementsAre(key(KeyKind::text, "x"))) << "F1 of the Linux console";
  EXPECT_THAT(KeyDecoder().feed("\x1b[<0;1;1Mx"), ElementsAre(key(KeyKind::text, "x"))) << "a mouse";
  EXPECT_THAT(KeyDecoder().feed("\x1b茶x"), ElementsAre(key(KeyKind::text, "x"))) << "Alt and a character";
  EXPECT_THAT(KeyDecoder().feed("a\xff\xc0\xed\xa0\x80z"), ElementsAre(key(KeyKind::text, "az")));
  EXPECT_THAT(KeyDecoder().feed("\xe8\x8c"), IsEmpty()) << "half a character waits";
  EXPECT_THAT(KeyDecoder().feed("a\xe8z"), ElementsAre(key(KeyKind::text, "az"))) << "half of one never comes";
  EXPECT_THAT(KeyDecoder().feed("a\xc2\x9bz"), ElementsAre(key(KeyKind::text, "az"))) << "C1";
  EXPECT_THAT(KeyDecoder().feed("\x1b[" + std::string(100, '1') + "x").size(), 1U) << "no sequence is that long";
}

TEST(Keys, APasteIsOneKeyAndCommandsNothing) {
  EXPECT_THAT(KeyDecoder().feed("\x1b[200~/quit\r\x03\x1b[Aあ\t\n\x1b[201~"),
              ElementsAre(key(KeyKind::paste, "/quit\n[Aあ\t\n")));
  KeyDecoder decoder;
  EXPECT_THAT(decoder.feed("\x1b[200~one\x1b[20"), IsEmpty());
  EXPECT_FALSE(decoder.waits());
  EXPECT_THAT(decoder.feed("1~"), ElementsAre(key(KeyKind::paste, "one")));
  const auto huge = KeyDecoder().feed("\x1b[200~" + std::string(2 * KeyDecoder::kPasteMax, 'a') + "\x1b[201~b");
  EXPECT_THAT(huge, ElementsAre(key(KeyKind::paste, std::string(KeyDecoder::kPasteMax, 'a')), key(KeyKind::text, "b")));
}

}  // namespace
}  // namespace enishi::cli
