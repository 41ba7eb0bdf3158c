// Delivered and read: nothing is told that is not so, and nobody is told who may not know.
#include <algorithm>

#include "property/oracle/oracle.h"
#include "property/world/context.h"

namespace enishi::property {
namespace {

/// The last slot up to which all that `stays` cover is held.
std::uint64_t held_through(const client::RangeSet& held, const History::Stays& stays) {
  std::uint64_t through = 0;
  for (const auto& stay : stays) {
    const auto last = stay.left ? stay.left.value : held.last();
    for (auto seq = std::max<std::uint64_t>(1, stay.joined.value); seq <= last; ++seq) {
      if (!held.contains(seq)) return through;
      through = seq;
    }
  }
  return through;
}

}  // namespace

void Oracle::keep_held(const Holder& holder) {
  const auto member = history.member(holder.handle);
  const auto done = holder.replica.store().read([&](client::Rows& rows) {
    for (const auto& [key, trail] : history.trails(member)) {
      if (key.first != core::RegisterKind::membership) continue;
      const core::ConversationId id{key.second};
      const auto row = rows.conversation(client::id_of(trail.key));
      if (!row) continue;
      auto& most = held_[{holder.handle, id}];
      // Whoever holds less than was held once adds nothing.
      if (row->held.last() <= most) continue;
      most = std::max(most, held_through(row->held, history.stays(member, id, history.newest())));
    }
  });
  expect(done.has_value(), "a device cannot read its store");
}

void Oracle::check_receipt(const Line& line, const v1::Receipt& receipt) const {
  const auto member = history.member(receipt.handle());
  const auto id = history.conversation(receipt.conversation_id());
  expect(receipt.handle() != line.handle, "a receipt of his own came to somebody");
  const auto held = held_.find({receipt.handle(), id});
  if (receipt.delivered_seq() > (held == held_.end() ? 0 : held->second))
    throw Broken{line.handle + " is told that " + history.name_of(receipt.conversation_id()) + " is delivered to " +
                 receipt.handle() + " through " + std::to_string(receipt.delivered_seq()) +
                 ", no device of whom holds " + "more than " + std::to_string(held == held_.end() ? 0 : held->second)};
  if (const auto shown = history.shown_marker(member, id); receipt.read_seq() > shown.value)
    throw Broken{line.handle + " is told that " + receipt.handle() + " has read " +
                 history.name_of(receipt.conversation_id()) + " through " + std::to_string(receipt.read_seq()) +
                 ", who let it be known through " + std::to_string(shown.value)};
}

void Oracle::check_receipts_told(const sequencer::Group& group, core::Position before) const {
  for (const auto& told : group.receipts) {
    v1::ServerFrame frame;
    const auto payload = wire::payload_of(told.frame);
    expect(frame.ParseFromArray(payload.data(), static_cast<int>(payload.size())), "a receipt that nobody can read");
    const auto& receipt = frame.receipt();
    const auto giver = history.member(receipt.handle());
    const auto id = history.conversation(receipt.conversation_id());
    for (const auto member : *told.audience) {
      // Which of the group's commands it came of is not known: one at which it was right will do.
      const auto was = [&](auto&& right) {
        for (auto at = before; at <= history.newest(); ++at.value)
          if (right(at)) return true;
        return false;
      };
      expect(was([&](auto at) { return history.are_tied(giver, member, at); }),
             "a receipt went to one who is not tied");
      expect(was([&](auto at) { return history.is_in(giver, id, at) && history.is_in(member, id, at); }),
             "a receipt went to one who is not in the conversation");
      const auto both_give = [&](auto at) {
        return history.gives_receipts(giver, at) && history.gives_receipts(member, at);
      };
      expect(receipt.read_seq() == 0 || was(both_give), "what is read was told to one who tells nothing himself");
    }
  }
}

}  // namespace enishi::property
