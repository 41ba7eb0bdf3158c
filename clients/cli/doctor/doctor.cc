// doctor: a place as its people's devices meet it, from the name to a minute of silence.
#include <algorithm>
#include <cstdlib>

#include "cli/doctor/greeting.h"
#include "cli/doctor/outside.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"

namespace enishi::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Expiries and presence bear so much; beyond it people see wrong times, and certificates are refused.
constexpr std::int64_t kClockMsMax = 30'000;
// Others may write to this member meanwhile: then the silence begins anew, but not for ever.
constexpr int kSilencesMax = 3;

/// Kept key of RFC 6455's own example; what comes back is not judged here, the greeting does that.
constexpr const char* kUpgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: enishi.v1\r\n";

class Doctor {
 public:
  Doctor(Context& context, client::Origin origin)
      : context_(context),
        origin_(std::move(origin)),
        outside_(origin_, std::max(context.options.timeout, milliseconds{1000})) {}
  Outcome<void> run();

 private:
  [[nodiscard]] bool look();
  void look_at_health();
  [[nodiscard]] bool look_at_upgrade();
  void greet();
  void judge_origin(const Greeting& greeting);
  void wait_in_silence();
  [[nodiscard]] Finding silence(Profile& profile);
  void tell();

  Context& context_;
  const client::Origin origin_;
  Outside outside_;
  Findings findings_;
  std::size_t told_ = 0;
};

void Doctor::tell() {
  for (; told_ < findings_.size(); ++told_) {
    const auto& each = findings_[told_];
    Record record;
    record.add("check", each.check).add("state", name_of(each.health)).add("text", each.text).add("next", each.next);
    std::string state = name_of(each.health), check = each.check;
    state.resize(8, ' ');
    check.resize(9, ' ');
    auto human = state + check + safe_line(each.text);
    if (!each.next.empty()) human += "\n                 -> " + safe_line(each.next);
    context_.printer.print(record, human);
  }
}

void Doctor::look_at_health() {
  const auto alive = outside_.ask("/healthz");
  const bool is_ours = alive.status == 200 && alive.body == "ok\n";
  if (is_ours)
    findings_.push_back({"health", Health::ok, "/healthz answers", {}});
  else
    findings_.push_back(
        {"health", Health::bad,
         "/healthz is not answered by enishid: " +
             (alive.status == 0 ? alive.trouble : "status " + std::to_string(alive.status)),
         alive.status == 502 || alive.status == 503 || alive.status == 504
             ? "the proxy does not reach the daemon: is it running, and is the proxy's address for it right?"
             : "is another program on this port, or does the proxy send this name elsewhere?"});
  const auto ready = outside_.ask("/readyz");
  if (ready.status == 200)
    findings_.push_back({"ready", Health::ok, "/readyz answers: the daemon takes sessions", {}});
  else if (is_ours)
    findings_.push_back({"ready", Health::bad,
                         "/readyz says " + std::to_string(ready.status) + ": the daemon starts or stops",
                         "wait a little; if it stays so, read the daemon's log"});
}

// Also what is missing in an answer that agrees: a proxy may have eaten it.
bool Doctor::look_at_upgrade() {
  const auto answer = outside_.ask("/v1/connect", kUpgrade);
  const auto bad = [&](std::string text, std::string next) {
    findings_.push_back({"upgrade", Health::bad, std::move(text), std::move(next)});
    return false;
  };
  if (answer.status == 400 && answer.body.find("plain http") != std::string::npos)
    return bad("this port speaks TLS, and was asked in plain http", "dial https:// there");
  if (answer.status == 426 || answer.status == 400)
    return bad("the upgrade did not arrive: the daemon saw a request without Upgrade and Connection (status " +
                   std::to_string(answer.status) + ")",
               "let the proxy pass on the headers Upgrade and Connection, with HTTP/1.1 (deploy/ has samples)");
  if (answer.status != 101)
    return bad("/v1/connect answers " +
                   (answer.status == 0 ? answer.trouble : "status " + std::to_string(answer.status)) +
                   " instead of 101 (Switching Protocols)",
               "let the proxy pass /v1/connect on to the daemon (deploy/ has samples)");
  std::string missing;
  for (const auto* name : {"upgrade", "connection", "sec-websocket-accept", "sec-websocket-protocol"})
    if (answer.field(name).empty()) missing += (missing.empty() ? "" : ", ") + std::string(name);
  if (!missing.empty())
    return bad("the answer to the upgrade lacks " + missing, "let the proxy pass all headers of the answer back");
  if (answer.field("sec-websocket-protocol") != "enishi.v1")
    return bad("another protocol answers: " + std::string(answer.field("sec-websocket-protocol")),
               "let the proxy pass Sec-WebSocket-Protocol on, unchanged");
  findings_.push_back({"upgrade", Health::ok, "the WebSocket upgrade comes through, with enishi.v1", {}});
  return true;
}

void Doctor::judge_origin(const Greeting& greeting) {
  switch (static_cast<core::Errc>(greeting.verdict())) {
    case core::Errc::proof_failed:
      findings_.push_back({"origin", Health::ok, origin_.text() + " is among the daemon's own origins", {}});
      return;
    case core::Errc::wrong_origin:
      findings_.push_back(
          {"origin", Health::bad,
           "the daemon does not know itself as " + origin_.text() + ": every device that dials it is refused",
           "add it to listen.public_url in the daemon's configuration"});
      return;
    default:
      findings_.push_back({"origin", Health::skipped,
                           "the daemon did not say whether " + origin_.text() + " is its own" +
                               (greeting.verdict() == 0
                                    ? std::string()
                                    : ": " + std::string(core::name_of(static_cast<core::Errc>(greeting.verdict())))),
                           "ask again in a minute"});
  }
}

void Doctor::greet() {
  Loop loop;
  Greeting greeting(origin_.text(), context_.entropy);
  client::Connection connection(loop.io(), origin_, greeting);
  connection.start();
  connection.run_until([&] { return greeting.is_over(); }, std::max(context_.options.timeout, milliseconds{1000}));
  if (!greeting.clock_ahead_ms()) {
    findings_.push_back({"greeting", Health::bad,
                         greeting.was_open() ? "the connection opened, but the daemon's first word did not come through"
                                             : "the WebSocket could not be opened",
                         "does something between hold frames back, or change Sec-WebSocket-Accept?"});
    return;
  }
  findings_.push_back({"greeting", Health::ok, "the daemon greets, frames come through both ways", {}});
  const auto ahead = *greeting.clock_ahead_ms();
  const auto text = "the daemon's clock is " + std::to_string(std::abs(ahead) / 1000) + " s " +
                    (ahead < 0 ? "behind" : "ahead of") + " this machine's";
  if (std::abs(ahead) > kClockMsMax)
    findings_.push_back({"clock", Health::bad, text, "set both by the network (timedatectl set-ntp true)"});
  else
    findings_.push_back({"clock", Health::ok, text, {}});
  judge_origin(greeting);
}

// What is lost in silence shows by the session's state, or, when nobody said so, by a question that is not answered.
Finding Doctor::silence(Profile& profile) {
  const auto idle = std::chrono::ceil<seconds>(context_.options.idle);
  const auto length = std::to_string(idle.count()) + " s";
  Visit visit(context_, profile);
  bool is_lost = false;
  auto quiet_since = client::Connection::now();
  visit.on_each([&](const client::Happening& happening) {
    quiet_since = client::Connection::now();
    const auto* state = std::get_if<client::happening::State>(&happening);
    if (state != nullptr && !visit.machine().is_welcome()) is_lost = true;
  });
  if (const auto arrived = visit.arrive(); !arrived)
    return {"idle", Health::bad, "the device of this profile does not get in: " + arrived.error().text,
            "see enishi status"};
  is_lost = false;  // on the way in there are states, too
  const auto begun = quiet_since = client::Connection::now();
  const auto too_long = begun + kSilencesMax * milliseconds{idle};
  auto told_at = begun;
  while (!is_lost && client::Connection::now() - quiet_since < idle) {
    if (client::Connection::now() > too_long)
      return {"idle", Health::skipped, "others kept writing to this member: there was no silence of " + length,
              "try again at a quieter time"};
    if (client::Connection::now() - told_at >= seconds{15}) {
      told_at = client::Connection::now();
      const auto done = std::chrono::duration_cast<seconds>(told_at - quiet_since);
      context_.printer.note("silent for " + std::to_string(done.count()) + " of " + length + " ...");
    }
    visit.wait_for([&] { return is_lost; }, milliseconds{250});
  }
  const auto lasted = std::chrono::duration_cast<seconds>(client::Connection::now() - begun);
  const std::string next =
      "let the proxy (or firewall) keep silent connections: proxy_read_timeout and proxy_send_timeout in nginx, or its "
      "like, "
      "to 10 minutes";
  v1::ClientFrame probe;
  probe.mutable_probe();
  if (is_lost)
    return {"idle", Health::bad, "the connection was cut after " + std::to_string(lasted.count()) + " s of silence",
            next};
  if (!visit.ask(probe))
    return {"idle", Health::bad, "after " + length + " of silence nothing is answered any more, and nobody said so",
            next};
  return {"idle", Health::ok, "the connection outlives " + length + " of silence", {}};
}

void Doctor::wait_in_silence() {
  if (context_.options.idle.count() == 0) return;
  auto profile = Profile::open(context_.options.profile);
  if (!profile || profile->identity().origin != origin_.text()) {
    findings_.push_back(
        {"idle", Health::skipped,
         "silence was not tried: the daemon lets no stranger stay, and this profile is no device of " + origin_.text(),
         "join there, and name that profile: enishi --profile DIR doctor " + origin_.text()});
    return;
  }
  context_.printer.note("trying " + std::to_string(std::chrono::ceil<seconds>(context_.options.idle).count()) +
                        " s of silence ...");
  findings_.push_back(silence(*profile));
}

// False: nothing answers there.
bool Doctor::look() {
  if (!outside_.resolve(findings_) || !outside_.connect(findings_)) return false;
  tell();
  if (!outside_.secure(findings_)) return true;
  tell();
  look_at_health();
  tell();
  if (!look_at_upgrade()) return true;
  tell();
  greet();
  tell();
  if (std::ranges::none_of(findings_, [](const Finding& each) { return each.health == Health::bad; }))
    wait_in_silence();
  return true;
}

Outcome<void> Doctor::run() {
  const bool is_there = look();
  tell();
  if (!is_there) return unreachable_failure(origin_.text() + " is not reachable: " + findings_.back().text);
  const auto bad = std::ranges::count(findings_, Health::bad, &Finding::health);
  if (bad == 0) return {};
  return Failure("NOT_WELL",
                 std::to_string(bad) + " of " + std::to_string(findings_.size()) + " checks found something wrong", 0,
                 Exit::refused);
}

}  // namespace

Outcome<void> run_doctor(Context& context) {
  const auto origin = client::Origin::parse(context.options.origin);
  if (!origin) return usage_failure("ORIGIN is like https://chat.example.org or http://127.0.0.1:8470, without a path");
  return Doctor(context, *origin).run();
}

}  // namespace enishi::cli
