// Delivered and read: what this device tells of itself, and what it is told of those tied with its member.
#include <algorithm>
#include <utility>

#include "cpp/requests.h"
#include "cpp/session_machine.h"

namespace enishi::client {

void SessionMachine::on_receipts(const core::PublicId& id, const std::vector<v1::Receipt>& receipts) {
  const auto rows = replica_->apply_receipts(id, receipts, start_.point.epoch);
  if (!rows) return give_up(rows.error());
  for (const auto& row : *rows) {
    // Another process of the profile may have stored it first: told is what this machine has not told yet.
    auto& told = told_receipts_[{id, row.handle}];
    if (const std::pair now{row.delivered, row.read}; std::exchange(told, now) != now)
      tell(happening::Receipt{id, row.handle, row.delivered, row.read});
  }
}

void SessionMachine::look_at_holdings(const std::set<core::PublicId>& ids) {
  if (!is_live() || wants_close_ || ids.empty()) return;
  const auto holdings = replica_->holdings(ids, looked_);
  if (!holdings) return give_up(holdings.error());
  for (const auto& [id, holding] : *holdings) {
    looked_[id] = std::max(looked_[id], holding.through);
    if (holding.is_news) reports_.want(id, holding.through);
  }
  report_stored();
}

void SessionMachine::look_at_all_holdings() {
  looked_.clear();
  const auto all = replica_->conversation_ids();
  if (!all) return give_up(all.error());
  look_at_holdings(*all);
}

void SessionMachine::report_stored() {
  if (!is_live() || wants_close_) return;
  while (const auto report = reports_.take(now_)) {
    request(
        requests::stored(report->conversation, report->through),
        [this, report = *report](const Answer& answer) {
          // One that was lost is found again in the store: the register of it is lower.
          if (answer.lost) return;
          if (const auto code = answer.error().code(); !answer.ok() && code >= 200 && code < 300)
            reports_.on_put_off(report, now_ + Instant{answer.error().retry_after_ms()});
          else
            reports_.on_answered(report.conversation);
          report_stored();
        },
        OnLoss::fail);
  }
}

void SessionMachine::ask_receipts(const std::set<core::PublicId>& ids) {
  if (!is_live() || wants_close_) return;
  for (const auto& id : ids) request(requests::receipts_ask(id), {}, OnLoss::fail);
}

void SessionMachine::show(std::set<core::PublicId> conversations) {
  auto fresh = conversations;
  for (const auto& id : shown_) fresh.erase(id);
  shown_ = std::move(conversations);
  ask_receipts(fresh);
}

}  // namespace enishi::client
