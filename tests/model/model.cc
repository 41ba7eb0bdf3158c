#include "model/model.h"

namespace enishi::model {
namespace {

void enter(Conversation& to, const std::string& handle, Seq joined) {
  to.present.push_back(handle);
  Member& member = to.people[handle];
  member.intervals.push_back({joined, 0});
  member.marker = joined;
  ++member.rev;
}

void make_mutual(Model& m, const std::string& one, const std::string& other) {
  m.ties[{one, other}] = m.ties[{other, one}] = "MUTUAL";
  Conversation& direct = m.conversations[Model::direct_id(one, other)];
  if (!direct.kind.empty()) return;  // it is open again, as it was (D11)
  direct.kind = "DIRECT";
  for (const std::string& handle : {one, other}) enter(direct, handle, 0);
}

Answer decide_tie(Model& m, const std::string& me, const Command& c) {
  const std::string& other = c.handle;
  if (other == me) return {"BAD_REQUEST"};
  Name &mine = m.ties[{me, other}], &theirs = m.ties[{other, me}];
  const bool asked = mine == "ASKED_IN";
  if (c.what == "ask" && m.blocks.contains({me, other})) return {"BLOCKED_BY_YOU"};
  if ((c.what == "accept" || c.what == "decline") && !asked) return {"NOT_FOUND"};
  if (c.what == "end" && mine != "MUTUAL" && mine != "ASKED_OUT") return {"NOT_FOUND"};
  if (c.what == "unblock" && m.blocks.erase({me, other}) == 0) return {"NOT_FOUND"};
  if (c.what == "accept" || (c.what == "ask" && asked)) make_mutual(m, me, other);
  if (c.what == "ask" && mine != "MUTUAL") {
    mine = "ASKED_OUT";
    if (!m.blocks.contains({other, me})) theirs = "ASKED_IN";
  }
  if (c.what == "block") m.blocks.insert({me, other});
  if (c.what == "end" || c.what == "block" || c.what == "decline") {
    const Name before = m.conversations.contains(Model::direct_id(me, other)) ? "ENDED" : "";  // D10
    if (mine == "MUTUAL" || (mine == "ASKED_OUT" && theirs == "ASKED_IN")) theirs = before;
    mine = before;  // an ask of theirs is dropped in silence
  }
  return {.tie = m.blocks.contains({me, other}) ? "BLOCKED" : mine};
}

Answer add_device(Model& m, const std::string& handle, const Command& c) {
  for (const auto& [key, device] : m.devices) {
    if (key == c.key) return {"KEY_IN_USE"};
    if (device.handle == handle && device.name == c.name && !device.revoked) return {"DEVICE_NAME_TAKEN"};
  }
  m.devices[c.key] = {handle, c.name};
  return {.inviter = m.inviters[handle]};
}

Answer decide_account(Model& m, const std::string& me, const Command& c) {
  if (c.what == "pair") return add_device(m, me, c);
  if (c.what == "join") {
    if (m.devices.contains(c.key)) return {"KEY_IN_USE"};
    if (!m.invitations.contains(c.secret)) return {"INVITATION_UNKNOWN"};
    Invitation& used = m.invitations[c.secret];
    if (const Name state = used.state(c.now_ms); state != "OPEN") return {"INVITATION_" + state};
    if (m.inviters.contains(c.handle)) return {"HANDLE_TAKEN"};
    ++used.used;
    const std::string inviter = m.inviters[c.handle] = used.maker.empty() ? m.owner : used.maker;
    if (m.owner.empty()) m.owner = c.handle;
    m.profiles[c.handle] = {c.text};
    m.conversations[Model::self_id(c.handle)].kind = "SELF";
    enter(m.conversations[Model::self_id(c.handle)], c.handle, 0);
    if (!inviter.empty() && !m.blocks.contains({inviter, c.handle})) make_mutual(m, c.handle, inviter);  // D13
    return add_device(m, c.handle, c);
  }
  if (c.what == "recover") {
    if (!m.codes.contains(c.secret)) return {"RECOVERY_UNKNOWN"};
    const Answer answer = add_device(m, m.codes[c.secret], c);
    if (answer.error.empty()) m.codes.erase(c.secret);
    return answer;
  }
  if (c.what == "revoke") {
    if (!m.devices.contains(c.key) || m.devices[c.key].handle != me || m.devices[c.key].revoked) return {"NOT_FOUND"};
    m.devices[c.key].revoked = true;
  } else if (c.what == "codes") {
    std::erase_if(m.codes, [&](const auto& code) { return code.second == me; });
    for (const std::string& code : c.list) m.codes[code] = me;
  } else if (c.what == "invite") {
    m.invitations[c.secret] = {me.empty() ? m.owner : me, c.uses, 0, c.now_ms + c.expires_in_s * 1000};
  } else {
    const auto it = m.invitations.find(c.secret);
    if (it == m.invitations.end() || it->second.maker != me) return {"NOT_FOUND"};
    it->second.revoked = true;
  }
  return {};
}

Answer group_new(Model& m, const std::string& me, const Command& c) {
  std::vector<std::string> first = {me};  // in the order named, each once
  for (const std::string& handle : c.list) {
    if (handle != me && m.ties[{me, handle}] != "MUTUAL") return {"NOT_FOUND"};
    if (std::ranges::count(first, handle) == 0) first.push_back(handle);
  }
  if (first.size() > m.group_members_max) return {"LIMIT_REACHED"};
  Conversation& group = m.conversations[c.conversation] = {"GROUP", c.text, me, {}, {}, {}, {}};
  for (const std::string& handle : first) enter(group, handle, 1);
  return {.conversation = c.conversation, .seq = append(m, group, "CREATED", c, {first.begin(), first.end()})};
}

Answer decide_group(Model& m, const std::string& me, const Command& c) {
  if (m.head(me, c.conversation).rev == 0 || m.conversations[c.conversation].kind != "GROUP") return {"NOT_FOUND"};
  Conversation& group = m.conversations[c.conversation];
  const bool in = group.has(c.handle), owns = group.owner == me;
  if (c.what == "title") {
    append(m, group, "TITLED", c);
    group.log.back().body = group.title = c.text;
  } else if (c.what == "add") {
    if (m.ties[{me, c.handle}] != "MUTUAL") return {"NOT_FOUND"};
    if (in) return {"ALREADY_MEMBER"};
    if (group.present.size() >= m.group_members_max) return {"LIMIT_REACHED"};
    enter(group, c.handle, append(m, group, "ADDED", c, {c.handle}));
  } else if (c.what == "remove") {
    if (!owns) return {"NOT_OWNER"};
    if (c.handle == me) return {"BAD_REQUEST"};
    if (!in) return {"NOT_FOUND"};
    group.people[c.handle].intervals.back().second = append(m, group, "REMOVED", c, {c.handle});
    std::erase(group.present, c.handle);
  } else {
    if (owns && !c.handle.empty() && (!in || c.handle == me)) return {"NOT_FOUND"};
    group.people[me].intervals.back().second = append(m, group, "LEFT", c);
    std::erase(group.present, me);
    if (owns) group.owner = !c.handle.empty() ? c.handle : group.present.empty() ? "" : group.present.front();
    if (owns && !group.owner.empty()) group.log.back().people = {group.owner};
  }
  return {.seq = group.log.size()};
}

Answer decide_in_conversation(Model& m, const std::string& me, const Command& c) {
  if (m.head(me, c.conversation).rev == 0) return {"NOT_FOUND"};
  Conversation& chat = m.conversations[c.conversation];
  Member& mine = chat.people[me];
  const Seq end = chat.log.size();
  if (c.what == "mute") mine.muted = c.on;
  if (c.what == "pin") mine.pinned = c.on;
  if (c.what == "mute" || c.what == "pin") return {};
  if (c.seq > end) return {"SEQ_BEYOND_LOG"};
  if (c.what == "mark_unread") {
    if (c.seq == 0 || c.seq < mine.intervals.front().first) return {"SEQ_BEYOND_LOG"};
    if (c.rev != mine.rev) return {.error = "STALE_REV", .head = m.head(me, c.conversation)};
    mine.marker = c.seq - 1;
    ++mine.rev;
  } else if (const Seq to = c.seq == 0 ? end : c.seq; c.rev == mine.rev && to > mine.marker) {
    mine.marker = to;
    on_read(m, chat, mine, me);
  }
  return {.head = m.head(me, c.conversation)};
}

// What makes it more than a plain message.
std::string changes_of(const Slot& slot) {
  std::string line = slot.mentions_all ? " and all" : "";
  if (slot.target != 0) line += " target " + std::to_string(slot.target) + (slot.on ? " on" : "");
  if (!slot.forwarded_from.empty()) line += " forwarded_from " + slot.forwarded_from;
  if (slot.edits != 0) line += " edits " + std::to_string(slot.edits);
  for (const auto& [emoji, handles] : slot.reactions)
    for (const std::string& handle : handles) line += ' ' + emoji + ' ' + handle;
  return line + (slot.deleted ? " deleted" : "") + (slot.pinned ? " pinned" : "") + (slot.starred ? " starred" : "") +
         (slot.hidden ? " hidden" : "");
}

}  // namespace

Answer Model::apply(const Command& c) {
  const auto is = [&](const std::set<std::string>& these) { return these.contains(c.what); };
  const bool keyed = is({"join", "recover"}), of_daemon = is({"invite"}) && c.device.empty();
  if (!keyed && !of_daemon && !devices.contains(c.device)) return {"PROOF_FAILED"};
  if (!keyed && !of_daemon && devices[c.device].revoked) return {"DEVICE_REVOKED"};
  const std::string me = keyed || of_daemon ? "" : devices[c.device].handle, id = keyed ? c.key : c.client_id;
  Command content = c;
  content.device.clear();
  content.now_ms = 0;
  if (is({"group_new"})) content.conversation.clear();  // the daemon's choice, not the maker's
  if (done.contains({me, id})) {
    auto [original, answer] = done[{me, id}];
    answer.duplicate = true;
    const bool forgotten = original.what.empty() && is({"send", "edit", "delete", "react", "pin_message", "forward"});
    return original == content || forgotten ? answer : Answer{keyed ? "KEY_IN_USE" : "CLIENT_ID_REUSED"};
  }
  Answer answer = {"UNSUPPORTED"};
  if (is({"join", "recover", "pair", "revoke", "codes", "invite", "uninvite"})) answer = decide_account(*this, me, c);
  if (is({"ask", "accept", "decline", "end", "block", "unblock"})) answer = decide_tie(*this, me, c);
  if (is({"group_new"})) answer = group_new(*this, me, c);
  if (is({"title", "add", "remove", "leave"})) answer = decide_group(*this, me, c);
  if (is({"read", "mark_unread", "mute", "pin"})) answer = decide_in_conversation(*this, me, c);
  if (is({"send", "edit", "delete", "react", "pin_message", "forward", "star", "hide"}))
    answer = decide_message(*this, me, c);
  if (is({"put_draft", "drop_kept"})) answer = decide_draft(*this, me, c);
  if (is({"stored", "receipts", "profile", "picture"})) answer = decide_own(*this, me, c);
  const bool same_text = answer.seq == 0 && is({"edit"});  // D18
  if (answer.error.empty() && !id.empty()) done[{me, id}] = {same_text ? Command{} : content, answer};
  return answer;
}

Head Model::head(const std::string& me, const std::string& conversation) const {
  if (!conversations.contains(conversation) || !conversations.at(conversation).has(me)) return {};
  const Conversation& in = conversations.at(conversation);
  const Member& mine = in.people.at(me);
  Head head{.head = in.log.size(), .marker = mine.marker, .rev = mine.rev};
  for (Seq seq = mine.marker + 1; seq <= head.head; ++seq) {
    const Slot& slot = in.log[seq - 1];
    const bool countable = slot.kind == "MESSAGE" && slot.author != me && !slot.deleted;
    if (!countable || !mine.sees(seq) || mine.hidden.contains(seq) || blocks.contains({me, slot.author})) continue;
    ++head.unread;
    if (slot.mentions_all || slot.people.contains(me)) ++head.mentions;
  }
  return head;
}

View Model::view(const std::string& me) const {
  View view;
  for (const auto& [id, in] : conversations) {
    if (!in.has(me)) continue;
    const Member& mine = in.people.at(me);
    View::Chat& chat =
        view.chats[id] = {in.kind, in.title,   head(me, id), mine.muted,  mine.pinned,      mine.intervals,
                          {},      mine.draft, mine.kept,    mine.stored, mine.read_through};
    for (Seq seq = 1; seq <= in.log.size(); ++seq) {
      if (!mine.sees(seq)) continue;
      Slot& slot = chat.slots[seq] = in.log[seq - 1];
      slot.starred = mine.starred.contains(seq);
      slot.hidden = mine.hidden.contains(seq);
    }
  }
  for (const auto& [pair, tie] : ties)
    if (pair.first == me && !tie.empty()) view.ties[pair.second] = tie;
  for (const auto& [handle, profile] : profiles)
    if (handle == me || (view.ties.contains(handle) && view.ties[handle] == "MUTUAL")) view.people[handle] = profile;
  view.no_receipts = no_receipts.contains(me);
  for (const auto& [who, whom] : blocks)
    if (who == me) view.ties[whom] = "BLOCKED";
  for (const auto& [_, device] : devices)
    if (device.handle == me && !device.revoked) view.devices.insert(device.name);
  return view;
}

std::set<std::string> lines(const View& view) {
  std::set<std::string> all;
  const auto n = [](Seq number) { return ' ' + std::to_string(number); };
  for (const auto& [id, chat] : view.chats) {
    std::string line = id + ' ' + chat.kind + " head" + n(chat.head.head) + " marker" + n(chat.head.marker) + " rev" +
                       n(chat.head.rev) + " unread" + n(chat.head.unread) + " mentions" + n(chat.head.mentions) +
                       (chat.muted ? " muted" : "") + (chat.pinned ? " pinned" : "") + " title " + chat.title + " in";
    for (const auto& [joined, left] : chat.intervals) line += n(joined) + ".." + std::to_string(left);
    all.insert(line + " stored" + n(chat.stored) + " read_through" + n(chat.read_through));
    const Draft& draft = chat.draft;
    all.insert(id + " draft rev" + n(draft.rev) + " by " + draft.device + " caret" + n(draft.caret) + " reply_to" +
               n(draft.reply_to) + " cleared_by" + n(draft.cleared_by) + " text " + draft.text);
    for (const auto& [place, kept] : chat.kept)
      all.insert(id + " kept" + n(place) + " by " + kept.device + " text " + kept.text);
    for (const auto& [seq, slot] : chat.slots) {
      line = id + " slot" + n(seq) + ' ' + slot.kind + " by " + slot.author + '/' + slot.device + " client_id " +
             slot.client_id + " reply_to" + n(slot.reply_to) + " body " + slot.body + " people";
      for (const std::string& handle : slot.people) line += ' ' + handle;
      all.insert(line + changes_of(slot));
    }
  }
  for (const auto& [handle, tie] : view.ties) all.insert("tie " + handle + ' ' + tie);
  for (const std::string& name : view.devices) all.insert("device " + name);
  for (const auto& [handle, who] : view.people)
    all.insert("person " + handle + " hue" + n(who.hue) + " picture " + who.picture + " name " + who.name);
  if (view.no_receipts) all.insert("no receipts");
  return all;
}

std::string diff(const View& expected, const View& actual) {
  const std::set<std::string> want = lines(expected), have = lines(actual);
  std::string out;
  for (const std::string& line : want) out += have.contains(line) ? "" : "- " + line + "\n";
  for (const std::string& line : have) out += want.contains(line) ? "" : "+ " + line + "\n";
  return out;
}

}  // namespace enishi::model
