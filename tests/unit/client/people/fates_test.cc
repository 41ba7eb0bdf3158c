// To whom a message was delivered: nothing is claimed of those who were not there.
#include "cpp/view/fates.h"

#include <gmock/gmock.h>

#include "unit/client/scene.h"

namespace enishi::client {
namespace {

using scene::event;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Event moved(std::uint64_t seq, v1::EventKind kind, const std::string& handle) {
  auto made = event(seq, scene::kMe, scene::kChat, kind);
  if (kind == v1::EVENT_KIND_LEFT)
    made.set_author(handle);
  else
    made.add_people()->set_handle(handle);
  return made;
}

ConversationView view(v1::ConversationKind kind, std::uint64_t first, std::uint64_t last) {
  ConversationView made;
  made.kind = kind;
  made.held.add(first, last);
  return made;
}

TEST(FatesOfMessages, InADirectConversation) {
  const Fates fates(view(v1::CONVERSATION_KIND_DIRECT, 1, 4), {{"ben", 3, 2}}, {});
  EXPECT_EQ(fates.of(4).state(), Fate::State::sent);
  EXPECT_THAT(fates.of(4).delivered_to, IsEmpty());
  EXPECT_EQ(fates.of(3).state(), Fate::State::delivered);
  EXPECT_THAT(fates.of(3).delivered_to, ElementsAre("ben"));
  EXPECT_THAT(fates.of(3).read_by, IsEmpty());
  EXPECT_EQ(fates.of(2).state(), Fate::State::read);
  EXPECT_THAT(fates.of(2).read_by, ElementsAre("ben"));
  EXPECT_STREQ(name_of(Fate::State::delivered), "delivered");
}

TEST(FatesOfMessages, ReadIsDeliveredToo) {
  const Fates fates(view(v1::CONVERSATION_KIND_DIRECT, 1, 4), {{"ben", 0, 2}}, {});
  EXPECT_THAT(fates.of(2).delivered_to, ElementsAre("ben")) << "who marks all read on a device that holds only the end";
}

TEST(FatesOfMessages, WhoCameLaterWasNotThere) {
  const std::vector<v1::Event> log = {moved(1, v1::EVENT_KIND_CREATED, "ben"), event(2, scene::kMe),
                                      moved(3, v1::EVENT_KIND_ADDED, "cho"), event(4, scene::kMe)};
  const Fates fates(view(v1::CONVERSATION_KIND_GROUP, 1, 4), {{"ben", 4, 0}, {"cho", 4, 4}}, log);
  EXPECT_THAT(fates.of(2).delivered_to, ElementsAre("ben"));
  EXPECT_THAT(fates.of(2).read_by, IsEmpty());
  EXPECT_THAT(fates.of(4).delivered_to, ElementsAre("ben", "cho"));
  EXPECT_THAT(fates.of(4).read_by, ElementsAre("cho"));
}

TEST(FatesOfMessages, WhoWasAwayForAWhile) {
  const std::vector<v1::Event> log = {moved(1, v1::EVENT_KIND_CREATED, "ben"), event(2, scene::kMe),
                                      moved(3, v1::EVENT_KIND_LEFT, "ben"),    event(4, scene::kMe),
                                      moved(5, v1::EVENT_KIND_ADDED, "ben"),   event(6, scene::kMe)};
  const Fates fates(view(v1::CONVERSATION_KIND_GROUP, 1, 6), {{"ben", 6, 6}}, log);
  EXPECT_THAT(fates.of(2).read_by, ElementsAre("ben"));
  EXPECT_THAT(fates.of(4).delivered_to, IsEmpty());
  EXPECT_THAT(fates.of(6).read_by, ElementsAre("ben"));
}

TEST(FatesOfMessages, WhereTheLogHasAHoleNothingIsClaimed) {
  // Who came may have come in the hole 3-4.
  auto holed = view(v1::CONVERSATION_KIND_GROUP, 1, 2);
  holed.held.add(5, 6);
  const Fates fates(holed, {{"ben", 6, 0}}, {event(1, scene::kMe), event(2, scene::kMe), event(5), event(6)});
  EXPECT_THAT(fates.of(2).delivered_to, IsEmpty());
  EXPECT_THAT(fates.of(6).delivered_to, ElementsAre("ben"));
  // He holds more than this device.
  const Fates ahead(holed, {{"ben", 9, 0}}, {event(5), event(6)});
  EXPECT_THAT(ahead.of(6).delivered_to, IsEmpty());
}

TEST(FatesOfMessages, OnlyWhatTheLogShowsIsClaimed) {
  const Fates fates(view(v1::CONVERSATION_KIND_GROUP, 1, 6), {{"ben", 6, 0}}, {event(5), event(6)});
  EXPECT_THAT(fates.of(4).delivered_to, IsEmpty()) << "that part of the log was not looked at";
  EXPECT_THAT(fates.of(5).delivered_to, ElementsAre("ben"));
}

}  // namespace
}  // namespace enishi::client
