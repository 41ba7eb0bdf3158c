// pair, on both sides.
#include <unistd.h>

#include <algorithm>

#include "cli/commands/joining.h"
#include "cli/session/chats.h"
#include "cli/session/journey.h"
#include "cli/session/visit.h"
#include "cli/show/qr.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "core/limits.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

namespace h = client::happening;

constexpr int kTriesMax = 3;

/// What is asked at the existing device.
enum class Decision { approve, refuse, gone };

/// The existing device's side.
class Offer {
 public:
  Offer(Context& context, Profile& profile)
      : context_(context), profile_(profile), visit_(context, profile), secret_(client::make_secret(context.entropy)) {}
  Outcome<void> run();

 private:
  [[nodiscard]] Outcome<void> show();
  [[nodiscard]] Decision decide();
  [[nodiscard]] bool is_lost() const { return lost_ || visit_.has_stopped(); }
  [[nodiscard]] std::optional<std::string> ask_person();

  Context& context_;
  Profile& profile_;
  Visit visit_;
  const client::Secret secret_;
  std::optional<h::PairAsked> asked_;
  bool lost_ = false;
};

Outcome<void> Offer::show() {
  // The offer lives with this session: another connection would need another one.
  auto answer = visit_.ask(client::requests::pair_offer(secret_));
  if (!answer) return answer.error();
  const client::Link link{client::LinkKind::pairing, profile_.origin(), secret_};
  const auto expires_at = wall_now_ms() + core::Limits{}.pairing_time.count();
  Record record;
  record.add("url", link.text()).add("expires_at", time_value(expires_at));
  context_.printer.print(record, link.text());
  if (isatty(STDERR_FILENO) != 0) context_.printer.note("\n" + qr_code(link.text()), true);
  context_.printer.note("Open this link on the new device (enishi pair URL --device NAME), before " +
                        local_time(expires_at) + ". Waiting for it ...");
  return {};
}

std::optional<std::string> Offer::ask_person() {
  std::optional<std::string> line;
  bool read = false;
  visit_.loop().read_line([&](std::optional<std::string> typed) {
    line = std::move(typed);
    read = true;
  });
  visit_.wait_for([&] { return read || is_lost(); }, core::Limits{}.pairing_time);
  if (!read || !line) return std::nullopt;
  std::string digits;
  std::ranges::copy_if(*line, std::back_inserter(digits), [](char c) { return c != ' ' && c != '-' && c != '\r'; });
  return digits;
}

Decision Offer::decide() {
  if (context_.options.yes) return Decision::approve;
  const auto wanted = client::pairing_digits(secret_, profile_.identity().keys.public_key, asked_->key);
  for (int tries = 0; tries < kTriesMax; ++tries) {
    context_.printer.note(
        "\"" + safe_line(asked_->name) + "\" wants to become your device. The six digits it shows (or no): ", true);
    const auto typed = ask_person();
    if (!typed) return is_lost() ? Decision::gone : Decision::refuse;
    if (*typed == wanted) return Decision::approve;
    if (*typed == "no" || *typed == "n") return Decision::refuse;
    context_.printer.note("These are not its digits.");
  }
  return Decision::refuse;
}

Outcome<void> Offer::run() {
  visit_.on_each([this](const client::Happening& happening) {
    if (const auto* asked = std::get_if<h::PairAsked>(&happening)) asked_ = *asked;
    const auto* state = std::get_if<h::State>(&happening);
    if (state != nullptr && (state->state == client::SessionState::closed)) lost_ = true;
  });
  if (const auto arrived = visit_.arrive(); !arrived) return arrived.error();
  lost_ = false;
  if (const auto shown = show(); !shown) return shown.error();
  visit_.wait_for([this] { return asked_.has_value() || is_lost(); }, core::Limits{}.pairing_time);
  const auto lost = unreachable_failure("the connection was lost, and with it the offer: start again");
  if (is_lost()) return visit_.has_stopped() ? visit_.failure() : lost;
  if (!asked_) return refusal(core::Errc::pairing_unknown, "nobody came within ten minutes: start again");
  const auto decision = decide();
  if (decision == Decision::gone) return lost;
  const bool approve = decision == Decision::approve;
  auto& machine = visit_.machine();
  const auto decided = [&](bool yes) {
    return visit_.ask(client::requests::pair_decide(machine.new_client_id(), secret_, asked_->key, yes));
  };
  const auto answer = decided(approve);
  if (!answer) {
    // Its name is taken, say. The newcomer learns nothing of that, and would wait until the offer runs out.
    if (approve && answer.error().exit == Exit::refused) (void)decided(false);
    return answer.error();
  }
  Record record;
  record.add("approved", approve).add("device", asked_->name);
  context_.printer.print(record, (approve ? "Paired: " : "Refused: ") + safe_line(asked_->name));
  if (!approve) return refusal(core::Errc::pairing_refused, "the new device was not let in");
  return {};
}

Outcome<void> present(Context& context) {
  const auto& options = context.options;
  if (options.device.empty()) return usage_failure("pair URL needs --device NAME, the name of this new device");
  if (const auto good = check_name(options.device, core::Limits{}.name_bytes_max, "a device name"); !good)
    return good.error();
  const auto link = read_link(options.link, client::LinkKind::pairing);
  if (!link) return link.error();
  auto profile = Profile::claim(options.profile, link->origin, context.entropy);
  if (!profile) return profile.error();
  auto frame = v1::ServerFrame{};
  {
    Journey journey(context, link->origin);
    const auto& own = profile->identity().keys.public_key;
    auto answer = journey.ask(client::requests::pair_present(link->secret, options.device, own));
    if (!answer) return answer.error();
    // Said again on each connection that follows a lost one; Joined at once when the owner has approved meanwhile.
    for (bool shown = false; answer->has_pair_presented(); shown = true) {
      core::PublicKey offerer;
      if (!offerer.assign(answer->pair_presented().offerer_key())) return refusal(core::Errc::protocol_violation);
      if (!shown) {
        context.printer.note(client::pairing_digits(link->secret, offerer, own));
        context.printer.note("Type these digits on the device of @" + safe_line(answer->pair_presented().handle()) +
                             " that showed the link. Waiting for it ...");
      }
      answer = journey.next(core::Limits{}.pairing_time);
      if (!answer) return answer.error();
    }
    frame = *std::move(answer);
  }
  return settle_in(context, *profile, frame.joined());
}

}  // namespace

Outcome<void> run_pair(Context& context) {
  const auto& options = context.options;
  if (!options.link.empty()) {
    if (options.yes) return usage_failure("--yes belongs to the existing device, not to `pair URL`");
    return present(context);
  }
  if (!options.device.empty()) return usage_failure("--device belongs to `pair URL`, on the new device");
  // Not when the newcomer has come: he would wait for a question that nobody can be asked.
  if (!options.yes && isatty(STDIN_FILENO) == 0)
    return Failure{"NO_TERMINAL", "the newcomer's digits are asked for on a terminal; --yes approves without", 0,
                   Exit::usage};
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  return Offer(context, *profile).run();
}

}  // namespace enishi::cli
