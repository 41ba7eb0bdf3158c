// The list of conversations, who is who, and what is said about the session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "cli/chat/list_screen.h"
#include "cli/chat/people.h"
#include "cli/chat/session_line.h"

namespace enishi::cli {
namespace {

using client::Instant;
using client::SessionState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kNoon = 1'767'355'200'000;  // 2026-01-02 12:00 UTC
constexpr std::int64_t kDay = 86'400'000;

core::PublicId id(std::uint8_t byte) {
  core::PublicId id;
  id.value[0] = byte;
  return id;
}

v1::Person person(const std::string& handle, const std::string& name) {
  v1::Person person;
  person.set_handle(handle);
  person.set_name(name);
  return person;
}

class List : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
    ListEntry ben{id(1), v1::CONVERSATION_KIND_DIRECT, "山本ベン @ben", "はい", kNoon,
                  3,     v1::PRESENCE_STATE_ACTIVE,    false,           false};
    ListEntry walk{id(2), v1::CONVERSATION_KIND_GROUP, "#Sunday walk", "ben: yes", kNoon - kDay,
                   0,     v1::PRESENCE_STATE_UNKNOWN,  true,           true};
    ListEntry self{id(3), v1::CONVERSATION_KIND_SELF, "Notes to self", "",   kNoon - 400 * kDay,
                   0,     v1::PRESENCE_STATE_UNKNOWN, false,           false};
    entries_ = {ben, walk, self};
    list_.set(entries_);
  }
  std::vector<std::string> texts(Size size, std::size_t height) {
    std::vector<std::string> texts;
    for (const auto& row : list_.draw(size, height, kNoon)) {
      EXPECT_LE(row.columns(), size.columns);
      texts.push_back(row.text());
    }
    return texts;
  }
  std::vector<ListEntry> entries_;
  ListScreen list_;
};

TEST_F(List, ShowsCountsPresenceFlagsAndTimes) {
  EXPECT_THAT(texts({24, 70}, 10),
              ElementsAre("   3 * 山本ベン @ben               はい                         12:00",
                          "       #Sunday walk                ben: yes      pinned  muted  1 Jan",
                          "       Notes to self                                      28 Nov 2024"));
  EXPECT_EQ(list_.draw({5, 3}, 3, kNoon).size(), 3U) << "any size is drawn";
}

TEST_F(List, TheChoiceStaysOnItsConversation) {
  EXPECT_EQ(list_.chosen(), id(1));
  EXPECT_TRUE(list_.press(KeyKind::down, 10));
  EXPECT_EQ(list_.chosen(), id(2));
  std::swap(entries_[0], entries_[1]);
  list_.set(entries_);
  EXPECT_EQ(list_.chosen(), id(2));
  EXPECT_TRUE(list_.press(KeyKind::up, 10));
  EXPECT_EQ(list_.chosen(), id(2));
  EXPECT_TRUE(list_.press(KeyKind::end, 10));
  EXPECT_EQ(list_.chosen(), id(3));
  EXPECT_FALSE(list_.press(KeyKind::left, 10));
  entries_.pop_back();
  (void)texts({24, 70}, 10);
  list_.set(entries_);
  EXPECT_EQ(list_.chosen(), id(1)) << "gone: the next in its place";
  list_.set({});
  EXPECT_EQ(list_.chosen(), std::nullopt);
  EXPECT_TRUE(list_.press(KeyKind::down, 10));
}

TEST_F(List, IsFiltered) {
  list_.filter("SUN");
  EXPECT_EQ(list_.chosen(), id(2));
  EXPECT_EQ(texts({24, 70}, 10).size(), 1U);
  list_.filter("ベン");
  EXPECT_EQ(list_.chosen(), id(1));
  list_.filter("zzz");
  EXPECT_EQ(list_.chosen(), std::nullopt);
  EXPECT_THAT(texts({24, 70}, 10).back(), HasSubstr("No conversation is called that"));
  list_.filter("");
  EXPECT_EQ(texts({24, 70}, 10).size(), 3U);
}

TEST_F(List, KeepsTheChoiceOnTheScreen) {
  for (int i = 0; i < 2; ++i) list_.press(KeyKind::down, 2);
  EXPECT_THAT(texts({24, 70}, 2).back(), HasSubstr("Notes to self"));
  list_.press(KeyKind::home, 2);
  EXPECT_THAT(texts({24, 70}, 2).front(), HasSubstr("@ben"));
}

TEST(PeopleTest, ANameIsUsedOnlyWhereItTellsOneFromAnother) {
  People people("aki");
  EXPECT_EQ(people.label_of("aki"), "you");
  EXPECT_EQ(people.label_of("ben"), "ben");
  people.learn(person("ben", "Ben"));
  EXPECT_EQ(people.label_of("ben"), "Ben");
  EXPECT_EQ(people.full_name_of("ben"), "Ben @ben");
  people.learn(person("ben2", "Ben"));
  EXPECT_EQ(people.label_of("ben"), "ben");
  EXPECT_EQ(people.label_of("ben2"), "ben2");
  people.learn(person("ben2", "Benjamin"));
  EXPECT_EQ(people.label_of("ben"), "Ben");
  people.learn(person("eve", "you"));
  EXPECT_EQ(people.label_of("eve"), "eve") << "nobody passes for oneself";
}

TEST(PeopleTest, TypingEndsByItselfOrWithTheMessage) {
  People people("aki");
  people.set_typing(id(1), "ben", Instant{1000});
  people.set_typing(id(1), "aki", Instant{1000});
  people.set_typing(id(1), "chie", Instant{2000});
  EXPECT_THAT(people.typists(id(1), Instant{6999}), ElementsAre("ben", "chie"));
  EXPECT_THAT(people.typists(id(2), Instant{2000}), IsEmpty());
  EXPECT_EQ(people.typing_until(Instant{2000}), Instant{7000});
  EXPECT_THAT(people.typists(id(1), Instant{7000}), ElementsAre("chie"));
  people.stops_typing(id(1), "chie");
  EXPECT_EQ(people.typing_until(Instant{7000}), std::nullopt);
}

TEST(PeopleTest, OfflineNothingIsKnownOfAnybody) {
  People people("aki");
  people.set_presence("ben", v1::PRESENCE_STATE_ACTIVE);
  EXPECT_EQ(people.presence_of("ben"), v1::PRESENCE_STATE_ACTIVE);
  people.forget_presence();
  EXPECT_EQ(people.presence_of("ben"), v1::PRESENCE_STATE_UNKNOWN);
}

TEST(SessionLineTest, SaysWhatIsKnown) {
  setenv("TZ", "UTC", 1);
  tzset();
  SessionLine line;
  EXPECT_EQ(line.text(0), "connecting");
  EXPECT_FALSE(line.is_offline());
  EXPECT_FALSE(line.on_failed_dials(0, kNoon));
  EXPECT_TRUE(line.on_failed_dials(1, kNoon));
  EXPECT_FALSE(line.on_failed_dials(2, kNoon + 60'000)) << "no news";
  EXPECT_EQ(line.text(2), "offline since 12:00, 2 waiting to be sent");
  EXPECT_EQ(line.text(2, true), "offline since 12:00, 2 unsent");
  line.on_state({SessionState::connecting, 0, 0, 0}, kNoon + 60'000);
  EXPECT_EQ(line.text(0), "offline since 12:00") << "an open socket is no session";
  line.on_state({SessionState::catching_up, 0, 120, 400}, kNoon);
  EXPECT_EQ(line.text(1), "catching up 120 of 400, 1 waiting to be sent");
  line.on_state({SessionState::live, 16, 400, 400}, kNoon);
  EXPECT_TRUE(line.is_live());
  EXPECT_EQ(line.text(1), "connected, loading 16 older messages");
  line.on_state({SessionState::live, 0, 400, 400}, kNoon);
  EXPECT_EQ(line.text(0), "connected");
  line.on_state({SessionState::checking, 0, 0, 0}, kNoon);
  EXPECT_EQ(line.text(0), "checking the connection");
  line.on_state({SessionState::closed, 0, 0, 0}, kNoon + 120'000);
  EXPECT_EQ(line.text(0), "offline since 12:02");
}

}  // namespace
}  // namespace enishi::cli
