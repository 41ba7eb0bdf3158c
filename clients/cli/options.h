// What was asked for on the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace enishi::cli {

/// All options of all commands; each command reads its own. Texts are as typed, unchecked.
struct Options {
  std::string command;  ///< "send", "group add", ...
  bool json = false;
  std::string profile;  ///< directory; never empty once parsed
  std::chrono::milliseconds timeout{5000};
  bool timeout_given = false;  ///< then the whole time is used for dialling, also when nobody listens

  std::string link;  ///< URL, or "-" for standard input
  std::string origin, code;
  std::string handle, name, device;
  std::vector<std::string> handles;
  std::string chat, text, title, successor, note, id, mode;
  std::uint32_t uses = 1;
  std::chrono::milliseconds expires{std::chrono::hours{24 * 7}};
  std::string client_id;
  std::uint64_t limit = 50;
  std::optional<std::uint64_t> before, after, around, seq, unread_from, reply;
  std::optional<std::uint64_t> anchor;
  bool here = false;
  std::optional<std::chrono::milliseconds> watch_for;
  std::string emoji, to;
  std::chrono::milliseconds idle{std::chrono::seconds{75}};  ///< 0: not tried
  std::optional<std::string> draft;                          ///< TEXT of `draft`
  std::optional<std::uint64_t> restore, drop, caret;
  bool yes = false;
  bool off = false;
  bool for_me = false;
  bool clear = false;
  bool from_draft = false;
  bool on = false;
  std::optional<std::uint32_t> hue;
  std::optional<std::string> picture;  ///< file, or "-"; empty: none any more
  std::string out;
};

}  // namespace enishi::cli
