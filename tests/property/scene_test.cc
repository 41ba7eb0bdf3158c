// The plainest scene through the whole simulated daemon: two members, one message, one mark, one resume.
#include <gtest/gtest.h>

#include "cpp/requests.h"
#include "property/world/world.h"

namespace enishi::property {
namespace {

TEST(Scene, TwoMembersTalkAndOneResumes) {
  World world(1);
  try {
    auto& aki = world.found("aki");
    auto& ben = world.join(aki, "ben");
    world.settle();
    ASSERT_TRUE(ben.is_member());
    const auto chat = world.conversation(model::Model::direct_id("aki", "ben"));
    ASSERT_TRUE(chat.has_value());

    aki.send(*chat, "hello", 0);
    world.settle();
    EXPECT_EQ(ben.replica().conversation(*chat)->unread, 1U);

    ben.driver().set_online(false);
    for (int i = 0; i < 9; ++i) aki.send(*chat, "while you were away", 0);
    world.context().schedule.run_until(world.context().now() + Instant{60'000});
    EXPECT_EQ(ben.replica().conversation(*chat)->head, 1U);
    world.settle();
    EXPECT_EQ(ben.replica().conversation(*chat)->head, 10U);

    ben.ask(client::requests::read(*chat, 10, 1));
    world.settle();
    EXPECT_EQ(ben.replica().conversation(*chat)->unread, 0U);
    EXPECT_EQ(world.oracle().model.head("ben", "@aki+ben").marker, 10U);
  } catch (const Broken& broken) {
    FAIL() << broken.what << "\n" << world.context().trace.tail();
  }
}

}  // namespace
}  // namespace enishi::property
