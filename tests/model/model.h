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

namespace enishi::model {

using Seq = std::uint64_t;
using Name = std::string;  // an enum of the proto as text: the value's name without its prefix; empty for UNSPECIFIED

// A request that commits something. Each `what` reads, besides device, client_id and now_ms, the fields named here. One
// that it does not read stays as it is: all but device and now_ms are the content of the client_id (D2).
//   join: key, secret, handle, name (of the device), text (display name) · recover: key, secret (the code), name both:
//   no client_id pair: key, name (an approved PairDecide whose newcomer waits) · revoke: key · codes: list (as recover
//   gives them) invite: secret, uses, expires_in_s; device and client_id empty: the daemon itself · uninvite: secret
//   ask, accept, decline, end, block, unblock: handle
//   send: conversation, text, seq (reply_to), list (mentions), mentions_all, on (clears_draft)
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

struct Head {
  Seq head = 0, marker = 0, rev = 0, unread = 0, mentions = 0;  // mentions: of the unread ones
  bool operator==(const Head&) const = default;
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

using Reaction = std::pair<std::string, std::vector<std::string>>;  // emoji, and handles in the order they came

// A MESSAGE is what its changes made of it: body, people and mentions_all are those of its present text.
struct Slot {
  Name kind = {};
  std::string author = {}, device = {}, client_id = {}, body = {};  // device: its name; body of REACTED: the emoji
  Seq reply_to = 0;
  std::set<std::string> people = {};  // MESSAGE, EDITED: mentioned by name
  bool mentions_all = false;          // MESSAGE, EDITED
  Seq target = 0;                     // EDITED, DELETED, REACTED, PINNED: the message
  bool on = false;                    // REACTED, PINNED
  // What follows is of a MESSAGE.
  std::string forwarded_from = {};  // handle; empty: it was written here, or deleted
  Seq edits = 0;                    // how many
  bool deleted = false, pinned = false, starred = false, hidden = false;  // the last two: by the viewer, in a View only
  std::vector<Reaction> reactions = {};                                   // in the order the emoji came
  bool operator==(const Slot&) const = default;
};

struct Draft {
  Seq rev = 0;  // 0: there never was one
  std::string text = {}, device = {};
  Seq caret = 0, reply_to = 0;
  Seq cleared_by = 0;  // the message whose sending cleared it; 0: it is there, or was emptied by hand
  bool operator==(const Draft&) const = default;
};

// A draft that lost (D25).
struct Kept {
  Seq rev = 0;  // how many were kept in this conversation before it, and 1; the daemon numbers otherwise
  std::string text = {}, device = {};
  std::int64_t since_ms = 0;  // in no comparison, as rev
  bool operator==(const Kept& o) const { return text == o.text && device == o.device; }
};

struct Profile {
  std::string name = {};
  Seq hue = 0;
  std::string picture = {};  // its id
  bool operator==(const Profile&) const = default;
};

// How far somebody else holds and has read a conversation, as one tied with him may know.
struct Receipt {
  Seq delivered = 0, read = 0;
  bool operator==(const Receipt&) const = default;
};

using Interval = std::pair<Seq, Seq>;  // joined and left, both inclusive; left is 0 while it is open

// What every device of a member holds when it is caught up and has paid its debts.
struct View {
  struct Chat {
    Name kind = {};
    std::string title = {};  // of a group
    Head head = {};
    bool muted = false, pinned = false;
    std::vector<Interval> intervals = {};
    std::map<Seq, Slot> slots = {};  // each that he may see
    Draft draft = {};
    std::map<Seq, Kept> kept = {};  // by place
    Seq stored = 0, read_through = 0;
    bool operator==(const Chat&) const = default;
  };
  std::map<std::string, Chat> chats = {};      // by conversation
  std::map<std::string, Name> ties = {};       // by handle; without those of which nothing is left
  std::set<std::string> devices = {};          // names of those not revoked
  std::map<std::string, Profile> people = {};  // himself, and those tied with him
  bool no_receipts = false;
  bool operator==(const View&) const = default;
};
std::set<std::string> lines(const View& view);  // one for each fact
// The lines that differ: "- " expected and missing, "+ " there instead. Empty: the views are equal.
std::string diff(const View& expected, const View& actual);

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
void on_sent(Conversation& chat, const std::string& me, const Command& c);
void on_read(const Model& m, const Conversation& chat, Member& mine, const std::string& me);

}  // namespace enishi::model
