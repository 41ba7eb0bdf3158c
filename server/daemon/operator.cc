#include "daemon/operator.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <thread>

#include "auth/seals.h"
#include "core/text.h"
#include "daemon/data_directory.h"
#include "daemon/metrics.h"
#include "runtime/clock.h"
#include "sequencer/sequencer.h"
#include "wire/encode.h"

namespace enishi::daemon {
namespace {

using std::chrono::milliseconds;
using transport::AdminResponse;

// No loop has this number, so every loop leaves the desk's answers alone.
constexpr std::uint32_t kDeskLoop = std::numeric_limits<std::uint32_t>::max();
constexpr auto kPatience = std::chrono::seconds{5};
constexpr auto kCommitPatience = std::chrono::seconds{30};

[[noreturn]] void fail(core::Errc code, const std::string& text) { throw Failure{code, text}; }

/// A fresh secret: what the link holds, and what is stored of it.
struct Secret {
  std::string text;
  core::SecretHash hash;
};
Secret fresh_secret() {
  std::array<unsigned char, 16> bytes{};
  auth::fill_random(bytes.data(), bytes.size());
  const std::string_view raw(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return {base64url(bytes), auth::hash_secret(raw)};
}

core::Command command_of(const InviteWish& wish, const core::SecretHash& hash, std::uint64_t request) {
  core::Command command;
  command.reply_to = {kDeskLoop, 0, request};
  command.body = core::InviteMake{hash, wish.uses, wish.lifetime, wish.note, true};
  return command;
}

/// Why a command was refused; nullopt: it was carried out. The frame is compared with what each refusal is encoded as,
/// so that this room needs no decoder of frames it makes itself.
std::optional<core::Errc> refusal_in(const wire::Frame& frame, std::uint64_t request) {
  using core::Errc;
  for (const auto code : {Errc::bad_request, Errc::bad_name, Errc::limit_reached, Errc::overloaded, Errc::retry,
                          Errc::store_full, Errc::device_revoked})
    if (*frame == *wire::encode_error(request, code)) return code;
  return std::nullopt;
}

core::Errc errc_named(std::string_view name) {
  for (const int first : {100, 200, 300, 400, 500, 900})
    for (int n = first; n < first + 100; ++n)
      if (core::name_of(static_cast<core::Errc>(n)) == name) return static_cast<core::Errc>(n);
  return core::Errc::retry;
}

std::string link_of(const std::string& origin, const Secret& secret) { return origin + "/#i=" + secret.text; }

std::string default_origin(const std::string& directory, const Settings& settings) {
  if (!settings.listen.public_url.empty()) return settings.listen.public_url.front();
  if (const auto last = remembered_origin(directory)) return *last;
  return (settings.tls.certificate.empty() ? "http://" : "https://") + settings.listen.address;
}

/// Commits through a sequencer of its own: the same decision, the same transaction as in a daemon.
std::string invite_alone(DataDirectory locked, const Settings& settings, const InviteWish& wish) {
  const auto directory = locked.path();
  const auto foundation = open_foundation(std::move(locked), settings.checked_bytes_max);
  auto reader = foundation.store->open_reader();
  if (!reader) fail(core::errc_of(reader.error()), core::text_of(core::errc_of(reader.error())));
  // Nothing of this is sent to anybody, so no cursor is made and no incarnation is needed.
  const auto incarnations = foundation.store->incarnations();
  SystemEntropy entropy;
  sequencer::Sequencer sequencer(foundation.store->writer(), **reader, foundation.seals, entropy, settings.floor.core,
                                 incarnations.empty() ? core::Incarnation{} : incarnations.back());
  const auto secret = fresh_secret();
  constexpr std::uint64_t kRequest = 1;
  std::vector<core::Command> commands;
  commands.push_back(command_of(wish, secret.hash, kRequest));
  const auto group = sequencer.step(std::move(commands), runtime::SystemClock{}.wall_now());
  if (!group) fail(core::errc_of(group.error()), core::text_of(core::errc_of(group.error())));
  for (const auto& reply : (*group)->replies)
    if (const auto refused = refusal_in(reply.frame, kRequest)) fail(*refused, core::text_of(*refused));
  return link_of(default_origin(directory, settings), secret);
}

std::string body_of(const InviteWish& wish) {
  return std::to_string(wish.uses) + " " + std::to_string(wish.lifetime.count()) + "\n" + wish.note;
}

std::optional<InviteWish> wish_of(const std::string& body) {
  InviteWish wish;
  std::int64_t seconds = 0;
  const char* const end = body.data() + body.size();
  const auto uses = std::from_chars(body.data(), end, wish.uses);
  if (uses.ec != std::errc{} || uses.ptr == end || *uses.ptr != ' ') return std::nullopt;
  const auto time = std::from_chars(uses.ptr + 1, end, seconds);
  if (time.ec != std::errc{} || time.ptr == end || *time.ptr != '\n') return std::nullopt;
  wish.lifetime = std::chrono::seconds{seconds};
  wish.note.assign(time.ptr + 1, end);
  return wish;
}

AdminResponse refused(core::Errc code) {
  const bool again = code >= core::Errc::overloaded && code < core::Errc::going_away;
  return {again ? 503U : 409U, "text/plain; charset=utf-8", std::string(core::name_of(code)) + "\n"};
}

/// nullopt: nobody listens there.
std::optional<std::string> ask_daemon(const std::string& directory, const std::string& method,
                                      const std::string& target, const std::string& body) {
  const auto answer = transport::admin_request(admin_socket_path(directory), method, target, body, kCommitPatience);
  if (!answer) {
    const auto code = core::errc_of(answer.error());
    if (code == core::Errc::not_found) return std::nullopt;
    fail(code, "the daemon did not answer at its admin socket");
  }
  if (answer->status == 200) return answer->body;
  const auto name = std::string_view(answer->body).substr(0, answer->body.find('\n'));
  const auto code = errc_named(name);
  fail(code, core::text_of(code));
}

}  // namespace

std::string make_invitation(const std::string& directory, const Settings& settings, const InviteWish& wish) {
  if (!core::is_note(wish.note, settings.floor.core.note_bytes_max))
    fail(core::Errc::bad_name, "the note is longer than " + std::to_string(settings.floor.core.note_bytes_max) +
                                   " bytes, not UTF-8, or holds control characters");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    if (const auto link = ask_daemon(directory, "POST", "/invite", body_of(wish)))
      return link->substr(0, link->find('\n'));
    if (auto locked = DataDirectory::try_lock(directory)) return invite_alone(std::move(*locked), settings, wish);
    // Somebody holds the lock, but does not answer yet, or any more: a daemon that starts or stops, or another command.
    if (std::chrono::steady_clock::now() > deadline)
      fail(core::Errc::data_dir_locked, directory + " is locked, but no daemon answers at its admin socket");
    std::this_thread::sleep_for(milliseconds{50});
  }
}

std::string status_text(const std::string& directory) {
  struct stat found {};
  if (stat(directory.c_str(), &found) != 0) fail(core::Errc::store_unsuitable, directory + ": " + std::strerror(errno));
  if (const auto lines = ask_daemon(directory, "GET", "/status", "")) return *lines;
  return "running=no\norigin=" + remembered_origin(directory).value_or("") + "\nversion=" + kVersion + "\n";
}

AdminResponse Desk::answer(const transport::AdminRequest& request) {
  if (request.method == "GET" && request.target == "/metrics") return {200, kMetricsContentType, parts_.metrics()};
  if (request.over_tcp) return {404, "text/plain; charset=utf-8", "only /metrics is offered here\n"};
  if (request.method == "GET" && request.target == "/status")
    return {200, "text/plain; charset=utf-8", parts_.status()};
  if (request.method == "POST" && request.target == "/invite") return invite(request.body);
  return {404, "text/plain; charset=utf-8", "GET /metrics, GET /status, POST /invite\n"};
}

AdminResponse Desk::invite(const std::string& body) {
  const auto wish = wish_of(body);
  if (!wish) return refused(core::Errc::bad_request);
  const auto secret = fresh_secret();
  std::future<wire::Frame> done;
  std::uint64_t request = 0;
  {
    const std::lock_guard lock(mutex_);
    request = ++last_request_;
    done = waiting_[request].get_future();
  }
  const bool taken = parts_.inbox->push(command_of(*wish, secret.hash, request));
  const bool answered = taken && done.wait_for(kCommitPatience) == std::future_status::ready;
  {
    const std::lock_guard lock(mutex_);
    waiting_.erase(request);
  }
  if (!answered) return refused(core::Errc::overloaded);
  if (const auto code = refusal_in(done.get(), request)) return refused(*code);
  return {200, "text/plain; charset=utf-8", link_of(parts_.origin, secret) + "\n"};
}

void Desk::on_group(const sequencer::Group& group) {
  for (const auto& reply : group.replies) {
    if (reply.to.loop != kDeskLoop) continue;
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(reply.to.request);
    if (found == waiting_.end()) continue;
    found->second.set_value(reply.frame);
    waiting_.erase(found);  // the future keeps the value
  }
}

}  // namespace enishi::daemon
