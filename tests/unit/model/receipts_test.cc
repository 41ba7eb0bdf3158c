// Receipts, and who people are. D27..D29: tests/model/DECISIONS.md.
#include "unit/model/scene.h"

namespace enishi::model {
namespace {

struct Receipts : Talk {
  Receipts() : Talk({"aki", "ben", "cho"}) {
    for (int i = 0; i < 3; ++i) send("aki", "g", "text");
  }
  Answer stored(const std::string& who, Seq seq) {
    return by(who, {.what = "stored", .conversation = "g", .seq = seq});
  }
  void turn(const std::string& who, bool on) { by(who, {.what = "receipts", .on = on}); }
  Receipt of(const std::string& handle, const std::string& for_whom) const {
    const auto all = model.receipts(for_whom, "g");
    return all.contains(handle) ? all.at(handle) : Receipt{};
  }
};

TEST(ModelReceipt, ToThoseWhoAreTied_D27) {
  Receipts s;
  EXPECT_EQ(s.stored("ben", 5).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.stored("ben", 0).error, "SEQ_BEYOND_LOG");
  s.stored("ben", 4);
  s.stored("ben", 2);
  s.read("ben", "g", 3);
  EXPECT_EQ(s.of("ben", "aki"), (Receipt{4, 3}));
  EXPECT_EQ(s.of("ben", "cho"), Receipt{});
  s.tie("aki", "block", "ben");
  EXPECT_EQ(s.of("ben", "aki"), Receipt{});
  EXPECT_EQ(s.stored("dan", 1).error, "PROOF_FAILED");
}

TEST(ModelReceipt, ReadIsReciprocalAndNeverFalls_D28) {
  Receipts s;
  s.read("ben", "g", 2);
  s.turn("ben", false);
  EXPECT_EQ(s.of("ben", "aki").read, 0u);
  s.read("ben", "g", 3);
  s.turn("ben", true);
  EXPECT_EQ(s.of("ben", "aki").read, 2u);  // what was read meanwhile is never told
  s.read("ben", "g", 3);
  EXPECT_EQ(s.of("ben", "aki").read, 2u);
  s.turn("aki", false);
  EXPECT_EQ(s.of("ben", "aki").read, 0u);
  s.turn("aki", true);
  s.read("ben", "g", 4);
  s.by("ben", {.what = "mark_unread", .conversation = "g", .seq = 2, .rev = 1});
  EXPECT_EQ(s.of("ben", "aki").read, 4u);
}

TEST(ModelProfile, KnownToThoseWhoAreTied_D29) {
  Receipts s;
  s.by("ben", {.what = "profile", .text = "Ben", .at = 120});
  s.by("ben", {.what = "picture", .text = "id", .at = 24'576});
  EXPECT_EQ(s.by("ben", {.what = "picture", .text = "other", .at = 24'577}).error, "BODY_TOO_LARGE");
  EXPECT_EQ(s.model.view("aki").people["ben"], (Profile{"Ben", 120, "id"}));
  EXPECT_EQ(s.model.view("ben").people["ben"], (Profile{"Ben", 120, "id"}));
  EXPECT_FALSE(s.model.view("cho").people.contains("ben"));
}

}  // namespace
}  // namespace enishi::model
