#include "cpp/view/fates.h"

#include <algorithm>

namespace enishi::client {
namespace {

enum class Move : std::uint8_t { none, came, went };

/// What an event did to somebody's being in a group.
Move move_of(const v1::Event& event, const std::string& handle) {
  const bool named =
      std::ranges::any_of(event.people(), [&](const v1::Person& person) { return person.handle() == handle; });
  switch (event.kind()) {
    case v1::EVENT_KIND_CREATED:
      return named || event.author() == handle ? Move::came : Move::none;
    case v1::EVENT_KIND_ADDED:
      return named ? Move::came : Move::none;
    case v1::EVENT_KIND_REMOVED:
      return named ? Move::went : Move::none;
    case v1::EVENT_KIND_LEFT:
      return event.author() == handle ? Move::went : Move::none;
    default:
      return Move::none;
  }
}

/// Where he was, from `end` downwards: he was there at `end`, for his receipt reaches there.
RangeSet stays_of(const std::string& handle, std::uint64_t end, const RangeSet& held,
                  const std::vector<v1::Event>& log) {
  RangeSet there;
  const auto ranges = held.ranges();
  const auto at = std::ranges::find_if(ranges, [end](const Range& range) { return range.last >= end; });
  if (log.empty() || at == ranges.end() || at->first > end) return there;
  const auto first = std::max(at->first, log.front().seq());
  std::uint64_t last = end;  // 0: he was away
  for (auto event = log.rbegin(); event != log.rend(); ++event) {
    if (event->seq() > end || event->seq() < first) continue;
    const auto move = move_of(*event, handle);
    if (move == Move::came && last != 0) {
      there.add(event->seq(), last);
      last = 0;
    } else if (move == Move::went) {
      last = event->seq();
    }
  }
  if (last != 0) there.add(first, last);
  return there;
}

}  // namespace

Fate::State Fate::state() const noexcept {
  if (!read_by.empty()) return State::read;
  return delivered_to.empty() ? State::sent : State::delivered;
}

const char* name_of(Fate::State state) noexcept {
  switch (state) {
    case Fate::State::sent:
      return "sent";
    case Fate::State::delivered:
      return "delivered";
    case Fate::State::read:
      return "read";
  }
  return "sent";
}

Fates::Fates(const ConversationView& view, const std::vector<ReceiptRow>& receipts, const std::vector<v1::Event>& log) {
  for (const auto& receipt : receipts) {
    Person person{receipt, {}};
    const auto end = std::max(receipt.delivered, receipt.read);
    if (view.kind == v1::CONVERSATION_KIND_GROUP)
      person.there = stays_of(receipt.handle, end, view.held, log);
    else
      person.there.add(1, end);
    people_.push_back(std::move(person));
  }
}

Fate Fates::of(std::uint64_t seq) const {
  Fate fate;
  for (const auto& [receipt, there] : people_) {
    if (!there.contains(seq)) continue;
    if (receipt.read >= seq) fate.read_by.push_back(receipt.handle);
    if (std::max(receipt.delivered, receipt.read) >= seq) fate.delivered_to.push_back(receipt.handle);
  }
  return fate;
}

core::Result<Fates> fates_of(Replica& replica, const ConversationView& view, std::uint64_t first, std::size_t log_max) {
  const auto receipts = replica.receipts(view.id);
  if (!receipts) return receipts.error();
  std::uint64_t last = 0;
  if (view.kind == v1::CONVERSATION_KIND_GROUP)
    for (const auto& each : *receipts) last = std::max({last, each.delivered, each.read});
  const auto log = replica.events(view.id, std::max<std::uint64_t>(1, first), last, log_max, true);
  if (!log) return log.error();
  return Fates(view, *receipts, *log);
}

}  // namespace enishi::client
