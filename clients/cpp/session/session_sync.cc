// What a session stores: everything between two frontiers in one transaction with the cursor.
#include <algorithm>

#include "cpp/requests.h"
#include "cpp/session_machine.h"

namespace enishi::client {
namespace {

// A server that says "later" without saying when is not asked for what is owed more often than this.
constexpr Instant kPayAgain{50};

}  // namespace

void SessionMachine::on_batch(v1::Batch& batch) {
  if (!is_welcome()) return;
  for (auto& entry : *batch.mutable_registers()) {
    // Live, every register write of this member arrives, once, in order. While catching up only the latest of each key.
    if (state_ == SessionState::live && entry.rseq() != rseq_seen_ + 1)
      return start_over("register " + std::to_string(rseq_seen_ + 1) + " was lost");
    rseq_seen_ = std::max(rseq_seen_, entry.rseq());
    delta_.registers.push_back(std::move(entry));
  }
  rseq_named_ = std::max(rseq_named_, batch.rseq());
  // One that was written again while the round was read comes with its later number.
  if (state_ != SessionState::live) rseq_seen_ = std::max(rseq_seen_, batch.rseq());
  for (auto& event : *batch.mutable_events()) delta_.events.push_back(std::move(event));
}

void SessionMachine::on_frontier(const v1::Frontier& frontier) {
  if (!is_welcome()) return;
  if (frontier.live() && rseq_seen_ < rseq_named_)
    return start_over("register " + std::to_string(rseq_named_) + " was lost");
  std::map<core::PublicId, v1::Register> dropped;
  for (const auto& entry : delta_.registers) {
    if (entry.kind() != v1::REGISTER_KIND_MEMBERSHIP || !entry.removed()) continue;
    const auto id = id_of(entry.conversation_id());
    const auto read = replica_->store().read([&](Rows& rows) {
      if (auto before = rows.find_register(v1::REGISTER_KIND_MEMBERSHIP, id.view())) dropped[id] = *std::move(before);
    });
    if (!read) return give_up(read.error());
  }
  const auto delta = std::exchange(delta_, {});
  auto point = start_.point;
  point.cursor = frontier.cursor();
  point.rseq = rseq_seen_;
  point.at = settings_.wall_clock();
  if (!stored(replica_->apply(delta, point))) return;
  mine_ = point;
  round_done_ = frontier.done();
  round_total_ = frontier.total();
  std::set<core::PublicId> touched;
  for (const auto& each : delta.registers)
    if (each.kind() == v1::REGISTER_KIND_MEMBERSHIP) touched.insert(id_of(each.conversation_id()));
  for (const auto& each : delta.events) touched.insert(id_of(each.conversation_id()));
  for (const auto& each : delta.heads) touched.insert(id_of(each.conversation_id()));
  for (const auto& each : delta.gaps) touched.insert(id_of(each.conversation_id()));
  for (const auto& each : delta.skipped) touched.insert(id_of(each.conversation_id()));
  refresh_missing(touched);
  tell_delta(delta, dropped);
  if (frontier.live()) {
    const bool arrives = !is_live();
    enter(SessionState::live);
    // Everybody is known now of whom the daemon has told.
    if (arrives) resolve_outbox();
    // Whose messages count may be another now.
    const bool ties_moved =
        std::ranges::any_of(delta.registers, [](const auto& each) { return each.kind() == v1::REGISTER_KIND_TIE; });
    if (arrives || ties_moved)
      look_at_all_holdings();
    else
      look_at_holdings(touched);
    if (arrives) ask_receipts(shown_);
    settle_live();
  } else if (state_ == SessionState::catching_up || state_ == SessionState::lagging) {
    tell_state();
  }
}

void SessionMachine::on_answer(v1::ServerFrame& frame) {
  if (frame.has_page()) on_page(frame.page());
  if (frame.has_receipts())
    on_receipts(id_of(frame.receipts().conversation_id()),
                {frame.receipts().receipts().begin(), frame.receipts().receipts().end()});
  const auto store_head = [this](const v1::Head& head) {
    return stored(replica_->apply_head(head, rseq_seen_, start_.point.epoch));
  };
  if (frame.has_marked() && !store_head(frame.marked().head())) return;
  for (const auto& head : frame.heads().heads())
    if (!store_head(head)) return;
  if (wants_close_ || requests_.answer(frame.request_id(), frame, now_)) return;
  // An error that answers no request of the book ends the session: of Hello, of Prove, or the server's farewell.
  if (!frame.has_error() || (is_welcome() && frame.request_id() != 0)) return;
  last_error_ = static_cast<std::uint32_t>(frame.error().code());
  last_error_text_ = frame.error().text();
  reconnect();
}

void SessionMachine::on_page(const v1::Page& page) {
  const auto id = id_of(page.conversation_id());
  if (!stored(replica_->apply_page(page, start_.point.epoch))) return;
  RangeSet owed;
  if (const auto at = owed_.find(id); at != owed_.end())
    for (const auto& range : at->second) owed.add(range.first, range.last);
  refresh_missing({id});
  for (const auto& event : page.events())
    if (owed.contains(event.seq())) tell_event(event, true);
  look_at_holdings({id});
}

bool SessionMachine::stored(const core::Result<Applied>& applied) {
  if (!applied) {
    give_up(applied.error());
    return false;
  }
  switch (*applied) {
    case Applied::stored:
      return true;
    case Applied::other_epoch:
      reconnect();
      return false;
    case Applied::conflict:
      start_over("a slot of the log is not what it was");
      return false;
  }
  return false;
}

void SessionMachine::start_over(const std::string& why) {
  delta_ = {};
  mine_.reset();
  told_.clear();
  owed_.clear();
  stale_.clear();
  if (const auto done = replica_->start_over(start_.point.epoch); !done) return give_up(done.error());
  reconnect();
  tell(happening::StartedOver{why});
}

void SessionMachine::refresh_missing(const std::set<core::PublicId>& ids) {
  if (ids.empty()) return;
  auto owed = replica_->missing(ids);
  if (!owed) return give_up(owed.error());
  for (auto& [id, ranges] : *owed) {
    // Something else is owed than what the server would not give (the member left, and is in it again).
    if (const auto before = owed_.find(id); before == owed_.end() || before->second != ranges) unpayable_.erase(id);
    if (ranges.empty())
      owed_.erase(id);
    else
      owed_[id] = std::move(ranges);
  }
  const auto stale = replica_->stale(ids);
  if (!stale) return give_up(stale.error());
  for (const auto& id : ids) stale_.erase(id);
  stale_.insert(stale->begin(), stale->end());
}

std::uint64_t SessionMachine::missing() const {
  std::uint64_t count = 0;
  for (const auto& [id, ranges] : owed_)
    for (const auto& range : ranges) count += range.size();
  return count;
}

bool SessionMachine::is_stale() const {
  return std::ranges::any_of(stale_, [this](const auto& each) { return !unanswered_.contains(each.first); });
}

void SessionMachine::pay_debts() {
  pay_asked_ = true;
  unpayable_.clear();
  if (is_live()) settle_live();
}

void SessionMachine::settle_live() {
  if (!is_live() || wants_close_) return;
  // What is held already must not look as it was before the gap: this is asked for at once.
  ask_changes();
  if (fetching_ || pay_at_) return;
  if (settings_.pay_debts || pay_asked_) {
    fetch_next();
    if (fetching_ || pay_at_) return;
    pay_asked_ = false;
  }
  if (!std::exchange(ready_told_, true)) tell(happening::Ready{});
}

void SessionMachine::ask_changes() {
  if (fetching_ || pay_at_ || !is_live()) return;
  const auto at = std::ranges::find_if(stale_, [this](const auto& each) { return !unanswered_.contains(each.first); });
  if (at == stale_.end()) return;
  const auto [id, since] = *at;
  fetching_ = true;
  request(
      requests::changed(id, since),
      [this, id = id, since = since](const Answer& answer) {
        fetching_ = false;
        if (answer.lost) return;
        if (const auto code = answer.error().code(); !answer.ok() && code >= 200 && code < 300) {
          pay_at_ = now_ + std::max(kPayAgain, Instant{answer.error().retry_after_ms()});
          return;
        }
        if (!answer.ok() || !answer.frame.has_changes() || answer.frame.changes().next() == since)
          unanswered_.insert(id);
        else if (!stored(replica_->apply_changes(answer.frame.changes(), since, start_.point.epoch)))
          return;
        refresh_missing({id});
        settle_live();
      },
      OnLoss::fail);
}

void SessionMachine::fetch_next() {
  if (fetching_ || pay_at_ || !is_live()) return;
  const auto at = std::ranges::find_if(
      owed_, [this](const auto& each) { return !each.second.empty() && !unpayable_.contains(each.first); });
  if (at == owed_.end()) return;
  const auto id = at->first;
  const auto range = at->second.front();
  fetching_ = true;
  request(
      requests::fetch(id, range.first, range.last, settings_.page_limit),
      [this, id, range](const Answer& answer) {
        fetching_ = false;
        if (answer.lost) return;
        if (const auto code = answer.error().code(); !answer.ok() && code >= 200 && code < 300) {
          pay_at_ = now_ + std::max(kPayAgain, Instant{answer.error().retry_after_ms()});
          return;
        }
        const auto left = owed_.find(id);
        // A server that gives nothing for what is owed is asked again on the next connection, not in a circle.
        if (!answer.ok() || (left != owed_.end() && !left->second.empty() && left->second.front() == range))
          unpayable_.insert(id);
        tell_state();
        settle_live();
      },
      OnLoss::fail);
}

}  // namespace enishi::client
