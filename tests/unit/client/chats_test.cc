#include "cpp/view/chats.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace enishi::client {
namespace {

using namespace scene;

ConversationView conversation(std::uint8_t byte, v1::ConversationKind kind, const std::string& name) {
  ConversationView view;
  view.id = id(byte);
  view.kind = kind;
  if (kind == v1::CONVERSATION_KIND_GROUP) view.title = name;
  if (kind == v1::CONVERSATION_KIND_DIRECT) view.peer.set_handle(name);
  return view;
}

class Chats : public ::testing::Test {
 protected:
  std::string resolve(std::string_view chat) {
    const auto found = resolve_chat(chat, all_);
    if (std::holds_alternative<ChatNotFound>(found)) return "NOT_FOUND";
    if (const auto* several = std::get_if<ChatAmbiguous>(&found))
      return "AMBIGUOUS " + std::to_string(several->ids.size());
    return to_hex(std::get<core::PublicId>(found).view()).substr(0, 2);
  }
  std::vector<ConversationView> all_{
      conversation(1, v1::CONVERSATION_KIND_DIRECT, "aki"), conversation(2, v1::CONVERSATION_KIND_GROUP, "縁 end"),
      conversation(3, v1::CONVERSATION_KIND_GROUP, "twice"), conversation(4, v1::CONVERSATION_KIND_GROUP, "twice"),
      conversation(5, v1::CONVERSATION_KIND_SELF, "")};
};

TEST_F(Chats, AreResolved) {
  EXPECT_EQ(resolve("@aki"), "01");
  EXPECT_EQ(resolve("@AKI"), "01");
  EXPECT_EQ(resolve("#縁 end"), "02");
  EXPECT_EQ(resolve("#twice"), "AMBIGUOUS 2");
  EXPECT_EQ(resolve("self"), "05");
  EXPECT_EQ(resolve(to_hex(id(3).view())), "03");
  for (const char* chat : {"", "@", "@ben", "#", "#end", "aki", "00", "@twice", "#aki"})
    EXPECT_EQ(resolve(chat), "NOT_FOUND");
  EXPECT_EQ(resolve(std::string(32, '0')), "NOT_FOUND");
}

TEST_F(Chats, TheirNamesResolveToThemselves) {
  for (const auto& view : all_) EXPECT_EQ(resolve(chat_name(view, all_)), to_hex(view.id.view()).substr(0, 2));
  EXPECT_EQ(chat_name(all_[0], all_), "@aki");
  EXPECT_EQ(chat_name(all_[1], all_), "#縁 end");
}

TEST(Slots, FillWhatLiesBetween) {
  auto view = conversation(kChat, v1::CONVERSATION_KIND_GROUP, "g");
  view.intervals = {{core::Seq{2}, core::Seq{4}}, {core::Seq{8}, core::Seq{0}}};
  view.head = 12;
  view.missing = {{4, 4}, {9, 10}, {12, 12}};
  const auto slots =
      slots_of(view, {event(2, kAki, kChat, v1::EVENT_KIND_ADDED), event(3), event(8), event(11)}, 1, 100);
  std::string shown;
  for (const auto& slot : slots)
    shown += std::string(1, "msxh"[static_cast<int>(slot.kind)]) + std::to_string(slot.slots.first) + "-" +
             std::to_string(slot.slots.last) + " ";
  EXPECT_EQ(shown, "s2-2 m3-3 h4-4 x5-7 m8-8 h9-10 m11-11 h12-12 ");
}

}  // namespace
}  // namespace enishi::client
