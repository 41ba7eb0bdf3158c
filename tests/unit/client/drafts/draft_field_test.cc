// The field on a screen.
#include "cpp/view/draft_field.h"

#include "unit/client/drafts/typing.h"

namespace enishi::client {
namespace {

using namespace scene;

TEST(DraftField, ShowsTheDraftOfAllDevices) {
  DraftField field;
  field.open(view(3, "half"));
  EXPECT_EQ(field.text(), "half");
  EXPECT_TRUE(field.on_drafted(view(4, "half a sentence"))) << "nobody touched it here";
  EXPECT_EQ(field.to_save().base_rev, 4U);
}

TEST(DraftField, OneThatIsFocusedAndChangedIsNeverReplaced) {
  DraftField field;
  field.open(view(3, "half"));
  field.focus(true);
  EXPECT_TRUE(field.on_drafted(view(4, "from there"))) << "focused, but not changed";
  field.type("typed here", 5, 0);
  EXPECT_FALSE(field.on_drafted(view(5, "typed there")));
  EXPECT_EQ(field.text(), "typed here");
  EXPECT_TRUE(field.to_save().beside) << "the other is kept when this is saved";
  EXPECT_EQ(field.to_save().base_rev, 5U);
  EXPECT_FALSE(field.on_drafted(view(6, ""))) << "nor is it emptied";
  EXPECT_FALSE(field.to_save().beside) << "nothing stands there now";
}

TEST(DraftField, WhatIsUnsavedHereIsShownAndKept) {
  DraftField field;
  auto stored = view(3, "typed before the crash");
  stored.local = typed("typed before the crash", 2);
  field.open(stored);
  EXPECT_EQ(field.to_save().base_rev, 2U) << "honest about what it was written on";
  EXPECT_FALSE(field.on_drafted(stored));
  field.on_saved(4, true);
  EXPECT_EQ(field.to_save().base_rev, 4U);
}

TEST(DraftField, LeftAndSavedItFollowsAgain) {
  DraftField field;
  field.open(view(0, ""));
  field.focus(true);
  field.type("mine", 4, 0);
  field.on_saved(1, true);
  field.focus(false);
  EXPECT_TRUE(field.on_drafted(view(2, "theirs")));
  EXPECT_EQ(field.text(), "theirs");
}

TEST(DraftField, AfterSendingItIsEmpty) {
  DraftField field;
  field.open(view(3, "half"));
  field.type("half and half", 13, 7);
  EXPECT_EQ(field.reply_to(), 7U);
  field.on_sent();
  EXPECT_EQ(field.text(), "");
  EXPECT_EQ(field.reply_to(), 0U);
  EXPECT_FALSE(field.on_drafted(view(4, "")));
}

}  // namespace
}  // namespace enishi::client
