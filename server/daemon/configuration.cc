#include "daemon/configuration.h"

#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace enishi::daemon {
namespace {

using std::chrono::milliseconds;

/// A value as any source gives it.
using Given = std::variant<std::int64_t, std::string, std::vector<std::string>>;

[[noreturn]] void refuse(const std::string& place, const std::string& text) {
  throw Failure{core::Errc::bad_configuration, place + ": " + text};
}

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    const auto first = part.find_first_not_of(' ');
    if (first != std::string::npos) parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return parts;
}

/// nullptr: it has the form; otherwise what it should be.
const char* wrong_form(Form form, const std::string& text) {
  const auto address = parse_address(text);
  switch (form) {
    case Form::any:
      return nullptr;
    case Form::address:
      return address ? nullptr : "ADDR:PORT with a numeric address, e.g. \"127.0.0.1:8470\"";
    case Form::loopback_address:
      return text.empty() || (address && address->is_loopback) ? nullptr : "empty or ADDR:PORT on loopback";
    case Form::origin:
      return is_origin(text) ? nullptr : "an origin such as \"https://chat.example.org\"";
    case Form::network:
      return is_network(text) ? nullptr : "an address or network such as \"10.0.0.0/8\"";
    case Form::level:
      return text == "debug" || text == "info" || text == "warn" || text == "error" ? nullptr
                                                                                    : "debug, info, warn or error";
  }
  return nullptr;
}

std::int64_t whole_number(const Key& key, const Given& given, const std::string& place) {
  const auto* number = std::get_if<std::int64_t>(&given);
  if (!number) refuse(place, key.full_name() + " must be a whole number");
  if (*number < key.minimum || *number > key.maximum)
    refuse(place, key.full_name() + " must be " + std::to_string(key.minimum) + " to " + std::to_string(key.maximum) +
                      ", not " + std::to_string(*number));
  return *number;
}

milliseconds duration(const Key& key, const Given& given, const std::string& place) {
  const auto* text = std::get_if<std::string>(&given);
  const auto value = text ? parse_duration(*text) : std::nullopt;
  if (!value) refuse(place, key.full_name() + " must be a duration such as \"30s\", \"10m\", \"12h\" or \"7d\"");
  if (value->count() < key.minimum || value->count() > key.maximum)
    refuse(place, key.full_name() + " must be " + duration_text(milliseconds{key.minimum}) + " to " +
                      duration_text(milliseconds{key.maximum}) + ", not " + *text);
  return *value;
}

std::string text_value(const Key& key, const Given& given, const std::string& place) {
  const auto* text = std::get_if<std::string>(&given);
  if (!text) refuse(place, key.full_name() + " must be a text in quotes");
  if (const char* wanted = wrong_form(key.form, *text)) refuse(place, key.full_name() + " must be " + wanted);
  return *text;
}

std::vector<std::string> list_value(const Key& key, const Given& given, const std::string& place) {
  const auto* list = std::get_if<std::vector<std::string>>(&given);
  if (!list) refuse(place, key.full_name() + " must be a list of texts");
  for (const auto& value : *list)
    if (const char* wanted = wrong_form(key.form, value)) refuse(place, key.full_name() + ": each must be " + wanted);
  return *list;
}

/// Environment and flags give texts only: a list's items stand between commas.
Given given_of(const std::string& text, const Key& key) {
  Settings unused;
  const auto target = key.target(unused);
  if (std::holds_alternative<std::vector<std::string>*>(target)) return split(text);
  if (std::holds_alternative<std::string*>(target) || std::holds_alternative<milliseconds*>(target)) return text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return text;  // refused as no number
  return number;
}

void set(const Key& key, Settings& settings, const Given& given, const std::string& place) {
  std::visit(Overloaded{
                 [&](std::size_t* to) { *to = static_cast<std::size_t>(whole_number(key, given, place)); },
                 [&](std::uint32_t* to) { *to = static_cast<std::uint32_t>(whole_number(key, given, place)); },
                 [&](milliseconds* to) { *to = duration(key, given, place); },
                 [&](std::string* to) { *to = text_value(key, given, place); },
                 [&](std::vector<std::string>* to) { *to = list_value(key, given, place); },
             },
             key.target(settings));
}

/// ENISHI_SECTION_KEY of "section.key".
std::string variable_of(std::string full_name) {
  std::ranges::transform(full_name, full_name.begin(),
                         [](unsigned char c) { return c == '.' ? '_' : static_cast<char>(std::toupper(c)); });
  return "ENISHI_" + full_name;
}

const Key* find_key(std::string_view full_name) {
  for (const auto& key : keys())
    if (key.is_called(full_name)) return &key;
  return nullptr;
}

void note_unknown(Configuration& into, const std::string& place, const std::string& name, bool as_environment) {
  std::vector<std::string> names;
  for (const auto& key : keys()) names.push_back(as_environment ? key.environment_name() : key.full_name());
  const auto near = nearest(name, names);
  into.unknown.push_back(place + ": unknown key " + name + (near.empty() ? "" : "; did you mean " + near + "?"));
}

Given given_of(const toml::node& node, const Key& key, const std::string& place) {
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  const auto* array = node.as_array();
  if (!array) refuse(place, key.full_name() + " has a type that no key has");
  std::vector<std::string> texts;
  for (const auto& item : *array) {
    const auto* text = item.as_string();
    if (!text) refuse(place, key.full_name() + " must be a list of texts");
    texts.push_back(text->get());
  }
  return texts;
}

void read_section(Configuration& into, const std::string& file, std::string_view section, const toml::table& table) {
  for (const auto& [name, node] : table) {
    const auto place = file + ":" + std::to_string(node.source().begin.line);
    const auto full_name = std::string(section) + "." + std::string(name.str());
    if (const Key* key = find_key(full_name)) {
      set(*key, into.settings, given_of(node, *key, place), place);
    } else {
      note_unknown(into, place, full_name, false);
    }
  }
}

void read_toml(Configuration& into, const Sources& sources) {
  try {
    const auto table = toml::parse(sources.file_text, sources.file_name);
    for (const auto& [section, node] : table) {
      if (const auto* inner = node.as_table()) {
        read_section(into, sources.file_name, section.str(), *inner);
      } else {
        note_unknown(into, sources.file_name + ":" + std::to_string(node.source().begin.line),
                     std::string(section.str()), false);
      }
    }
  } catch (const toml::parse_error& error) {
    refuse(sources.file_name + ":" + std::to_string(error.source().begin.line), std::string(error.description()));
  }
}

void read_environment(Configuration& into, const Sources& sources) {
  for (const auto& [name, value] : sources.environment) {
    const auto key = std::ranges::find_if(keys(), [&](const Key& row) { return row.is_variable(name); });
    if (key != keys().end()) {
      set(*key, into.settings, given_of(value, *key), "environment " + name);
      continue;
    }
    // Other programs of ours have variables too (tests, tools); only what begins with a section of ours is meant for
    // us.
    const bool ours = std::ranges::any_of(keys(), [&](const Key& row) {
      const auto full = row.environment_name();
      return name.starts_with(full.substr(0, full.size() - row.name.size()));
    });
    if (ours) note_unknown(into, "environment", name, true);
  }
}

}  // namespace

std::string Key::environment_name() const { return variable_of(full_name()); }

bool Key::is_variable(std::string_view environment_name) const {
  return environment_name == variable_of(full_name()) ||
         (!formerly.empty() && environment_name == variable_of(std::string(formerly)));
}

Configuration read_configuration(const Sources& sources) {
  Configuration result;
  if (!sources.file_name.empty()) read_toml(result, sources);
  read_environment(result, sources);
  for (const auto& [name, value] : sources.flags) {
    const Key* key = find_key(name);
    if (key) {
      set(*key, result.settings, given_of(value, *key), "flag " + name);
    } else {
      note_unknown(result, "flag", name, false);
    }
  }
  return result;
}

std::string read_file(const std::string& path) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  // A directory can be opened, but not read.
  if (!in.is_open() || std::filesystem::is_directory(path, error))
    throw Failure{core::Errc::bad_configuration, path + ": cannot be read"};
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::pair<std::string, std::string>> environment() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string::npos) all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

std::vector<std::string> remarks(const Settings& settings) {
  std::vector<std::string> lines;
  const auto address = parse_address(settings.listen.address);
  if (settings.door.per_address_on_loopback == 0)
    lines.push_back(
        "limits.handshakes_per_address_max and limits.secret_tries_per_address are off for loopback addresses");
  if (settings.door.secret_tries_in_all == 0)
    lines.push_back("limits.secret_tries_in_all is 0: guessing at secrets is not limited over all addresses");
  const bool has_tls = !settings.tls.certificate.empty();
  if (settings.proxy.trusted.empty()) {
    lines.push_back("proxy.trusted is empty: forwarded addresses are not believed" +
                    std::string(has_tls ? "" : ", and without [tls] only loopback may be listened on"));
  } else if (!has_tls) {
    lines.push_back(
        "proxy.trusted is declared: TLS is taken to end at the proxy; this daemon itself speaks plain HTTP");
  }
  if (!settings.proxy.trusted.empty())
    lines.push_back("limits by address are off for what comes from proxy.trusted without X-Forwarded-For");
  if (settings.listen.public_url.empty())
    lines.push_back("listen.public_url is empty: only devices that dial a loopback name can prove themselves");
  if (settings.floor.requests_per_second == 0)
    lines.push_back("limits.requests_per_second is 0: sessions are not limited");
  if (settings.metrics_listen.empty()) lines.push_back("metrics.listen is empty: /metrics is on the admin socket only");
  if (address && address->port == 0) lines.push_back("listen.address has port 0: each start takes another free port");
  return lines;
}

Address listen_address(const Settings& settings) {
  const auto address = parse_address(settings.listen.address);
  if (!address) throw Failure{core::Errc::bad_configuration, "listen.address must be ADDR:PORT with a numeric address"};
  if (!address->is_loopback && settings.proxy.trusted.empty() && settings.tls.certificate.empty())
    throw Failure{core::Errc::address_not_allowed,
                  address_text(*address) +
                      " is beyond loopback, and there is neither TLS nor a declared proxy: "
                      "listen on 127.0.0.1, give it tls.certificate and tls.key, or name the proxy that speaks TLS in "
                      "proxy.trusted"};
  return *address;
}

}  // namespace enishi::daemon
