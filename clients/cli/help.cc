#include "cli/help.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace enishi::cli {

namespace {

/// Devices, people, groups.
std::vector<HelpEntry> entries_of_people() {
  return {
      {"join", "URL|- --handle HANDLE [--name NAME] --device NAME", "Begin: make an account from an invitation link",
       "enishi join 'http://127.0.0.1:8470/#i=...' --handle aki --name Aki --device phone\n"
       "echo \"$LINK\" | enishi join - --handle aki --name Aki --device phone"},
      {"pair", "[--yes]  |  URL|- --device NAME", "Add a device: without URL on the old one, with it on the new one",
       "enishi pair                                   # shows a link; asks for the six digits of the newcomer\n"
       "enishi --profile pc pair 'http://...#p=...' --device pc"},
      {"recover", "ORIGIN CODE|- --device NAME", "Come back with a recovery code when all devices are lost",
       "enishi recover http://127.0.0.1:8470 AAAAA-BBBBB-CCCCC-DDDDD --device phone2"},
      {"devices", "", "My devices", ""},
      {"revoke", "DEVICE", "Shut a device of mine out, by name or id", "enishi revoke phone"},
      {"recovery-codes", "", "Make ten new recovery codes; earlier ones are void", ""},
      {"baton", "DEVICE [CHAT] [--anchor SEQ]  |  --here",
       "Go on with a conversation on another device of mine, or here",
       "enishi baton pc @ben --anchor 120   # the pc opens it with message 120 at the upper edge\n"
       "enishi baton pc                     # the conversation where something happened last\n"
       "enishi baton --here                 # what is open on the device that I used last\n"
       "It waits until it is open there, for --timeout at most (then exit code 3)."},
      {"invite", "[--uses N] [--expires 7d] [--note TEXT]", "Make an invitation link",
       "enishi invite --uses 3 --expires 12h --note 'the climbing group'"},
      {"invites", "", "My invitations", ""},
      {"uninvite", "ID", "Take an invitation back", ""},
      {"tie ask", "HANDLE", "Ask somebody for a tie", "enishi tie ask ben"},
      {"tie accept", "HANDLE", "Accept an ask", ""},
      {"tie decline", "HANDLE", "Decline an ask; the other side learns nothing", ""},
      {"tie end", "HANDLE", "End a tie, or withdraw an ask", ""},
      {"tie block", "HANDLE", "Block; to the other side it looks like an ended tie", ""},
      {"tie unblock", "HANDLE", "Take a block back", ""},
      {"ties", "", "Whom I am tied with, asked or blocked", ""},
      {"profile", "[--name NAME] [--hue 0..360] [--picture FILE|-] [--no-picture]",
       "What I show of myself: name, colour, picture; with options, change it",
       "enishi profile --name 'Aki M.' --hue 200\n"
       "enishi profile --picture me.jpg               # PNG, JPEG or WebP, at most 24 KiB\n"
       "What a camera writes beside the picture (place, time, device) is left out. Hue 0: none is chosen."},
      {"picture", "HANDLE [--out FILE]", "The picture of somebody I am tied or in a group with",
       "enishi picture ben --out ben.png\n"
       "Without --out it goes to standard output; with --json it is in the object, as base64."},
      {"group new", "TITLE HANDLE...", "Make a group of people I am tied with",
       "enishi group new 'Sunday walk' ben chie"},
      {"group add", "GROUP HANDLE", "Add somebody I am tied with", "enishi group add '#Sunday walk' dai"},
      {"group remove", "GROUP HANDLE", "Remove somebody (the owner may)", ""},
      {"group leave", "GROUP [--successor HANDLE]", "Leave; an owner may name the next one", ""},
      {"group title", "GROUP TITLE", "Give a group another title", ""},
  };
}

/// Conversations and messages.
std::vector<HelpEntry> entries_of_conversations() {
  return {
      {"list", "", "Conversations, newest first", ""},
      {"send", "CHAT TEXT|-|--draft [--reply SEQ] [--client-id HEX]", "Send a message; - reads it from standard input",
       "enishi send @ben 'see you at nine'\n"
       "enishi send '#Sunday walk' - < notes.txt\n"
       "enishi send self 'buy bread'\n"
       "enishi send @ben --draft                      # what `enishi draft @ben` shows, which is then cleared\n"
       "Not reachable: the message is queued (exit code 3) and goes out with the next command that connects."},
      {"read", "CHAT [--limit 50] [--before SEQ | --after SEQ | --around SEQ]", "Show messages; marks nothing",
       "enishi read @ben --limit 20\nenishi read '#Sunday walk' --after 120\n"
       "Behind messages of mine: sent, or to whom they were delivered and who has read them, of those I am tied with."},
      {"draft", "CHAT [TEXT|- [--caret N] [--reply SEQ]  |  --clear  |  --restore PLACE  |  --drop PLACE]",
       "Show or write the half-written message of a conversation, on all my devices",
       "enishi draft @ben 'see you at'\n"
       "enishi draft @ben\n"
       "enishi draft @ben --restore 1     # a text that lost against another device's, and was kept\n"
       "Not reachable: it is stored here (exit code 3) and saved with the next command that connects."},
      {"drafts", "", "All half-written messages", ""},
      {"mark", "CHAT [SEQ]  |  CHAT --unread-from SEQ", "Mark read through SEQ (or all), or unread from SEQ on",
       "enishi mark @ben\nenishi mark @ben --unread-from 17"},
      {"receipts", "CHAT  |  [--on|--off]",
       "How far those I am tied with hold a conversation and have read it; or whether I give and get read receipts",
       "enishi receipts @ben\n"
       "enishi receipts --off                         # both ways: who gives none gets none\n"
       "Delivered: one device of that person holds everything through there."},
      {"members", "CHAT", "Who is in a conversation", "enishi members '#Sunday walk'"},
      {"mute", "CHAT", "Mute a conversation on all my devices", ""},
      {"unmute", "CHAT", "Unmute it", ""},
      {"pin", "CHAT [SEQ]", "Pin a conversation on all my devices; with SEQ a message, for all in it", ""},
      {"unpin", "CHAT [SEQ]", "Unpin it", ""},
      {"edit", "CHAT SEQ TEXT|-", "Give a message of mine another text; the earlier ones stay to be seen",
       "enishi edit @ben 12 'see you at ten'"},
      {"delete", "CHAT SEQ [--for-me [--off]]", "Take a message of mine back for everyone, or any one from my devices",
       "enishi delete @ben 12\nenishi delete @ben 12 --for-me          # --off brings it back"},
      {"react", "CHAT SEQ EMOJI [--off]", "Put an emoji on a message", "enishi react @ben 12 👍"},
      {"star", "CHAT SEQ [--off]", "Keep a message among the starred ones, on all my devices", ""},
      {"starred", "", "The messages I starred", ""},
      {"forward", "CHAT SEQ TO", "Send a message on to another conversation, with who wrote it",
       "enishi forward @ben 12 '#Sunday walk'"},
      {"watch", "[--for SECONDS]", "Print everything as it arrives; Ctrl-C ends it",
       "enishi --json watch | jq -r 'select(.type==\"message\") | .text'"},
      {"presence", "[HANDLE...]", "Who is here, of those I am tied with", ""},
      {"mode", "active|idle|background", "Say how near I am to this device", ""},
      {"typing", "CHAT", "Show that I am writing", ""},
      {"status", "[--clear]", "This device: connection, outbox, what is missing",
       "--clear forgets queued messages that were refused."},
      {"doctor", "ORIGIN [--idle 75s]", "Look at a place from outside, and say what is wrong with it",
       "enishi doctor https://chat.example.org\n"
       "enishi --profile phone doctor https://chat.example.org    # a device of that place can also try 75 s of "
       "silence\n"
       "Exit codes: 0 all is well, 1 something is wrong, 3 nothing answers there."},
      {"chat", "[CHAT]", "An interactive screen: the list, or one conversation",
       "enishi chat\nenishi chat @ben\n"
       "Enter sends, Alt-Enter breaks the line, PageUp and PageDown turn pages, Esc or Ctrl-O shows the list, "
       "Ctrl-C leaves.\n"
       "/list  /quit  /reply N TEXT  /read  /unread N  /clear (forgets refused messages)\n"
       "/baton DEVICE (go on there)  /here (go on with what is open on another device); a text that begins with / is "
       "typed as //."},
  };
}

}  // namespace

const std::vector<HelpEntry>& help_entries() {
  static const std::vector<HelpEntry> kEntries = [] {
    auto all = entries_of_people();
    std::ranges::copy(entries_of_conversations(), std::back_inserter(all));
    return all;
  }();
  return kEntries;
}

const HelpEntry* find_help(std::string_view name) {
  const auto& all = help_entries();
  const auto at = std::ranges::find(all, name, &HelpEntry::name);
  return at == all.end() ? nullptr : &*at;
}

std::string general_help() {
  std::string text =
      "enishi: a messenger for friends. A profile is one device.\n\n"
      "Usage: enishi [--profile DIR] [--json] [--timeout 5s] COMMAND ...\n\n"
      "  --profile DIR    default: $XDG_DATA_HOME/enishi/default, or ~/.local/share/enishi/default\n"
      "  --json           one object a line on standard output; errors as one object on standard error\n"
      "  --timeout 5s     how long to try to reach the daemon, and to wait for an answer\n"
      "  --help           this page; after a command: that command's\n\n"
      "CHAT is @handle, \"#title\", an id from `list`, or self.\n\n";
  std::size_t width = 0;
  for (const auto& each : help_entries()) width = std::max(width, each.name.size());
  for (const auto& each : help_entries()) {
    text += "  " + std::string(each.name) + std::string(width - each.name.size() + 2, ' ') + std::string(each.summary);
    text += "\n";
  }
  return text +
         "\nFirst steps:\n"
         "  enishi join URL --handle aki --name Aki --device phone\n"
         "  enishi list\n"
         "  enishi send @ben 'hello'\n"
         "  enishi watch\n\n"
         "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 not reachable (a send is queued), 4 the profile cannot be "
         "used,\n5 done, but standard output could not be written.\n";
}

std::string nearest_command(std::string_view typed) {
  // Edit distance (Wagner and Fischer 1974); a third of the word may be wrong.
  const auto distance = [&](std::string_view name) {
    std::vector<std::size_t> row(name.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= typed.size(); ++i) {
      auto corner = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        const auto above = row[j];
        row[j] = std::min({above + 1, row[j - 1] + 1, corner + (typed[i - 1] == name[j - 1] ? 0 : 1)});
        corner = above;
      }
    }
    return row.back();
  };
  std::string best;
  std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const auto& each : help_entries()) {
    const auto far = distance(each.name);
    if (far < least) least = far, best = each.name;
  }
  return best;
}

}  // namespace enishi::cli
