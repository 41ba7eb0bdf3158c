#include "delivery/reading/catching_up.h"

#include <algorithm>

#include "wire/since.h"

namespace enishi::delivery {
namespace {

using core::Seq;

constexpr std::size_t kMembershipsPerRead = 200;

class Chunk {
 public:
  Chunk(Snapshot& snapshot, core::MemberId member, CatchUp& at, const ReadingLimits& limits,
        std::vector<wire::Frame>& frames)
      : snapshot_(snapshot),
        reader_(snapshot.reader()),
        member_(member),
        at_(at),
        limits_(limits),
        frames_(frames),
        builder_(snapshot) {}

  void registers() {
    while (!at_.registers_done && !is_full()) {
      const auto rows =
          reader_.registers_between(member_, at_.after, at_.through, at_.after_rseq, limits_.registers_per_read);
      bool is_cut = false;
      for (const auto& row : rows) {
        // A draft may have 16 KiB.
        if ((is_cut = is_full())) break;
        builder_.add(row);
        at_.after_rseq = row.rseq;
        // What counts changed, though no event and no marker tells it.
        at_.recount = at_.recount || row.kind == core::RegisterKind::block || row.kind == core::RegisterKind::hide;
      }
      at_.registers_done = !is_cut && rows.size() < limits_.registers_per_read;
      // One that was written again between two chunks has left the round: it comes later, and is not to look lost.
      if (at_.registers_done && at_.after_rseq != 0 && at_.after_rseq < at_.reaches) builder_.reaches(at_.reaches);
    }
    flush();
  }

  /// True when the last conversation is done.
  bool conversations() {
    while (!is_full()) {
      const auto page = reader_.memberships(member_, at_.after_conversation, kMembershipsPerRead);
      for (const auto& membership : page) {
        conversation(membership);
        at_.after_conversation = membership.conversation;
        ++at_.done;
        if (is_full()) break;
      }
      if (page.size() < kMembershipsPerRead && (page.empty() || at_.after_conversation == page.back().conversation)) {
        flush();
        return true;
      }
    }
    flush();
    return false;
  }

 private:
  [[nodiscard]] bool is_full() const { return bytes_ + builder_.bytes() >= limits_.chunk_bytes; }
  void say(wire::Frame frame) {
    bytes_ += frame->size();
    tail_.push_back(std::move(frame));
  }
  void flush() {
    bytes_ += builder_.bytes();
    for (auto& frame : builder_.take()) frames_.push_back(std::move(frame));
    for (auto& frame : tail_) frames_.push_back(std::move(frame));
    tail_.clear();
  }

  void conversation(const core::Membership& membership) {
    const auto id = membership.conversation;
    // Joined after this round's end: its register comes with the next round, and so does the rest.
    if (membership.intervals.back().since > at_.through) return;
    const auto end = reader_.log_end(id);
    // Joined or joined again behind the cursor: the device holds nothing of it (it dropped what it had on leaving).
    const bool is_new = membership.intervals.back().since > at_.after;
    if (end.position > at_.after && end.head) events(membership, end, is_new);
    const auto marker = reader_.find_register(member_, core::RegisterKind::marker, id.value);
    const bool moved = marker && marker->position > at_.after;
    if (end.position > at_.after || moved || is_new || at_.recount)
      say(wire::encode_head(snapshot_.head_of(member_, membership, end)));
  }

  void events(const core::Membership& membership, const core::LogEnd& end, bool is_new) {
    const auto id = membership.conversation;
    const auto& name = snapshot_.conversation_of(id).public_id;
    const Seq visible{std::max<std::uint64_t>(1, membership.intervals.front().joined.value)};
    auto first = is_new ? visible : std::max(visible, reader_.first_after(id, at_.after));
    auto last = end.head;
    // What was committed after this round's end belongs to the next round.
    if (end.position > at_.through) last = Seq{reader_.first_after(id, at_.through).value - 1};
    if (first > last) return;
    if (last.value - first.value + 1 > limits_.gap_events) {
      const auto page = std::min(limits_.newest_page, limits_.gap_events);
      const Seq page_first{last.value - page + 1};
      say(wire::encode_gap(name, first, Seq{page_first.value - 1}, is_new ? std::string() : wire::write_since(first)));
      first = page_first;
    }
    const auto events = reader_.events(id, first, last, last.value - first.value + 1, storage::From::oldest);
    const auto states = states_of(reader_, events, last);
    for (const auto& event : events)
      if (membership.covers(event.seq)) builder_.add(event, wire::state_in(states, event.seq));
    for (const auto& [from, to] : skipped_ranges(membership, first, last)) say(wire::encode_skipped(name, from, to));
  }

  Snapshot& snapshot_;
  storage::Reader& reader_;
  core::MemberId member_;
  CatchUp& at_;
  const ReadingLimits& limits_;
  std::vector<wire::Frame>& frames_;
  wire::BatchBuilder builder_;
  std::vector<wire::Frame> tail_;
  std::size_t bytes_ = 0;
};

}  // namespace

CaughtUp catch_up(Snapshot& snapshot, core::MemberId member, CatchUp from, core::Position read_at,
                  const ReadingLimits& limits, std::vector<wire::Frame>& frames) {
  if (!from.through) {
    from.through = read_at;
    from.reaches = snapshot.reader().newest_rseq(member);
    from.total = static_cast<std::uint32_t>(snapshot.reader().membership_count(member));
  }
  CaughtUp result{from, true};
  if (from.after >= from.through) return result;
  Chunk chunk(snapshot, member, result.next, limits, frames);
  chunk.registers();
  result.done = result.next.registers_done && chunk.conversations();
  return result;
}

}  // namespace enishi::delivery
