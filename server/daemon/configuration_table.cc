// The table of keys. Defaults are those of Settings, core::Limits and delivery::FloorLimits; they are not repeated
// here.
#include "daemon/configuration.h"

#include <sstream>

namespace enishi::daemon {
namespace {

constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kMiB = 1024 * 1024;

#define ENISHI_TARGET(member) [](Settings& settings) -> Target { return &settings.member; }

// Ranges keep a mistake from ending the service: a minimum still lets two people talk, a maximum still fits the
// protocol (frames up to 64 KiB and their fields) and a small machine's memory.
constexpr Key kKeys[] = {
    {"listen", "address", 0, 0, "ADDR:PORT",
     "Where devices connect. Port 0 takes a free one. Beyond loopback without TLS or a declared proxy: the start is "
     "refused.",
     ENISHI_TARGET(listen.address), Form::address},
    {"listen", "loops", 0, 256, "threads", "Network threads; 0 is one for each processor.",
     ENISHI_TARGET(listen.loops)},
    {"listen", "public_url", 0, 0, "origins",
     "Origins that people dial, such as \"https://chat.example.org\"; links are made with the first. A device that "
     "dialled another one is refused (WRONG_ORIGIN). Empty: loopback names only.",
     ENISHI_TARGET(listen.public_url), Form::origin, "listen.public_names"},

    {"tls", "certificate", 0, 0, "path",
     "The certificate chain in PEM, the server's own first: TLS 1.2 and 1.3 on listen.address, and no plain HTTP "
     "there. "
     "Read again, with the key, on SIGHUP; a bad one is logged and the old one kept. Empty: plain HTTP.",
     ENISHI_TARGET(tls.certificate)},
    {"tls", "key", 0, 0, "path", "Its private key in PEM, without a password. Should be readable by the daemon alone.",
     ENISHI_TARGET(tls.key)},
    {"tls", "authority", 0, 0, "path",
     "Certificate, in PEM, of a certificate authority of your own: handed out as /local-ca.crt, so that a phone can "
     "fetch and trust it. Only for a home network; leave it empty with a public certificate.",
     ENISHI_TARGET(tls.authority)},

    {"proxy", "trusted", 0, 0, "networks",
     "Reverse proxies that speak TLS for this daemon: with one named, listening beyond loopback is allowed without "
     "[tls]. Their X-Forwarded-For is believed for limits by address; nobody else's is.",
     ENISHI_TARGET(proxy.trusted), Form::network, "listen.proxies"},

    {"web", "directory", 0, 0, "path",
     "Files of the web client, read into memory at the start and again on SIGHUP; no request touches the disk. "
     "\"auto\": "
     "\"web\" beside the program, or else \"../share/enishi/web\" from there; without it the page says what is "
     "missing. "
     "Empty: none.",
     ENISHI_TARGET(web_directory)},

    {"limits", "sessions_max", 2, 10'000'000, "sessions",
     "Sessions in all. At the limit a new one is closed with TOO_MANY_SESSIONS, to resume later.",
     ENISHI_TARGET(door.sessions_max)},
    {"limits", "handshakes_max", 1, 1'000'000, "connections",
     "Connections of strangers: from the accept to the proof of the device, but for newcomers whose pairing waits for "
     "its "
     "owner. At the limit further ones wait in the system's backlog.",
     ENISHI_TARGET(door.handshakes_max)},
    {"limits", "handshakes_per_address_max", 0, 1'000'000, "connections",
     "The same for one address (IPv6: one /64). 0: no limit. Further ones are closed at once.",
     ENISHI_TARGET(door.handshakes_per_address_max)},
    {"limits", "secret_tries_per_address", 0, 1'000'000, "1/min",
     "Unknown secrets (of invitations, pairings, recovery codes) that strangers at one address may try. Known ones do "
     "not "
     "count. 0: no limit. Further tries are answered RATE_LIMITED, without a look at the secret.",
     ENISHI_TARGET(door.secret_tries_per_address)},
    {"limits", "secret_tries_in_all", 0, 1'000'000, "1/h",
     "The same for all addresses together, loopback and proxies included. When it is reached the log and the metrics "
     "say "
     "so, and nobody joins, pairs or recovers until an hour has gone by. 0: no limit.",
     ENISHI_TARGET(door.secret_tries_in_all)},
    {"limits", "per_address_on_loopback", 0, 1, "0 or 1", "1: limits by address hold for loopback addresses too.",
     ENISHI_TARGET(door.per_address_on_loopback)},
    {"limits", "head_time", kSecond, 5 * kMinute, "duration",
     "From the connection to its whole HTTP request head, and for each further one. After it the connection is closed.",
     ENISHI_TARGET(door.head_time)},
    {"limits", "answer_time", kSecond, kHour, "duration",
     "For a whole file of the web client, at most limits.head_time of it without progress. After it the connection is "
     "closed.",
     ENISHI_TARGET(door.answer_time)},
    {"limits", "head_bytes_max", 1'024, 65'536, "bytes", "Largest HTTP request head. A larger one is refused.",
     ENISHI_TARGET(door.head_bytes_max)},
    {"limits", "head_fields_max", 16, 1'024, "fields", "Most fields in an HTTP request head. More are refused.",
     ENISHI_TARGET(door.head_fields_max)},
    {"limits", "proof_time", kSecond, 5 * kMinute, "duration",
     "From the upgrade to the proof of the device. After it the connection is closed with TOO_LATE.",
     ENISHI_TARGET(floor.proof_time)},
    {"limits", "frame_bytes_max", 32'768, 65'536, "bytes",
     "Largest frame. A larger one closes the session (FRAME_TOO_LARGE).", ENISHI_TARGET(floor.frame_bytes_max)},
    {"limits", "early_frame_bytes_max", 1'024, 65'536, "bytes",
     "Largest frame before the proof. A larger one closes the session (FRAME_TOO_LARGE).",
     ENISHI_TARGET(floor.early_frame_bytes_max)},
    {"limits", "requests_in_flight_max", 1, 4'096, "requests",
     "Unanswered requests of one session. At the limit the session is not read until one is answered.",
     ENISHI_TARGET(floor.requests_in_flight_max)},
    {"limits", "requests_per_second", 0, 1'000'000, "1/s",
     "Requests of one session, sustained. 0: no limit. Further ones are answered RATE_LIMITED.",
     ENISHI_TARGET(floor.requests_per_second)},
    {"limits", "requests_burst", 1, 1'000'000, "requests",
     "Requests of one session at once, on top of the sustained rate.", ENISHI_TARGET(floor.requests_burst)},
    {"limits", "outbox_signal_bytes", 4'096, 64 * kMiB, "bytes",
     "Bytes waiting for one session above which presence and typing are dropped.",
     ENISHI_TARGET(floor.outbox_signal_bytes)},
    {"limits", "outbox_durable_bytes", 65'536, 256 * kMiB, "bytes",
     "Bytes waiting for one session above which live frames stop (Lagged) and it is fed from the log at its own pace.",
     ENISHI_TARGET(floor.outbox_durable_bytes)},
    {"limits", "stall_time", kSecond, kHour, "duration",
     "A session that takes no byte for so long while some wait is closed with TOO_SLOW; it resumes and loses nothing.",
     ENISHI_TARGET(floor.stall_time)},
    {"limits", "ping_active", kSecond, 10 * kMinute, "duration",
     "Heartbeat of active sessions. A peer silent for twice as long is closed with SILENT.",
     ENISHI_TARGET(floor.ping_active)},
    {"limits", "ping_background", kSecond, kHour, "duration",
     "Heartbeat of background sessions, to spare batteries. Silent for twice as long: SILENT.",
     ENISHI_TARGET(floor.ping_background)},
    {"limits", "lease_grace", 0, kHour, "duration",
     "How long beyond two heartbeats a member still shows as online after a drop, so that short ones do not flicker.",
     ENISHI_TARGET(floor.lease_grace)},
    {"limits", "gap_events", 5, 100'000, "events",
     "Catch-up is exact up to here in each conversation; further behind: the newest page, and a gap fetched on demand.",
     ENISHI_TARGET(floor.gap_events)},
    {"limits", "catch_up_chunk_bytes", 16'384, 16 * kMiB, "bytes",
     "Catch-up bytes put into one session's outbox at a time; the next chunk waits until it is drained.",
     ENISHI_TARGET(floor.catch_up_chunk_bytes)},
    {"limits", "body_bytes_max", 1, 16'384, "bytes", "Largest message body. A larger one is refused: BODY_TOO_LARGE.",
     ENISHI_TARGET(floor.core.body_bytes_max)},
    {"limits", "name_bytes_max", 8, 64, "bytes", "Largest display or device name. A larger one is refused: BAD_NAME.",
     ENISHI_TARGET(floor.core.name_bytes_max)},
    {"limits", "title_bytes_max", 8, 1'024, "bytes", "Largest group title. A larger one is refused: BAD_NAME.",
     ENISHI_TARGET(floor.core.title_bytes_max)},
    {"limits", "note_bytes_max", 0, 1'024, "bytes", "Largest note of an invitation. A larger one is refused: BAD_NAME.",
     ENISHI_TARGET(floor.core.note_bytes_max)},
    {"limits", "group_members_max", 2, 10'000, "members",
     "Members of one group. Further ones are refused: LIMIT_REACHED.", ENISHI_TARGET(floor.core.group_members_max)},
    {"limits", "devices_max", 1, 1'000, "devices",
     "Devices of one member, without revoked ones. Further: LIMIT_REACHED.", ENISHI_TARGET(floor.core.devices_max)},
    {"limits", "invitations_max", 1, 1'000'000, "invitations",
     "Invitations one member may ever make; the operator's count for the owner. Further ones are refused: "
     "LIMIT_REACHED.",
     ENISHI_TARGET(floor.core.invitations_max)},
    {"limits", "invitation_uses_max", 1, 1'000'000, "accounts",
     "Accounts that one invitation may create. A larger number is refused: BAD_REQUEST.",
     ENISHI_TARGET(floor.core.invitation_uses_max)},
    {"limits", "ties_max", 1, 100'000, "ties", "Ties of one member, asked ones included. Further ones: LIMIT_REACHED.",
     ENISHI_TARGET(floor.core.ties_max)},
    {"limits", "pairings_max", 1, 100, "pairings", "Pairings of one member at a time. Further ones: LIMIT_REACHED.",
     ENISHI_TARGET(floor.core.pairings_max)},
    {"limits", "pairing_time", 30 * kSecond, 24 * kHour, "duration",
     "How long a pairing link works. Afterwards: PAIRING_UNKNOWN.", ENISHI_TARGET(floor.core.pairing_time)},
    {"limits", "sequencer_inbox_max", 64, 1'000'000, "commands",
     "Commands waiting to be decided. At the limit further ones are answered OVERLOADED at once; nothing of them is "
     "stored.",
     ENISHI_TARGET(door.sequencer_inbox_max)},
    {"limits", "group_commands_max", 1, 100'000, "commands",
     "Commands committed together at most; the rest waits for the next group.", ENISHI_TARGET(door.group_commands_max)},
    {"limits", "mailbox_items_max", 256, 10'000'000, "items",
     "Values waiting for one network thread. At the limit signals to it are dropped, and the sequencer waits for it.",
     ENISHI_TARGET(door.mailbox_items_max)},
    {"limits", "queries_max", 16, 1'000'000, "questions",
     "History and catch-up questions waiting for a reader. At the limit further ones are answered OVERLOADED.",
     ENISHI_TARGET(door.queries_max)},

    {"storage", "readers", 1, 64, "threads", "Threads that answer history and catch-up.", ENISHI_TARGET(readers)},
    {"storage", "checked_bytes_max", 0, 1'024 * 1'024 * kMiB, "bytes",
     "A database up to this size is checked through at each start; a larger one would delay the start and is not.",
     ENISHI_TARGET(checked_bytes_max)},

    {"metrics", "listen", 0, 0, "ADDR:PORT",
     "Loopback address for /metrics, beside the admin socket, which always has it. Empty: none. Never beyond loopback.",
     ENISHI_TARGET(metrics_listen), Form::loopback_address},

    {"log", "level", 0, 0, "debug, info, warn, error", "What is logged: this and above. Never bodies, names or links.",
     ENISHI_TARGET(log_level), Form::level},
    {"log", "file", 0, 0, "path",
     "Also log to this file: 10 MiB, then it is turned over and five old ones are kept. Empty: standard error only.",
     ENISHI_TARGET(log_file)},
};

#undef ENISHI_TARGET

/// Comment lines of at most 100 letters.
std::string wrapped(std::string_view help) {
  constexpr std::size_t kLineMax = 100;
  std::istringstream words{std::string(help)};
  std::string text, line = "#";
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > kLineMax) {
      text += line + "\n";
      line = "#";
    }
    line += " " + word;
  }
  return text + line + "\n";
}

std::string range_text(const Key& key) {
  if (key.maximum == 0) return "";
  if (key.unit != "duration") return "; " + std::to_string(key.minimum) + " to " + std::to_string(key.maximum);
  return "; " + duration_text(std::chrono::milliseconds{key.minimum}) + " to " +
         duration_text(std::chrono::milliseconds{key.maximum});
}

}  // namespace

std::span<const Key> keys() { return kKeys; }

std::string default_text(const Key& key) {
  Settings defaults;
  const auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
  return std::visit(
      [&](auto* value) -> std::string {
        using Value = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          return quoted(*value);
        } else if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
          return "[]";  // a test holds every list's default to be empty
        } else if constexpr (std::is_same_v<Value, std::chrono::milliseconds>) {
          return quoted(duration_text(*value));
        } else {
          return std::to_string(*value);
        }
      },
      key.target(defaults));
}

std::string default_file() {
  std::string text =
      "# Configuration of enishid. Every key is here with its default; delete what you do not change.\n"
      "# Precedence: this file < environment (ENISHI_SECTION_KEY) < flags. Lists in the environment stand between "
      "commas.\n"
      "# Durations are a whole number and ms, s, m, h or d. Ranges are inclusive.\n"
      "# Check a changed file with: enishid check-config --config FILE\n";
  std::string_view section;
  for (const auto& key : keys()) {
    if (key.section != section) text += "\n[" + std::string(key.section) + "]\n";
    section = key.section;
    text += "\n" + wrapped(key.help) + "# " + std::string(key.unit) + range_text(key) + "; default " +
            default_text(key) + "\n";
    text += std::string(key.name) + " = " + default_text(key) + "\n";
  }
  return text;
}

}  // namespace enishi::daemon
