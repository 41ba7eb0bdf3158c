#include "cli/session/visit.h"

#include <algorithm>
#include <memory>

#include "cli/session/chats.h"

namespace enishi::cli {
namespace {

using client::Instant;
using client::SessionState;

// One failed dial may be a daemon that is just being restarted; two are none.
constexpr unsigned kFailedDialsMax = 2;
// A daemon that lets us in again and again without end is given up, too.
constexpr int kPatienceTimesMax = 20;

client::SessionSettings settings_of(bool stays) {
  client::SessionSettings settings;
  settings.mode = stays ? v1::PRESENCE_STATE_ACTIVE : v1::PRESENCE_STATE_BACKGROUND;
  settings.pay_debts = stays;
  settings.watch_all = stays;
  settings.focus_all = stays;
  return settings;
}

}  // namespace

Visit::Visit(Context& context, Profile& profile, bool stays)
    : context_(context),
      profile_(profile),
      machine_(profile.replica(), context.entropy, *this, settings_of(stays)),
      connection_(loop_.io(), profile.origin(), machine_) {}

Visit::~Visit() { leave(); }

void Visit::start() {
  if (std::exchange(started_, true)) return;
  progress_at_ = client::Connection::now();
  connection_.start();
}

bool Visit::is_out_of_reach() const {
  if (machine_.is_welcome()) return false;
  // A certificate is not mended by trying again.
  if (connection_.trouble() != client::TlsTrouble::none) return true;
  return !context_.options.timeout_given && connection_.failed_dials() >= kFailedDialsMax;
}

bool Visit::wait(const std::function<bool()>& done) {
  start();
  const auto begin = client::Connection::now();
  progress_at_ = begin;
  const auto timeout = context_.options.timeout;
  const auto until_at_most = begin + kPatienceTimesMax * timeout;
  while (!done() && !stopped_ && !is_out_of_reach()) {
    const auto until = std::min(progress_at_ + timeout, until_at_most);
    const auto now = client::Connection::now();
    if (now >= until) break;
    const auto seen = progress_at_;
    connection_.run_until([&] { return done() || stopped_ || is_out_of_reach() || progress_at_ != seen; }, until - now);
  }
  return done();
}

bool Visit::wait_for(const std::function<bool()>& done, std::chrono::milliseconds limit) {
  start();
  connection_.run_until([&] { return done() || stopped_.has_value(); }, limit);
  return done();
}

Failure Visit::failure() const {
  if (stopped_) return stopped_failure(stopped_->code, stopped_->text);
  const auto& origin = profile_.identity().origin;
  if (machine_.is_welcome()) return unreachable_failure(origin + " did not answer in time");
  auto text = origin + " is not reachable";
  if (const auto code = machine_.last_error(); code != 0)
    text += std::string(" (") + core::text_of(static_cast<core::Errc>(code)) + ")";
  return dial_failure(connection_, origin, text);
}

Outcome<void> Visit::arrive() {
  bool has_drafts = false;
  const auto looked = profile_.replica().store().read([&](client::Rows& rows) { has_drafts = !rows.drafts().empty(); });
  if (!looked) return profile_failure(looked.error());
  if (!wait([this] { return machine_.is_live(); })) return failure();
  // What was queued goes out first, so that it is seen by what is asked next, and what is held is brought up to date.
  // It is no failure if either cannot be yet.
  wait([this] { return machine_.outbox().in_flight() == 0 && machine_.has_saved_drafts() && !machine_.is_stale(); });
  // What became of a text that was typed here comes a moment after the answer; this answer comes after it.
  v1::ClientFrame probe;
  probe.mutable_probe();
  if (has_drafts && !stopped_) static_cast<void>(ask(probe));
  if (stopped_) return failure();
  return {};
}

Outcome<v1::ServerFrame> Visit::ask(const v1::ClientFrame& frame) {
  const auto begin = client::Connection::now();
  for (int attempt = 0; attempt < kPatienceTimesMax; ++attempt) {
    // Shared with the callback: the machine may call it after we have stopped waiting.
    const auto answer = std::make_shared<std::optional<client::Answer>>();
    start();
    machine_.request(
        frame, [answer](const client::Answer& each) { *answer = each; }, client::OnLoss::fail);
    connection_.poke();
    if (!wait([&] { return answer->has_value(); })) return failure();
    auto& came = **answer;
    if (came.ok()) return std::move(came.frame);
    if (stopped_) return failure();
    const Instant later{came.error().retry_after_ms()};
    const auto code = came.error().code();
    // "Later" is obeyed within our patience; then it is the answer (a full disk may stay full).
    const bool too_late = client::Connection::now() + later > begin + context_.options.timeout;
    if (!came.lost && (code < 200 || code >= 300 || too_late)) return refusal(came.error());
    wait_for([] { return false; }, came.lost ? Instant{0} : std::max(later, Instant{20}));
  }
  return unreachable_failure(profile_.identity().origin + " takes the request again and again and does not answer");
}

Outcome<client::OutboxEntry> Visit::settle(const core::ClientId& id) {
  std::optional<client::OutboxEntry> entry;
  const auto is_settled = [&] {
    const auto found = machine_.outbox().find(id);
    if (!found || !*found || (*found)->state == client::SendState::queued) return false;
    entry = **found;
    return true;
  };
  // The store is looked at when something was settled, not after every handler.
  bool settled = is_settled();
  const auto before = std::exchange(each_, {});
  each_ = [&](const client::Happening& happening) {
    if (before) before(happening);
    const auto* each = std::get_if<client::happening::Settled>(&happening);
    if (each != nullptr && each->entry.client_id == id) settled = true;
  };
  wait([&] { return settled; });
  each_ = before;
  if (is_settled()) return *entry;
  return failure();
}

void Visit::leave() {
  if (std::exchange(left_, true) || !started_) return;
  if (machine_.is_welcome()) {
    const auto timeout = context_.options.timeout;
    // Whose messages came in this visit is told that they are here.
    const auto is_done = [this] {
      return machine_.outbox().in_flight() == 0 && machine_.has_saved_drafts() && !machine_.is_reporting();
    };
    wait_for([&] { return !machine_.is_welcome() || is_done(); }, timeout);
  }
  connection_.shut_down();
}

void Visit::on_happening(const client::Happening& happening) {
  if (each_) each_(happening);
  namespace h = client::happening;
  if (const auto* state = std::get_if<h::State>(&happening)) {
    const bool moves = state->state == SessionState::catching_up || state->state == SessionState::live;
    if (moves) progress_at_ = client::Connection::now();
  } else if (std::holds_alternative<h::Message>(happening)) {
    progress_at_ = client::Connection::now();
  } else if (const auto* stopped = std::get_if<h::Stopped>(&happening)) {
    stopped_ = *stopped;
  } else if (const auto* settled = std::get_if<h::Settled>(&happening)) {
    const auto& entry = settled->entry;
    const bool told_elsewhere = quiet_ || settled->by_other || claimed_.contains(entry.client_id);
    if (entry.state != client::SendState::rejected || told_elsewhere) return;
    const auto code = static_cast<core::Errc>(entry.code);
    ChatNames names(profile_);
    context_.printer.fail(
        refusal(code, "a queued message to " + receiver_of(names, entry) + " was refused: " + reason_of(entry)));
  }
}

}  // namespace enishi::cli
