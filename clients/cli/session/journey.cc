#include "cli/session/journey.h"

namespace enishi::cli {
namespace {

constexpr unsigned kFailedDialsMax = 2;  // as for visits

}  // namespace

Journey::Journey(Context& context, const client::Origin& origin)
    : context_(context), origin_(origin), machine_(context.entropy), connection_(loop_.io(), origin, machine_) {}

Journey::~Journey() { connection_.shut_down(); }

Outcome<v1::ServerFrame> Journey::ask(const v1::ClientFrame& frame) {
  machine_.request(frame, [this](const client::Answer& answer) { answers_.push_back(answer); });
  connection_.start();
  const auto gives_up = [this] {
    if (connection_.trouble() != client::TlsTrouble::none) return true;
    return !context_.options.timeout_given && connection_.failed_dials() >= kFailedDialsMax;
  };
  // Nobody waits for longer than he said he would.
  const auto comes_too_late = [&] {
    const auto refused = machine_.put_off();
    return refused && std::chrono::milliseconds{refused->retry_after_ms()} > context_.options.timeout;
  };
  connection_.run_until(
      [&] { return !answers_.empty() || machine_.stopped_by() != 0 || gives_up() || comes_too_late(); },
      context_.options.timeout);
  return take();
}

Outcome<v1::ServerFrame> Journey::next(std::chrono::milliseconds limit) {
  connection_.run_until([this] { return !answers_.empty() || machine_.stopped_by() != 0; }, limit);
  return take();
}

Outcome<v1::ServerFrame> Journey::take() {
  if (const auto code = machine_.stopped_by(); code != 0) return stopped_failure(code, {});
  if (answers_.empty())
    if (const auto refused = machine_.put_off()) return refusal(*refused);
  if (answers_.empty())
    return dial_failure(connection_, origin_.text(), origin_.text() + " is not reachable, or did not answer in time");
  auto answer = std::move(answers_.front());
  answers_.pop_front();
  if (answer.lost) return unreachable_failure(origin_.text() + " went away before it answered");
  if (answer.frame.has_error()) return refusal(answer.frame.error());
  return std::move(answer.frame);
}

}  // namespace enishi::cli
