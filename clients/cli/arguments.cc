// The only file that includes CLI11.
#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>

#include "cli/help.h"
#include "cli/show/times.h"

namespace enishi::cli {
namespace {

using Define = void (*)(CLI::App&, Options&);
using Words = std::vector<std::string>;

/// Whether a number alone counts as seconds. Not where days are usual: 7 is not meant as seven seconds.
enum class Unit : bool { may_miss, must_stand };

/// What `set` refers to must outlive the parse.
CLI::Option* duration_option(CLI::App& app, const std::string& name, Unit unit,
                             std::function<void(std::chrono::milliseconds)> set) {
  return app.add_option_function<std::string>(name, [name, unit, set](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) throw CLI::ValidationError(name, "a duration is like 5s, 500ms, 2m, 12h or 7d");
    if (unit == Unit::must_stand && text.back() >= '0' && text.back() <= '9')
      throw CLI::ValidationError(name,
                                 "the unit is missing: " + text + "d, " + text + "h, " + text + "m or " + text + "s");
    set(*duration);
  });
}

/// An option that an empty value (a variable that is not set) must not quietly turn off.
CLI::Option* never_empty(CLI::Option* option) {
  return option->check([](const std::string& value) { return value.empty() ? "the value is empty" : std::string(); });
}

void chat_word(CLI::App& app, Options& options) { app.add_option("CHAT", options.chat)->required(); }
void handle_word(CLI::App& app, Options& options) { app.add_option("HANDLE", options.handle)->required(); }
void nothing(CLI::App&, Options&) {}

CLI::Option* seq_option(CLI::App& app, const std::string& name, std::optional<std::uint64_t>& target,
                        std::uint64_t least) {
  return app.add_option_function<std::uint64_t>(name, [&target, name, least](const std::uint64_t& seq) {
    // SQLite and the wire agree up to here.
    if (seq < least || seq > INT64_MAX) throw CLI::ValidationError(name, "messages are numbered from 1");
    target = seq;
  });
}

void define_join(CLI::App& app, Options& options) {
  app.add_option("URL", options.link)->required();
  app.add_option("--handle", options.handle)->required();
  app.add_option("--name", options.name);
  app.add_option("--device", options.device)->required();
}

void define_pair(CLI::App& app, Options& options) {
  app.add_option("URL", options.link);
  app.add_option("--device", options.device);
  app.add_flag("--yes", options.yes);
}

void define_recover(CLI::App& app, Options& options) {
  app.add_option("ORIGIN", options.origin)->required();
  app.add_option("CODE", options.code)->required();
  app.add_option("--device", options.device)->required();
}

void define_invite(CLI::App& app, Options& options) {
  app.add_option("--uses", options.uses);
  duration_option(app, "--expires", Unit::must_stand, [&options](auto duration) { options.expires = duration; });
  app.add_option("--note", options.note);
}

void define_group_new(CLI::App& app, Options& options) {
  app.add_option("TITLE", options.title)->required();
  app.add_option("HANDLE", options.handles)->expected(-1);
}

void define_group_handle(CLI::App& app, Options& options) {
  app.add_option("GROUP", options.chat)->required();
  handle_word(app, options);
}

void define_send(CLI::App& app, Options& options) {
  chat_word(app, options);
  auto* text = app.add_option("TEXT", options.text);
  auto* draft = app.add_flag("--draft", options.from_draft)->excludes(text);
  app.final_callback([text, draft] {
    if (text->count() + draft->count() == 0) throw CLI::RequiredError("TEXT (or --draft)");
  });
  seq_option(app, "--reply", options.reply, 0);
  never_empty(app.add_option("--client-id", options.client_id));
}

void define_draft(CLI::App& app, Options& options) {
  chat_word(app, options);
  auto* text = app.add_option("TEXT", options.draft);
  seq_option(app, "--caret", options.caret, 0)->needs(text);
  seq_option(app, "--reply", options.reply, 0)->needs(text);
  auto* clear = app.add_flag("--clear", options.clear)->excludes(text);
  const auto place = [&](const std::string& name, std::optional<std::uint64_t>& target) {
    return app.add_option(name, target)->check(CLI::Range(1, 5))->excludes(text)->excludes(clear);
  };
  place("--restore", options.restore)->excludes(place("--drop", options.drop));
}

void define_read(CLI::App& app, Options& options) {
  chat_word(app, options);
  app.add_option("--limit", options.limit)->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  auto* before = seq_option(app, "--before", options.before, 1);
  auto* after = seq_option(app, "--after", options.after, 0);
  auto* around = seq_option(app, "--around", options.around, 1);
  before->excludes(after)->excludes(around);
  after->excludes(around);
}

void define_mark(CLI::App& app, Options& options) {
  chat_word(app, options);
  auto* seq = seq_option(app, "SEQ", options.seq, 1);
  seq_option(app, "--unread-from", options.unread_from, 1)->excludes(seq);
}

/// CHAT SEQ
void message_words(CLI::App& app, Options& options) {
  chat_word(app, options);
  seq_option(app, "SEQ", options.seq, 1)->required();
}

void define_pin(CLI::App& app, Options& options) {
  chat_word(app, options);
  seq_option(app, "SEQ", options.seq, 1);
}

void define_edit(CLI::App& app, Options& options) {
  message_words(app, options);
  app.add_option("TEXT", options.text)->required();
}

void define_delete(CLI::App& app, Options& options) {
  message_words(app, options);
  app.add_flag("--for-me", options.for_me);
  app.add_flag("--off", options.off);
}

void define_react(CLI::App& app, Options& options) {
  message_words(app, options);
  app.add_option("EMOJI", options.emoji)->required();
  app.add_flag("--off", options.off);
}

void define_star(CLI::App& app, Options& options) {
  message_words(app, options);
  app.add_flag("--off", options.off);
}

void define_forward(CLI::App& app, Options& options) {
  message_words(app, options);
  app.add_option("TO", options.to)->required();
}

void define_receipts(CLI::App& app, Options& options) {
  auto* chat = app.add_option("CHAT", options.chat);
  auto* on = app.add_flag("--on", options.on)->excludes(chat);
  app.add_flag("--off", options.off)->excludes(chat)->excludes(on);
}

void define_profile(CLI::App& app, Options& options) {
  never_empty(app.add_option("--name", options.name));
  app.add_option("--hue", options.hue)->check(CLI::Range(std::uint32_t{0}, std::uint32_t{360}));
  auto* picture = never_empty(app.add_option("--picture", options.picture));
  app.add_flag_callback("--no-picture", [&options] { options.picture = ""; })->excludes(picture);
}

void define_picture(CLI::App& app, Options& options) {
  handle_word(app, options);
  never_empty(app.add_option("--out", options.out));
}

void define_watch(CLI::App& app, Options& options) {
  duration_option(app, "--for", Unit::may_miss, [&options](auto duration) { options.watch_for = duration; });
}

void define_baton(CLI::App& app, Options& options) {
  auto* device = app.add_option("DEVICE", options.device);
  auto* chat = app.add_option("CHAT", options.chat);
  auto* anchor = seq_option(app, "--anchor", options.anchor, 1);
  auto* here = app.add_flag("--here", options.here)->excludes(device)->excludes(chat)->excludes(anchor);
  app.final_callback([device, here] {
    if (device->count() + here->count() == 0) throw CLI::RequiredError("DEVICE (or --here)");
  });
}

void define_doctor(CLI::App& app, Options& options) {
  app.add_option("ORIGIN", options.origin)->required();
  duration_option(app, "--idle", Unit::may_miss, [&options](auto duration) { options.idle = duration; });
}

const std::map<std::string_view, Define>& definitions() {
  static const std::map<std::string_view, Define> kDefinitions = {
      {"join", define_join},
      {"pair", define_pair},
      {"recover", define_recover},
      {"devices", nothing},
      {"revoke", [](CLI::App& app, Options& options) { app.add_option("DEVICE", options.device)->required(); }},
      {"recovery-codes", nothing},
      {"baton", define_baton},
      {"invite", define_invite},
      {"invites", nothing},
      {"uninvite", [](CLI::App& app, Options& options) { app.add_option("ID", options.id)->required(); }},
      {"tie ask", handle_word},
      {"tie accept", handle_word},
      {"tie decline", handle_word},
      {"tie end", handle_word},
      {"tie block", handle_word},
      {"tie unblock", handle_word},
      {"ties", nothing},
      {"profile", define_profile},
      {"picture", define_picture},
      {"group new", define_group_new},
      {"group add", define_group_handle},
      {"group remove", define_group_handle},
      {"group leave",
       [](CLI::App& app, Options& options) {
         app.add_option("GROUP", options.chat)->required();
         never_empty(app.add_option("--successor", options.successor));
       }},
      {"group title",
       [](CLI::App& app, Options& options) {
         app.add_option("GROUP", options.chat)->required();
         app.add_option("TITLE", options.title)->required();
       }},
      {"members", chat_word},
      {"list", nothing},
      {"send", define_send},
      {"draft", define_draft},
      {"drafts", nothing},
      {"read", define_read},
      {"mark", define_mark},
      {"receipts", define_receipts},
      {"mute", chat_word},
      {"unmute", chat_word},
      {"pin", define_pin},
      {"unpin", define_pin},
      {"edit", define_edit},
      {"delete", define_delete},
      {"react", define_react},
      {"star", define_star},
      {"starred", nothing},
      {"forward", define_forward},
      {"watch", define_watch},
      {"presence", [](CLI::App& app, Options& options) { app.add_option("HANDLE", options.handles)->expected(-1); }},
      {"mode",
       [](CLI::App& app, Options& options) {
         app.add_option("MODE", options.mode)->required()->check(CLI::IsMember({"active", "idle", "background"}));
       }},
      {"typing", chat_word},
      {"status", [](CLI::App& app, Options& options) { app.add_flag("--clear", options.clear); }},
      {"doctor", define_doctor},
      {"chat", [](CLI::App& app, Options& options) { app.add_option("CHAT", options.chat); }},
  };
  return kDefinitions;
}

void define_globals(CLI::App& app, Options& options) {
  never_empty(app.add_option("--profile", options.profile));
  app.add_flag("--json", options.json);
  duration_option(app, "--timeout", Unit::may_miss, [&options](auto duration) {
    options.timeout = duration;
    options.timeout_given = true;
  });
}

/// The words of a command as CLI11 takes them without guessing: options first, then "--", then the rest as it was
/// typed. Where `any_text`, a word that begins with a dash and is no option of this command is a text ("-5 degrees").
Words ordered(const CLI::App& app, const Words& words, bool any_text) {
  Words options, rest;
  const auto find = [&](const std::string& word) -> const CLI::Option* {
    const auto name = word.substr(0, word.find('='));
    for (const auto* option : app.get_options())
      if (name.size() > 1 && option->check_name(name) && option->nonpositional()) return option;
    return nullptr;
  };
  const auto is_negative = [](const std::string& word) { return word.size() > 1 && word[1] >= '0' && word[1] <= '9'; };
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto& word = words[at];
    if (word == "--") {
      rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
      break;
    }
    const bool dashed = word.size() > 1 && word.front() == '-';
    const auto* option = dashed ? find(word) : nullptr;
    if (!dashed || (option == nullptr && (any_text || is_negative(word)))) {
      rest.push_back(word);
      continue;
    }
    const bool takes_value = option != nullptr && option->get_items_expected_max() > 0;
    const auto equals = word.find('=');
    options.push_back(takes_value ? word.substr(0, equals) : word);
    // A word of its own, since CLI11 takes "--name=" for an option whose value is still to come. It takes the next word
    // for it, whatever that is: a value may begin with a dash, or be empty.
    if (takes_value && equals != std::string::npos) {
      options.push_back(word.substr(equals + 1));
    } else if (takes_value && at + 1 < words.size()) {
      options.push_back(words[++at]);
    }
  }
  if (!rest.empty()) {
    options.emplace_back("--");
    options.insert(options.end(), rest.begin(), rest.end());
  }
  return options;
}

bool is_text_command(std::string_view command) { return command == "send" || command == "edit" || command == "draft"; }

std::string usage_line(const HelpEntry& entry) {
  auto line = "enishi " + std::string(entry.name);
  if (!entry.usage.empty()) line += " " + std::string(entry.usage);
  return line;
}

std::string help_of(const HelpEntry& entry) {
  auto text = std::string(entry.summary) + ".\n\nUsage: " + usage_line(entry) + "\n";
  if (!entry.examples.empty()) text += "\n" + std::string(entry.examples) + "\n";
  return text + "\nGlobal options: --profile DIR, --json, --timeout 5s. A word after -- is never an option.\n";
}

/// Splits the words into the global options before the command, and the command with what follows.
struct Split {
  Words globals, rest;
  bool help = false, version = false;
};

Outcome<Split> split(const Words& words) {
  Split split;
  std::size_t at = 0;
  for (; at < words.size() && words[at].starts_with('-'); ++at) {
    const auto& word = words[at];
    const bool takes_value = word == "--profile" || word == "--timeout";
    if (word == "--help" || word == "-h") {
      split.help = true;
    } else if (word == "--version") {
      split.version = true;
    } else if (word == "--json" || word.starts_with("--profile=") || word.starts_with("--timeout=")) {
      split.globals.push_back(word);
    } else if (takes_value && at + 1 < words.size()) {
      split.globals.push_back(word + "=" + words[++at]);
    } else {
      return usage_failure((takes_value ? "a value is missing after " : "there is no option ") + word +
                           " (see enishi --help)");
    }
  }
  split.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  return split;
}

/// The name of the command at the front of `words`, which are taken away.
Outcome<const HelpEntry*> take_command(Words& words) {
  auto name = words.front();
  std::size_t taken = 1;
  if (name == "tie" || name == "group") {
    if (words.size() < 2 || words[1].starts_with('-'))
      return usage_failure("a word is missing after " + name + " (see enishi --help)");
    name += " " + words[1];
    taken = 2;
  }
  const auto* entry = find_help(name);
  if (entry == nullptr) {
    const auto near = nearest_command(name);
    return usage_failure("there is no command " + name + (near.empty() ? "" : "; did you mean " + near + "?") +
                         " (see enishi --help)");
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(taken));
  return entry;
}

}  // namespace

std::string default_profile() {
  const char* data = std::getenv("XDG_DATA_HOME");
  // Relative paths in it are to be ignored (XDG base directory specification).
  if (data != nullptr && *data == '/') return std::string(data) + "/enishi/default";
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? "" : std::string(home) + "/.local/share/enishi/default";
}

bool wants_json(const Words& words) {
  const auto end = std::ranges::find(words, "--");
  return std::find(words.begin(), end, "--json") != end;
}

Outcome<Parsed> parse_arguments(const Words& words) {
  auto parts = split(words);
  if (!parts) return parts.error();
  Parsed parsed;
  if (parts->version) parsed.help = "enishi 0.1.0\n";
  if (parts->help || (!parts->rest.empty() && parts->rest.front() == "help")) parsed.help = general_help();
  if (!parsed.help.empty()) return parsed;
  if (parts->rest.empty()) return usage_failure("a command is missing (see enishi --help)");
  const auto entry = take_command(parts->rest);
  if (!entry) return entry.error();
  auto& options = parsed.options;
  options.command = std::string((*entry)->name);
  CLI::App app{std::string((*entry)->summary), "enishi " + options.command};
  define_globals(app, options);
  definitions().at((*entry)->name)(app, options);
  auto all = parts->globals;
  all.insert(all.end(), parts->rest.begin(), parts->rest.end());
  auto arguments = ordered(app, all, is_text_command(options.command));
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    parsed.help = help_of(**entry);
    return parsed;
  } catch (const CLI::ExtrasError&) {
    std::string extras;
    for (const auto& word : app.remaining())
      if (word != "--") extras += " " + word;
    return usage_failure("this is too much:" + extras + "; usage: " + usage_line(**entry));
  } catch (const CLI::ParseError& error) {
    return usage_failure(std::string(error.what()) + "; usage: " + usage_line(**entry));
  }
  if (options.profile.empty()) options.profile = default_profile();
  if (options.profile.empty())
    return usage_failure("neither HOME nor XDG_DATA_HOME is set: name a profile with --profile DIR");
  return parsed;
}

}  // namespace enishi::cli
