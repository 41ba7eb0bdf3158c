// What the operator may choose. One table drives the file, the environment, the flags, the checks, the help, and the
// test that config/enishid.toml names exactly these keys with these defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/values.h"
#include "delivery/floor.h"

namespace enishi::daemon {

struct ListenSettings {
  std::string address = "127.0.0.1:8470";
  std::uint32_t loops = 0;              ///< 0: one for each processor
  std::vector<std::string> public_url;  ///< origins that devices may have dialled; none: loopback names
};

/// All empty: plain HTTP. certificate.h reads the files.
struct TlsSettings {
  std::string certificate;  ///< path, PEM: the chain, the server's own first
  std::string key;          ///< path, PEM
  std::string authority;    ///< path, PEM: a local certificate authority, served as /local-ca.crt
};

struct ProxySettings {
  std::vector<std::string>
      trusted;  ///< networks of proxies that speak TLS for us, and whose X-Forwarded-For is believed
};

/// Value of web.directory: where the web client lies is found from where the program lies.
inline constexpr std::string_view kFindWeb = "auto";

/// Numbers that transport and sequencer keep; the rest of [limits] is core::Limits and delivery::FloorLimits.
struct DoorSettings {
  std::size_t sessions_max = 100'000;
  std::size_t handshakes_max = 1024;
  std::size_t handshakes_per_address_max = 64;
  std::uint32_t secret_tries_per_address = 10;  ///< wrong ones, in a minute
  std::uint32_t secret_tries_in_all = 1000;     ///< wrong ones, in an hour
  std::uint32_t per_address_on_loopback = 0;    ///< 1: limits by address hold there too
  std::chrono::milliseconds head_time{std::chrono::seconds{10}};
  std::chrono::milliseconds answer_time{std::chrono::minutes{1}};
  std::size_t head_bytes_max = 8 * 1024;
  std::size_t head_fields_max = 64;
  std::size_t mailbox_items_max = 65'536;
  std::size_t queries_max = 8192;
  std::size_t sequencer_inbox_max = 8192;
  std::size_t group_commands_max = 1024;
};

/// All settings, with their defaults. Plain value.
struct Settings {
  ListenSettings listen;
  TlsSettings tls;
  ProxySettings proxy;
  std::string web_directory{kFindWeb};  ///< empty: no web client is served
  DoorSettings door;
  delivery::FloorLimits floor;  ///< holds core::Limits
  std::uint32_t readers = 2;
  std::size_t checked_bytes_max = 32 * 1024 * 1024;
  std::string metrics_listen;  ///< empty: on the admin socket only
  std::string log_level = "info";
  std::string log_file;  ///< empty: standard error only
};

/// Where a key is kept; its type is the key's type.
using Target =
    std::variant<std::size_t*, std::uint32_t*, std::chrono::milliseconds*, std::string*, std::vector<std::string>*>;

/// A form that a text must have beyond being one.
enum class Form : std::uint8_t { any, address, loopback_address, origin, network, level };

/// One row of the table.
struct Key {
  std::string_view section;
  std::string_view name;
  std::int64_t minimum = 0;  ///< numbers: inclusive; durations: milliseconds
  std::int64_t maximum = 0;
  std::string_view unit;  ///< as the shipped file names it
  std::string_view help;  ///< meaning, and what happens at the limit
  Target (*target)(Settings&);
  Form form = Form::any;
  std::string_view formerly = {};  ///< full name that it had once; still read, and nowhere shown
  [[nodiscard]] std::string full_name() const { return std::string(section) + "." + std::string(name); }
  /// ENISHI_SECTION_KEY
  [[nodiscard]] std::string environment_name() const;
  /// By its present or its former name.
  [[nodiscard]] bool is_called(std::string_view full_name) const {
    return full_name == this->full_name() || (!formerly.empty() && full_name == formerly);
  }
  [[nodiscard]] bool is_variable(std::string_view environment_name) const;
};
[[nodiscard]] std::span<const Key> keys();
/// The default as the shipped file writes it (TOML).
[[nodiscard]] std::string default_text(const Key& key);
/// config/enishid.toml: every key with its meaning, unit, range and default. A test holds the shipped file to it.
[[nodiscard]] std::string default_file();

/// What was read, and what is odd about it without being an error.
struct Configuration {
  Settings settings;
  std::vector<std::string> unknown;  ///< one line for each unknown key, with its place and the nearest key
};

/// Sources, in ascending precedence.
struct Sources {
  std::string file_name;  ///< for messages; empty: no file
  std::string file_text;  ///< TOML
  std::vector<std::pair<std::string, std::string>>
      environment;                                         ///< all of the process; others than ENISHI_* are ignored
  std::vector<std::pair<std::string, std::string>> flags;  ///< "section.key", value
};

/// Throws Failure{bad_configuration} naming place and key for a wrong type, a value out of range, or a broken file.
/// Unknown keys are not an error here.
[[nodiscard]] Configuration read_configuration(const Sources& sources);
/// The file's text. Throws Failure{bad_configuration}.
[[nodiscard]] std::string read_file(const std::string& path);
/// This process's environment.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> environment();

/// What a start would do with these settings that an operator may not expect; one line each.
[[nodiscard]] std::vector<std::string> remarks(const Settings& settings);
/// The address to listen on. Throws Failure{address_not_allowed} beyond loopback without TLS or a declared proxy.
[[nodiscard]] Address listen_address(const Settings& settings);

}  // namespace enishi::daemon
