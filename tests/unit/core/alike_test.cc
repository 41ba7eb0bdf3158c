// Who may not know learns nothing: for what does not exist and for what is somebody else's there is the same answer
// after the same number of store reads, with nothing in memory.
#include <gtest/gtest.h>

#include <functional>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file

struct Cost {
  Errc code;
  std::size_t reads;
  std::size_t registers;
  friend bool operator==(const Cost&, const Cost&) = default;
};
void PrintTo(const Cost& cost, std::ostream* out) {
  *out << name_of(cost.code) << " after " << cost.reads << " reads, " << cost.registers << " registers";
}

class Alike : public testing::Test {
 protected:
  /// What the command costs with cold caches; `warm`: after another one of the same asker.
  Cost cost_of(const CommandBody& body, bool warm = false) {
    world_.forget();
    if (warm) (void)world_.run(ben_.sender, MarkRead{world_.self(ben_), {}, 0});
    world_.change = {};
    const auto before = world_.store.read_count();
    const auto result = world_.stage(ben_.sender, body);
    const auto reads = world_.store.read_count() - before;
    const Cost cost{errc(result), reads, world_.change.registers.size()};
    world_.commit();
    return cost;
  }

  World world_;
  const Person aki_ = world_.join("aki");
  const Person ben_ = world_.join("ben");
  const Person cho_ = world_.join("cho");  // tied with aki only
};

TEST_F(Alike, AskingNobodyAndAStranger) {
  const auto nobody = cost_of(TieChange{TieAction::ask, "nobody"});
  const auto stranger = cost_of(TieChange{TieAction::ask, "cho"});
  EXPECT_EQ(nobody, stranger);
  EXPECT_EQ(nobody.code, Errc{});
  EXPECT_EQ(nobody.registers, 2U);
}

TEST_F(Alike, AskingNobodyAndAStrangerWithWarmCaches) {
  EXPECT_EQ(cost_of(TieChange{TieAction::ask, "nobody"}, true), cost_of(TieChange{TieAction::ask, "cho"}, true));
}

TEST_F(Alike, BlockingNobodyAndAStranger) {
  EXPECT_EQ(cost_of(TieChange{TieAction::block, "nobody"}), cost_of(TieChange{TieAction::block, "cho"}));
}

TEST_F(Alike, OtherActionsOnNobodyAndAStranger) {
  for (const auto action : {TieAction::accept, TieAction::decline, TieAction::end, TieAction::unblock}) {
    const auto nobody = cost_of(TieChange{action, "nobody"});
    EXPECT_EQ(nobody, cost_of(TieChange{action, "cho"})) << "action " << static_cast<int>(action);
    EXPECT_EQ(nobody.code, Errc::not_found);
  }
}

TEST_F(Alike, ThePhantomThatStaysAfterAnAsk) {
  EXPECT_TRUE(world_.run(aki_.sender, TieChange{TieAction::ask, "phantom"}));
  EXPECT_EQ(cost_of(TieChange{TieAction::end, "phantom"}), cost_of(TieChange{TieAction::end, "cho"}));
  EXPECT_EQ(cost_of(TieChange{TieAction::ask, "phantom"}), cost_of(TieChange{TieAction::ask, "cho"}));
}

TEST_F(Alike, OutcomesOfAsks) {
  const auto phantom = as<TieChanged>(world_.run(ben_.sender, TieChange{TieAction::ask, "nobody"}));
  const auto real = as<TieChanged>(world_.run(ben_.sender, TieChange{TieAction::ask, "cho"}));
  EXPECT_EQ(phantom.state, real.state);
  EXPECT_EQ(phantom.blocked, real.blocked);
}

TEST_F(Alike, GroupsByHandle) {
  const auto group = world_.group(ben_, {"aki"});
  const auto nobody = cost_of(GroupAdd{group, "nobody"});
  EXPECT_EQ(nobody, cost_of(GroupAdd{group, "cho"}));
  EXPECT_EQ(nobody.code, Errc::not_found);
  EXPECT_EQ(cost_of(GroupNew{"t", {"nobody"}}), cost_of(GroupNew{"t", {"cho"}}));
  EXPECT_EQ(cost_of(GroupRemove{group, "nobody"}), cost_of(GroupRemove{group, "cho"}));
  EXPECT_EQ(cost_of(GroupLeave{group, "nobody"}), cost_of(GroupLeave{group, "cho"}));
}

TEST_F(Alike, EveryRequestThatNamesAConversation) {
  const auto foreign = world_.group(aki_, {"cho"});
  world_.send(aki_, foreign);
  const auto absent = bytes_with<PublicId>(4711);
  const std::vector<std::function<CommandBody(const PublicId&)>> requests{
      [](const PublicId& id) {
        return Send{id, "x", {}};
      },
      [](const PublicId& id) {
        return Send{id, "", {}};
      },
      [](const PublicId& id) {
        return Send{id, "x", Seq{99}};
      },
      [](const PublicId& id) {
        return MarkRead{id, Seq{1}, 1};
      },
      [](const PublicId& id) {
        return MarkRead{id, Seq{99}, 1};
      },
      [](const PublicId& id) {
        return MarkUnread{id, 1, Seq{1}};
      },
      [](const PublicId& id) {
        return SetFlag{id, RegisterKind::mute, true};
      },
      [](const PublicId& id) {
        return GroupAdd{id, "aki"};
      },
      [](const PublicId& id) {
        return GroupRemove{id, "aki"};
      },
      [](const PublicId& id) {
        return GroupLeave{id, ""};
      },
      [](const PublicId& id) {
        return GroupTitle{id, "new"};
      },
      [](const PublicId& id) {
        return GroupTitle{id, ""};
      },
  };
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto gone = cost_of(requests[i](absent));
    EXPECT_EQ(gone, cost_of(requests[i](foreign))) << "request " << i;
    EXPECT_EQ(gone.code, Errc::not_found) << "request " << i;
  }
}

TEST_F(Alike, GroupRequestsOnADirectConversation) {
  const auto direct = world_.direct(aki_, ben_);
  EXPECT_EQ(errc(world_.run(ben_.sender, GroupTitle{direct, "x"})), Errc::not_found);
  EXPECT_EQ(errc(world_.run(ben_.sender, GroupLeave{direct, ""})), Errc::not_found);
  EXPECT_EQ(errc(world_.run(ben_.sender, GroupAdd{world_.self(ben_), "aki"})), Errc::not_found);
}

}  // namespace
}  // namespace enishi::test
