// Known bugs of delivery, planted by name, are found; without one the same scene finds nothing.
#include <gtest/gtest.h>

#include "core/planted.h"
#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

class PlantedInDelivery : public testing::Test {
 protected:
  ~PlantedInDelivery() override { core::planted_bug.clear(); }
};

/// A device is revoked; its loop has not heard of it yet when a baton is passed to it. True: it was told all the same.
bool reaches_a_revoked_device(bool asker_has_heard) {
  Rig rig(2);
  const auto aki = rig.desk.join("aki");
  const auto secret = bytes_with<core::SecretHash>(21);
  const auto key = bytes_with<core::PublicKey>(21);
  rig.desk.ask(aki.sender, core::PairOffer{secret});
  rig.desk.ask({}, core::PairPresent{secret, "pc", key});
  rig.desk.ask(aki.sender, core::PairDecide{secret, key, true});
  auto pc = aki;
  for (const auto& device : rig.desk.reader->devices_of(aki.sender.member))
    if (device.name == "pc") pc.sender = {device.member, device.id, device.generation};
  const auto here = rig.connect(aki, 0);
  const auto there = rig.connect(pc, 1);
  there->take();
  v1::ClientFrame frame;
  frame.mutable_baton()->set_device_id(std::string(rig.desk.device(pc).view()));
  frame.mutable_baton()->set_conversation_id(std::string(rig.desk.self(aki).view()));
  rig.run(aki.sender, core::DeviceRevoke{rig.desk.device(pc)});
  if (asker_has_heard) rig.deliver(0);
  here->say(frame);
  // Questions and letters overtake the group on its way to loop 1.
  for (bool any = true; any;) {
    any = rig.read();
    any = rig.post() || any;
    any = rig.flush() || any;
  }
  return !those(there->take(), [](const auto& each) { return each.has_baton_passed(); }).empty();
}

TEST_F(PlantedInDelivery, BatonToARevokedDeviceIsFound) {
  for (const bool asker_has_heard : {true, false}) {
    core::planted_bug.clear();
    EXPECT_FALSE(reaches_a_revoked_device(asker_has_heard));
    core::planted_bug = "baton_to_revoked_device";
    EXPECT_TRUE(reaches_a_revoked_device(asker_has_heard)) << "planted, and not found";
  }
}

}  // namespace
}  // namespace enishi::test
