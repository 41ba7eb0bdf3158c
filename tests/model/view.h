// What a member's devices hold, in the words of the model.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace enishi::model {

using Seq = std::uint64_t;
using Name = std::string;  // an enum of the proto as text: the value's name without its prefix; empty for UNSPECIFIED

struct Head {
  Seq head = 0, marker = 0, rev = 0, unread = 0, mentions = 0;  // mentions: of the unread ones
  bool operator==(const Head&) const = default;
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

}  // namespace enishi::model
