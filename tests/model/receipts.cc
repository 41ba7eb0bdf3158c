// What a member says of himself: how far he holds and has read, and who he is. D27..D29.
#include "model/model.h"

namespace enishi::model {

Answer decide_own(Model& m, const std::string& me, const Command& c) {
  if (c.what == "receipts") {
    m.no_receipts.erase(me);
    if (!c.on) m.no_receipts.insert(me);
  } else if (c.what == "profile") {
    m.profiles[me].name = c.text;
    m.profiles[me].hue = c.at;
  } else if (c.what == "picture") {
    if (c.at > m.picture_bytes_max) return {"BODY_TOO_LARGE"};
    m.profiles[me].picture = c.text;
  } else {
    if (m.head(me, c.conversation).rev == 0) return {"NOT_FOUND"};
    Conversation& chat = m.conversations[c.conversation];
    if (c.seq == 0 || c.seq > chat.log.size()) return {"SEQ_BEYOND_LOG"};
    Seq& stored = chat.people[me].stored;
    stored = std::max(stored, c.seq);
  }
  return {};
}

// What was read while they were off is never told.
void on_read(const Model& m, const Conversation& chat, Member& mine, const std::string& me) {
  if (chat.kind != "SELF" && !m.no_receipts.contains(me)) mine.read_through = std::max(mine.read_through, mine.marker);
}

std::map<std::string, Receipt> Model::receipts(const std::string& me, const std::string& conversation) const {
  std::map<std::string, Receipt> all;
  if (head(me, conversation).rev == 0) return all;
  const Conversation& chat = conversations.at(conversation);
  for (const std::string& handle : chat.present) {
    if (!ties.contains({me, handle}) || ties.at({me, handle}) != "MUTUAL") continue;
    const Member& other = chat.people.at(handle);
    const bool both = !no_receipts.contains(me) && !no_receipts.contains(handle);
    const Receipt receipt = {other.stored, both ? other.read_through : 0};
    if (receipt != Receipt{}) all[handle] = receipt;
  }
  return all;
}

}  // namespace enishi::model
