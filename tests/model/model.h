// The reference model of Enishi: what the issue, the design and the protocol say, by the plainest means: maps, scans
// and counting. It shares no line with the daemon. What the texts leave open is settled in DECISIONS.md; D1, D2.. point
// there. Not judged here: the form of fields (UTF-8, names, handles, ranges), and what is never stored (presence,
// offers).
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/view.h"

namespace enishi::model {

// A request that commits something. Each `what` reads, besides device, client_id and now_ms, the fields named here. One
// that it does not read stays as it is: all but device and now_ms are the content of the client_id (D2).
//   join: key, secret, handle, name (of the device), text (display name) · recover: key, secret (the code), name both:
//   no client_id pair: key, name (an approved PairDecide whose newcomer waits) · revoke: key · codes: list (as recover
//   gives them) invite: secret, uses, expires_in_s; device and client_id empty: the daemon itself · uninvite: secret
//   ask, accept, decline, end, block, unblock: handle
//   send: conversation, text, seq (reply_to), list (mentions), mentions_all, rev (draft_rev)
//   edit: conversation, text, list, mentions_all, seq (the message)
//   delete: conversation, seq · react: conversation, seq, text (emoji), on · pin_message: conversation, seq, on
//   forward: conversation (where to), from (conversation), seq (there) · mark_unread: conversation, seq, rev
//   read: conversation, seq, rev · mute, pin: conversation, on · star, hide: conversation, seq, on  all: no client_id
//   put_draft: conversation, text, at (caret), seq (reply_to), rev (base), on (keep_replaced) · drop_kept:
//   conversation, seq (place), rev · stored: conversation, seq · receipts: on · profile: text (name), at (hue) picture:
//   text (picture_id, empty removes it), at (its bytes)                                  all: no client_id group_new:
//   conversation (the id that the daemon gave), text (title), list (handles) · title: conversation, text add, remove:
//   conversation, handle · leave: conversation, handle (successor, may be empty)
struct Command {
  std::string what;
  std::string device = {};  // key of the device that asks
  std::string client_id = {}, conversation = {}, from = {}, handle = {}, text = {}, name = {}, key = {}, secret = {};
  std::vector<std::string> list = {};
  Seq seq = 0, rev = 0, uses = 0, at = 0;
  std::int64_t expires_in_s = 0, now_ms = 0;  // now_ms: commit time that the daemon claims, milliseconds since 1970
  bool on = false, mentions_all = false;
  bool operator==(const Command&) const = default;
};

struct Answer {
  Name error = {};                // empty: carried out
  std::string conversation = {};  // group_new
  Seq seq = 0;                    // what writes to a log: the event's number; 0: nothing changed (D18)
  Head head = {};                 // read, mark_unread; with STALE_REV too
  Name tie = {};                  // ask .. unblock: the asker's side after it; empty: nothing is left
  std::string inviter = {};       // join, recover, pair
  Seq rev = 0;                    // put_draft: of the draft that is there now
  bool won = false;               // put_draft
  bool duplicate = false;         // the original answer again, of any request (on the wire only Sent says so)
  bool operator==(const Answer&) const = default;
};

struct Device {
  std::string handle, name;
  bool revoked = false;
};

struct Invitation {
  std::string maker;  // empty: the daemon, before there was an owner (D13)
  Seq uses = 0, used = 0;
  std::int64_t expires_at_ms = 0;
  bool revoked = false;
  Name state(std::int64_t now_ms) const {
    return revoked ? "REVOKED" : used >= uses ? "SPENT" : now_ms >= expires_at_ms ? "EXPIRED" : "OPEN";
  }
};

struct Member {
  std::vector<Interval> intervals;
  Seq marker = 0, rev = 0;
  bool muted = false, pinned = false;
  std::set<Seq> starred = {}, hidden = {};  // messages
  Draft draft = {};
  std::map<Seq, Kept> kept = {};
  Name cleared_on = {};  // the device whose message cleared the draft
  Seq kept_revs = 0, stored = 0, read_through = 0;
  bool sees(Seq seq) const {
    const auto holds = [&](const Interval& in) { return in.first <= seq && (in.second == 0 || seq <= in.second); };
    return std::ranges::any_of(intervals, holds);
  }
};

struct Conversation {
  Name kind;
  std::string title, owner;              // of a group; owner empty: all have left
  std::vector<Slot> log;                 // seq 1 first
  std::vector<std::string> present;      // whose interval is open, longest first
  std::map<std::string, Member> people;  // whoever was in it
  std::map<Seq, std::string> sent = {};  // what each message said at first, until it is destroyed
  bool has(const std::string& handle) const { return std::ranges::count(present, handle) > 0; }
};

// A plain value: copy it to ask what a command would do. Open to any question; only apply() changes it.
struct Model {
  using Pair = std::pair<std::string, std::string>;
  // Takes the commands in commit order and tells the answer that each must get.
  Answer apply(const Command& command);
  View view(const std::string& handle) const;
  Head head(const std::string& handle, const std::string& conversation) const;  // rev 0: not his (any more)
  // By handle; without those of whom nothing is known. What ReceiptsAsk is answered (of one who is in it).
  std::map<std::string, Receipt> receipts(const std::string& handle, const std::string& conversation) const;
  static std::string direct_id(const std::string& one, const std::string& other) {
    return "@" + std::min(one, other) + "+" + std::max(one, other);
  }
  static std::string self_id(const std::string& handle) { return "self:" + handle; }

  std::size_t body_bytes_max = 16'384, picture_bytes_max = 24'576, kept_max = 5, group_members_max = 1'000,
              mentions_max = 50;
  std::size_t edits_max = 100, emoji_max = 32, reactions_max = 500, changes_max = 2'000;
  std::string owner = {};                              // the first member
  std::map<std::string, std::string> inviters = {};    // of every member, by handle; empty: none
  std::map<std::string, Device> devices = {};          // by key
  std::map<std::string, Invitation> invitations = {};  // by secret
  std::map<std::string, std::string> codes = {};       // unused recovery code -> whose
  std::map<Pair, Name> ties = {};                      // (whose side, with whom); MUTUAL always on both sides
  std::set<Pair> blocks = {};                          // (who blocks, whom)
  std::map<std::string, Conversation> conversations = {};
  std::map<std::string, Profile> profiles = {};  // of every member
  std::set<std::string> no_receipts = {};        // who neither gives nor gets read receipts
  // By (author, client_id); join, recover: ("", key). A Command without `what`: its content was destroyed (D19).
  std::map<Pair, std::pair<Command, Answer>> done = {};
};

// Between the files of the model. Append: an event of the command's device, as yet without a text; answers its seq.
Seq append(Model& m, Conversation& to, const Name& kind, const Command& c, const std::set<std::string>& people = {});
Answer decide_message(Model& m, const std::string& me, const Command& c);
Answer decide_draft(Model& m, const std::string& me, const Command& c);
Answer decide_own(Model& m, const std::string& me, const Command& c);  // stored, receipts, profile, picture
void on_sent(const Model& m, Conversation& chat, const std::string& me, const Command& c);
void on_read(const Model& m, const Conversation& chat, Member& mine, const std::string& me);

}  // namespace enishi::model
