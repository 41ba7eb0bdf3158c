// Messages that live: who may write, change, pass on, and what it makes of a log.
#include "model/model.h"

namespace enishi::model {
namespace {

bool is_open(Model& m, const Conversation& chat, const std::string& me) {
  for (const std::string& other : chat.present)
    if (chat.kind == "DIRECT" && other != me && m.ties[{me, other}] != "MUTUAL") return false;
  return true;
}

Name fault_of_text(const Model& m, const Command& c) {
  if (c.text.empty() || c.text.size() > m.body_bytes_max) return c.text.empty() ? "BODY_EMPTY" : "BODY_TOO_LARGE";
  return c.list.size() > m.mentions_max ? "LIMIT_REACHED" : "";
}

Name fault_of_target(const Conversation& chat, const std::string& me, Seq seq) {
  if (seq == 0 || seq > chat.log.size() || !chat.people.at(me).sees(seq)) return "SEQ_BEYOND_LOG";
  return chat.log[seq - 1].kind == "MESSAGE" ? "" : "BAD_REQUEST";
}

void put_text(const Conversation& chat, Slot& slot, const Command& c) {
  slot.body = c.text;
  slot.mentions_all = c.mentions_all;
  slot.people.clear();
  for (const std::string& handle : c.list)
    if (chat.has(handle)) slot.people.insert(handle);
}

Answer send(Model& m, Conversation& chat, const std::string& me, const Command& c) {
  if (const Name fault = fault_of_text(m, c); !fault.empty()) return {fault};
  if (c.seq > chat.log.size() || (c.seq != 0 && !chat.people[me].sees(c.seq))) return {"SEQ_BEYOND_LOG"};
  const Seq seq = append(m, chat, "MESSAGE", c);
  put_text(chat, chat.log.back(), c);
  chat.log.back().reply_to = c.seq;
  on_sent(m, chat, me, c);
  return {.seq = seq};
}

Answer forward(Model& m, Conversation& chat, const std::string& me, const Command& c) {
  if (m.head(me, c.from).rev == 0) return {"NOT_FOUND"};
  if (const Name fault = fault_of_target(m.conversations[c.from], me, c.seq); !fault.empty()) return {fault};
  const Slot source = m.conversations[c.from].log[c.seq - 1];  // a copy: its log may be the one that grows
  if (source.deleted) return {"MESSAGE_DELETED"};
  const Seq seq = append(m, chat, "MESSAGE", c);
  chat.log.back().body = source.body;
  chat.log.back().forwarded_from = source.forwarded_from.empty() ? source.author : source.forwarded_from;
  return {.seq = seq};
}

// The message is another by now; this tells the log.
Answer tell(Model& m, Conversation& chat, const Name& kind, const Command& c) {
  const Seq seq = append(m, chat, kind, c);
  put_text(chat, chat.log.back(), c);
  chat.log.back().target = c.seq;
  chat.log.back().on = c.on;
  return {.seq = seq};
}

// A tombstone says whose it is and what it answered; nothing else is left, nor of the requests (D19).
Answer destroy(Model& m, Conversation& chat, Slot& message, const Command& c) {
  if (message.deleted) return {};
  message = {message.kind, message.author, message.device, message.client_id, "", message.reply_to};
  message.deleted = true;
  chat.sent.erase(c.seq);
  for (Slot& slot : chat.log)
    if (slot.kind == "EDITED" && slot.target == c.seq) put_text(chat, slot, {});
  for (auto& [_, request] : m.done) {
    auto& [content, answer] = request;
    const bool made_it = (content.what == "send" || content.what == "forward") && answer.seq == c.seq;
    const bool edited_it = content.what == "edit" && content.seq == c.seq;
    if (content.conversation == c.conversation && (made_it || edited_it)) content = {};
  }
  return tell(m, chat, "DELETED", c);
}

void react(std::vector<Reaction>& all, const std::string& me, const Command& c) {
  auto it = std::ranges::find(all, c.text, &Reaction::first);
  if (it == all.end()) it = all.insert(it, {c.text, {}});
  if (!c.on) std::erase(it->second, me);
  if (c.on && std::ranges::count(it->second, me) == 0) it->second.push_back(me);
  if (it->second.empty()) all.erase(it);
}

bool is_too_much(const Model& m, const Conversation& chat, const Slot& message, const Command& c) {
  std::size_t reactions = 0, changes = 1 + std::ranges::count(chat.log, c.seq, &Slot::target);
  for (const Reaction& reaction : message.reactions) reactions += reaction.second.size();
  const bool full = message.reactions.size() > m.emoji_max || reactions > m.reactions_max || changes > m.changes_max;
  return c.what == "edit" ? message.edits > m.edits_max : full;  // nobody uses up the author's edits
}

Answer change(Model& m, Conversation& chat, Slot& message, const std::string& me, const Command& c) {
  const bool edit = c.what == "edit";
  if (message.deleted) return {"MESSAGE_DELETED"};
  if (edit && !message.forwarded_from.empty()) return {"BAD_REQUEST"};  // D21
  if (const Name fault = fault_of_text(m, c); edit && !fault.empty()) return {fault};
  Slot next = message;
  if (edit) put_text(chat, next, c);
  if (c.what == "react") react(next.reactions, me, c);
  if (c.what == "pin_message") next.pinned = c.on;
  if (next == message) return {};
  if (edit) ++next.edits;
  if ((edit || c.on) && is_too_much(m, chat, next, c)) return {"LIMIT_REACHED"};
  message = next;
  return tell(m, chat, edit ? "EDITED" : c.what == "react" ? "REACTED" : "PINNED", c);
}

}  // namespace

Seq append(Model& m, Conversation& to, const Name& kind, const Command& c, const std::set<std::string>& people) {
  const Device& device = m.devices.at(c.device);
  to.log.push_back({kind, device.handle, device.name, c.client_id, "", 0, people});
  return to.log.size();
}

Answer decide_message(Model& m, const std::string& me, const Command& c) {
  if (m.head(me, c.conversation).rev == 0) return {"NOT_FOUND"};
  Conversation& chat = m.conversations[c.conversation];
  const bool flag = c.what == "star" || c.what == "hide", takes_back = c.what == "delete";
  if (!flag && !takes_back && !is_open(m, chat, me)) return {"NOT_TIED"};
  if (c.what == "send") return send(m, chat, me, c);
  if (c.what == "forward") return forward(m, chat, me, c);
  if (const Name fault = fault_of_target(chat, me, c.seq); !fault.empty()) return {fault};
  if (flag) {
    std::set<Seq>& flagged = c.what == "star" ? chat.people[me].starred : chat.people[me].hidden;
    flagged.erase(c.seq);
    if (c.on) flagged.insert(c.seq);
    return {};
  }
  Slot& message = chat.log[c.seq - 1];
  if ((takes_back || c.what == "edit") && message.author != me) return {"NOT_AUTHOR"};
  return takes_back ? destroy(m, chat, message, c) : change(m, chat, message, me, c);
}

}  // namespace enishi::model
