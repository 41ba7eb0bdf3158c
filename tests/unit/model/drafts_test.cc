// Drafts. D24..D26: tests/model/DECISIONS.md.
#include "unit/model/scene.h"

namespace enishi::model {
namespace {

const std::string kSelf = Model::self_id("aki");

// aki with two devices, "aki" (phone) and "pc".
struct Drafts : Scene {
  Drafts() : Scene({"aki", "ben"}) { by("aki", {.what = "pair", .name = "pc", .key = "pc"}); }
  Answer put(const std::string& device, Seq base, const std::string& text, bool keep = false) {
    return model.apply({.what = "put_draft",
                        .device = device,
                        .conversation = kSelf,
                        .text = text,
                        .rev = base,
                        .now_ms = now_ms,
                        .on = keep});
  }
  Answer send_it(const std::string& text, Seq rev = 99) {
    return by("aki", {.what = "send", .conversation = kSelf, .text = text, .rev = rev});
  }
  View::Chat chat() const { return model.view("aki").chats.at(kSelf); }
  // Texts that are kept, by place: "1 one, 2 two".
  std::string kept() const {
    std::string all;
    for (const auto& [place, each] : chat().kept)
      all += (all.empty() ? "" : ", ") + std::to_string(place) + " " + each.text;
    return all;
  }
  std::int64_t now_ms = 0;
};

TEST(ModelDraft, CompareAndSet_D24) {
  Drafts s;
  EXPECT_EQ(s.put("aki", 0, "he"), (Answer{.rev = 1, .won = true}));
  EXPECT_EQ(s.put("aki", 1, "hello"), (Answer{.rev = 2, .won = true}));
  EXPECT_EQ(s.put("aki", 1, "hello"), (Answer{.rev = 2, .won = true}));  // a repeat finds its text
  EXPECT_EQ(s.put("pc", 1, "hell"), (Answer{.rev = 2}));                 // a beginning takes no place
  EXPECT_EQ(s.kept(), "");
  EXPECT_EQ(s.put("pc", 1, "other"), (Answer{.rev = 2}));
  EXPECT_EQ(s.put("pc", 1, "other"), (Answer{.rev = 2}));
  EXPECT_EQ(s.kept(), "1 other");
  EXPECT_EQ(s.chat().kept[1].device, "pc");
  EXPECT_EQ(s.put("aki", 2, "").rev, 3u);
  EXPECT_EQ(s.chat().draft, (Draft{.rev = 3}));
  EXPECT_EQ(s.put("aki", 3, ""), (Answer{.rev = 3, .won = true}));  // it is so anyhow
  EXPECT_EQ(s.kept(), "1 other");                                   // one's own, emptied
}

TEST(ModelDraft, WhatAnotherDeviceReplacesIsKept_D25) {
  Drafts s;
  s.put("aki", 0, "from the phone");
  s.put("pc", 1, "from the phone, and the pc");
  EXPECT_EQ(s.kept(), "");
  s.put("aki", 2, "quite another");
  EXPECT_EQ(s.kept(), "1 from the phone, and the pc");
  s.put("aki", 3, "again another");
  EXPECT_EQ(s.kept(), "1 from the phone, and the pc");
  s.put("aki", 4, "and one more", true);
  EXPECT_EQ(s.kept(), "1 from the phone, and the pc, 2 again another");
}

TEST(ModelDraft, FiveAreKeptForThirtyDays_D25) {
  Drafts s;
  for (int i = 1; i <= 6; ++i) s.put("pc", 9, "lost " + std::to_string(i));
  EXPECT_EQ(s.kept(), "1 lost 6, 2 lost 2, 3 lost 3, 4 lost 4, 5 lost 5");
  const Seq rev = s.chat().kept[2].rev;
  s.by("aki", {.what = "drop_kept", .conversation = kSelf, .seq = 2, .rev = rev + 1});
  EXPECT_EQ(s.chat().kept.size(), 5u);
  s.by("aki", {.what = "drop_kept", .conversation = kSelf, .seq = 2, .rev = rev});
  EXPECT_EQ(s.chat().kept.size(), 4u);
  s.now_ms = 30LL * 86'400'000 + 1;
  s.put("aki", 0, "new");
  EXPECT_EQ(s.kept(), "");
}

TEST(ModelDraft, WhatIsSaidAnywayIsNotKept_D25) {
  Drafts s;
  s.put("pc", 9, "so");
  s.put("pc", 9, "so it went on");
  s.put("pc", 9, "so it");
  EXPECT_EQ(s.kept(), "1 so it went on");
  s.put("pc", 9, "another");
  s.put("aki", 0, "so it went on and on");
  EXPECT_EQ(s.kept(), "2 another");
  s.send_it("another thing");
  EXPECT_EQ(s.kept(), "");
  EXPECT_EQ(s.chat().draft.text, "so it went on and on");
}

TEST(ModelDraft, SendingClearsThatTextAndNoOther_D26) {
  Drafts s;
  s.put("aki", 0, "hello");
  s.send_it("hallo");
  EXPECT_EQ(s.chat().draft.text, "hello");
  s.send_it("hello", 0);
  EXPECT_EQ(s.chat().draft.text, "hello");
  s.send_it("hello there");
  EXPECT_EQ(s.chat().draft, (Draft{.rev = 2, .cleared_by = 3}));
  EXPECT_EQ(s.put("aki", 1, "hello th"), (Answer{.rev = 2}));  // typed before it was sent
  EXPECT_EQ(s.kept(), "");
  EXPECT_EQ(s.put("pc", 1, "hello you"), (Answer{.rev = 2}));
  EXPECT_EQ(s.kept(), "1 hello you");
}

TEST(ModelDraft, Refusals) {
  Drafts s;
  s.model.body_bytes_max = 4;
  EXPECT_EQ(s.put("ben", 0, "x").error, "NOT_FOUND");
  EXPECT_EQ(s.put("aki", 0, "hello").error, "BODY_TOO_LARGE");
  const Answer beyond = s.by("aki", {.what = "put_draft", .conversation = kSelf, .text = "\xC3\xA9", .at = 2});
  EXPECT_EQ(beyond.error, "BAD_REQUEST");
  const Answer answers = s.by("aki", {.what = "put_draft", .conversation = kSelf, .text = "x", .seq = 1});
  EXPECT_EQ(answers.error, "SEQ_BEYOND_LOG");
}

}  // namespace
}  // namespace enishi::model
